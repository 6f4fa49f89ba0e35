/// Why a text is no JSON (RFC 8259), and where.
public struct JSONError: Error, Sendable, Hashable {
    /// What is wrong.
    public enum Problem: Sendable, Hashable {
        /// The text ends before the value does.
        case unexpectedEnd
        /// A byte that the grammar does not allow at its place.
        case unexpectedByte
        /// Something other than whitespace follows the value.
        case trailingBytes
        /// A number in a form that RFC 8259 section 6 does not give.
        case malformedNumber
        /// A raw character below U+0020 in a string.
        case controlCharacter
        /// A backslash followed by no escape of RFC 8259 section 7.
        case malformedEscape
        /// An escaped surrogate that is not half of a pair.
        case loneSurrogate
        /// Bytes that are not UTF-8: stray, cut short, overlong, a surrogate, or beyond U+10FFFF.
        case malformedUTF8
        /// More than `JSONScanner.maximumDepth` arrays and objects inside one another.
        case tooDeep
    }

    /// What is wrong.
    public var problem: Problem
    /// The index of the byte at which it was noticed.
    public var offset: Int

    /// A problem at a byte.
    public init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }
}
