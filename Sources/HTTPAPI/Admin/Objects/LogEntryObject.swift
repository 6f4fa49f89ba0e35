import Alerting
import Store
import WireJSON

extension ObjectWriter {
    /// A log entry (rest-api.md section 6.3).
    func logEntry(_ entry: LogEntry, _ includes: Includes) -> JSONValue {
        let id = ExternalID.string(.logEntry, entry.id)
        let head = entry.isFromEvent ? resources.heads[LogEntry.event(of: entry.id)] : nil
        var members = base(
            "\(entry.kind.rawValue)_log_entry", id: id, summary: summary(entry),
            path: "log_entries/\(id)")
        func add(_ name: String, _ value: JSONValue) { members.append(JSONValue.Member(name, value)) }
        add("created_at", time.json(entry.createdAt))
        add("agent", reference(agent: entry.agent))
        add("channel", channel(entry, head, isFull: includes.contains(.channels)))
        let expandedService = includes.contains(.services) ? resources.services[entry.serviceID] : nil
        add("service", expandedService.map { service($0, []) } ?? reference(service: entry.serviceID))
        let expandedIncident = includes.contains(.incidents) ? resources.incidents[entry.incidentID] : nil
        add("incident", expandedIncident.map { incident($0, []) } ?? reference(incident: entry.incidentID))
        add("teams", [])
        add("contexts", [])
        let description = head.map { $0.data.summary ?? resources.incidents[entry.incidentID]?.title ?? "" }
        add("event_details", description.map { ["description": .string($0)] } ?? .object([]))
        if let note = entry.note { add("note", .string(note)) }
        if let timeout = entry.acknowledgementTimeout { add("acknowledgement_timeout", JSONValue(timeout)) }
        if let end = entry.snoozedUntil {
            add("changed_actions", .array([["type": "unacknowledge", "at": time.json(end)]]))
        }
        if let other = entry.otherIncidentID { add("linked_incident", reference(incident: other)) }
        return .object(members)
    }

    /// How the entry came about; in full for what an event wrote.
    private func channel(_ entry: LogEntry, _ head: EventHead?, isFull: Bool) -> JSONValue {
        switch entry.agent {
        case .user, .commandLine:
            guard let end = entry.snoozedUntil else { return ["type": "website"] }
            let duration = (end.milliseconds - entry.createdAt.milliseconds) / 1000
            return ["type": "website", "duration": JSONValue(duration)]
        case .service: return ["type": "timeout"]
        case .integration(let integration, _):
            guard isFull, let head else { return ["type": "api"] }
            let parts = resources.parts[head.id] ?? EventParts()
            let key = resources.integrations[integration]?.key.suffix(4)
            return [
                "type": "api",
                "summary": JSONValue(head.data.summary),
                "description": JSONValue(head.data.summary),
                "incident_key": .string(head.dedupKey.text),
                "service_key": JSONValue(key.map { String($0) }),
                "client": JSONValue(head.data.client),
                "client_url": JSONValue(head.data.clientURL),
                "details": parts.detailsAsObject(adding: repeats(of: entry)),
                "cef_details": cefDetails(head.data, severity: head.data.severity, key: head.dedupKey, parts),
            ]
        }
    }

    /// How often a trigger was repeated, where it was.
    private func repeats(of entry: LogEntry) -> [JSONValue.Member] {
        guard entry.repeatCount > 0 else { return [] }
        return [
            JSONValue.Member("repeat_count", JSONValue(entry.repeatCount)),
            JSONValue.Member("last_repeated_at", time.json(entry.lastRepeatedAt)),
        ]
    }

    private func summary(_ entry: LogEntry) -> String {
        let how =
            switch entry.agent {
            case .integration: "through the API"
            case .user(_, let name): "by \(name)"
            case .service: "by timeout"
            case .commandLine: "by the command line"
            }
        return switch entry.kind {
        case .trigger: "Triggered \(how)."
        case .acknowledge: "Acknowledged \(how)."
        case .unacknowledge: "Unacknowledged \(how)."
        case .resolve: "Resolved \(how)."
        case .reopen: "Reopened \(how)."
        case .urgencyChange: "Urgency changed to \(entry.urgency?.rawValue ?? "")."
        case .titleChange: "Title changed to \(entry.title ?? "")."
        case .annotate: entry.note ?? ""
        case .snooze: "Snoozed \(how)."
        case .merge: "Merged with #\(entry.otherIncidentID ?? 0) \(how)."
        case .alertMove: "Alert moved \(how); see #\(entry.otherIncidentID ?? 0)."
        }
    }
}
