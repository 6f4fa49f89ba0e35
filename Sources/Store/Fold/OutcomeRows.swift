import Alerting

/// An outcome as it stands in `event_outcomes`.
public struct StoredOutcome: Sendable, Hashable {
    /// `Outcome.name`.
    public var name: String
    /// Why, where the outcome is dropped or refused.
    public var reason: String?
    /// The alert that the event went to.
    public var alertID: AlertID?
    /// The incident that the event went to.
    public var incidentID: IncidentID?
    /// The resource over which an action was refused.
    public var subject: Int64?

    /// Whether an outcome of that name says that the event did something, or left things as it had asked for.
    static func hadEffect(_ name: String) -> Bool { name != "dropped" && name != "refused" }

    /// Why the action was refused; nil where it was not.
    public var refusal: Refusal? {
        name == "refused" ? reason.flatMap(Refusal.init(rawValue:)) : nil
    }
}

/// The rows of `event_outcomes`.
public enum OutcomeRows {
    static func insert(_ outcome: Outcome, of event: EventID, into connection: Connection) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO event_outcomes (event_id, outcome, reason, alert_id, incident_id, subject)
            VALUES (?, ?, ?, ?, ?, ?)
            """
        ) { row in
            row.add(event)
            row.add(outcome.name)
            row.add(outcome.reason)
            row.add(outcome.alertID)
            row.add(outcome.incidentID)
            row.add(outcome.subject)
        }
    }

    /// The outcome of an event; nil while the worker has not come to it.
    public static func read(_ event: EventID, _ connection: Connection) throws(SQLiteError) -> StoredOutcome? {
        try connection.first(
            "SELECT outcome, reason, alert_id, incident_id, subject FROM event_outcomes WHERE event_id = ?",
            { $0.add(event) },
            { row in
                StoredOutcome(
                    name: row.text(0), reason: row.optionalText(1), alertID: row.optionalInteger(2),
                    incidentID: row.optionalInteger(3), subject: row.optionalInteger(4))
            })
    }
}
