import Alerting
import Store

/// Fills a scratch database with what there was when a simulation starts.
enum SimulationStart {
    /// Services and integrations as they are now; silences and rules that were there then; and the alerts that were open
    /// then, each in its incident.
    static func copy(to connection: Connection, since: Timestamp, _ rules: SimulationRules) throws {
        for table in ["services", "integrations"] {
            try connection.execute("INSERT INTO main.\(table) SELECT * FROM live.\(table)")
        }
        if rules.silences == nil {
            try copyRules("silences", ended: ["ended_at", "ended_by"], connection, since)
            try moveWindows(connection, since)
        }
        if rules.inhibitionRules == nil { try copyRules("inhibition_rules", ended: ["deleted_at"], connection, since) }
        try copyOpenAlerts(connection, since)
    }

    private static func copyRules(
        _ table: String, ended: [String], _ connection: Connection, _ since: Timestamp
    ) throws {
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
    private static func moveWindows(_ connection: Connection, _ since: Timestamp) throws {
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

    /// As they are now, but for what has come of them since. What is in an incident by now that was opened later stays out:
    /// that one is opened anew.
    private static func copyOpenAlerts(_ connection: Connection, _ since: Timestamp) throws {
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
}
