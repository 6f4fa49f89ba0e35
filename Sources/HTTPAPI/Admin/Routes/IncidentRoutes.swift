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
            serviceIDs: parameters.numbers("service_ids", .service),
            incidentKey: parameters.text("incident_key").map { DedupKey($0) },
            created: try times.windowUnlessAll(now: api.now()))
        let assigned = ["user_ids", "assigned_to_user"].compactMap { parameters.numbers($0, .token) }
        let includes = Includes(parameters)
        read { connection in
            var filter = filter
            if !assigned.isEmpty { filter.keepAssigned(to: assigned, try TokenQueries.users(connection)) }
            let incidents = try IncidentQueries.list(filter, order: order, page: page, connection)
            var resources = Resources(connection)
            try resources.load(for: incidents.elements, includes)
            let writer = writer(resources, times)
            return AdminResponse(list: "incidents", incidents, page) { writer.incident($0, includes) }
        }
    }

    /// `GET /incidents/{id}` (rest-api.md section 5.2).
    func showIncident(_ text: String, _ includes: Includes, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.incident(text)
        read { connection in
            guard let incident = try incidents([id], includes, times, connection).first else {
                throw AdminError.notFound
            }
            return AdminResponse(json: ["incident": incident])
        }
    }

    /// The incidents with these numbers in this order, as far as there are such.
    func incidents(
        _ ids: [IncidentID], _ includes: Includes, _ times: TimeParameters, _ connection: Connection
    ) throws -> [JSONValue] {
        let found = try IncidentQueries.incidents(ids, connection)
        let incidents = ids.compactMap { found[$0] }
        var resources = Resources(connection)
        try resources.load(for: incidents, includes)
        let writer = writer(resources, times)
        return incidents.map { writer.incident($0, includes) }
    }

    /// Fails where there is no such incident.
    func requireIncident(_ id: IncidentID, _ connection: Connection) throws {
        guard try IncidentQueries.incidents([id], connection)[id] != nil else { throw AdminError.notFound }
    }
}

extension IncidentFilter {
    /// Keeps what is assigned to one user of each set: open incidents are assigned to every user with an e-mail address,
    /// others to nobody.
    fileprivate mutating func keepAssigned(to sets: [Set<TokenID>], _ users: UserBook) {
        let isAssigned = sets.allSatisfy { ids in ids.contains { users.user(ofToken: $0)?.isAssignable == true } }
        let open: Set<IncidentStatus> = [.triggered, .acknowledged]
        statuses = isAssigned ? (statuses ?? open).intersection(open) : []
    }
}
