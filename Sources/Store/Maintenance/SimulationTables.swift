import Alerting

/// The tables of a simulation: a scratch database (`Database.openScratch`), filled with what there was at a moment and then
/// folded under other rules, beside the live tables.
public enum SimulationTables {
    /// What came of one service.
    public struct Count: Sendable, Hashable {
        /// The service.
        public var serviceID: ServiceID
        /// Its name.
        public var name: String
        /// Alerts that opened.
        public var alerts: Int64
        /// Incidents that alerts opened.
        public var incidents: Int64
        /// Incidents that there would have been.
        public var simulatedIncidents: Int64
        /// Alerts that would have been held back to the end, or still would be.
        public var simulatedHeldBack: Int64
    }

    // MARK: The start

    /// Copies services and integrations as they are now.
    public static func copySettings(_ connection: Connection) throws(SQLiteError) {
        for table in ["services", "integrations"] {
            try connection.execute("INSERT INTO main.\(table) SELECT * FROM live.\(table)")
        }
    }

    /// Copies the silences that there were at a moment, each with the window that was in force or came next, and a timer for
    /// its end.
    public static func copySilences(since: Timestamp, _ connection: Connection) throws(SQLiteError) {
        try copyRules("silences", ended: ["ended_at", "ended_by"], connection, since)
        try moveWindows(connection, since)
    }

    /// Copies the inhibition rules that there were at a moment.
    public static func copyInhibitionRules(since: Timestamp, _ connection: Connection) throws(SQLiteError) {
        try copyRules("inhibition_rules", ended: ["deleted_at"], connection, since)
    }

