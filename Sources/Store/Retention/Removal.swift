import Alerting

/// One thing that retention removes whole. Nothing that is left depends on it any more, so that the order in which
/// such things go is free; only the mark of an incident comes after everything else of it.
public enum Removal: Sendable, Hashable {
    /// An event with its outcome.
    case event(EventID)
    /// A change event with its row in the log and its outcome.
    case changeEvent(EventID)
    /// An alert of an expiring incident, or one that expires by itself, with all that held it back.
    case alert(AlertID)
    /// A log entry of an expiring incident.
    case logEntry(LogEntryID)
    /// A note on an expiring incident.
    case note(Int64)
    /// The mark of an expiring incident of which nothing is left.
    case mark(IncidentID)
    /// The mark of an expiring alert of which nothing is left.
    case alertMark(AlertID)

    /// Whether a row of the log goes with it.
    public var isEvent: Bool {
        switch self {
        case .event, .changeEvent: true
        case .alert, .logEntry, .note, .mark, .alertMark: false
        }
    }

    /// Removes it, inside the caller's transaction.
    public func carryOut(on connection: Connection) throws(SQLiteError) {
        switch self {
        case .event(let id): try Removal.removeEvent(id, from: connection)
        case .changeEvent(let id):
            try connection.run("DELETE FROM change_events WHERE id = ?") { $0.add(id) }
            try Removal.removeEvent(id, from: connection)
        case .alert(let id):
            for statement in Removal.ofAlerts { try connection.run(statement) { $0.add(id) } }
        case .logEntry(let id): try connection.run("DELETE FROM log_entries WHERE id = ?") { $0.add(id) }
        case .note(let id): try connection.run("DELETE FROM notes WHERE id = ?") { $0.add(id) }
        case .mark(let id):
            try connection.run("DELETE FROM expiring_incidents WHERE incident_id = ?") { $0.add(id) }
        case .alertMark(let id):
            try connection.run("DELETE FROM expiring_alerts WHERE alert_id = ?") { $0.add(id) }
        }
    }

    private static let ofAlerts = FoldTable.removals(by: .alert)
    private static let ofEvents = FoldTable.removals(by: .event)

    static func removeEvent(_ id: EventID, from connection: Connection) throws(SQLiteError) {
        try connection.run("DELETE FROM events WHERE id = ?") { $0.add(id) }
        for statement in Removal.ofEvents { try connection.run(statement) { $0.add(id) } }
    }
}
