/// Compares the live tables of the fold with those that a scratch database (`Database.openScratch`) got from folding the
/// log again. What is left of incidents that retention is removing takes part on neither side.
public enum FoldComparison {
    /// The rows of a table that differ, by its key column.
    public struct Difference: Sendable, Hashable {
        /// Rows of the live table that folding the log does not give.
        public var live: [Int64]
        /// Rows that folding the log gives and the live table does not have.
        public var folded: [Int64]
    }

    /// Hides what retention is removing from the log and from the live tables. To be called before the log is folded.
    public static func leaveOutExpiring(on connection: Connection) throws(SQLiteError) {
        for table in FoldTable.all {
            guard case .thins = table.retention else { continue }
            try connection.execute("CREATE TEMP VIEW remaining_\(table.name) AS SELECT * FROM live.\(table.name)")
        }
        let marks = "(SELECT 1 FROM live.expiring_incidents UNION ALL SELECT 1 FROM live.expiring_alerts)"
        guard try connection.integer("SELECT count(*) FROM \(marks)") ?? 0 > 0 else { return }
        try connection.execute(
            """
            CREATE TEMP TABLE expiring_events (id INTEGER PRIMARY KEY);
            INSERT INTO expiring_events \(RetentionRows.expiringEventIDs(in: "live."));
            CREATE TEMP VIEW events AS SELECT * FROM live.events
            WHERE id NOT IN (SELECT id FROM temp.expiring_events);
            """)
        for table in FoldTable.all {
            guard case .thins(let column, let expiring) = table.retention else { continue }
            try connection.execute(
                """
                DROP VIEW temp.remaining_\(table.name);
                CREATE TEMP VIEW remaining_\(table.name) AS
                SELECT * FROM live.\(table.name) WHERE \(column) NOT IN (\(numbers(of: expiring)));
                """)
        }
    }

    private static func numbers(of expiring: FoldTable.Expiring) -> String {
        switch expiring {
        case .event: "SELECT id FROM temp.expiring_events"
        case .alert:
            """
            SELECT alert_id FROM live.expiring_alerts UNION
            SELECT id FROM live.alerts WHERE incident_id IN (SELECT incident_id FROM live.expiring_incidents)
            """
        case .incident: "SELECT incident_id FROM live.expiring_incidents"
        }
    }

    /// How many rows the live table has.
    public static func liveRows(of table: FoldTable, _ connection: Connection) throws(SQLiteError) -> Int64 {
        try connection.integer("SELECT count(*) FROM live.\(table.name)") ?? 0
    }

    /// Which rows of a table differ.
    public static func difference(in table: FoldTable, _ connection: Connection) throws(SQLiteError) -> Difference {
        let folded = "main.\(table.name)"
        let live: String
        if case .thins = table.retention { live = "temp.remaining_\(table.name)" } else { live = "live.\(table.name)" }
        func only(_ left: String, _ right: String) throws(SQLiteError) -> [Int64] {
            try connection.all(
                "SELECT \(table.key) FROM (SELECT * FROM \(left) EXCEPT SELECT * FROM \(right)) ORDER BY 1"
            ) { $0.integer(0) }
        }
        return Difference(live: try only(live, folded), folded: try only(folded, live))
    }
}
