import Alerting

/// What became of one event, for a person who asks.
public struct EventTrace: Sendable {
    /// A log entry that the event wrote.
    public struct Entry: Sendable {
        /// The entry.
        public var id: LogEntryID
        /// Its kind.
        public var kind: String
        /// Its incident.
        public var incidentID: IncidentID
    }

    /// The columns of its row in the view `event_trace` with their values, in order. Those that are NULL are left out.
    public var columns: [(name: String, value: String)]
    /// The log entries that it wrote, in order.
    public var entries: [Entry]

    private static let names = [
        "event", "received_at", "kind", "action", "integration", "dedup_key", "outcome", "reason", "alert", "incident",
        "incident_status", "summary",
    ]

    /// Reads what became of an event; nil if the log does not have it.
    public static func read(_ event: EventID, _ connection: Connection) throws(SQLiteError) -> EventTrace? {
        let columns = try connection.first(
            "SELECT \(names.joined(separator: ", ")) FROM event_trace WHERE event = ?", { $0.add(event) },
            { row in
                names.enumerated().compactMap { index, name in
                    row.optionalText(Int32(index)).map { (name: name, value: $0) }
                }
            })
        guard let columns else { return nil }
        let entries = try connection.all(
            "SELECT id, kind, incident_id FROM log_entries WHERE id BETWEEN ? AND ? ORDER BY id",
            {
                $0.add(LogEntry.id(event: event, place: 0))
                $0.add(LogEntry.id(event: event, place: LogEntry.placesPerEvent - 1))
            },
            { Entry(id: $0.integer(0), kind: $0.text(1), incidentID: $0.integer(2)) })
        return EventTrace(columns: columns, entries: entries)
    }
}
