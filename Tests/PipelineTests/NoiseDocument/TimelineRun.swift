import Alerting
import Foundation
import Testing

/// Runs a worked example: does what happens in it, and compares what has to be so. A difference is an issue at the
/// example's own line in the document.
final class TimelineRun {
    private let timeline: Timeline
    private var silence: SilenceID?
    private var rule: InhibitionRuleID?
    private var event: EventID?
    private var rules: [GroupingRule] = []

    init() async throws {
        timeline = try await Timeline()
    }

    /// Runs a whole example, and makes sure at its end that the log gives what the tables hold.
    static func run(_ script: TimelineScript) async throws {
        let run = try await TimelineRun()
        for step in script.steps {
            let location = SourceLocation(
                fileID: "docs/noise.md", filePath: NoiseDocument.path, line: step.line, column: 1)
            if let moment = step.moment { try await run.timeline.at(moment) }
            if let statement = step.statement { try await run.perform(statement, location) }
        }
        try await run.timeline.finish()
    }

    private func perform(_ statement: TimelineStatement, _ location: SourceLocation) async throws {
        switch statement {
        case .event(let action, let key, let data): event = try await timeline.send(action, key, data)
        case .silence(let matchers, let seconds, let isDaily):
            silence = try await timeline.act(
                .createSilence(try draft(matchers, seconds: seconds, isDaily: isDaily)))
        case .endSilence:
            try await timeline.act(.endSilence(try #require(silence, "no silence", sourceLocation: location)))
        case .inhibit(let target, let source, let equal):
            rule = try await timeline.act(
                .createInhibitionRule(InhibitionRuleDraft(source: source, target: target, equal: equal)))
        case .deleteRule:
            try await timeline.act(.deleteInhibitionRule(try #require(rule, "no rule", sourceLocation: location)))
        case .group(let grouping):
            var update = ServiceUpdate()
            update.alertGrouping = grouping.map { .on($0) } ?? .off
            try await timeline.act(.updateService(timeline.service, update))
        case .groupingRule(let rule): try await setRules(adding: rule, limit: nil)
        case .groupingLimit(let limit): try await setRules(adding: nil, limit: limit)
        case .heartbeat(let seconds):
            var update = IntegrationUpdate()
            update.heartbeatInterval = seconds
            try await timeline.act(.updateIntegration(timeline.integration, update))
        case .flapDetection(let detection):
            var update = ServiceUpdate()
            update.flapDetection = .on(detection)
            try await timeline.act(.updateService(timeline.service, update))
        case .stormDetection(let detection):
            var update = ServiceUpdate()
            update.stormDetection = .on(detection)
            try await timeline.act(.updateService(timeline.service, update))
        case .open, .heldBack, .incidents, .outcome, .flapping, .storm: return try await check(statement, location)
        }
        try await timeline.settle()
    }

    private func setRules(adding rule: GroupingRule?, limit: Int64?) async throws {
        if let rule { rules.append(rule) }
        var update = ServiceUpdate()
        update.alertGrouping = .on(.rules(rules, alertLimit: limit))
        try await timeline.act(.updateService(timeline.service, update))
    }

    /// A silence from now on. Without matchers it is of the whole service.
    private func draft(
        _ matchers: [LabelMatcher], seconds: Int64, isDaily: Bool
    ) throws -> SilenceDraft {
        let now = timeline.clock.now()
        var draft = SilenceDraft(
            serviceID: matchers.isEmpty ? timeline.service : nil, matchers: matchers,
            window: Recurrence.Window(start: now, end: now.adding(seconds: seconds)), isMaintenance: matchers.isEmpty)
        if isDaily {
            let date = Date(timeIntervalSince1970: Double(now.milliseconds) / 1000)
            let local = String(date.ISO8601Format().dropLast())
            draft.recurrence = try Recurrence(
                rule: "FREQ=DAILY", timeZone: "UTC", localStart: local, duration: seconds)
        }
        return draft
    }

    private func check(_ statement: TimelineStatement, _ location: SourceLocation) async throws {
        switch statement {
        case .open(let expected):
            let found = TimelineRun.text(of: try await timeline.openAlerts())
            #expect(found == TimelineRun.text(of: expected), "open", sourceLocation: location)
        case .flapping(let expected):
            let found = try await timeline.flapping()
            #expect(found == expected.sorted(), "flapping", sourceLocation: location)
        case .storm(let expected):
            let found = try await timeline.storms()
            #expect(found == expected.sorted(), "storm", sourceLocation: location)
        case .heldBack(let expected):
            let found = try await timeline.alertsHeldBack().sorted()
            #expect(found == expected.sorted(), "held back", sourceLocation: location)
        case .incidents(let expected):
            let found = try await timeline.incidentCount()
            #expect(found == expected, "incidents so far", sourceLocation: location)
        case .outcome(let expected):
            let event = try #require(event, "no event", sourceLocation: location)
            let found = try await timeline.outcome(of: event)
            #expect(found == expected, "outcome", sourceLocation: location)
        default: break
        }
    }

    /// Incidents and their alerts as the document writes them, whatever their order.
    private static func text(of incidents: [[String]]) -> String {
        incidents.map { $0.sorted().joined(separator: " + ") }.sorted().joined(separator: ", ")
    }
}
