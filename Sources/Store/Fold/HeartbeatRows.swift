import Alerting

/// The rows of `heartbeats`: since when integrations of which something is expected have their time. The fold writes them
/// and never reads them.
public enum HeartbeatRows {
    /// What is known of an integration's heartbeat.
    public struct Heartbeat: Sendable, Hashable {
        /// The integration.
        public var integrationID: IntegrationID
        /// When its time began: when it last sent something, or somebody did something about it.
        public var lastAt: Timestamp
        /// The last event that it sent itself; 0 where none is known.
        public var sentEventID: EventID
        /// The open alert under the heartbeat's key; nil where none is open.
        public var alertID: AlertID?
        /// Whether that alert is of a missed heartbeat: a sender may use any key.
        public var isMissed: Bool
    }

    /// What is known of all of them.
    public static func all(_ connection: Connection) throws(SQLiteError) -> [Heartbeat] {
        try connection.all(
            """
            SELECT h.integration_id, h.last_at, h.sent_event_id, a.id, e.kind = 'timer'
            FROM heartbeats h
            LEFT JOIN alerts a ON a.integration_id = h.integration_id AND a.dedup_key = ? AND a.status = 'triggered'
            LEFT JOIN events e ON e.id = a.id
            """, { $0.add(Alerting.Heartbeat.dedupKey.text) },
            {
                Heartbeat(
                    integrationID: $0.integer(0), lastAt: $0.time(1), sentEventID: $0.integer(2),
                    alertID: $0.optionalInteger(3), isMissed: $0.optionalInteger(4) == 1)
            })
    }

    /// What is folded again changes nothing: a row says what the newest event said.
    static func write(_ integration: IntegrationID, _ note: HeartbeatNote, to connection: Connection)
        throws(SQLiteError)
    {
        try connection.run(
            """
            INSERT INTO heartbeats (integration_id, last_event_id, last_at, sent_event_id) VALUES (?, ?, ?, ?)
            ON CONFLICT (integration_id) DO UPDATE SET last_event_id = excluded.last_event_id,
                last_at = excluded.last_at, sent_event_id = max(sent_event_id, excluded.sent_event_id)
            WHERE excluded.last_event_id > last_event_id
            """
        ) { row in
            row.add(integration)
            row.add(note.eventID)
            row.add(note.at)
            row.add(note.sentEventID ?? 0)
        }
    }
}
