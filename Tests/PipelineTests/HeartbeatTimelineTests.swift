import Alerting
import GatewayTesting
import Testing

@testable import Pipeline
@testable import Store

/// Heartbeats end to end, with a clock that is set by hand (docs/noise.md).
@Suite(.timeLimit(.minutes(5))) struct HeartbeatTimelineTests {
    private let timeline: Timeline

    init() async throws {
        timeline = try await Timeline()
    }

    private func expect(every seconds: Int64) async throws {
        var update = IntegrationUpdate()
        update.heartbeatInterval = seconds
        try await timeline.act(.updateIntegration(timeline.integration, update))
    }

    private static let key = Heartbeat.dedupKey.text

    @Test func aMissedHeartbeatOpensAnIncidentAndTheNextEventResolvesIt() async throws {
        try await expect(every: 60)
        try await timeline.at(50)
        try await timeline.send(.resolve, "alive")
        try await timeline.at(109)
        #expect(try await timeline.openIncidents() == [])
        try await timeline.at(110)
        #expect(try await timeline.openIncidents() == [Self.key])
        let title = try await timeline.pipeline.look { try $0.first("SELECT title FROM incidents") { $0.text(0) } }
        #expect(title == "Prometheus: no event for 60 seconds")
        try await timeline.at(500)
        #expect(try await timeline.incidentCount() == 1, "it is told once")
        try await timeline.send(.trigger, "disk")
        try await timeline.settle()
        #expect(try await timeline.openIncidents() == ["disk"])
        try await timeline.at(560)
        #expect(try await timeline.openIncidents() == ["disk", Self.key])
        try await timeline.finish()
    }

    @Test func itIsFoundOutRightAfterAStop() async throws {
        try await expect(every: 60)
        try await timeline.send(.trigger, "disk")
        try await timeline.restart(advancing: 86_400)
        #expect(try await timeline.openIncidents() == ["disk", Self.key])
        try await timeline.finish()
    }

    @Test func whoeverResolvesItIsToldAgainAfterTheSameTime() async throws {
        try await expect(every: 60)
        try await timeline.at(60)
        let incident = try await timeline.pipeline.look { try $0.integer("SELECT max(id) FROM incidents") ?? 0 }
        try await timeline.act(.updateIncidents([IncidentUpdate(incidentID: incident, status: .resolved)]))
        try await timeline.at(119)
        #expect(try await timeline.openIncidents() == [])
        try await timeline.at(120)
        #expect(try await timeline.openIncidents() == [Self.key])
        try await timeline.finish()
    }

    @Test func noLongerExpectedItIsResolved() async throws {
        try await expect(every: 60)
        try await timeline.at(60)
        #expect(try await timeline.openIncidents() == [Self.key])
        try await expect(every: 0)
        try await timeline.settle()
        #expect(try await timeline.openIncidents() == [])
        try await timeline.at(7200)
        #expect(try await timeline.openIncidents() == [])
        try await timeline.finish()
    }

    @Test func aSilenceHoldsItBackAsAnyAlert() async throws {
        try await expect(every: 60)
        let now = timeline.clock.now()
        try await timeline.act(
            .createSilence(
                SilenceDraft(
                    matchers: [LabelMatcher(label: "class", comparison: .equal, value: "heartbeat")],
                    window: Recurrence.Window(start: now, end: now.adding(seconds: 300)))))
        try await timeline.at(299)
        #expect(try await timeline.openIncidents() == [])
        try await timeline.at(300)
        #expect(try await timeline.openIncidents() == [Self.key])
        try await timeline.finish()
    }

    @Test func whateverElseIsChangedOfTheIntegrationItIsStillMissed() async throws {
        try await expect(every: 60)
        try await timeline.at(60)
        var update = IntegrationUpdate()
        update.name = "renamed"
        try await timeline.act(.updateIntegration(timeline.integration, update))
        try await timeline.at(500)
        #expect(try await timeline.openIncidents() == [Self.key])
        try await timeline.finish()
    }

    @Test func aServiceThatIsEnabledAgainHasAllOfItsTime() async throws {
        try await expect(every: 60)
        var update = ServiceUpdate()
        update.isDisabled = true
        try await timeline.act(.updateService(timeline.service, update))
        try await timeline.at(3600)
        update.isDisabled = false
        try await timeline.act(.updateService(timeline.service, update))
        try await timeline.at(3659)
        #expect(try await timeline.openIncidents() == [])
        try await timeline.at(3660)
        #expect(try await timeline.openIncidents() == [Self.key])
        try await timeline.finish()
    }

    @Test func aSenderThatUsesTheKeyIsLeftAlone() async throws {
        try await expect(every: 60)
        try await timeline.send(.trigger, Self.key)
        try await timeline.at(30)
        try await timeline.send(.resolve, "alive")
        try await timeline.at(600)
        #expect(try await timeline.openIncidents() == [Self.key])
        #expect(try await timeline.incidentCount() == 1)
        try await timeline.finish()
    }

    @Test func aClockThatWasWrongForAMomentBlindsNobody() async throws {
        try await expect(every: 60)
        let settings = try await timeline.pipeline.look { try FoldReader.settings($0) }
        let now = timeline.clock.now()
        let heartbeat = HeartbeatRows.Heartbeat(
            integrationID: timeline.integration, lastAt: now.adding(seconds: 31_536_000), sentEventID: 7, alertID: nil,
            isMissed: false)
        var watch = HeartbeatWatch()
        #expect(watch.timer(for: heartbeat, at: now, settings: settings) == nil)
        #expect(watch.timer(for: heartbeat, at: now.adding(seconds: 59), settings: settings) == nil)
        let timer = watch.timer(for: heartbeat, at: now.adding(seconds: 60), settings: settings)
        #expect(timer?.kind == .heartbeat && timer?.subjectID == timeline.integration)
        try await timeline.finish()
    }

    @Test func aClockThatIsSetBackResolvesItAllTheSame() async throws {
        try await expect(every: 60)
        try await timeline.at(60)
        timeline.clock.advance(seconds: -3600)
        try await timeline.send(.resolve, "alive")
        try await timeline.settle()
        #expect(try await timeline.openIncidents() == [])
        try await timeline.finish()
    }
}
