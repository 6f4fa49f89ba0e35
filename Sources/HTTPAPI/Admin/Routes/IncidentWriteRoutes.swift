import Alerting
import Store
import WireJSON

extension AdminCall {
    /// `POST /incidents` (rest-api.md section 5).
    func createIncident(_ includes: Includes, _ times: TimeParameters) throws(AdminError) {
        let draft = try IncidentCreations.draft(request.body, otherwiseKey: Secrets.integrationKey())
        try perform(.createIncident(draft), path: []) { event, connection in
            try incidentResponse(event, status: 201, includes, times, connection)
        }
    }

    /// `PUT /incidents` (rest-api.md section 5.3).
    func updateIncidents(_ parameters: QueryParameters, _ times: TimeParameters) throws(AdminError) {
        let updates = try IncidentChanges.list(request.body)
        guard !updates.isEmpty else { return completion(AdminResponse(json: ["incidents": []])) }
        let includes = Includes(parameters)
        try perform(.updateIncidents(updates), path: []) { _, connection in
            let objects = try incidents(updates.map(\.incidentID), includes, times, connection)
            return AdminResponse(json: ["incidents": .array(objects)])
        }
    }

    /// `PUT /incidents/{id}` (rest-api.md section 5.3).
    func updateIncident(_ text: String, _ includes: Includes, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.incident(text)
        let update = try IncidentChanges.single(id, request.body)
        try perform(.updateIncidents([update]), path: [id]) { _, connection in
            try incidentResponse(id, includes, times, connection)
        }
    }

    /// `PUT /incidents/{id}/merge` (rest-api.md section 5.7).
    func mergeIncidents(_ text: String, _ includes: Includes, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.incident(text)
        let sources = try IncidentCreations.mergeSources(request.body)
        guard !sources.isEmpty else { return try showIncident(text, includes, times) }
        try perform(.mergeIncidents(into: id, sources), path: [id]) { _, connection in
            try incidentResponse(id, includes, times, connection)
        }
    }

    /// `POST /incidents/{id}/snooze` (rest-api.md section 5.7).
    func snoozeIncident(_ text: String, _ includes: Includes, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.incident(text)
        let seconds = try IncidentCreations.snoozeSeconds(request.body)
        try perform(.snoozeIncident(id, seconds: seconds), path: [id]) { _, connection in
            try incidentResponse(id, status: 201, includes, times, connection)
        }
    }

    private func incidentResponse(
        _ id: IncidentID, status: Int = 200, _ includes: Includes, _ times: TimeParameters, _ connection: Connection
    ) throws -> AdminResponse {
        guard let incident = try incidents([id], includes, times, connection).first else { throw AdminError.notFound }
        return AdminResponse(json: ["incident": incident], status: status)
    }
}
