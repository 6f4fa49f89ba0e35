import Alerting
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// Storms end to end, with a clock that is set by hand (docs/noise.md).
@Suite(.timeLimit(.minutes(5))) struct StormTimelineTests {
    private let timeline: Timeline

    init() async throws {
        timeline = try await Timeline()
        try await set(StormDetection(thresholds: [20, 100, 500], quiet: 300))
    }

    private func set(_ detection: StormDetection?) async throws {
        var update = ServiceUpdate()
        update.stormDetection = detection.map { .on($0) } ?? .off
        try await timeline.act(.updateService(timeline.service, update))
    }

    private func trigger(_ numbers: ClosedRange<Int>) async throws {
        for number in numbers { try await timeline.send(.trigger, "disk-\(number)") }
    }

    private func announcements() async throws -> [String] {
        try await timeline.pipeline.look {
            try $0.all("SELECT note FROM log_entries WHERE kind = 'annotate' ORDER BY id") { $0.text(0) }
        }
    }

    @Test func aThousandAlertsAreTwentyOneIncidentsAndEachLevelIsToldOnce() async throws {
        try await trigger(1...600)
        #expect(try await timeline.incidentCount() == 21)
        #expect(try await timeline.storms() == ["disk-21 3"])
        let told = try await announcements()
        #expect(told.count == 3)
        for (note, threshold) in zip(told, [20, 100, 500]) { #expect(note.contains("more than \(threshold) new")) }
        try await timeline.at(30)
        try await trigger(601...1000)
        #expect(try await timeline.incidentCount() == 21)
        #expect(try await announcements().count == 3)
        let samples = try await timeline.pipeline.look {
            try $0.first("SELECT samples FROM storm_incidents WHERE alerts = 980 AND sources = 1") { $0.text(0) }
        }
        #expect(samples == "disk full; disk full; disk full")
        // It ends by itself, five minutes after there were too many, and is open as long as an alert of it is.
        try await timeline.at(329)
        #expect(try await timeline.storms() == ["disk-21 3"])
        try await timeline.at(330)
        #expect(try await timeline.storms() == [])
        #expect(try await timeline.openIncidents().count == 21)
        for number in 1...1000 { try await timeline.send(.resolve, "disk-\(number)") }
        #expect(try await timeline.openIncidents() == [])
        try await timeline.finish()
    }

    @Test func asManyAsTheThresholdAreNone() async throws {
        try await trigger(1...20)
        // The first twenty are a minute old.
        try await timeline.at(60)
        try await trigger(21...40)
        #expect(try await timeline.incidentCount() == 40)
        #expect(try await timeline.storms() == [])
        try await timeline.finish()
    }

    @Test func whatASilenceLetsGoAtOnceIsAStorm() async throws {
        try await timeline.act(
            .createSilence(
                SilenceDraft(
                    serviceID: timeline.service, matchers: [],
                    window: Recurrence.Window(
                        start: timeline.clock.now(), end: timeline.clock.now().adding(seconds: 600)),
                    isMaintenance: true)))
        try await trigger(1...50)
        #expect(try await timeline.incidentCount() == 0)
        try await timeline.at(600)
        #expect(try await timeline.incidentCount() == 21)
        #expect(try await timeline.alertsHeldBack() == [])
        #expect(try await timeline.storms().count == 1)
        try await timeline.finish()
    }

    @Test func aPersonMayResolveItAndTheNextOneBegins() async throws {
        try await trigger(1...30)
        let storm = try await timeline.pipeline.look { try $0.integer("SELECT max(id) FROM incidents") ?? 0 }
        try await timeline.act(.updateIncidents([IncidentUpdate(incidentID: storm, status: .resolved)]))
        #expect(try await timeline.storms() == [])
        try await trigger(31...40)
        #expect(try await timeline.incidentCount() == 22)
        #expect(try await timeline.storms() == ["disk-31 1"])
        try await timeline.finish()
    }

    @Test func itEndsRightAfterAStopOfAnyLength() async throws {
        try await trigger(1...30)
        for number in 21...30 { try await timeline.send(.resolve, "disk-\(number)") }
        #expect(try await timeline.storms() == ["disk-21 1"], "nothing of it is open, and it goes on")
        try await timeline.restart(advancing: 86_400)
        #expect(try await timeline.storms() == [])
        #expect(try await timeline.openIncidents().count == 20)
        try await timeline.finish()
    }

    @Test func switchedOffItTakesNothingMore() async throws {
        try await trigger(1...30)
        try await set(nil)
        try await trigger(31...60)
        #expect(try await timeline.incidentCount() == 51)
        try await timeline.at(300)
        #expect(try await timeline.storms() == [])
        try await timeline.finish()
    }

    @Test func servicesAreCountedApart() async throws {
        let service = try await timeline.act(.createService(ServiceSettings(name: "Other")))
        let integration = try await timeline.act(
            .createIntegration(service: service, name: "x", key: "other-key-1", defaultSeverity: .critical))
        try await trigger(1...19)
        for number in 1...19 {
            let event = try await timeline.pipeline.log.take(
                EventMaker.event(.trigger, "o-\(number)", integration: integration, at: timeline.clock.now()))
            try await timeline.pipeline.worker.applied(through: event)
        }
        #expect(try await timeline.incidentCount() == 38)
        #expect(try await timeline.storms() == [])
        try await timeline.finish()
    }
}
