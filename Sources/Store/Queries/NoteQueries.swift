import Alerting

/// A note as it is stored.
public struct StoredNote: Sendable, Hashable {
    /// The event that wrote it.
    public var id: EventID
    /// The incident it stands on.
    public var incidentID: IncidentID
    /// The text.
    public var content: String
    /// When it was written.
    public var createdAt: Timestamp
    /// Who wrote it.
    public var agent: Agent
}

/// Reads notes.
public enum NoteQueries {
    /// The notes of an incident, the newest first.
    public static func notes(
        of incident: IncidentID, _ connection: Connection
    ) throws(SQLiteError) -> [StoredNote] {
        try connection.keptRows(rows(of: incident)) { row in
            StoredNote(
                id: row.integer(0), incidentID: row.integer(1), content: row.text(2), createdAt: row.time(3),
                agent: Agent(text: row.text(4)) ?? .commandLine)
        }
    }

    static func rows(of incident: IncidentID) -> BoundSQL {
        BoundSQL(
            "SELECT id, incident_id, content, created_at, agent FROM notes WHERE incident_id = ? ORDER BY id DESC",
            .integer(incident))
    }
}
