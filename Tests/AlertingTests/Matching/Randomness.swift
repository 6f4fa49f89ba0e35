/// The same numbers in every run (SplitMix64), so that what fails once fails again.
struct Randomness: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to that one, without it.
    mutating func number(below limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

    /// One of them.
    mutating func one<Element>(of elements: [Element]) -> Element { elements[number(below: elements.count)] }

    /// A text of up to that many of those parts.
    mutating func text(of parts: [String], upTo limit: Int) -> String {
        (0..<number(below: limit + 1)).map { _ in one(of: parts) }.joined()
    }
}
