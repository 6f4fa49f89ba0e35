import Alerting

/// The rows of `change_events`.
public enum ChangeEventRows {
    static func insert(_ recorded: RecordedChange, into connection: Connection) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO change_events (id, integration_id, service_id, summary, source, occurred_at, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        ) { row in
            row.add(recorded.id)
            row.add(recorded.change.integrationID)
            row.add(recorded.serviceID)
            row.add(recorded.change.summary)
            row.add(recorded.change.source)
            row.add(recorded.occurredAt)
            row.add(recorded.createdAt)
        }
    }
}
