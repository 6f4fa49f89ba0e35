import Testing

@testable import Alerting

struct PatternPropertyTests {
    /// All texts of a and b up to that length.
    private static func texts(upTo length: Int) -> [String] {
        var all = [""]
        var longest = [""]
        for _ in 0..<length {
            longest = longest.flatMap { [$0 + "a", $0 + "b"] }
            all += longest
        }
        return all
    }

    @Test(arguments: [UInt64](1...8))
    func matchingAgreesWithTheReference(_ seed: UInt64) throws {
        var randomness = Randomness(seed: seed)
        let texts = Self.texts(upTo: 5)
        var refused = 0
        for _ in 0..<400 {
            let reference = ReferencePattern.random(depth: 4, using: &randomness)
            guard let pattern = try? Pattern(reference.text) else {
                refused += 1
                continue
            }
            for text in texts {
                let expected = reference.matches(Array(text))
                let isRight =
                    pattern.matches(text) == expected && (!expected || TextSketch(text).covers(pattern.required))
                if !isRight { Issue.record("\(reference.text) on \(text), expected \(expected)") }
            }
        }
        // Only what is too long or unrolls to too much may be refused, and that is rare among small patterns.
        #expect(refused < 20)
    }
}
