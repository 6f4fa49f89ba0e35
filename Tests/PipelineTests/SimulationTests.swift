import Alerting
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// `alertgate simulate`: the stored log under other rules, without changing anything (docs/noise.md).
@Suite(.timeLimit(.minutes(5))) struct SimulationTests {
    private let timeline: Timeline

    init() async throws {
        timeline = try await Timeline()
    }

    private func simulated(_ rules: SimulationRules, since seconds: Int64 = 0) throws -> SimulationTables.Count {
        let now = timeline.clock.now()
        let report = try Simulation.run(
            timeline.temporary.database, rules, since: Timeline.start.adding(seconds: seconds), now: now)
        return try #require(report.services.first)
    }

    private func service(resolvesAfter seconds: Int64) async throws {
        var update = ServiceUpdate()
        update.autoResolveTimeout = seconds
        try await timeline.act(.updateService(timeline.service, update))
    }

    @Test func withTheRulesThatThereWereItGivesWhatThereWas() async throws {
        try await service(resolvesAfter: 600)
        try await timeline.act(
            .createInhibitionRule(
                InhibitionRuleDraft(
                    source: try LabelMatcher.parse("dedup_key=host"), target: try LabelMatcher.parse("dedup_key=disk"),
                    equal: [])))
        let now = timeline.clock.now()
        let silence = try await timeline.act(
            .createSilence(
                SilenceDraft(
                    matchers: try LabelMatcher.parse("severity=info"),
                    window: Recurrence.Window(start: now, end: now.adding(seconds: 7200)))))
        try await timeline.send(.trigger, "noise", severity: .info)
        for round in 1...6 {
            try await timeline.send(.trigger, "host")
            try await timeline.send(.trigger, "disk")
            try await timeline.send(.trigger, "load \(round)")
            try await timeline.at(Int64(round) * 400)
            try await timeline.send(.resolve, "host")
            if round % 2 == 0 { try await timeline.send(.resolve, "disk") }
            try await timeline.settle()
        }
        try await timeline.act(.endSilence(silence))
        try await timeline.settle()
        try await timeline.at(5000)
        let line = try simulated(SimulationRules())
        #expect(line.simulatedIncidents == line.incidents)
        #expect(line.incidents == (try await timeline.incidentCount()) && line.incidents > 10)
        try await timeline.finish()
    }

    @Test func otherRulesGiveOtherIncidentsAndNothingIsChanged() async throws {
        for number in 0..<10 {
            try await timeline.send(.trigger, "disk \(number)", severity: number % 2 == 0 ? .warning : .critical)
        }
        let before = try await timeline.pipeline.look { try $0.everything() }
        #expect(try simulated(SimulationRules()).simulatedIncidents == 10)
        var update = ServiceUpdate()
        update.alertGrouping = .on(.contentBased(fields: [.severity], aggregate: .all, timeWindow: nil))
        #expect(try simulated(SimulationRules(services: [timeline.service: update])).simulatedIncidents == 2)
        var storms = ServiceUpdate()
        storms.stormDetection = .on(StormDetection(thresholds: [3]))
        #expect(try simulated(SimulationRules(services: [timeline.service: storms])).simulatedIncidents == 4)
        let window = Recurrence.Window(start: Timeline.start, end: Timeline.start.adding(seconds: 1))
        let silenced = SimulationRules(
            silences: [SilenceDraft(matchers: try LabelMatcher.parse("severity=warning"), window: window)])
        #expect(try simulated(silenced).simulatedIncidents == 5 && simulated(silenced).simulatedHeldBack == 5)
        let inhibited = SimulationRules(
            inhibitionRules: [
                InhibitionRuleDraft(
                    source: try LabelMatcher.parse("dedup_key=\"disk 0\""),
                    target: try LabelMatcher.parse("severity=critical"), equal: [])
            ])
        #expect(try simulated(inhibited).simulatedIncidents == 5)
        #expect(try await timeline.pipeline.look { try $0.everything() } == before)
        try await timeline.finish()
    }

    @Test func whatWasOpenBeforeIsNoNewIncidentAndWhatAPersonResolvedIsResolved() async throws {
        let first = try await timeline.send(.trigger, "disk")
        try await timeline.at(100)
        try await timeline.send(.trigger, "disk")
        try await timeline.act(.updateIncidents([IncidentUpdate(incidentID: first, status: .resolved)]))
        try await timeline.at(200)
        try await timeline.send(.trigger, "disk")
        #expect(try simulated(SimulationRules(), since: 50).simulatedIncidents == 1)
        #expect(try simulated(SimulationRules(), since: 50).incidents == 1)
        try await timeline.finish()
    }

    @Test func aRuleThatCannotBeSetIsRefused() async throws {
        let wide = SimulationRules(silences: [
            SilenceDraft(matchers: [], window: Recurrence.Window(start: Timeline.start, end: Timeline.start))
        ])
        #expect(throws: SimulationError.self) { try simulated(wide) }
        await timeline.pipeline.stop()
    }

    @Test func anOldAlertThatIsInAYoungerIncidentByNowHarmsNothing() async throws {
        let first = try await timeline.send(.trigger, "disk")
        try await timeline.at(100)
        let second = try await timeline.send(.trigger, "load")
        try await timeline.act(.mergeIncidents(into: second, [first]))
        #expect(try simulated(SimulationRules(), since: 50).simulatedIncidents == 1)
        try await timeline.finish()
    }

    @Test func aSilenceThatComesBackHoldsBackAsItDid() async throws {
        let nightly = try Recurrence(
            rule: "FREQ=DAILY", timeZone: "UTC", localStart: "2023-11-14T22:00", duration: 7200)
        let window = try #require(nightly.window(atOrAfter: timeline.clock.now()))
        try await timeline.act(
            .createSilence(
                SilenceDraft(matchers: try LabelMatcher.parse("dedup_key=disk"), window: window, recurrence: nightly)))
        for day in 0..<4 {
            try await timeline.at(Int64(day) * 86_400 + 10)
            try await timeline.send(.trigger, "disk")
            try await timeline.send(.resolve, "disk")
            try await timeline.at(Int64(day) * 86_400 + 40_000)
            try await timeline.send(.trigger, "disk")
            try await timeline.send(.resolve, "disk")
        }
        let line = try simulated(SimulationRules(), since: 5)
        #expect(line.incidents == 4 && line.simulatedIncidents == 4 && line.simulatedHeldBack == 4)
        try await timeline.finish()
    }

    @Test func whatWasOpenBeforeResolvesByItselfWhenItDid() async throws {
        try await service(resolvesAfter: 600)
        try await timeline.send(.trigger, "disk")
        try await timeline.at(700)
        try await timeline.send(.trigger, "disk")
        let line = try simulated(SimulationRules(), since: 50)
        #expect(line.incidents == 1 && line.simulatedIncidents == 1)
        try await timeline.finish()
    }

    private func silence(
        _ matcher: String, from start: Int64, to end: Int64, recurrence: Recurrence? = nil
    ) throws -> SilenceDraft {
        SilenceDraft(
            matchers: try LabelMatcher.parse(matcher),
            window: Recurrence.Window(
                start: Timeline.start.adding(seconds: start), end: Timeline.start.adding(seconds: end)),
            recurrence: recurrence)
    }

    @Test func aSilenceHoldsBackInItsWindowOnly() async throws {
        for second in [10, 110, 210] as [Int64] {
            try await timeline.at(second)
            try await timeline.send(.trigger, "disk \(second)")
            try await timeline.send(.resolve, "disk \(second)")
        }
        try await timeline.at(300)
        for (start, end, held) in [
            (100, 200, 1), (0, 300, 3), (-500, -100, 0), (400, 500, 0), (-500, 50, 1), (200, 9000, 1),
        ] as [(Int64, Int64, Int64)] {
            let line = try simulated(
                SimulationRules(silences: [try silence("severity=critical", from: start, to: end)]))
            #expect(line.simulatedHeldBack == held && line.simulatedIncidents == 3 - held, "\(start) to \(end)")
        }
        let always = SimulationRules(silences: [
            SilenceDraft(matchers: try LabelMatcher.parse("severity=critical"), window: .always)
        ])
        #expect(try simulated(always).simulatedHeldBack == 3)
        try await timeline.finish()
    }

    @Test func whatIsOpenAtTheEndOfASimulatedWindowOpensItsIncident() async throws {
        try await timeline.at(10)
        try await timeline.send(.trigger, "disk")
        try await timeline.at(300)
        let line = try simulated(SimulationRules(silences: [try silence("severity=critical", from: 0, to: 100)]))
        #expect(line.simulatedIncidents == 1 && line.simulatedHeldBack == 0)
        try await timeline.finish()
    }

    @Test func aSimulatedSilenceComesBack() async throws {
        let nightly = try Recurrence(
            rule: "FREQ=DAILY", timeZone: "UTC", localStart: "2023-11-15T02:00", duration: 7200)
        let first = try #require(nightly.window(atOrAfter: Timeline.start))
        let offset = (first.start.milliseconds - Timeline.start.milliseconds) / 1000
        for day in 0..<3 as Range<Int64> {
            for second in [offset + 60, offset + 8000] {
                try await timeline.at(day * 86_400 + second)
                try await timeline.send(.trigger, "disk")
                try await timeline.send(.resolve, "disk")
            }
        }
        let tried = SimulationRules(silences: [
            try silence("dedup_key=disk", from: 0, to: 1, recurrence: nightly)
        ])
        let line = try simulated(tried)
        #expect(line.incidents == 6 && line.simulatedIncidents == 3 && line.simulatedHeldBack == 3)
        // All of its windows are over, or still to come: it has no effect, and is no error.
        for rule in ["FREQ=DAILY;COUNT=1", "FREQ=DAILY;UNTIL=20231115"] {
            let over = try Recurrence(rule: rule, timeZone: "UTC", localStart: "2023-11-15T02:00", duration: 60)
            let late = SimulationRules(silences: [try silence("dedup_key=disk", from: 0, to: 1, recurrence: over)])
            #expect(try simulated(late, since: 2 * 86_400).simulatedHeldBack == 0)
        }
        try await timeline.finish()
    }

    @Test func aSilenceWithoutEffectIsCheckedAllTheSame() async throws {
        var wide = try silence("source=~\".*\"", from: -500, to: -100)
        wide.comment = "slip"
        let error = #expect(throws: SimulationError.self) { try simulated(SimulationRules(silences: [wide])) }
        #expect(error?.rule == "silences[0] (slip)")
        await timeline.pipeline.stop()
    }

    @Test func thousandsOfChangesOfTheSettingsAreFoldedAsOneLog() async throws {
        for number in 0..<700 {
            let now = timeline.clock.now()
            try await timeline.act(
                .createSilence(
                    SilenceDraft(
                        matchers: try LabelMatcher.parse("dedup_key=disk-\(number)"),
                        window: Recurrence.Window(start: now, end: now.adding(seconds: 600)))))
        }
        try await timeline.send(.trigger, "disk-699")
        try await timeline.send(.trigger, "disk-700")
        try await timeline.at(700)
        let line = try simulated(SimulationRules(), since: -10)
        #expect(line.simulatedIncidents == 2 && line.incidents == 2)
        try await timeline.finish()
    }
}
