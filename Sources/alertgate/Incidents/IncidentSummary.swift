import Alerting
import Store
import WireJSON

/// An incident as a line tells it.
struct IncidentSummary {
    var id: IncidentID
    var status: String
    var urgency: String
    var title: String
    var key: String?
    var service: String?
    var createdAt: String
    var resolvedAt: String?
    /// When it is triggered again by itself, because an acknowledgement or a snooze ends.
    var unacknowledgesAt: String?
    var openAlerts: Int64
    var alerts: Int64

    /// What the database has.
    init(_ incident: Incident, service: String?) {
        id = incident.id
        status = incident.status.rawValue
        urgency = incident.urgency.rawValue
        title = incident.title
        key = incident.incidentKey.text
        self.service = service
        createdAt = Output.time(incident.createdAt)
        resolvedAt = incident.resolvedAt.map { Output.time($0) }
        unacknowledgesAt = (incident.snoozedUntil ?? incident.acknowledgementExpiresAt).map { Output.time($0) }
        openAlerts = incident.openAlertCount
        alerts = incident.alertCount
    }

    /// What the REST API says (rest-api.md section 6.1).
    init(_ object: JSONValue) throws {
        guard let id = object["incident_number"]?.integerValue, id > 0, let status = object["status"]?.stringValue,
            let title = object["title"]?.stringValue, let createdAt = object["created_at"]?.stringValue
        else { throw RESTClient.foreign }
        self.id = id
        self.status = status
        urgency = object["urgency"]?.stringValue ?? ""
        self.title = title
        key = object["incident_key"]?.stringValue
        service = object["service"]?["summary"]?.stringValue
        self.createdAt = createdAt
        resolvedAt = object["resolved_at"]?.stringValue
        let pending = object["pending_actions"]?.arrayValue ?? []
        unacknowledgesAt = pending.first { $0["type"]?.stringValue == "unacknowledge" }?["at"]?.stringValue
        openAlerts = object["alert_counts"]?["triggered"]?.integerValue ?? 0
        alerts = object["alert_counts"]?["all"]?.integerValue ?? 0
    }

    var json: JSONValue {
        [
            "id": .string(ExternalID.string(.incident, id)), "incident_number": JSONValue(id),
            "status": .string(status), "urgency": .string(urgency), "title": .string(title),
            "incident_key": JSONValue(key), "service": JSONValue(service), "created_at": .string(createdAt),
            "resolved_at": JSONValue(resolvedAt), "unacknowledges_at": JSONValue(unacknowledgesAt),
            "open_alerts": JSONValue(openAlerts), "alerts": JSONValue(alerts),
        ]
    }

    /// Prints incidents, one on each line.
    static func printTable(_ incidents: [IncidentSummary]) {
        Output.table(
            ["NUMBER", "STATUS", "URGENCY", "SINCE", "SERVICE", "ALERTS", "TITLE"],
            incidents.map { incident in
                [
                    "\(incident.id)", incident.status, incident.urgency, incident.createdAt, incident.service ?? "",
                    "\(incident.openAlerts)/\(incident.alerts)", incident.title,
                ]
            })
    }
}
