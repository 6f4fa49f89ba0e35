/// A pattern as the instructions of a nondeterministic automaton (Thompson's construction).
struct PatternProgram: Sendable {
    /// One instruction; the numbers are places in `instructions`.
    enum Instruction: Sendable {
        /// The text matches if it ends here.
        case accept
        /// The text matches whatever follows: the end of `db-.*`.
        case acceptRest
        /// Reads a scalar between those two and goes on.
        case range(lower: UInt32, upper: UInt32, next: UInt16)
        /// Reads a scalar of the set with that number and goes on.
        case set(UInt16, next: UInt16)
        /// Goes on at both.
        case split(UInt16, UInt16)
        /// Goes on at the start of the text only.
        case start(next: UInt16)
        /// Goes on at the end of the text only.
        case end(next: UInt16)
    }

    /// Where `accept` is in every program.
    static let accept: UInt16 = 0

    /// All instructions.
    let instructions: [Instruction]
    /// The distinct sets that instructions read scalars of, those of `range` included.
    let sets: [ScalarSet]
    /// The first instruction.
    let first: UInt16

    /// Where a scalar leads to from an instruction; nil if that does not read it.
    func next(after place: UInt16, reading scalar: UInt32) -> UInt16? {
        switch instructions[Int(place)] {
        case .range(let lower, let upper, let next): lower <= scalar && scalar <= upper ? next : nil
        case .set(let number, let next): sets[Int(number)].contains(scalar) ? next : nil
        case .accept, .acceptRest, .split, .start, .end: nil
        }
    }
}
