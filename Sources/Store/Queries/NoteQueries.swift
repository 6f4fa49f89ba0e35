import Alerting

/// Reads notes.
public enum NoteQueries {
    /// The notes of an incident, the newest first.
    public static func notes(
        of incident: IncidentID, _ connection: Connection
    ) throws(SQLiteError) -> [Note] {
        try connection.keptRows(rows(of: incident)) { note($0) }
    }

    /// The note that an event wrote.
    public static func note(_ id: EventID, _ connection: Connection) throws(SQLiteError) -> Note? {
        try connection.first("SELECT \(columns) FROM notes WHERE id = ?", { $0.add(id) }, { note($0) })
    }

    private static let columns = "id, incident_id, content, created_at, agent"

    private static func note(_ row: Row) -> Note {
        Note(
            id: row.integer(0), incidentID: row.integer(1), content: row.text(2), createdAt: row.time(3),
            agent: Agent(text: row.text(4)) ?? .commandLine)
    }

    static func rows(of incident: IncidentID) -> BoundSQL {
        BoundSQL("SELECT \(columns) FROM notes WHERE incident_id = ? ORDER BY id DESC", .integer(incident))
    }
}
