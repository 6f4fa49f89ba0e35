import Alerting
import WireJSON

/// The incidents of a gateway that runs somewhere, through its REST API.
struct GatewayDesk: IncidentDesk {
    let client: RESTClient

    /// As far as lists reach (rest-api.md section 4).
    private static let everything = 10_000

    func list(_ statuses: [IncidentStatus], limit: Int) throws -> [IncidentSummary] {
        let parameters =
            statuses.map { ("statuses[]", $0.rawValue) } + [("date_range", "all"), ("sort_by", "created_at:desc")]
        return try client.list("incidents", "/incidents", parameters, limit: limit).map { try IncidentSummary($0) }
    }

    func details(of id: IncidentID) throws -> IncidentDetails {
        func list(_ name: String) throws -> [JSONValue] {
            try client.list(
                name, "\(GatewayDesk.path(id))/\(name)", [], limit: GatewayDesk.everything,
                subject: GatewayDesk.subject(id))
        }
        return IncidentDetails(
            incident: try incident(id), alerts: try list("alerts").map { try AlertLine($0) },
            notes: try list("notes").map { try NoteLine($0) },
            log: try list("log_entries").map { try LogLine($0) })
    }

    func update(_ updates: [IncidentUpdate]) throws -> [IncidentSummary] {
        let elements = updates.map { update in
            var members = GatewayDesk.reference(update.incidentID)
            if let status = update.status { members.append(.init("status", .string(status.rawValue))) }
            if let resolution = update.resolution { members.append(.init("resolution", .string(resolution))) }
            return JSONValue.object(members)
        }
        let answer = try client.call(.PUT, "/incidents", ["incidents": .array(elements)])
        guard let incidents = answer["incidents"]?.arrayValue else { throw RESTClient.foreign }
        return try incidents.map { try IncidentSummary($0) }
    }

    func merge(_ sources: [IncidentID], into target: IncidentID) throws -> IncidentSummary {
        let references = sources.map { JSONValue.object(GatewayDesk.reference($0)) }
        return try perform(.PUT, "merge", ["source_incidents": .array(references)], on: target)
    }

    func snooze(_ id: IncidentID, seconds: Int64) throws -> IncidentSummary {
        try perform(.POST, "snooze", ["duration": JSONValue(seconds)], on: id)
    }

    func addNote(_ content: String, to id: IncidentID) throws -> IncidentSummary {
        _ = try client.call(
            .POST, GatewayDesk.path(id) + "/notes", ["note": ["content": .string(content)]],
            subject: GatewayDesk.subject(id))
        return try incident(id)
    }

    private func incident(_ id: IncidentID) throws -> IncidentSummary {
        try GatewayDesk.summary(
            try client.call(.GET, GatewayDesk.path(id), subject: GatewayDesk.subject(id)))
    }

    private func perform(
        _ method: RESTClient.Method, _ name: String, _ body: JSONValue, on id: IncidentID
    ) throws -> IncidentSummary {
        try GatewayDesk.summary(
            try client.call(method, "\(GatewayDesk.path(id))/\(name)", body, subject: GatewayDesk.subject(id)))
    }

    private static func summary(_ answer: JSONValue) throws -> IncidentSummary {
        guard let incident = answer["incident"] else { throw RESTClient.foreign }
        return try IncidentSummary(incident)
    }

    private static func path(_ id: IncidentID) -> String { "/incidents/" + ExternalID.string(.incident, id) }

    private static func subject(_ id: IncidentID) -> String { "incident \(id)" }

    private static func reference(_ id: IncidentID) -> [JSONValue.Member] {
        [.init("id", .string(ExternalID.string(.incident, id))), .init("type", "incident_reference")]
    }
}
