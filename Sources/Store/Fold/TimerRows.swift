import Alerting

/// The rows of `timers`: when an incident waits for something, one row per kind.
public enum TimerRows {
    /// Brings an incident's timers in line with it.
    static func write(_ incident: Incident, isNew: Bool, to connection: Connection) throws(SQLiteError) {
        for kind in TimerKind.allCases {
            if let due = incident.due(kind) {
                try connection.run(
                    """
                    INSERT INTO timers (kind, incident_id, due_at) VALUES (?, ?, ?)
                    ON CONFLICT (kind, incident_id) DO UPDATE SET due_at = excluded.due_at
                    """
                ) { row in
                    row.add(kind.rawValue)
                    row.add(incident.id)
                    row.add(due)
                }
            } else if !isNew {
                try connection.run("DELETE FROM timers WHERE kind = ? AND incident_id = ?") { row in
                    row.add(kind.rawValue)
                    row.add(incident.id)
                }
            }
        }
    }

    /// When the next timer falls due; nil where none is set.
    public static func nextDue(_ connection: Connection) throws(SQLiteError) -> Timestamp? {
        try connection.first("SELECT due_at FROM timers ORDER BY due_at LIMIT 1") { $0.time(0) }
    }

    /// At most `limit` timers that are due at a moment, the longest due first.
    public static func due(
        at now: Timestamp, limit: Int64, _ connection: Connection
    ) throws(SQLiteError) -> [TimerEvent] {
        try connection.all(
            "SELECT kind, incident_id, due_at FROM timers WHERE due_at <= ? ORDER BY due_at LIMIT ?",
            {
                $0.add(now)
                $0.add(limit)
            },
            { row in
                TimerKind(rawValue: row.text(0)).map {
                    TimerEvent(kind: $0, incidentID: row.integer(1), dueAt: row.time(2))
                }
            }
        ).compactMap { $0 }
    }
}
