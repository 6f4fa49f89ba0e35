import Testing

@testable import Alerting

struct MatcherIndexTests {
    private static let labels = ["a", "b", "c", "d.e"]
    private static let values = ["x", "y", "xy", "Xy", "", "\u{E9}", "e\u{301}"]
    private static let patterns = [
        "x.*", "x|y", ".*y", "", ".*", ".+", "(?i)XY", "[^x]*", "\u{E9}|y", "x?", "x|", "(x|y)+", ".*xy.*", "xy.+",
    ]

    private static func randomSet(using randomness: inout Randomness) throws -> MatcherSet {
        let matchers = (0..<randomness.number(below: 4)).map { _ in
            let comparison = randomness.one(of: LabelMatcher.Comparison.allCases)
            let isPattern = comparison == .matches || comparison == .doesNotMatch
            return LabelMatcher(
                label: randomness.one(of: labels), comparison: comparison,
                value: randomness.one(of: isPattern ? patterns : values))
        }
        return try MatcherSet(matchers)
    }

    @Test(arguments: [UInt64](1...20))
    func findsWhatTryingEachFinds(_ seed: UInt64) throws {
        var randomness = Randomness(seed: seed)
        let sets = try (0..<60).map { (id: $0, set: try Self.randomSet(using: &randomness)) }
        let index = MatcherIndex(sets.shuffled(using: &randomness))
        for _ in 0..<100 {
            var alert: [String: String] = [:]
            for label in Self.labels where randomness.number(below: 4) > 0 {
                alert[label] = randomness.one(of: Self.values)
            }
            var asked: [String: Int] = [:]
            let found = index.matching { label in
                asked[label, default: 0] += 1
                return alert[label]
            }
            #expect(found == sets.filter { $0.set.matches { alert[$0] } }.map(\.id))
            #expect(asked.values.allSatisfy { $0 == 1 })
        }
    }

    @Test func valuesThatOnlyLookTheSameAreApart() throws {
        let index = MatcherIndex([
            (id: 1, set: try MatcherSet(LabelMatcher.parse("a=\"\u{E9}\""))),
            (id: 2, set: try MatcherSet(LabelMatcher.parse("a=\"e\u{301}\""))),
        ])
        #expect(index.matching { _ in "\u{E9}" } == [1])
        #expect(index.matching { _ in "e\u{301}" } == [2])
    }

    @Test func theLabelsThatAnySetNamesAreAskedForOnceEach() throws {
        let index = MatcherIndex([
            (id: "r", set: try MatcherSet(LabelMatcher.parse("a=x, b=~\"y.*\""))),
            (id: "s", set: try MatcherSet(LabelMatcher.parse("b!=z, c=~\"z.*\", a=y"))),
        ])
        var asked: [String] = []
        let found = index.matching { label in
            asked.append(label)
            return nil
        }
        #expect(found.isEmpty)
        #expect(asked.sorted() == ["a", "b", "c"])
    }

    @Test func anEmptyIndexAsksForNothing() {
        let index = MatcherIndex<Int>([])
        var asked = 0
        let found = index.matching { _ in
            asked += 1
            return nil
        }
        #expect(found.isEmpty)
        #expect(asked == 0)
    }

    @Test func anIdMayOccurTwice() throws {
        let set = try MatcherSet([])
        let index = MatcherIndex([(id: 2, set: set), (id: 1, set: set), (id: 2, set: set)])
        #expect(index.matching { _ in nil } == [1, 2, 2])
    }
}
