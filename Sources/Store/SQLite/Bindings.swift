import CSQLite

/// What a statement's placeholders are bound to: the room for text and bytes, and which of them are NULL.
///
/// SQLite can take a copy of each text, for which it allocates memory at each run. Here they are copied into room that the
/// statement keeps from one run to the next.
struct Bindings {
    /// Of the first 64 placeholders those that are NULL: all of them at first.
    private var nulls = UInt64.max
    private var room: UnsafeMutableRawPointer?
    private var capacity = 0
    private var used = 0

    /// How much room a statement keeps at most, in bytes. What does not fit SQLite copies.
    private static let maximumCapacity = 16 * 1024

    /// Whether a placeholder has to be bound to NULL, as it is not yet.
    mutating func becomesNull(_ index: Int32) -> Bool {
        let bit = Bindings.bit(index)
        defer { nulls |= bit }
        return bit == 0 || nulls & bit == 0
    }

    /// Notes that a placeholder is bound to a value.
    mutating func becomesValue(_ index: Int32) {
        nulls &= ~Bindings.bit(index)
    }

    /// Copies bytes to where they stay until `makeRoom`. Where there is no room for them, gives them as they are, for SQLite
    /// to copy: SQLITE_TRANSIENT in place of SQLITE_STATIC (https://www.sqlite.org/c3ref/c_static.html).
    mutating func keep(_ bytes: UnsafeRawBufferPointer) -> (UnsafeRawPointer, sqlite3_destructor_type?) {
        let start = used
        used += bytes.count
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return (Bindings.nothing, nil) }
        guard let room, used <= capacity else { return (source, Bindings.copied) }
        let target = room + start
        target.copyMemory(from: source, byteCount: bytes.count)
        return (UnsafeRawPointer(target), nil)
    }

    /// Lets the next run write over what this one kept. Not while the statement runs.
    mutating func makeRoom() {
        if used > capacity, capacity < Bindings.maximumCapacity {
            room?.deallocate()
            capacity = min(max(used, 2 * capacity), Bindings.maximumCapacity)
            room = .allocate(byteCount: capacity, alignment: 1)
        }
        used = 0
    }

    /// Gives the room back, when the statement is gone.
    func deallocate() {
        room?.deallocate()
    }

    /// No bit for placeholders after the 64th.
    private static func bit(_ index: Int32) -> UInt64 {
        index <= 64 ? 1 << UInt64(index - 1) : 0
    }

    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    /// Somewhere to point to for an empty value: a null pointer would bind NULL.
    private static var nothing: UnsafeRawPointer { emptyAddress }
}

nonisolated(unsafe) private let emptyAddress = UnsafeRawPointer(
    UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1))
