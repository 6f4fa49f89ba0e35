import Alerting

/// Brings from the tables what the fold needs.
public enum FoldReader {
    /// The last event applied; 0 before the first.
    public static func cursor(_ connection: Connection) throws(SQLiteError) -> EventID {
        try connection.integer("SELECT event_id FROM worker_cursor") ?? 0
    }

    /// A state with the settings at hand.
    public static func settings(_ connection: Connection) throws(SQLiteError) -> FoldState {
        FoldState(
            services: try SettingsRows.services(connection), integrations: try SettingsRows.integrations(connection),
            tokens: try SettingsRows.tokens(connection))
    }

    /// Loads into the state what the events require and it does not have.
    public static func load(
        for events: [Event], into state: inout FoldState, from connection: Connection
    ) throws(SQLiteError) {
        for event in events {
            for requirement in Lifecycle.requirements(of: event) where !state.meets(requirement) {
                switch requirement {
                case .openAlert(let key): try loadOpenAlert(key, into: &state, from: connection)
                case .incidentWithAlerts(let id): try loadIncident(id, into: &state, from: connection)
                }
            }
        }
    }

    private static let openAlertOfKey = """
        SELECT \(AlertRows.columns), \(IncidentRows.columns)
        FROM alerts JOIN incidents ON incidents.id = alerts.incident_id
        WHERE alerts.integration_id = ? AND alerts.dedup_key = ? AND alerts.status = 'triggered'
        """

    private static func loadOpenAlert(
        _ key: AlertKey, into state: inout FoldState, from connection: Connection
    ) throws(SQLiteError) {
        let found = try connection.first(
            openAlertOfKey,
            {
                $0.add(key.integrationID)
                $0.add(key.dedupKey.text)
            },
            { (alert: AlertRows.read($0), incident: IncidentRows.read($0, from: AlertRows.columnCount)) })
        state.load(openAlert: found?.alert, of: found?.incident, for: key)
    }

    private static func loadIncident(
        _ id: IncidentID, into state: inout FoldState, from connection: Connection
    ) throws(SQLiteError) {
        let incident = try connection.first(
            "SELECT \(IncidentRows.columns) FROM incidents WHERE id = ?", { $0.add(id) }, { IncidentRows.read($0) })
        if let incident { state.load(incident) }
        let alerts = try connection.all(
            "SELECT \(AlertRows.columns) FROM alerts WHERE incident_id = ?", { $0.add(id) }, { AlertRows.read($0) })
        state.load(alerts: alerts, ofIncident: id)
        for alert in alerts where !state.meets(.openAlert(alert.key)) {
            try loadOpenAlert(alert.key, into: &state, from: connection)
        }
    }
}
