/// Reads bytes from front to back, and never past their end.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    /// A reader of all of the bytes.
    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    /// The next bytes, that many; nil where there are fewer.
    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// What comes before the next such byte, which is skipped; nil where there is none.
    mutating func take(until end: UInt8) -> ArraySlice<UInt8>? {
        guard let place = rest.firstIndex(of: end) else { return nil }
        defer { rest = rest[(place + 1)...] }
        return rest[..<place]
    }

    /// The next number without a sign, of so many bytes, at most seven: the most significant first.
    mutating func unsigned(_ size: Int) -> Int? {
        take(size).map { $0.reduce(0) { $0 << 8 | Int($1) } }
    }

    /// The next number with a sign, of so many bytes, at most eight.
    mutating func signed(_ size: Int) -> Int64? {
        guard let bytes = take(size) else { return nil }
        let unused = 64 - 8 * size
        return (bytes.reduce(0) { $0 << 8 | Int64($1) } << unused) >> unused
    }
}
