import Alerting
import Testing

/// A rule that cannot be meant is refused as a whole, with a reason, and changes nothing.
@Suite struct InhibitionRefusalTests {
    private static let sides: [(text: String, refusal: Refusal)] = [
        ("details.region=east", .invalidMatchers), ("Source=db1", .invalidMatchers),
        ("source=db1,team=x", .invalidMatchers), ("source=~\"(\"", .invalidMatchers),
        ("source!~\"[z-a]\"", .invalidMatchers), ("source=~\"(a)\\\\1\"", .invalidMatchers),
        // They match an alert without any labels, and with it nearly all there are.
        ("", .matchersTooWide), ("class=\"\"", .matchersTooWide), ("class!=x", .matchersTooWide),
        ("severity=~\".*\"", .matchersTooWide), ("severity!~x,component=\"\"", .matchersTooWide),
    ]

    @Test(arguments: sides)
    func aSideThatCannotBeMeantIsRefused(text: String, refusal: Refusal) throws {
        for isOfService in [true, false] {
            var fold = FoldRecorder.withIntegration()
            let (bad, good) = (try LabelMatcher.parse(text), try LabelMatcher.parse("source=db1"))
            for (source, target) in [(bad, good), (good, bad), (bad, bad)] {
                let draft = InhibitionRuleDraft(
                    serviceID: isOfService ? fold.service : nil, source: source, target: target, equal: [])
                #expect(fold.perform(.createInhibitionRule(draft)) == .refused(refusal, subject: nil))
            }
            #expect(fold.state.inhibitions.isEmpty && !fold.state.changes.touchesSettings)
            #expect(fold.send(.trigger, "a").name == "opened" && fold.send(.trigger, "b").name == "opened")
        }
    }

    @Test(arguments: [
        (["team"], false), (["source", "details.region"], false), ([""], false), (["Source"], false),
        (["summary", "source", "severity", "component", "group", "class"], false),
        (["summary", "source", "severity", "component", "group"], true), (["class", "client", "dedup_key"], true),
        (["integration"], true), ([], true),
    ])
    func theEqualLabelsAreKnownOnesAndFewEnough(labels: [String], isGood: Bool) throws {
        var fold = FoldRecorder.withIntegration()
        let draft = InhibitionRuleDraft(
            source: try LabelMatcher.parse("severity=critical"), target: try LabelMatcher.parse("severity=warning"),
            equal: labels)
        let outcome = fold.perform(.createInhibitionRule(draft))
        #expect(outcome == (isGood ? .applied(nil) : .refused(.invalidMatchers, subject: nil)))
        #expect(fold.state.inhibitions.all.map(\.equal) == (isGood ? [labels] : []))
    }

    @Test func aServiceThatIsNotThereIsRefused() throws {
        var fold = FoldRecorder.withIntegration()
        let deleted = fold.createService("Bank")
        fold.perform(.deleteService(deleted))
        let side = try LabelMatcher.parse("source=db1")
        for service in [deleted, 999] {
            let draft = InhibitionRuleDraft(serviceID: service, source: side, target: side, equal: [])
            #expect(fold.perform(.createInhibitionRule(draft)) == .refused(.unknownService, subject: service))
        }
        #expect(fold.state.inhibitions.isEmpty)
    }

    @Test func onlyARuleThatIsThereCanBeDeleted() throws {
        var fold = FoldRecorder.withIntegration()
        let deleted = try fold.inhibit("severity=warning", by: "severity=critical")
        let kept = try fold.inhibit("severity=warning", by: "severity=error")
        #expect(fold.perform(.deleteInhibitionRule(deleted)) == .applied(nil))
        #expect(fold.state.changedInhibitionRules[deleted]?.deletedAt == fold.now)
        for rule in [deleted, 999] {
            let outcome = fold.perform(.deleteInhibitionRule(rule))
            #expect(outcome == .refused(.unknownInhibitionRule, subject: rule))
        }
        #expect(fold.state.inhibitions.all.map(\.id) == [kept])
    }
}
