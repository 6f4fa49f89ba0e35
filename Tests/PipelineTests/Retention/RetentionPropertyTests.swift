import Alerting
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// ADR 7: the fold over what remains gives what remains, after each step, whatever came before.
@Suite(.timeLimit(.minutes(5))) struct RetentionPropertyTests {
    private struct Abandoned: Error {}

    /// Random logs with bulk actions, reopening and timers. Between the look and the step the log grows, passes are
    /// abandoned after any step, and each step is followed by a verification.
    @Test(arguments: Effort.seeds(2, soak: 60))
    func whatRemainsIsWhatTheRemainingLogGives(seed: UInt64) async throws {
        // A minute without a pause: on a thread of its own it keeps no other test waiting.
        try await blocking { try check(seed) }
    }

    private func check(_ seed: UInt64) throws {
        let fixture = try RetentionFixture()
        let log = try RandomLog(seed: seed, count: 420, hasHeartbeats: true)
        var generator = SeededGenerator(seed: seed &* 977)
        var next = 0
        func grow(_ count: Int) throws {
            let end = min(log.events.count, next + count)
            guard next < end else { return }
            #expect(try fixture.fold(Array(log.events[next..<end])) == EventID(end), "numbers go on")
            next = end
        }
        var marked = 0
        while next < log.events.count {
            try grow(Int.random(in: 20...70, using: &generator))
            var limits = RetentionLimits()
            limits.removals = Int.random(in: 3...30, using: &generator)
            limits.marks = Int.random(in: 1...8, using: &generator)
            limits.round = Int.random(in: 1...20, using: &generator)
            limits.window = Int64.random(in: 5...60, using: &generator)
            limits.freePages = 0
            let age = Int64.random(in: 0...60, using: &generator)
            let cutoff = (log.events[next - 1].receivedAt.milliseconds - RetentionFixture.start.milliseconds) / 1000
            var open: [String] = []
            do {
                try fixture.prune(
                    before: cutoff - age, limits: limits,
                    beforeStep: { step in
                        if Int.random(in: 0..<25, using: &generator) == 0 { throw Abandoned() }
                        if Int.random(in: 0..<3, using: &generator) == 0 {
                            try grow(Int.random(in: 1...6, using: &generator))
                        }
                        if case .remove = step { #expect(step.size <= limits.removals) }
                        if case .mark = step { marked += step.size }
                        open = try openIncidents(fixture.writer)
                    },
                    afterStep: {
                        #expect(try openIncidents(fixture.writer) == open, "open incidents are left alone")
                        try fixture.requireVerified("seed \(seed), event \(next)")
                    })
            } catch is Abandoned {
                try fixture.requireVerified("seed \(seed), abandoned at event \(next)")
                if Bool.random(using: &generator) { _ = try rebuilt(fixture) }
            }
        }
        #expect(marked > 10, "the run has something to tell")
        // What has held others back may wait for one pass to take them.
        for _ in 0..<2 { try fixture.prune(before: 1_000_000) }
        try fixture.requireVerified()
        #expect(try fixture.count("expiring_incidents") == 0)
        #expect(try fixture.count("change_events") == 0)
        for (rule, query) in Self.rules { #expect(try fixture.ids(query) == [], "\(rule)") }
        let before = try fixture.writer.everything()
        #expect(try rebuilt(fixture) == before)
    }

    private func rebuilt(_ fixture: RetentionFixture) throws -> [String: [String]] {
        _ = try Rebuild.run(fixture.database)
        try fixture.requireVerified("rebuilt")
        return try fixture.writer.everything()
    }

    /// Everything about the incidents that are open, as texts.
    private func openIncidents(_ connection: Connection) throws -> [String] {
        try connection.all(
            """
            SELECT 'incident ' || i.id || ' ' || i.updated_at || ' ' || i.alert_count FROM incidents i
            WHERE i.status <> 'resolved'
            UNION ALL SELECT 'alert ' || a.id || ' ' || a.trigger_count FROM alerts a
            JOIN incidents i ON i.id = a.incident_id AND i.status <> 'resolved'
            UNION ALL SELECT 'entry ' || l.id || ' ' || l.repeat_count FROM log_entries l
            JOIN incidents i ON i.id = l.incident_id AND i.status <> 'resolved'
            UNION ALL SELECT 'event ' || e.id FROM events e JOIN event_outcomes o ON o.event_id = e.id
            JOIN incidents i ON i.id = o.incident_id AND i.status <> 'resolved' ORDER BY 1
            """
        ) { $0.text(0) }
    }

    /// What is left after everything that can go has gone, as queries for what breaks it.
    private static let rules = [
        (
            "a resolved incident stays only with one that is not",
            """
            WITH RECURSIVE kept (id) AS (
                SELECT id FROM incidents WHERE status <> 'resolved'
                -- What is still held back stays with what has held it back.
                UNION SELECT source.incident_id FROM alerts held JOIN alert_holds h ON h.alert_id = held.id
                JOIN alerts source ON source.id = h.inhibiting_alert_id WHERE held.incident_id IS NULL
                UNION SELECT source.incident_id FROM kept k JOIN alerts held ON held.incident_id = k.id
                JOIN alert_holds h ON h.alert_id = held.id JOIN alerts source ON source.id = h.inhibiting_alert_id
                -- What made another count as flapping stays with that.
                UNION SELECT earlier.incident_id FROM kept k JOIN alerts f ON f.incident_id = k.id
                JOIN flap_links l ON l.alert_id = f.id JOIN alerts earlier ON earlier.id = l.earlier_alert_id
                -- What was too many stays with the storm that it began.
                UNION SELECT l.earlier_incident_id FROM kept k JOIN storm_links l ON l.incident_id = k.id
                UNION SELECT b.incident_id FROM kept k JOIN incident_actions a ON a.incident_id = k.id
                JOIN incident_actions b ON b.event_id = a.event_id)
            SELECT id FROM incidents WHERE id NOT IN (SELECT id FROM kept)
            """
        ),
        (
            "an alert that recovered while it was held back stays only with one that it held back",
            """
            SELECT id FROM alerts WHERE incident_id IS NULL AND status = 'resolved'
            AND id NOT IN (SELECT inhibiting_alert_id FROM alert_holds)
            """
        ),
        (
            "every event belongs to settings or to an incident that is there",
            """
            SELECT e.id FROM events e LEFT JOIN event_outcomes o ON o.event_id = e.id
            WHERE o.outcome IS NULL OR o.outcome IN ('dropped', 'refused', 'recorded')
            OR (o.incident_id IS NULL AND e.action = 'update_incidents'
                AND NOT EXISTS (SELECT 1 FROM incident_actions a JOIN incidents i ON i.id = a.incident_id
                    WHERE a.event_id = e.id))
            OR (o.incident_id IS NOT NULL AND o.incident_id NOT IN (SELECT id FROM incidents))
            """
        ),
        (
            "nothing is left of an incident that is gone",
            """
            SELECT incident_id FROM alerts WHERE incident_id IS NOT NULL UNION SELECT incident_id FROM log_entries UNION
            SELECT subject_id FROM timers WHERE kind NOT IN ('release', 'silence_end') UNION
            SELECT incident_id FROM incident_actions EXCEPT SELECT id FROM incidents
            """
        ),
        ("every outcome is that of an event", "SELECT event_id FROM event_outcomes EXCEPT SELECT id FROM events"),
    ]
}
