import Testing

@testable import Alerting

struct MatcherSetTests {
    private let alert = ["source": "db-1", "severity": "critical", "empty": "", "accent": "\u{E9}"]

    static let cases: [(String, Bool)] = [
        ("", true),
        ("source=db-1", true),
        ("source=db-2", false),
        ("source!=db-2", true),
        ("source!=db-1", false),
        ("source=~\"db-.*\"", true),
        ("source=~\"db\"", false),
        ("source!~\"db-.*\"", false),
        ("source!~\"web.*\"", true),
        ("source=db-1, severity=critical", true),
        ("source=db-1, severity=info", false),
        ("missing=\"\"", true),
        ("missing!=\"\"", false),
        ("missing=~\".*\"", true),
        ("missing=~\".+\"", false),
        ("missing!~\".+\"", true),
        ("missing!=x", true),
        ("empty=\"\"", true),
        ("accent=\"\u{E9}\"", true),
        ("accent=\"e\u{301}\"", false),
        ("accent!=\"e\u{301}\"", true),
        ("accent=~\"e\u{301}\"", false),
        ("accent=~\"e\u{301}|\u{E9}\"", true),
    ]

    @Test(arguments: cases)
    func matchesIfAllHold(_ text: String, _ expected: Bool) throws {
        let set = try MatcherSet(LabelMatcher.parse(text))
        #expect(set.matches { alert[$0] } == expected)
        #expect(MatcherIndex([(id: 1, set: set)]).matching { alert[$0] } == (expected ? [1] : []))
    }

    private func matcher(_ label: String, _ value: String = "x") -> LabelMatcher {
        LabelMatcher(label: label, comparison: .equal, value: value)
    }

    @Test func theLimitsAreChecked() throws {
        _ = try MatcherSet(Array(repeating: matcher("a"), count: 20))
        _ = try MatcherSet([matcher(String(repeating: "a", count: 255))])
        _ = try MatcherSet([matcher("a", String(repeating: "😀", count: 1024))])
        #expect(throws: MatcherSyntaxError(place: "the matchers", reason: "there are 21, and at most 20 are allowed")) {
            try MatcherSet(Array(repeating: matcher("a"), count: 21))
        }
        #expect(
            throws: MatcherSyntaxError(place: "matcher 2", reason: "the label is longer than 255 bytes")
        ) {
            try MatcherSet([matcher("a"), matcher(String(repeating: "a", count: 256))])
        }
        #expect(throws: MatcherSyntaxError(place: "matcher 1", reason: "the value is longer than 1024 characters")) {
            try MatcherSet([matcher("a", String(repeating: "😀", count: 1025))])
        }
    }

    @Test(arguments: ["", "1a", ".a", "-a", "a b", "a\u{301}", "é", "a=", "a\n"])
    func labelsHaveToBeNames(_ label: String) {
        let error = #expect(throws: MatcherSyntaxError.self) { try MatcherSet([matcher(label)]) }
        #expect(error?.reason.contains("label name") == true)
    }

    @Test func errorsOfPatternsNameTheLabel() {
        let matchers = [LabelMatcher(label: "source", comparison: .doesNotMatch, value: "a(")]
        let error = #expect(throws: MatcherSyntaxError.self) { try MatcherSet(matchers) }
        #expect(error?.description == "In the pattern of source, at character 2: this ( is not closed.")
    }

    @Test func equalityIsThatOfTheMatchers() throws {
        #expect(try MatcherSet([matcher("a")]) == MatcherSet([matcher("a")]))
        #expect(try MatcherSet([matcher("a", "\u{E9}")]) != MatcherSet([matcher("a", "e\u{301}")]))
        #expect(try Set([MatcherSet([matcher("a")]), MatcherSet([matcher("a")])]).count == 1)
    }

    @Test func theCostIsTheSum() throws {
        #expect(try MatcherSet(LabelMatcher.parse("a=b, c=~\"d.*\"")).stepsPerScalar == 2)
        #expect(try MatcherSet(LabelMatcher.parse("a=~\"(a|b)*a(a|b){14}\"")).stepsPerScalar > 30)
    }
}
