/// A member name as it is compared: unescaped, and byte by byte.
///
/// It can be switched over with string literals. It points into the scanned text and must not outlive it.
public struct JSONName {
    private let raw: UnsafeRawBufferPointer
    private let unescaped: [UInt8]?

    init(_ token: JSONToken, in bytes: UnsafeRawBufferPointer) {
        raw = UnsafeRawBufferPointer(rebasing: bytes[token.range.lowerBound + 1..<token.range.upperBound - 1])
        unescaped = token.hasEscapes ? JSONString.unescape(raw) : nil
    }

    /// Whether the name is that text.
    public static func ~= (text: StaticString, name: JSONName) -> Bool {
        let wanted = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard let unescaped = name.unescaped else { return equal(name.raw, wanted) }
        return unescaped.withUnsafeBytes { bytes in equal(bytes, wanted) }
    }

    private static func equal(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where left[index] != right[index] { return false }
        return true
    }
}
