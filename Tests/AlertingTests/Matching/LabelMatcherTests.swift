import Testing

@testable import Alerting

struct LabelMatcherTests {
    private let composed = LabelMatcher(label: "a", comparison: .equal, value: "\u{E9}")
    private let decomposed = LabelMatcher(label: "a", comparison: .equal, value: "e\u{301}")

    @Test func canonicallyEquivalentValuesDiffer() {
        #expect(composed.value == decomposed.value)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
    }

    @Test func everyPartCounts() {
        let one = LabelMatcher(label: "a", comparison: .equal, value: "b")
        #expect(one == LabelMatcher(label: "a", comparison: .equal, value: "b"))
        #expect(one != LabelMatcher(label: "b", comparison: .equal, value: "b"))
        #expect(one != LabelMatcher(label: "a", comparison: .notEqual, value: "b"))
        #expect(one != LabelMatcher(label: "a", comparison: .equal, value: "bc"))
    }

    @Test func comparisonsAreWrittenAsTheirSigns() {
        #expect(LabelMatcher.Comparison.allCases.map(\.rawValue) == ["=", "!=", "=~", "!~"])
    }

    @Test func theDescriptionIsCanonical() {
        let matcher = LabelMatcher(label: "a", comparison: .matches, value: "\\d\"\n")
        #expect(matcher.description == #"a=~"\\d\"\n""#)
    }
}
