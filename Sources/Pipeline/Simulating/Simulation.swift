import Alerting
import Store

/// Folds a part of the log again under other rules, beside the live tables, and tells how many incidents there would have
/// been. Nothing is changed.
///
/// Alerts are taken as they came; what persons resolved is resolved at that moment, whichever incidents it is in under
/// the other rules. What else persons did to incidents (merges, moves, snoozes, those they opened) is left out, and so are
/// the incidents that they opened. Silences end, and come back, when their windows say so. Timers fall due to the minute.
public enum Simulation {
    /// What came of it.
    public struct Report: Sendable, Hashable {
        /// Events since then were folded.
        public var since: Timestamp
        /// How many those are.
        public var events: Int64
        /// How many of them this program cannot read: they were left out.
        public var unreadableEvents: Int64
        /// The services that had alerts, by name.
        public var services: [Line]
    }

    /// What came of one service.
    public struct Line: Sendable, Hashable {
        /// The service.
        public var serviceID: ServiceID
        /// Its name.
        public var name: String
        /// Alerts that opened.
        public var alerts: Int64
        /// Incidents that alerts opened.
        public var incidents: Int64
        /// Incidents that there would have been.
        public var simulatedIncidents: Int64
        /// Alerts that would have been held back to the end, or still would be.
        public var simulatedHeldBack: Int64
    }

    /// Simulates, with the daemon running or not; what it has not applied yet is left out. Blocks, and takes room for the
    /// tables of that time in the temporary folder. Throws `SimulationError` where a rule is refused, `StoreError` and
    /// `SQLiteError`.
    public static func run(
        _ database: Database, _ rules: SimulationRules, since: Timestamp, now: Timestamp
    ) throws -> Report {
        let connection = try database.openScratch()
        defer { connection.close() }
        return try connection.transaction(.deferred) {
            try SimulationStart.copy(to: connection, since: since, rules)
            var replay = try Replay(connection: connection, rules: rules, since: since, now: now)
            try replay.run()
            return Report(
                since: since, events: replay.eventCount, unreadableEvents: replay.unreadableCount,
                services: try lines(connection, since))
        }
    }

    private static func lines(_ connection: Connection, _ since: Timestamp) throws -> [Line] {
        try connection.all(
            """
            WITH simulated AS (SELECT service_id, count(*) AS alerts, sum(incident_id IS NULL) AS held
                FROM main.alerts WHERE created_at >= ?1 GROUP BY service_id),
            opened AS (SELECT service_id, count(*) AS count FROM main.incidents WHERE created_at >= ?1
                GROUP BY service_id),
            were AS (SELECT i.service_id, count(*) AS count FROM live.incidents i JOIN live.events e ON e.id = i.id
                WHERE i.created_at >= ?1 AND e.kind <> 'action' GROUP BY i.service_id)
            SELECT s.id, s.name, coalesce(a.alerts, 0), coalesce(w.count, 0), coalesce(o.count, 0), coalesce(a.held, 0)
            FROM main.services s LEFT JOIN simulated a ON a.service_id = s.id
            LEFT JOIN opened o ON o.service_id = s.id LEFT JOIN were w ON w.service_id = s.id ORDER BY s.name
            """, { $0.add(since) },
            {
                Line(
                    serviceID: $0.integer(0), name: $0.text(1), alerts: $0.integer(2), incidents: $0.integer(3),
                    simulatedIncidents: $0.integer(4), simulatedHeldBack: $0.integer(5))
            }
        ).filter { $0.alerts + $0.incidents > 0 }
    }
}

/// That a rule cannot be tried.
public struct SimulationError: Error, Sendable, CustomStringConvertible {
    /// The rule: its list, its place there from 0, and its comment.
    public var rule: String
    /// Why.
    public var refusal: Refusal

    /// What happened.
    public var description: String { "\(rule): \(refusal.rawValue)" }

    /// The name of a rule in messages, such as `silences[2] (new disks)`.
    public static func rule(_ list: String, _ place: Int, _ comment: String) -> String {
        "\(list)[\(place)]" + (comment.isEmpty ? "" : " (\(comment))")
    }
}
