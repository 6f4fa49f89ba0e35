import Alerting

/// The rows of `notes`, `incident_keys` and `incident_details`: what persons wrote, and what the incidents that they opened are found by.
enum ManualRows {
    static func insert(_ note: Note, into connection: Connection) throws(SQLiteError) {
        try connection.run(
            "INSERT INTO notes (id, incident_id, content, created_at, agent) VALUES (?, ?, ?, ?, ?)"
        ) { row in
            row.add(note.id)
            row.add(note.incidentID)
            row.add(note.content)
            row.add(note.createdAt)
            row.add(note.agent.text)
        }
    }

    static func insertKey(of incident: Incident, into connection: Connection) throws(SQLiteError) {
        try connection.run("INSERT INTO incident_keys (incident_key, incident_id) VALUES (?, ?)") { row in
            row.add(incident.incidentKey.text)
            row.add(incident.id)
        }
    }

    static func insertDetails(
        _ details: String, of incident: IncidentID, into connection: Connection
    ) throws(SQLiteError) {
        try connection.run("INSERT INTO incident_details (incident_id, details) VALUES (?, ?)") { row in
            row.add(incident)
            row.add(details)
        }
    }
}
