/// Which pairs of neighbouring bytes a text has, in 256 bits.
///
/// A pattern that needs a pair that the text lacks cannot match. An alert's value is sketched once and then rules out
/// most patterns in a few instructions, whatever their tables. Case is left out of it, for ASCII letters, so that
/// it works for `(?i)` too. Different pairs may share a bit: then the pattern is tried in vain.
struct TextSketch: Sendable {
    private var bits = SIMD4<UInt64>.zero

    /// Of the empty text.
    init() {}

    /// Of a whole text, in linear time.
    init(_ text: String) {
        let bytes = text.utf8Span.span
        guard !bytes.isEmpty else { return }
        var previous = Self.lowercased(bytes[0])
        var index = 1
        while index < bytes.count {
            let byte = Self.lowercased(bytes[index])
            insert(previous, byte)
            previous = byte
            index += 1
        }
    }

    /// Whether it has no pair.
    var isEmpty: Bool { bits == .zero }

    /// Whether all pairs of the other are here.
    func covers(_ required: TextSketch) -> Bool { required.bits & ~bits == .zero }

    /// Adds a pair of bytes that were lowercased.
    mutating func insert(_ first: UInt8, _ second: UInt8) {
        // Multiplying spreads the pairs that differ little over the bits.
        let place = ((UInt32(first) << 8 | UInt32(second)) &* 0x9E37_79B1) >> 24
        bits[Int(place >> 6)] |= 1 << UInt64(place & 63)
    }

    /// The byte of the lowercase letter, if it is one of an uppercase ASCII letter.
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
}
