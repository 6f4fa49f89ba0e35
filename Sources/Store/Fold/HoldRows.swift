import Alerting

/// The rows of `alert_holds`: all that has held an alert back.
enum HoldRows {
    static func insert(_ alert: AlertID, _ suppression: Suppression, into connection: Connection) throws(SQLiteError) {
        try connection.run(
            """
            INSERT OR IGNORE INTO alert_holds (alert_id, silence_id, inhibiting_alert_id) VALUES (?, ?, ?)
            """
        ) { row in
            row.add(alert)
            row.add(suppression.silence ?? 0)
            row.add(suppression.inhibition?.source ?? 0)
        }
    }

    /// Has all alerts looked at again that something held back which is over: also those that are not at hand.
    static func release(_ changes: Changes, in connection: Connection) throws(SQLiteError) {
        for (silence, moment) in changes.endedSilences {
            try release(where: "silence_id", silence, at: moment, in: connection)
        }
        for (alert, moment) in changes.endedInhibitions {
            try release(where: "inhibiting_alert_id", alert, at: moment, in: connection)
        }
        for (rule, moment) in changes.endedInhibitionRules {
            try release(
                where: "inhibiting_alert_id IS NOT NULL AND inhibition_rule_id", rule, at: moment, in: connection)
        }
        for (service, moment) in changes.releasedServices {
            try release("INDEXED BY alerts_open WHERE \(ofService)", service, at: moment, in: connection)
        }
    }

    private static let ofService = """
        incident_id IS NULL AND integration_id IN (SELECT id FROM integrations WHERE service_id = ?)
        """

    private static func release(
        where column: String, _ id: Int64, at moment: Timestamp, in connection: Connection
    ) throws(SQLiteError) {
        try release("WHERE \(column) = ?", id, at: moment, in: connection)
    }

    private static func release(
        _ choice: String, _ id: Int64, at moment: Timestamp, in connection: Connection
    ) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO timers (kind, subject_id, due_at)
            SELECT 'release', id, ? FROM alerts \(choice) AND status = 'triggered'
            ON CONFLICT (kind, subject_id) DO UPDATE SET due_at = excluded.due_at
            """
        ) { row in
            row.add(moment)
            row.add(id)
        }
    }
}
