/// A pattern as a table of states: one look-up for each scalar, and none after the answer is certain.
///
/// It is a class since a pattern is copied in the hot path, and this is one reference to count.
final class PatternAutomaton: Sendable {
    /// The row of the state that no text leaves and that does not match.
    static let refusing: UInt16 = 0

    private let alphabet: PatternAlphabet
    /// The state that each kind of scalar leads to, row by row; a state is the place where its row begins.
    private let table: [UInt16]
    /// Whether the text matches if it ends in a state, by number of the row.
    private let isAccepting: [Bool]
    private let first: UInt16
    private let acceptsEmpty: Bool

    /// An automaton with that table. The first row is the state that refuses any rest, the second the one that accepts
    /// it, and neither leads elsewhere.
    init(alphabet: PatternAlphabet, table: [UInt16], isAccepting: [Bool], first: UInt16, acceptsEmpty: Bool) {
        self.alphabet = alphabet
        self.table = table
        self.isAccepting = isAccepting
        self.first = first
        self.acceptsEmpty = acceptsEmpty
    }

    /// How many entries the table has.
    var entryCount: Int { table.count }

    /// Whether the whole text matches.
    func matches(_ text: String) -> Bool {
        let bytes = text.utf8Span.span
        guard !bytes.isEmpty else { return acceptsEmpty }
        let width = UInt16(alphabet.examples.count)
        var state = first
        var index = 0
        while index < bytes.count {
            if state <= width { return state == width }
            let byte = bytes[index]
            let kind: UInt16
            if byte < 0x80 {
                kind = alphabet.kindsOfASCII[Int(byte)]
                index += 1
            } else {
                kind = alphabet.kind(of: Self.scalar(in: bytes, at: &index))
            }
            state = table[Int(state) + Int(kind)]
        }
        return isAccepting[Int(state / width)]
    }

    /// Decodes a scalar of more than one byte and moves on behind it. The bytes are of a `String`, so they are valid.
    private static func scalar(in bytes: Span<UInt8>, at index: inout Int) -> UInt32 {
        let lead = bytes[index]
        let count = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var scalar = UInt32(lead) & (0x7F >> UInt32(count))
        for offset in 1..<count { scalar = scalar << 6 | UInt32(bytes[index + offset] & 0x3F) }
        index += count
        return scalar
    }
}
