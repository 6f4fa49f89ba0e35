import Alerting
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// Silences end to end, with a clock that is set by hand: what holds back, what lets go, and when (docs/noise.md).
@Suite(.timeLimit(.minutes(5))) struct SilenceTimelineTests {
    private let timeline: Timeline

    init() async throws {
        timeline = try await Timeline()
    }

    private func silence(_ matchers: String, seconds: Int64, recurrence: Recurrence? = nil) async throws -> SilenceID {
        let now = timeline.clock.now()
        let window =
            try recurrence.map { try #require($0.window(atOrAfter: now)) }
            ?? Recurrence.Window(start: now, end: now.adding(seconds: seconds))
        return try await timeline.act(
            .createSilence(
                SilenceDraft(matchers: try LabelMatcher.parse(matchers), window: window, recurrence: recurrence)))
    }

    @Test func whatASilenceHeldBackOpensAtItsEndIfItIsStillOpen() async throws {
        _ = try await silence("severity=~\"warning|info\"", seconds: 60)
        let disk = try await timeline.send(.trigger, "disk", severity: .warning)
        try await timeline.send(.trigger, "memory", severity: .warning)
        try await timeline.send(.trigger, "load", severity: .critical)
        #expect(try await timeline.openIncidents() == ["load"])
        try await timeline.at(30)
        try await timeline.send(.resolve, "memory")
        #expect(try await timeline.openIncidents() == ["load"])
        try await timeline.at(59)
        #expect(try await timeline.openIncidents() == ["load"])
        try await timeline.at(60)
        #expect(try await timeline.openIncidents() == ["load", "disk"])
        try await timeline.send(.resolve, "disk")
        #expect(try await timeline.openIncidents() == ["load"])
        #expect(try await timeline.outcome(of: disk) == "suppressed: silenced")
        try await timeline.finish()
    }

    @Test func aStopInBetweenChangesNothing() async throws {
        _ = try await silence("dedup_key=disk", seconds: 60)
        try await timeline.send(.trigger, "disk")
        try await timeline.restart(advancing: 3600)
        #expect(try await timeline.openIncidents() == ["disk"])
        try await timeline.finish()
    }

    @Test func endedBySomebodyItLetsGoAtOnce() async throws {
        let id = try await silence("dedup_key=disk", seconds: 3600)
        try await timeline.send(.trigger, "disk")
        try await timeline.act(.endSilence(id))
        try await timeline.settle()
        #expect(try await timeline.openIncidents() == ["disk"])
        try await timeline.finish()
    }

    /// The clock starts at 2023-11-14 22:13:20 UTC.
    @Test func aNightThatIsCutShortIsOverUntilTheNext() async throws {
        let nightly = try Recurrence(
            rule: "FREQ=DAILY", timeZone: "UTC", localStart: "2023-11-14T22:00", duration: 7200)
        let id = try await silence("dedup_key=disk", seconds: 0, recurrence: nightly)
        try await timeline.act(.updateSilence(id, SilenceUpdate(end: timeline.clock.now().adding(seconds: 10))))
        try await timeline.at(10)
        try await timeline.send(.trigger, "disk")
        #expect(try await timeline.openIncidents() == ["disk"])
        try await timeline.send(.resolve, "disk")
        try await timeline.at(86_400)
        try await timeline.send(.trigger, "disk")
        #expect(try await timeline.openIncidents() == [], "the next night is whole")
        try await timeline.finish()
    }

    @Test func nightsWithoutADayBetweenThemHoldBackThroughout() async throws {
        let always = try Recurrence(
            rule: "FREQ=DAILY", timeZone: "UTC", localStart: "2023-11-14T22:00", duration: 86_400)
        _ = try await silence("dedup_key=disk", seconds: 0, recurrence: always)
        try await timeline.send(.trigger, "disk")
        for day in 1...3 {
            try await timeline.at(Int64(day) * 86_400)
            #expect(try await timeline.openIncidents() == [])
        }
        try await timeline.finish()
    }
}
