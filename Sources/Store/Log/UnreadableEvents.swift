import Alerting

/// An event that this program cannot read: a newer one wrote it, or somebody changed it. Folded, it has no effect.
public struct UnreadableEvent: Sendable, Hashable, CustomStringConvertible {
    /// Its number.
    public var id: EventID
    /// `events.kind`.
    public var kind: String
    /// `events.action`.
    public var action: String
    /// What cannot be read. It names members, and never shows what they hold.
    public var reason: String
    /// What became of it when it was folded, `event_outcomes.outcome`; nil if no outcome is stored.
    public var outcome: String?
    /// Whether something follows from it, or may: its outcome says so, or there are rows of it, or it was folded and its
    /// outcome is lost.
    public var hadEffect: Bool

    /// One line without a full stop, which names the event.
    public var description: String {
        let effect = hadEffect ? "it had an effect" : "it had no effect"
        return "event \(id) (\(kind) \(action)) cannot be read: \(reason); \(effect)"
            + (outcome.map { " (\($0))" } ?? "")
    }
}

/// Finds events that this program cannot read.
public enum UnreadableEvents {
    /// All of them up to a number, in order. Looks through the whole log, but reads the bodies of actions and timers alone.
    /// Outcomes and rows are looked for in the tables of `schema`, `main` or that of an attached database.
    public static func all(
        through last: EventID = .max, in schema: String, _ connection: Connection
    ) throws(SQLiteError) -> [UnreadableEvent] {
        let cursor = try FoldReader.cursor(in: schema, connection)
        var found: [UnreadableEvent] = []
        for event in try EventRows.unreadable(through: last, from: connection) {
            let outcome = try connection.first(
                "SELECT outcome FROM \(schema).event_outcomes WHERE event_id = ?", { $0.add(event.id) },
                { $0.text(0) })
            var hadEffect = outcome.map { StoredOutcome.hadEffect($0) } ?? (event.id <= cursor)
            if !hadEffect { hadEffect = try hasRows(event.id, in: schema, connection) }
            found.append(
                UnreadableEvent(
                    id: event.id, kind: event.kind, action: event.action, reason: event.reason, outcome: outcome,
                    hadEffect: hadEffect))
        }
        return found
    }

    /// The tables whose rows have the number of the event that made them.
    private static let tables = [
        "services", "integrations", "api_tokens", "silences", "inhibition_rules", "incidents", "alerts", "notes",
    ]

    private static func hasRows(
        _ id: EventID, in schema: String, _ connection: Connection
    ) throws(SQLiteError) -> Bool {
        for table in tables {
            let query = "SELECT 1 FROM \(schema).\(table) WHERE id = ?"
            if try connection.first(query, { $0.add(id) }, { $0.integer(0) }) != nil { return true }
        }
        let entries = "SELECT 1 FROM \(schema).log_entries WHERE id >= ? AND id < ? LIMIT 1"
        return try connection.first(
            entries,
            {
                $0.add(id * LogEntry.placesPerEvent)
                $0.add((id + 1) * LogEntry.placesPerEvent)
            }, { $0.integer(0) }) != nil
    }
}
