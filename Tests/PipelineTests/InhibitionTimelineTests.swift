import Alerting
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// Inhibition end to end, with a clock that is set by hand (docs/noise.md).
@Suite(.timeLimit(.minutes(5))) struct InhibitionTimelineTests {
    private let timeline: Timeline

    init() async throws {
        timeline = try await Timeline()
    }

    @discardableResult
    private func rule(_ source: String, holdsBack target: String, equal: [String] = []) async throws -> EventID {
        try await timeline.act(
            .createInhibitionRule(
                InhibitionRuleDraft(
                    source: try LabelMatcher.parse(source), target: try LabelMatcher.parse(target), equal: equal)))
    }

    @Test func whatTheHostHeldBackOpensWhenTheHostIsUpAndItIsStillOpen() async throws {
        try await rule("dedup_key=host", holdsBack: "dedup_key=~\"disk|load\"", equal: ["source"])
        try await timeline.send(.trigger, "host")
        let disk = try await timeline.send(.trigger, "disk")
        try await timeline.send(.trigger, "load")
        #expect(try await timeline.openIncidents() == ["host"])
        #expect(try await timeline.outcome(of: disk) == "suppressed: inhibited")
        try await timeline.at(30)
        try await timeline.send(.resolve, "load")
        try await timeline.at(60)
        try await timeline.send(.resolve, "host")
        try await timeline.settle()
        #expect(try await timeline.openIncidents() == ["disk"])
        #expect(try await timeline.incidentCount() == 2, "what recovered never called anybody")
        try await timeline.finish()
    }

    @Test func aStopBetweenTheRecoveryAndTheReleaseLosesNothing() async throws {
        try await rule("dedup_key=host", holdsBack: "dedup_key=disk")
        try await timeline.send(.trigger, "host")
        try await timeline.send(.trigger, "disk")
        try await timeline.send(.resolve, "host")
        try await timeline.restart(advancing: 7200)
        #expect(try await timeline.openIncidents() == ["disk"])
        try await timeline.finish()
    }

    @Test func theNextCauseHoldsBackOnAndADeletedRuleLetsGo() async throws {
        let id = try await rule("dedup_key=~\"host.\"", holdsBack: "dedup_key=disk")
        try await timeline.send(.trigger, "host1")
        try await timeline.send(.trigger, "host2")
        try await timeline.send(.trigger, "disk")
        try await timeline.send(.resolve, "host1")
        try await timeline.settle()
        #expect(try await timeline.openIncidents() == ["host2"])
        try await timeline.act(.deleteInhibitionRule(id))
        try await timeline.settle()
        #expect(try await timeline.openIncidents() == ["host2", "disk"])
        try await timeline.finish()
    }

    @Test func onlyTheOlderHoldsBackTheNewer() async throws {
        try await rule("dedup_key=host", holdsBack: "dedup_key=disk")
        try await rule("dedup_key=disk", holdsBack: "dedup_key=host")
        try await timeline.send(.trigger, "disk")
        try await timeline.send(.trigger, "host")
        #expect(try await timeline.openIncidents() == ["disk"])
        try await timeline.send(.resolve, "disk")
        try await timeline.settle()
        #expect(try await timeline.openIncidents() == ["host"])
        try await timeline.finish()
    }
}