    private static func copyRules(
        _ table: String, ended: [String], _ connection: Connection, _ since: Timestamp
    ) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO main.\(table) SELECT * FROM live.\(table)
            WHERE created_at < ?1 AND (\(ended[0]) IS NULL OR \(ended[0]) >= ?1)
            """
        ) { $0.add(since) }
        for column in ended.reversed() { try connection.execute("UPDATE main.\(table) SET \(column) = NULL") }
    }

    /// A silence that comes back has the window that was next then, not the one that is next now. A window that began before
    /// is the one that was in force then, also where somebody had changed its end.
    private static func moveWindows(_ connection: Connection, _ since: Timestamp) throws(SQLiteError) {
        for silence in try SilenceRows.current(connection) where silence.window.start >= since {
            guard let window = silence.recurrence?.window(atOrAfter: since) else { continue }
            try connection.run("UPDATE main.silences SET starts_at = ?, ends_at = ? WHERE id = ?") {
                $0.add(window.start)
                $0.add(window.end)
                $0.add(silence.id)
            }
        }
        try connection.execute(
            "INSERT INTO main.timers (kind, subject_id, due_at) SELECT 'silence_end', id, ends_at FROM main.silences")
    }

    /// Copies the alerts that were open at a moment, each in its incident, as they are now, but for what has come of them
    /// since. What is in an incident by now that was opened later stays out: that one is opened anew.
    public static func copyOpenAlerts(since: Timestamp, _ connection: Connection) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO main.alerts SELECT a.* FROM live.alerts a JOIN live.incidents i ON i.id = a.incident_id
            WHERE a.created_at < ?1 AND (a.resolved_at IS NULL OR a.resolved_at >= ?1) AND i.created_at < ?1
            """
        ) { $0.add(since) }
        try connection.execute(
            """
            UPDATE OR REPLACE main.alerts SET status = 'triggered', resolved_at = NULL, resolved_event_id = NULL;
            INSERT INTO main.incidents SELECT * FROM live.incidents
                WHERE id IN (SELECT incident_id FROM main.alerts);
            UPDATE main.incidents SET status = 'triggered', resolved_at = NULL, resolved_event_id = NULL,
                merged_into_incident_id = NULL, acknowledgements = NULL, acknowledgement_expires_at = NULL,
                snoozed_until = NULL,
                auto_resolve_at = coalesce(auto_resolve_at, created_at + 1000 * (
                    SELECT auto_resolve_timeout FROM main.services s WHERE s.id = incidents.service_id)),
                alert_count = (SELECT count(*) FROM main.alerts a WHERE a.incident_id = incidents.id),
                open_alert_count = (SELECT count(*) FROM main.alerts a WHERE a.incident_id = incidents.id),
                open_high_urgency_count = (SELECT count(*) FROM main.alerts a WHERE a.incident_id = incidents.id
                    AND a.severity IN ('critical', 'error'));
            INSERT INTO main.timers SELECT 'auto_resolve', id, auto_resolve_at FROM main.incidents
                WHERE auto_resolve_at IS NOT NULL;
            """)
    }

    // MARK: On the way

    /// The keys of the alerts of an incident that an event resolved, as far as nobody reopened them since.
    public static func keys(
        ofIncident incident: IncidentID, resolvedBy event: EventID, _ connection: Connection
    ) throws(SQLiteError) -> [AlertKey] {
        try keys("incident_id = ?", incident, event, connection)
    }

    /// The key of an alert that an event resolved, as far as nobody reopened it since.
    public static func keys(
        ofAlert alert: AlertID, resolvedBy event: EventID, _ connection: Connection
    ) throws(SQLiteError) -> [AlertKey] {
        try keys("id = ?", alert, event, connection)
    }

    private static func keys(
        _ condition: String, _ id: Int64, _ event: EventID, _ connection: Connection
    ) throws(SQLiteError) -> [AlertKey] {
        try connection.all(
            "SELECT integration_id, dedup_key FROM live.alerts WHERE \(condition) AND resolved_event_id = ?",
            {
                $0.add(id)
                $0.add(event)
            },
            { AlertKey(integrationID: $0.integer(0), dedupKey: DedupKey($0.text(1))) })
    }

    /// Takes back a timer that no longer applies, if it is still set for the same moment.
    public static func remove(_ timer: TimerEvent, _ connection: Connection) throws(SQLiteError) {
        try connection.run("DELETE FROM main.timers WHERE kind = ? AND subject_id = ? AND due_at = ?") {
            $0.add(timer.kind.rawValue)
            $0.add(timer.subjectID)
            $0.add(timer.dueAt)
        }
    }

    // MARK: The end

    /// What came of each service since a moment, by name; those that had neither alerts nor incidents are left out.
    public static func counts(since: Timestamp, _ connection: Connection) throws(SQLiteError) -> [Count] {
        try connection.all(
            """
            WITH simulated AS (SELECT service_id, count(*) AS alerts, sum(incident_id IS NULL) AS held
                FROM main.alerts WHERE created_at >= ?1 GROUP BY service_id),
            opened AS (SELECT service_id, count(*) AS count FROM main.incidents WHERE created_at >= ?1
                GROUP BY service_id),
            were AS (SELECT i.service_id, count(*) AS count FROM live.incidents i JOIN live.events e ON e.id = i.id
                WHERE i.created_at >= ?1 AND e.kind <> 'action' GROUP BY i.service_id)
            SELECT s.id, s.name, coalesce(a.alerts, 0), coalesce(w.count, 0), coalesce(o.count, 0), coalesce(a.held, 0)
            FROM main.services s LEFT JOIN simulated a ON a.service_id = s.id
            LEFT JOIN opened o ON o.service_id = s.id LEFT JOIN were w ON w.service_id = s.id ORDER BY s.name
            """, { $0.add(since) },
            {
                Count(
                    serviceID: $0.integer(0), name: $0.text(1), alerts: $0.integer(2), incidents: $0.integer(3),
                    simulatedIncidents: $0.integer(4), simulatedHeldBack: $0.integer(5))
            }
        ).filter { $0.alerts + $0.incidents > 0 }
    }
}
