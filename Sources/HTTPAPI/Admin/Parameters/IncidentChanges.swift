import Alerting
import WireJSON

/// Reads the bodies of `PUT /incidents` and `PUT /incidents/{id}` (rest-api.md section 5.3, decisions.md).
enum IncidentChanges {
    /// The most incidents that one request may change.
    static let maximumCount = 250
    private static let maximumTitleScalars = 1024

    /// The changes in the body of `PUT /incidents`, one for each incident: where an id stands twice, the later element
    /// wins in the place of the first.
    static func list(_ body: [UInt8]) throws(AdminError) -> [IncidentUpdate] {
        guard let elements = try parse(body)["incidents"]?.arrayValue else {
            throw .invalidInput("Incidents must be an array")
        }
        guard elements.count <= maximumCount else { throw .tooLarge }
        var updates: [IncidentUpdate] = []
        var places: [IncidentID: Int] = [:]
        for element in elements {
            try requireObject(element, "Each incident must be an object")
            guard let id = element["id"], !id.isNull else { throw .missingArguments("id is missing") }
            guard let text = id.stringValue, let number = ExternalID.number(.incident, text) else {
                let shown = id.stringValue ?? String(decoding: id.serialized(), as: UTF8.self)
                throw .invalidInput("\(Refusal.unknownIncident.rawValue): \(shown)")
            }
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
        let element = try parse(body)["incident"] ?? .null
        try requireObject(element, "Incident must be an object")
        return try update(of: id, element)
    }

    private static func parse(_ body: [UInt8]) throws(AdminError) -> JSONValue {
        do {
            return try JSONValue(parsing: body)
        } catch {
            throw .invalidInput("JSON parse error")
        }
    }

    private static func requireObject(_ value: JSONValue, _ message: String) throws(AdminError) {
        guard value.objectValue != nil else { throw .invalidInput(message) }
    }

    private static func update(of id: IncidentID, _ element: JSONValue) throws(AdminError) -> IncidentUpdate {
        var update = IncidentUpdate(incidentID: id)
        if let type = member("type", of: element) {
            guard let name = type.stringValue, ["incident", "incident_reference"].contains(name) else {
                throw .invalidInput("type must be incident or incident_reference")
            }
        }
        if let status = member("status", of: element) {
            guard let known = status.stringValue.flatMap(IncidentStatus.init(rawValue:)) else { throw .invalidStatus }
            update.status = known
        }
        if let title = member("title", of: element) {
            guard let text = title.stringValue, !text.unicodeScalars.allSatisfy(\.properties.isWhitespace) else {
                throw .invalidInput("Title cannot be empty")
            }
            guard text.unicodeScalars.count <= maximumTitleScalars else {
                throw .invalidInput("Title is too long (maximum is \(maximumTitleScalars) characters)")
            }
            update.title = text
        }
        if let urgency = member("urgency", of: element) {
            guard let known = urgency.stringValue.flatMap(Urgency.init(rawValue:)) else {
                throw .invalidInput("Urgency must be high or low")
            }
            update.urgency = known
        }
        if let resolution = member("resolution", of: element) {
            guard let text = resolution.stringValue else { throw .invalidInput("Resolution must be a string") }
            update.resolution = text.isEmpty ? nil : text
        }
        return update
    }

    /// A member that has a value: null is as good as absent.
    private static func member(_ name: String, of element: JSONValue) -> JSONValue? {
        guard let value = element[name], !value.isNull else { return Optional.none }
        return value
    }
}
