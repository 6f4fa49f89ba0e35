import Alerting
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// Random runs of the whole pipeline: senders, operators, timers and restarts; each ends with a verification.
@Suite(.timeLimit(.minutes(5))) struct RandomRunTests {
    @Test(arguments: 1...UInt64(6))
    func everyRunEndsVerified(seed: UInt64) async throws {
        let temporary = try TemporaryDatabase()
        let clock = ManualClock()
        var generator = SeededGenerator(seed: seed)
        var pipeline = try Pipeline.open(temporary.database, clock: clock)
        let integration = try await pipeline.makeIntegration(acknowledgementTimeout: 20, autoResolveTimeout: 60)
        let answered = Collector<(EventID, [UInt8])>()
        var appended = 0
        for step in 0..<400 {
            switch Int.random(in: 0..<12, using: &generator) {
            case 0:
                clock.advance(seconds: Int64.random(in: 1...40, using: &generator))
                pipeline.tickNow()
            case 1:
                let incident = try await pipeline.look { try $0.integer("SELECT max(id) FROM incidents") ?? 0 }
                let status = IncidentStatus.allCases.randomElement(using: &generator)
                try await pipeline.carryOut(
                    .updateIncidents([IncidentUpdate(incidentID: incident, status: status, title: "step \(step)")]))
            case 2 where step % 5 == 0:
                await pipeline.stop()
                pipeline = try Pipeline.open(temporary.database, clock: clock)
            default:
                var event = EventMaker.event(
                    [.trigger, .trigger, .acknowledge, .resolve].randomElement(using: &generator) ?? .trigger,
                    ["a", "b", "caf\u{E9}", "cafe\u{301}"].randomElement(using: &generator) ?? "a",
                    integration: integration, severity: Severity.allCases.randomElement(using: &generator),
                    digest: Int64.random(in: 0..<2, using: &generator), at: clock.now())
                event.body = Array("seed \(seed) step \(step) \u{0}".utf8)
                let body = event.body
                appended += 1
                try pipeline.log.append(event) { result in
                    if case .success(let id) = result { answered.add((id, body)) }
                }
            }
        }
        await pipeline.stop()
        #expect(answered.values.count == appended)
        let reader = try temporary.database.openReader()
        for (id, body) in answered.values {
            let stored = try reader.first("SELECT body FROM events WHERE id = ?", { $0.add(id) }, { $0.bytes(0) })
            #expect(stored == body)
        }
        for (rule, query) in Self.rules {
            #expect(try reader.integer(query) == 0, "\(rule)")
        }
        let report = try Verification.run(temporary.database)
        #expect(report.isClean, "\(report.differences) \(report.damage)")
    }

    /// What holds of the tables, as queries for what breaks it.
    private static let rules = [
        (
            "every event has an outcome",
            "SELECT count(*) FROM events WHERE id NOT IN (SELECT event_id FROM event_outcomes)"
        ),
        (
            "every outcome has a reason where it needs one",
            "SELECT count(*) FROM event_outcomes WHERE (outcome IN ('dropped', 'refused')) <> (reason IS NOT NULL)"
        ),
        ("no event was set aside", "SELECT count(*) FROM event_outcomes WHERE reason = 'could not be applied'"),
        (
            "at most one open alert for each key",
            """
            SELECT count(*) FROM (SELECT 1 FROM alerts WHERE status = 'triggered'
            GROUP BY integration_id, dedup_key HAVING count(*) > 1)
            """
        ),
        (
            "counts are those of the alerts",
            """
            SELECT count(*) FROM incidents i WHERE alert_count <> (SELECT count(*) FROM alerts WHERE incident_id = i.id)
            OR open_alert_count <> (SELECT count(*) FROM alerts WHERE incident_id = i.id AND status = 'triggered')
            OR open_high_urgency_count <> (SELECT count(*) FROM alerts WHERE incident_id = i.id
                AND status = 'triggered' AND severity IN ('critical', 'error'))
            """
        ),
        (
            "an incident is open just while it has an open alert",
            "SELECT count(*) FROM incidents WHERE (status = 'resolved') <> (open_alert_count = 0)"
        ),
        (
            "every timer is one that its incident waits for",
            """
            SELECT count(*) FROM timers t JOIN incidents i ON i.id = t.subject_id AND t.kind IN ('acknowledgement_timeout', 'auto_resolve', 'snooze') WHERE t.due_at IS NOT
            CASE t.kind WHEN 'auto_resolve' THEN i.auto_resolve_at ELSE i.acknowledgement_expires_at END
            """
        ),
        (
            "every moment that an incident waits for has a timer",
            """
            SELECT (SELECT count(auto_resolve_at) + count(acknowledgement_expires_at) FROM incidents)
            - (SELECT count(*) FROM timers WHERE kind IN ('acknowledgement_timeout', 'auto_resolve', 'snooze'))
            """
        ),
        (
            "every incident begins with a trigger entry",
            """
            SELECT count(*) FROM incidents i WHERE NOT EXISTS
            (SELECT 1 FROM log_entries WHERE incident_id = i.id AND kind = 'trigger' AND id / 4096 = i.id)
            """
        ),
    ]
}
