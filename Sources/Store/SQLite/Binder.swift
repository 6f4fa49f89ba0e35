import Alerting
import CSQLite

/// Binds values to a statement's placeholders, one after the other. Those that get none are NULL.
public struct Binder {
    private let pointer: OpaquePointer
    fileprivate(set) var bindings: Bindings
    private(set) var index: Int32 = 0
    private(set) var code = SQLITE_OK

    init(pointer: OpaquePointer, bindings: Bindings) {
        self.pointer = pointer
        self.bindings = bindings
    }

    /// Binds an integer, or NULL.
    public mutating func add(_ value: Int64?) {
        guard let value else { return addNulls(1) }
        advance()
        note(sqlite3_bind_int64(pointer, index, value))
    }

    /// Binds a time in milliseconds, or NULL.
    public mutating func add(_ value: Timestamp?) {
        add(value?.milliseconds)
    }

    /// Binds 0 or 1.
    public mutating func add(_ value: Bool) {
        add(value ? 1 : 0 as Int64)
    }

    /// Binds text, which may hold NUL characters, or NULL.
    public mutating func add(_ value: String?) {
        guard var value else { return addNulls(1) }
        advance()
        let code = value.withUTF8 { text in
            let (bytes, lifetime) = bindings.keep(UnsafeRawBufferPointer(text))
            return sqlite3_bind_text64(
                pointer, index, bytes.assumingMemoryBound(to: CChar.self), UInt64(text.count), lifetime,
                UInt8(SQLITE_UTF8))
        }
        note(code)
    }

    /// Binds that many NULLs.
    public mutating func addNulls(_ count: Int32) {
        for _ in 0..<count {
            index += 1
            if bindings.becomesNull(index) { note(sqlite3_bind_null(pointer, index)) }
        }
    }

    /// Binds bytes.
    public mutating func add(_ value: [UInt8]) {
        advance()
        let code = value.withUnsafeBytes { value in
            let (bytes, lifetime) = bindings.keep(value)
            return sqlite3_bind_blob64(pointer, index, bytes, UInt64(value.count), lifetime)
        }
        note(code)
    }

    private mutating func advance() {
        index += 1
        bindings.becomesValue(index)
    }

    private mutating func note(_ code: Int32) {
        if self.code == SQLITE_OK { self.code = code }
    }
}
