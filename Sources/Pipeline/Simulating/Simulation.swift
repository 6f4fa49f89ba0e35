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
        public var services: [SimulationTables.Count]
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
                services: try SimulationTables.counts(since: since, connection))
        }
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
