import Alerting
import WireJSON

/// Reads the bodies of `PUT /incidents` and `PUT /incidents/{id}` (rest-api.md section 5.3, decisions.md).
enum IncidentChanges {
    /// The changes in the body of `PUT /incidents`, one for each incident: where an id stands twice, the later element
    /// wins in the place of the first.
    static func list(_ body: [UInt8]) throws(AdminError) -> [IncidentUpdate] {
        var updates: [IncidentUpdate] = []
        var places: [IncidentID: Int] = [:]
        for element in try RequestBody.list("incidents", in: body, called: "Incidents") {
            try RequestBody.requireObject(element, "Each incident must be an object")
            let number = try element.identifier(.incident, unknown: .unknownIncident)
            let update = try self.update(of: number, element)
            if let place = places[number] {
                updates[place] = update
            } else {
                places[number] = updates.count
                updates.append(update)
            }
        }
        return updates
    }

    /// The change in the body of `PUT /incidents/{id}`.
    static func single(_ id: IncidentID, _ body: [UInt8]) throws(AdminError) -> IncidentUpdate {
        try update(of: id, try RequestBody.resource("incident", in: body, called: "Incident"))
    }

    private static func update(of id: IncidentID, _ element: JSONValue) throws(AdminError) -> IncidentUpdate {
        var update = IncidentUpdate(incidentID: id)
        try element.requireType("incident")
        if let status = element.member("status") {
            guard let known = status.stringValue.flatMap(IncidentStatus.init(rawValue:)) else { throw .invalidStatus }
            update.status = known
        }
        update.title = try element.text("title", called: "Title", .title)
        update.urgency = try element.urgency()
        if let resolution = element.member("resolution") {
            guard let text = resolution.stringValue else { throw .invalidInput("Resolution must be a string") }
            update.resolution = text.isEmpty ? nil : text
        }
        return update
    }
}
