import Alerting
import Store
import WireJSON

extension AdminCall {
    /// `GET /incidents/{id}/notes` (rest-api.md section 5.6).
    func listNotes(_ text: String, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.incident(text)
        read { connection in
            try requireIncident(id, connection)
            let notes = try NoteQueries.notes(of: id, connection)
            return AdminResponse(json: ["notes": .array(try objects(notes, times, connection))])
        }
    }

    /// `POST /incidents/{id}/notes` (rest-api.md section 5.6): 200, not 201.
    func addNote(_ text: String, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.incident(text)
        let content = try IncidentCreations.note(request.body)
        try perform(.addNote(id, content: content), path: [id]) { event, connection in
            let note = try NoteQueries.note(event, connection)
            guard let object = try objects(note.map { [$0] } ?? [], times, connection).first else {
                throw AdminError.notFound
            }
            return AdminResponse(json: ["note": object])
        }
    }

    private func objects(
        _ notes: [Note], _ times: TimeParameters, _ connection: Connection
    ) throws -> [JSONValue] {
        var resources = Resources(connection)
        try resources.load(agents: notes.map(\.agent), expanding: false)
        let writer = writer(resources, times)
        return notes.map { writer.note($0) }
    }
}
