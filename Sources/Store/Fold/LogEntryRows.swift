import Alerting

/// The rows of `log_entries`.
public enum LogEntryRows {
    /// The columns that `read` expects, of a table named `log_entries`, from column 0 on.
    public static let columns = """
        log_entries.id, log_entries.incident_id, log_entries.service_id, log_entries.alert_id, log_entries.kind,
        log_entries.created_at, log_entries.agent, log_entries.note, log_entries.urgency, log_entries.title,
        log_entries.acknowledgement_timeout, log_entries.snoozed_until, log_entries.other_incident_id,
        log_entries.repeat_count, log_entries.last_repeated_at
        """

    /// How many columns those are.
    public static let columnCount: Int32 = 15

    /// The entry in a row, whose first column is `offset`; nil for a kind that this program does not know.
    public static func read(_ row: Row, from offset: Int32 = 0) -> LogEntry? {
        guard let kind = LogEntryKind(rawValue: row.text(offset + 4)) else { return nil }
        let service = row.integer(offset + 2)
        var entry = LogEntry(
            id: row.integer(offset), incidentID: row.integer(offset + 1), serviceID: service,
            alertID: row.optionalInteger(offset + 3), kind: kind, createdAt: row.time(offset + 5),
            agent: Agent(text: row.text(offset + 6)) ?? .service(service))
        entry.note = row.optionalText(offset + 7)
        entry.urgency = row.optionalText(offset + 8).flatMap(Urgency.init(rawValue:))
        entry.title = row.optionalText(offset + 9)
        entry.acknowledgementTimeout = row.optionalInteger(offset + 10)
        entry.snoozedUntil = row.optionalTime(offset + 11)
        entry.otherIncidentID = row.optionalInteger(offset + 12)
        entry.repeatCount = row.integer(offset + 13)
        entry.lastRepeatedAt = row.optionalTime(offset + 14)
        return entry
    }

    static func insert(
        _ entry: LogEntry, repeats: Changes.Repeat?, into connection: Connection
    ) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO log_entries (id, incident_id, service_id, alert_id, kind, created_at, agent, note, urgency,
                title, acknowledgement_timeout, snoozed_until, other_incident_id, repeat_count, last_repeated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { row in
            row.add(entry.id)
            row.add(entry.incidentID)
            row.add(entry.serviceID)
            row.add(entry.alertID)
            row.add(entry.kind.rawValue)
            row.add(entry.createdAt)
            row.add(entry.agent.text)
            row.add(entry.note)
            row.add(entry.urgency?.rawValue)
            row.add(entry.title)
            row.add(entry.acknowledgementTimeout)
            row.add(entry.snoozedUntil)
            row.add(entry.otherIncidentID)
            row.add(repeats?.count ?? entry.repeatCount)
            row.add(repeats?.lastAt ?? entry.lastRepeatedAt)
        }
    }

    static func update(
        _ id: LogEntryID, _ repeats: Changes.Repeat, in connection: Connection
    ) throws(SQLiteError) {
        try connection.run("UPDATE log_entries SET repeat_count = ?, last_repeated_at = ? WHERE id = ?") { row in
            row.add(repeats.count)
            row.add(repeats.lastAt)
            row.add(id)
        }
    }
}
