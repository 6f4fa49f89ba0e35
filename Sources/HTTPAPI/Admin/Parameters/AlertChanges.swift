import Alerting
import WireJSON

/// Reads the bodies of `PUT /incidents/{id}/alerts` and `PUT /incidents/{id}/alerts/{alert_id}` (rest-api.md section
/// 5.4).
enum AlertChanges {
    /// The changes in a list, one for each alert: where an id stands twice, the later element wins in the place of the
    /// first.
    static func list(_ body: [UInt8]) throws(AdminError) -> [AlertUpdate] {
        var updates: [AlertUpdate] = []
        var places: [AlertID: Int] = [:]
        for element in try RequestBody.list("alerts", in: body, called: "Alerts") {
            try RequestBody.requireObject(element, "Each alert must be an object")
            guard let id = element.member("id") else { throw .missingArguments("id is missing") }
            guard let number = id.stringValue.flatMap({ ExternalID.number(.alert, $0) }) else { throw .notFound }
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

    /// The change of one alert.
    static func single(_ id: AlertID, _ body: [UInt8]) throws(AdminError) -> AlertUpdate {
        try update(of: id, try RequestBody.resource("alert", in: body, called: "Alert"))
    }

    private static func update(of id: AlertID, _ element: JSONValue) throws(AdminError) -> AlertUpdate {
        try element.requireType("alert")
        var update = AlertUpdate(alertID: id)
        if let status = element.member("status") {
            guard let known = status.stringValue.flatMap(AlertStatus.init(rawValue:)) else { throw .invalidStatus }
            update.status = known
        }
        update.incidentID = try element.reference(
            "incident", .incident, unknown: .unknownIncident, emptyIsAbsent: true)
        return update
    }
}
