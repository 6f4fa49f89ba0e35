import Alerting
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// Flapping end to end, with a clock that is set by hand (docs/noise.md).
@Suite(.timeLimit(.minutes(5))) struct FlappingTimelineTests {
    private let timeline: Timeline

    init() async throws {
        timeline = try await Timeline()
        var update = ServiceUpdate()
        update.flapDetection = .on(FlapDetection(changes: 4, window: 3600, quiet: 600))
        try await timeline.act(.updateService(timeline.service, update))
    }

    /// Opens and resolves an alert, a minute each.
    private func flap(_ key: String, times: Int, from start: Int64) async throws {
        for number in 0..<Int64(times) {
            try await timeline.at(start + number * 120)
            try await timeline.send(.trigger, key)
            try await timeline.at(start + number * 120 + 60)
            try await timeline.send(.resolve, key)
        }
    }

    @Test func theFourthChangeKeepsTheIncidentOpenUntilItIsQuiet() async throws {
        try await flap("disk", times: 1, from: 0)
        #expect(try await timeline.openIncidents() == [])
        try await flap("disk", times: 1, from: 120)
        #expect(try await timeline.openIncidents() == ["disk"])
        #expect(try await timeline.flapping() == ["disk 4"])
        try await flap("disk", times: 5, from: 240)
        #expect(try await timeline.openIncidents() == ["disk"])
        #expect(try await timeline.flapping() == ["disk 14"])
        #expect(try await timeline.incidentCount() == 2, "nothing opened anew")
        #expect(try await timeline.openAlerts() == [[]], "each recovery was taken")
        // Ten minutes after the last change at 780 s.
        try await timeline.at(1379)
        #expect(try await timeline.openIncidents() == ["disk"])
        try await timeline.at(1380)
        #expect(try await timeline.openIncidents() == [])
        try await timeline.finish()
    }

    @Test func oneThatIsOpenWhenItIsQuietStaysOpenAndResolvesAsAny() async throws {
        try await flap("disk", times: 2, from: 0)
        try await timeline.at(300)
        try await timeline.send(.trigger, "disk")
        try await timeline.at(900)
        #expect(try await timeline.openIncidents() == ["disk"])
        #expect(try await timeline.flapping() == [])
        // An hour later nothing of it counts any more.
        try await timeline.at(4500)
        try await timeline.send(.resolve, "disk")
        #expect(try await timeline.openIncidents() == [])
        try await timeline.finish()
    }

    @Test func changesThatLieFurtherApartAreNone() async throws {
        for hour in 0..<4 { try await flap("disk", times: 1, from: Int64(hour) * 3600) }
        #expect(try await timeline.incidentCount() == 4)
        #expect(try await timeline.flapping() == [])
        try await timeline.finish()
    }

    @Test func aKeyIsCountedByItself() async throws {
        try await flap("disk", times: 1, from: 0)
        try await flap("load", times: 1, from: 120)
        #expect(try await timeline.openIncidents() == [])
        try await flap("disk", times: 1, from: 240)
        #expect(try await timeline.openIncidents() == ["disk"])
        try await timeline.send(.trigger, "load")
        #expect(try await timeline.openIncidents() == ["disk", "load"])
        try await timeline.finish()
    }

    @Test func aPersonMayResolveItAndAStopChangesNothing() async throws {
        try await flap("disk", times: 2, from: 0)
        let incident = try await timeline.pipeline.look { try $0.integer("SELECT max(id) FROM incidents") ?? 0 }
        try await timeline.restart(advancing: 60)
        #expect(try await timeline.openIncidents() == ["disk"])
        try await timeline.act(.updateIncidents([IncidentUpdate(incidentID: incident, status: .resolved)]))
        #expect(try await timeline.openIncidents() == [])
        try await timeline.restart(advancing: 86_400)
        #expect(try await timeline.openIncidents() == [])
        try await timeline.finish()
    }

    @Test func switchedOffItLetsTheIncidentGoWhenItIsQuiet() async throws {
        try await flap("disk", times: 2, from: 0)
        var update = ServiceUpdate()
        update.flapDetection = .off
        try await timeline.act(.updateService(timeline.service, update))
        try await timeline.at(840)
        #expect(try await timeline.openIncidents() == [])
        try await timeline.finish()
    }
}
