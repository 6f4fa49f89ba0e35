import Alerting
import Store
import WireJSON

extension AdminCall {
    /// `GET /incidents` (rest-api.md section 5.1).
    func listIncidents(_ parameters: QueryParameters, _ times: TimeParameters) throws(AdminError) {
        let page = try parameters.page()
        let terms = try parameters.sorting(by: IncidentOrder.Key.self)
        let order = IncidentOrder(terms.map { IncidentOrder.Term($0.key, isDescending: $0.isDescending) })
        let filter = IncidentFilter(
            statuses: try parameters.set(
                "statuses", of: IncidentStatus.self,
                otherwise: "Status must be a list of triggered, acknowledged, or resolved."),
            urgencies: try parameters.set(
                "urgencies", of: Urgency.self, otherwise: "Urgency must be a list of high or low."),
            // Nothing is assigned to anybody here, so that no incident is assigned to the given users.
            serviceIDs: parameters.set("user_ids") == nil ? parameters.numbers("service_ids", .service) : [],
            incidentKey: parameters.text("incident_key").map { DedupKey($0) },
            created: try times.windowUnlessAll(now: api.now()))
        let includes = Includes(parameters)
        read { connection in
            let incidents = try IncidentQueries.list(filter, order: order, page: page, connection)
            var resources = Resources(connection)
            try resources.load(for: incidents.elements, includes)
            let writer = writer(resources, times)
            return AdminResponse(list: "incidents", incidents, page) { writer.incident($0, includes) }
        }
    }

    /// `GET /incidents/{id}` (section 5.2).
    func showIncident(_ text: String, _ includes: Includes, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.incident(text)
        read { connection in
            guard let incident = try incidents([id], includes, times, connection).first else {
                throw AdminError.notFound
            }
            return AdminResponse(json: ["incident": incident])
        }
    }

    /// `PUT /incidents` (section 5.3).
    func updateIncidents(_ parameters: QueryParameters, _ times: TimeParameters) throws(AdminError) {
        let updates = try IncidentChanges.list(request.body)
        guard !updates.isEmpty else { return completion(AdminResponse(json: ["incidents": []])) }
        try perform(updates, isListed: true, Includes(parameters), times) { ["incidents": .array($0)] }
    }

    /// `PUT /incidents/{id}` (section 5.3).
    func updateIncident(_ text: String, _ includes: Includes, _ times: TimeParameters) throws(AdminError) {
        let update = try IncidentChanges.single(try Identifiers.incident(text), request.body)
        try perform([update], isListed: false, includes, times) { ["incident": $0.first ?? .null] }
    }

    /// Carries the changes out and answers with the incidents as they are then.
    private func perform(
        _ updates: [IncidentUpdate], isListed: Bool, _ includes: Includes, _ times: TimeParameters,
        _ wrap: @escaping @Sendable ([JSONValue]) -> JSONValue
    ) throws(AdminError) {
        let action = Action(requester: try requester(), command: .updateIncidents(updates))
        api.backend.perform(action) { result in
            switch result {
            case .failure(let error): completion(AdminError(backend: error).response)
            case .success((_, let outcome)):
                if let refusal = outcome.refusal {
                    let subject = outcome.subject.map { ExternalID.string(.incident, $0) }
                    let error = AdminError(refusal: refusal, subject: subject, isListed: isListed)
                    return completion(error.response)
                }
                guard ["applied", "unchanged"].contains(outcome.name) else {
                    return completion(AdminError.unexpected.response)
                }
                read { connection in
                    let objects = try incidents(updates.map(\.incidentID), includes, times, connection)
                    return AdminResponse(json: wrap(objects))
                }
            }
        }
    }

    /// Who asks: `From`, else the token's name, unless the API is strict about `From` (section 2).
    private func requester() throws(AdminError) -> Action.Requester {
        let isBlank: (Unicode.Scalar) -> Bool = \.properties.isWhitespace
        let given = request.header("From")?.unicodeScalars.drop(while: isBlank) ?? Substring.UnicodeScalarView()
        var scalars = given.prefix(AdminCall.maximumNameScalars)
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        let name = String(scalars)
        if name.isEmpty, api.configuration.requiresFrom { throw .requesterNotFound }
        return .user(token.id, name: name.isEmpty ? token.name : name)
    }

    private static let maximumNameScalars = 255

    /// The incidents with these numbers in this order, as far as there are such.
    private func incidents(
        _ ids: [IncidentID], _ includes: Includes, _ times: TimeParameters, _ connection: Connection
    ) throws -> [JSONValue] {
        let found = try IncidentQueries.incidents(ids, connection)
        let incidents = ids.compactMap { found[$0] }
        var resources = Resources(connection)
        try resources.load(for: incidents, includes)
        let writer = writer(resources, times)
        return incidents.map { writer.incident($0, includes) }
    }

    /// `GET /incidents/{id}/notes` (section 5.6).
    func listNotes(_ text: String, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.incident(text)
        read { connection in
            try requireIncident(id, connection)
            let notes = try NoteQueries.notes(of: id, connection)
            var resources = Resources(connection)
            try resources.load(agents: notes.map(\.agent), expanding: false)
            let writer = writer(resources, times)
            return AdminResponse(json: ["notes": .array(notes.map { writer.note($0) })])
        }
    }

    /// Fails where there is no such incident.
    func requireIncident(_ id: IncidentID, _ connection: Connection) throws {
        guard try IncidentQueries.incidents([id], connection)[id] != nil else { throw AdminError.notFound }
    }
}
