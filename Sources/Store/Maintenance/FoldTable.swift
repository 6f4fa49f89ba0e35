/// A table that the fold writes: each has one entry in `FoldTable.all`, and a comment that begins with `fold.` in the schema.
/// `rebuild` empties and fills these tables, `verify` compares them, and retention removes from them what they say here. The
/// cursor, `worker_cursor`, is not one of them.
public struct FoldTable: Sendable, Hashable {
    /// What retention does to a table.
    public enum Retention: Sendable, Hashable {
        /// Its rows are of settings or of what is open: none is removed.
        case keeps
        /// Its rows go with their incident, in the transaction that marks the incident as expiring.
        case removesWithIncident
        /// Its rows go some time after the mark, those whose column names something that is expiring.
        case thins(column: String, by: Expiring)
        /// Its rows go when they are old enough, each with its event.
        case removesByAge
    }

    /// What the column of a thinned table names.
    public enum Expiring: Sendable, Hashable {
        /// An event of an expiring incident or alert.
        case event
        /// An alert of an expiring incident, or one that expires by itself.
        case alert
        /// An expiring incident.
        case incident
    }

    /// The name of the table.
    public let name: String
    /// The column that names its rows in reports.
    public let key: String
    /// What retention does to it.
    public let retention: Retention

    init(_ name: String, key: String = "id", _ retention: Retention = .keeps) {
        self.name = name
        self.key = key
        self.retention = retention
    }

    /// All of them, in an order in which they can be emptied.
    public static let all: [FoldTable] = [
        FoldTable("event_outcomes", key: "event_id", .thins(column: "event_id", by: .event)),
        FoldTable("incident_actions", key: "event_id", .thins(column: "event_id", by: .event)),
        FoldTable("timers", key: "subject_id"),
        FoldTable("notes", .thins(column: "incident_id", by: .incident)),
        FoldTable("log_entries", .thins(column: "incident_id", by: .incident)),
        FoldTable("change_events", .removesByAge),
        FoldTable("incident_keys", key: "incident_id", .removesWithIncident),
        FoldTable("alert_groups", key: "incident_id"),
        FoldTable("alert_holds", key: "alert_id", .thins(column: "alert_id", by: .alert)),
        FoldTable("flap_links", key: "alert_id", .thins(column: "alert_id", by: .alert)),
        FoldTable("storm_links", key: "incident_id", .removesWithIncident),
        FoldTable("inhibition_sources", key: "alert_id"),
        FoldTable("incident_details", key: "incident_id", .removesWithIncident),
        FoldTable("alerts", .thins(column: "id", by: .alert)),
        FoldTable("incidents", .removesWithIncident),
        FoldTable("silences"),
        FoldTable("inhibition_rules"),
        FoldTable("integrations"),
        FoldTable("services"),
        FoldTable("api_tokens"),
    ]

    /// Empties all of them and sets the cursor back, inside the caller's transaction.
    public static func emptyAll(_ connection: Connection) throws(SQLiteError) {
        for table in all { try connection.execute("DELETE FROM \(table.name)") }
        try connection.execute("UPDATE worker_cursor SET event_id = 0 WHERE id = 1")
    }

    /// Sets the cursor to a number that was applied before, if it is behind that number.
    public static func raiseCursor(to applied: Int64, _ connection: Connection) throws(SQLiteError) {
        try connection.run("UPDATE worker_cursor SET event_id = max(event_id, ?) WHERE id = 1") { $0.add(applied) }
    }

    /// The statements that remove the rows of one expiring thing, each with its number as the only parameter.
    static func removals(by expiring: Expiring) -> [String] {
        all.compactMap { table in
            guard case .thins(let column, expiring) = table.retention else { return nil }
            return "DELETE FROM \(table.name) WHERE \(column) = ?"
        }
    }
}
