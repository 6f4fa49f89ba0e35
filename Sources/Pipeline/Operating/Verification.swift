import Alerting
import Store

/// Folds the log again beside the live tables and compares every row (docs/architecture.md, promise 2).
public enum Verification {
    /// What was found.
    public struct Report: Sendable {
        /// How many events were folded.
        public var events: Int64
        /// How many rows the live tables have.
        public var rows: Int64
        /// One line for each table that differs: which rows, by id.
        public var differences: [String]
        /// What SQLite's own check found wrong with the file.
        public var damage: [String]
        /// The tables that are damaged, with their indexes, by name.
        public var damagedTables: [String] = []

        /// The events that this program cannot read, in the order of the log.
        public var unreadable: [UnreadableEvent] = []

        /// Those of them that had an effect: the tables must not be rebuilt by this program.
        public var unreadableWithEffect: [UnreadableEvent] { unreadable.filter(\.hadEffect) }

        /// Whether the tables are just what the log gives, every event that had an effect can be read, and the file is
        /// sound.
        public var isClean: Bool { differences.isEmpty && damage.isEmpty && unreadableWithEffect.isEmpty }

        /// Notes what a table's reader met.
        fileprivate mutating func note(_ error: SQLiteError, of table: String) {
            if damage.isEmpty { damage.append(error.message) }
            if damagedTables.isEmpty { damagedTables.append(table) }
        }
    }

    /// Verifies a database, with the daemon running or not; what it has not applied yet is left out. Blocks, and takes
    /// room for a second set of tables in the temporary folder. Throws `StoreError` and `SQLiteError`.
    public static func run(_ database: Database) throws -> Report {
        let connection = try database.openScratch()
        defer { connection.close() }
        return try connection.snapshot {
            var report = Report(events: 0, rows: 0, differences: [], damage: try damage(of: nil, connection))
            if !report.damage.isEmpty { report.damagedTables = try damagedTables(connection) }
            do {
                try fold(connection, &report)
            } catch let error as SQLiteError where error.isCorrupt {
                report.note(error, of: "events")
                report.differences.append("nothing could be folded and compared: the log, or what it needs, is damaged")
            }
            return report
        }
    }

    private static func fold(_ connection: Connection, _ report: inout Report) throws {
        let cursor = try connection.integer("SELECT event_id FROM live.worker_cursor") ?? 0
        try leaveOutExpiring(on: connection)
        report.events = try LogFold.run(on: connection, through: cursor, as: .again)
        do throws(SQLiteError) {
            report.unreadable = try UnreadableEvents.all(through: cursor, in: "live", connection)
        } catch {
            guard error.isCorrupt else { throw error }
            // The log itself was just read: what is damaged tells what became of an event.
            report.note(error, of: "event_outcomes")
            report.differences.append("event_outcomes: what became of unreadable events is damaged")
        }
        for table in FoldTables.names {
            do {
                report.rows += try connection.integer("SELECT count(*) FROM live.\(table)") ?? 0
                report.differences += try compare(table, on: connection)
            } catch let error as SQLiteError where error.isCorrupt {
                report.note(error, of: table)
                report.differences.append("\(table): not compared, because it is damaged")
            }
        }
    }

    /// What SQLite's check finds wrong with a table and its indexes, or with the whole file; at most ten lines.
    private static func damage(of table: String?, _ connection: Connection) throws -> [String] {
        do throws(SQLiteError) {
            return try connection.prepare("PRAGMA live.integrity_check(\(table ?? "10"))").all { $0.text(0) }
                .filter { $0 != "ok" }
        } catch {
            guard error.isCorrupt else { throw error }
            return [error.message]
        }
    }

    private static func damagedTables(_ connection: Connection) throws -> [String] {
        let tables: [String]
        do throws(SQLiteError) {
            tables = try connection.all("SELECT name FROM live.sqlite_schema WHERE type = 'table' ORDER BY name") {
                $0.text(0)
            }
        } catch {
            guard error.isCorrupt else { throw error }
            return ["sqlite_schema"]
        }
        return try tables.filter { try !damage(of: $0, connection).isEmpty }
    }

    /// The column by which a table's rows are named, where it is not `id`.
    private static let keys = [
        "event_outcomes": "event_id", "incident_actions": "event_id", "timers": "subject_id",
        "incident_keys": "incident_id", "alert_groups": "incident_id",
        "incident_details": "incident_id", "alert_holds": "alert_id", "flap_links": "alert_id",
        "storm_links": "incident_id",
        "inhibition_sources": "alert_id",
    ]

    /// The tables in which something of expiring incidents may be left.
    private static let thinned = [
        "event_outcomes", "incident_actions", "alerts", "alert_holds", "flap_links", "log_entries",
        "notes",
    ]

    /// What is left of incidents that retention is removing is neither folded nor compared.
    private static func leaveOutExpiring(on connection: Connection) throws {
        for name in thinned {
            try connection.execute("CREATE TEMP VIEW remaining_\(name) AS SELECT * FROM live.\(name)")
        }
        let marks = "(SELECT 1 FROM live.expiring_incidents UNION ALL SELECT 1 FROM live.expiring_alerts)"
        guard try connection.integer("SELECT count(*) FROM \(marks)") ?? 0 > 0 else { return }
        let events = RetentionRows.expiringEventIDs(in: "live.")
        try connection.execute("CREATE TEMP TABLE expiring_events (id INTEGER PRIMARY KEY)")
        try connection.execute("INSERT INTO expiring_events \(events)")
        try connection.execute(
            "CREATE TEMP VIEW events AS SELECT * FROM live.events WHERE id NOT IN (SELECT id FROM temp.expiring_events)"
        )
        let alerts = """
            SELECT alert_id FROM live.expiring_alerts UNION
            SELECT id FROM live.alerts WHERE incident_id IN (SELECT incident_id FROM live.expiring_incidents)
            """
        for (name, column, gone) in [
            ("event_outcomes", "event_id", "SELECT id FROM temp.expiring_events"),
            ("incident_actions", "event_id", "SELECT id FROM temp.expiring_events"),
            ("alerts", "id", alerts),
            ("alert_holds", "alert_id", alerts),
            ("flap_links", "alert_id", alerts),
            ("log_entries", "incident_id", "SELECT incident_id FROM live.expiring_incidents"),
            ("notes", "incident_id", "SELECT incident_id FROM live.expiring_incidents"),
        ] {
            try connection.execute(
                """
                DROP VIEW temp.remaining_\(name);
                CREATE TEMP VIEW remaining_\(name) AS
                SELECT * FROM live.\(name) WHERE \(column) NOT IN (\(gone));
                """)
        }
    }

    private static func compare(_ table: String, on connection: Connection) throws -> [String] {
        let key = Self.keys[table] ?? "id"
        let live = Self.thinned.contains(table) ? "temp.remaining_\(table)" : "live.\(table)"
        var lines: [String] = []
        for (left, right, words) in [
            (live, "main.\(table)", "stand in the table, but the log gives others or none"),
            ("main.\(table)", live, "come from the log, but the table has others or none"),
        ] {
            let ids = try connection.all(
                "SELECT \(key) FROM (SELECT * FROM \(left) EXCEPT SELECT * FROM \(right)) ORDER BY 1"
            ) { $0.integer(0) }
            guard !ids.isEmpty else { continue }
            let shown = ids.prefix(5).map(String.init).joined(separator: ", ")
            let more = ids.count > 5 ? ", ..." : ""
            lines.append("\(table): \(ids.count) rows \(words): \(key) \(shown)\(more)")
        }
        return lines
    }
}
