import Alerting
import WireJSON

extension ObjectWriter {
    /// An alert (rest-api.md section 6.2).
    func alert(_ alert: Alert, _ includes: Includes) -> JSONValue {
        let id = ExternalID.string(.alert, alert.id)
        // One that is held back is in no incident under which it could be asked for: what holds it back lists it.
        let path = alert.incidentID.map { "incidents/\(ExternalID.string(.incident, $0))/alerts/\(id)" }
        let parts = parts(of: alert)
        var members = base(
            "alert", id: id, summary: alert.data.summary ?? "", path: path,
            shownAt: path ?? ObjectWriter.path(ofAlertsHeldBackBy: alert.suppression))
        func add(_ name: String, _ value: JSONValue) { members.append(JSONValue.Member(name, value)) }
        add("created_at", time.json(alert.createdAt))
        add("resolved_at", time.json(alert.resolvedAt))
        add("status", .string(alert.status.rawValue))
        add("alert_key", .string(alert.key.dedupKey.text))
        add("severity", .string(alert.severity.rawValue))
        add("suppressed", .bool(alert.isHeldBack))
        let expandedService = includes.contains(.services) ? resources.services[alert.serviceID] : nil
        add("service", expandedService.map { service($0, []) } ?? reference(service: alert.serviceID))
        add("incident", alert.incidentID.map { incidentOrReference($0, includes) } ?? .null)
        add("integration", reference(integration: alert.key.integrationID))
        add(
            "first_trigger_log_entry",
            alert.placedEventID.map { firstTrigger(of: $0, isFull: includes.contains(.firstTriggerLogEntries)) }
                ?? .null)
        add(
            "body",
            [
                "type": "alert_body",
                "contexts": parts.contexts,
                "details": parts.detailsAsObject,
                "cef_details": cefDetails(alert.data, severity: alert.severity, key: alert.key.dedupKey, parts),
            ])
        add("privilege", .null)
        return .object(members)
    }

    private static func path(ofAlertsHeldBackBy suppression: Suppression?) -> String {
        switch suppression {
        case .silence(let id): "silences/\(ExternalID.string(.silence, id))/alerts"
        case .inhibition(let rule, _): "inhibition_rules/\(ExternalID.string(.inhibitionRule, rule))/alerts"
        case nil: "incidents"
        }
    }

    private func incidentOrReference(_ id: IncidentID, _ includes: Includes) -> JSONValue {
        let expanded = includes.contains(.incidents) ? resources.incidents[id] : nil
        return expanded.map { incident($0, []) } ?? reference(incident: id)
    }

    /// Details, links and images may each come from another event of the alert.
    private func parts(of alert: Alert) -> EventParts {
        var parts = EventParts()
        parts.details = alert.detailsEventID.flatMap { resources.parts[$0]?.details }
        parts.links = alert.linksEventID.flatMap { resources.parts[$0]?.links } ?? []
        parts.images = alert.imagesEventID.flatMap { resources.parts[$0]?.images } ?? []
        return parts
    }

    /// What was said in the Common Event Format's terms, as the live service shows it.
    func cefDetails(_ data: AlertData, severity: Severity?, key: DedupKey, _ parts: EventParts) -> JSONValue {
        [
            "client": JSONValue(data.client),
            "client_url": JSONValue(data.clientURL),
            "contexts": parts.contexts,
            "creation_time": TimeFormat.exact(data.sentAt),
            "dedup_key": .string(key.text),
            "description": JSONValue(data.summary),
            "details": parts.detailsAsGiven,
            "event_class": JSONValue(data.class),
            "message": JSONValue(data.summary),
            "mutations": [],
            "priority": .null,
            "reporter_component": .null,
            "reporter_location": .null,
            "service_group": JSONValue(data.group),
            "severity": JSONValue(severity?.rawValue),
            "source_component": JSONValue(data.component),
            "source_location": .null,
            "source_origin": JSONValue(data.source),
            "urgency": .null,
            "version": "1.0",
        ]
    }
}
