import Alerting

/// The rows of `incident_actions`: which incidents an action named. Whether an action can be folded again without one
/// of them, nobody can say; so they stay, or go, together.
public enum IncidentActionRows {
    /// Stands for incidents that an outcome hung on without the action naming them.
    static let unnamed: IncidentID = 0

    /// Writes the rows of an event: none, unless it is an action about incidents or could not be applied.
    public static func insert(
        _ event: Event, _ outcome: Outcome, into connection: Connection
    ) throws(SQLiteError) {
        switch outcome {
        case .refused(let refusal, _) where refusal.hangsOnOpenIncidents:
            try insert(unnamed, event.id, into: connection)
        case .dropped(.inapplicable, _):
            try insert(unnamed, event.id, into: connection)
        default: break
        }
        guard case .action(let action) = event.content else { return }
        for case .incidentWithAlerts(let incident) in Lifecycle.requirements(of: action.command) {
            try insert(incident, event.id, into: connection)
        }
    }

    private static func insert(
        _ incident: IncidentID, _ event: EventID, into connection: Connection
    ) throws(SQLiteError) {
        try connection.run("INSERT OR IGNORE INTO incident_actions (incident_id, event_id) VALUES (?, ?)") { row in
            row.add(incident)
            row.add(event)
        }
    }
}
