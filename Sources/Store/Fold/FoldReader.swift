import Alerting

/// Brings from the tables what the fold needs.
public enum FoldReader {
    /// The last event applied; 0 before the first.
    public static func cursor(_ connection: Connection) throws(SQLiteError) -> EventID {
        try connection.integer("SELECT event_id FROM worker_cursor") ?? 0
    }

    /// The last event applied to the tables of `schema`, `main` or that of an attached database; 0 before the first.
    public static func cursor(in schema: String, _ connection: Connection) throws(SQLiteError) -> EventID {
        try connection.integer("SELECT event_id FROM \(schema).worker_cursor") ?? 0
    }

    /// A state with the settings at hand.
    public static func settings(_ connection: Connection) throws(SQLiteError) -> FoldState {
        FoldState(
            services: try SettingsRows.services(connection), integrations: try SettingsRows.integrations(connection),
            tokens: try SettingsRows.tokens(connection), silences: SilenceBook(try SilenceRows.current(connection)),
            inhibitions: InhibitionBook(try InhibitionRuleRows.good(connection)))
    }

    /// Loads into the state what the events require and it does not have. Stops before an event, not the first one, where
    /// so many alerts are at hand that no more are to be: an incident may have thousands. Gives for how many events it
    /// has loaded.
    @discardableResult
    public static func load(
        for events: [Event], upToAlerts maximumAlerts: Int = .max, into state: inout FoldState,
        from connection: Connection
    ) throws(SQLiteError) -> Int {
        // What an event requires may hang on what one before it in the batch says, and that one's moment may lie after its
        // own, where the clock was set back: what hangs on the time is looked for from the first moment of all.
        let moments = events.map(\.receivedAt)
        guard let earliest = moments.min(), let latest = moments.max() else { return 0 }
        for (place, event) in events.enumerated() {
            if place > 0, state.alerts.count >= maximumAlerts { return place }
            let first = Lifecycle.requirements(of: event, in: state)
            try load(first, within: earliest...latest, into: &state, from: connection)
            var further = Lifecycle.furtherRequirements(of: event, in: state)
            while !further.isEmpty {
                try load(further, within: earliest...latest, into: &state, from: connection)
                guard case .details = further.first else { break }
                further = Lifecycle.furtherRequirements(of: event, in: state)
            }
        }
        return events.count
    }

    private static func load(
        _ requirements: [Requirement], within moments: ClosedRange<Timestamp>, into state: inout FoldState,
        from connection: Connection
    ) throws(SQLiteError) {
        // No closure here: one that looked at the state would be given a copy of all of it, for each event.
        for requirement in requirements where !state.meets(requirement) {
            switch requirement {
            case .openAlert(let key): try loadOpenAlert(key, into: &state, from: connection)
            case .alert(let id): try loadAlert(id, into: &state, from: connection)
            case .incidentWithAlerts(let id): try loadIncident(id, into: &state, from: connection)
            case .group(let key, let moment):
                try AlertGroupRows.load(key, at: min(moment, moments.lowerBound), into: &state, from: connection)
            case .recentAlerts(let key, let count):
                let found = try connection.all(
                    recentAlertsOfKey,
                    {
                        $0.add(key.dedupKey.text)
                        $0.add(key.integrationID)
                        $0.add(count)
                    }, { AlertRows.read($0) })
                state.load(recentAlerts: found, of: key, count: count)
            case .details(let event, let keys):
                state.load(details: try EventDetails.values(of: keys, in: event, connection), ofEvent: event)
            case .recentIncidents(let service, _):
                let found = try connection.all(
                    recentIncidents,
                    {
                        $0.add(service)
                        $0.add(moments.lowerBound.adding(seconds: -StormDetection.window))
                        $0.add(moments.upperBound)
                    }, { (at: $0.time(0), id: $0.integer(1)) })
                state.load(recentIncidents: found, ofService: service, for: moments)
            case .inhibitors(let key):
                state.load(inhibitors: try InhibitionSourceRows.sources(under: key, connection), under: key)
            case .inhibitionSources(let id):
                state.load(sources: try InhibitionSourceRows.sources(of: id, connection), ofAlert: id)
            case .noteCount(let id):
                let count = try count("notes WHERE incident_id = ?", id, connection)
                state.load(noteCount: count, ofIncident: id)
            case .openIncidents(let service, let key):
                try loadOpenIncidents(of: service, key, into: &state, from: connection)
            case .openIncidentCount(let id):
                let text = "incidents INDEXED BY incidents_open WHERE status <> 'resolved' AND service_id = ?"
                state.load(openIncidentCount: try count(text, id, connection), ofService: id)
            case .openAlertCount(let id):
                let text = "alerts WHERE status = 'triggered' AND integration_id = ?"
                state.load(openAlertCount: try count(text, id, connection), ofIntegration: id)
            }
        }
    }

    private static func count(
        _ rows: String, _ id: Int64, _ connection: Connection
    ) throws(SQLiteError) -> Int64 {
        try connection.first("SELECT count(*) FROM \(rows)", { $0.add(id) }, { $0.integer(0) }) ?? 0
    }

    private static let recentAlertsOfKey = """
        SELECT \(AlertRows.columns) FROM alerts INDEXED BY alerts_key
        WHERE dedup_key = ? AND incident_id IS NOT NULL AND integration_id = ? ORDER BY incident_id DESC, id DESC LIMIT ?
        """

    private static let recentIncidents = """
        SELECT created_at, id FROM incidents INDEXED BY incidents_service
        WHERE service_id = ? AND created_at > ? AND created_at <= ?
        """

    private static let openIncidentsOfKey = """
        SELECT \(IncidentRows.columns) FROM incidents WHERE service_id = ? AND status <> 'resolved' AND incident_key = ?
        AND id IN (SELECT incident_id FROM incident_keys WHERE incident_key = ?
            UNION SELECT incident_id FROM alerts WHERE dedup_key = ?
            UNION SELECT id FROM alerts WHERE dedup_key = ?)
        """

    private static func loadOpenIncidents(
        of service: ServiceID, _ key: DedupKey, into state: inout FoldState, from connection: Connection
    ) throws(SQLiteError) {
        let found = try connection.all(
            openIncidentsOfKey,
            {
                $0.add(service)
                for _ in 0..<4 { $0.add(key.text) }
            }, { IncidentRows.read($0) })
        state.load(openIncidents: found, ofService: service, key: key)
    }

    private static let openAlertOfKey = """
        SELECT \(AlertRows.columns), \(IncidentRows.columns)
        FROM alerts LEFT JOIN incidents ON incidents.id = alerts.incident_id
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
            readWithIncident)
        state.load(openAlert: found?.alert, of: found?.incident, for: key)
    }

    private static let alertOfNumber = """
        SELECT \(AlertRows.columns), \(IncidentRows.columns)
        FROM alerts LEFT JOIN incidents ON incidents.id = alerts.incident_id WHERE alerts.id = ?
        """

    private static func loadAlert(
        _ id: AlertID, into state: inout FoldState, from connection: Connection
    ) throws(SQLiteError) {
        let found = try connection.first(alertOfNumber, { $0.add(id) }, readWithIncident)
        state.load(found?.alert, of: found?.incident, withID: id)
    }

    private static func readWithIncident(_ row: Row) -> (alert: Alert, incident: Incident?) {
        let alert = AlertRows.read(row)
        return (alert, alert.incidentID == nil ? nil : IncidentRows.read(row, from: AlertRows.columnCount))
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
