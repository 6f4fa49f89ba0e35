import Alerting
import WireJSON

extension ObjectWriter {
    /// An incident (rest-api.md section 6.1).
    func incident(_ incident: Incident, _ includes: Includes) -> JSONValue {
        let id = ExternalID.string(.incident, incident.id)
        var members = base(
            "incident", id: id, summary: ObjectWriter.summary(incident), path: "incidents/\(id)")
        func add(_ name: String, _ value: JSONValue) { members.append(JSONValue.Member(name, value)) }
        add("incident_number", JSONValue(incident.id))
        add("title", .string(incident.title))
        add("description", .string(incident.title))
        add("created_at", time.json(incident.createdAt))
        add("updated_at", time.json(incident.updatedAt))
        add("status", .string(incident.status.rawValue))
        add("incident_key", .string(incident.incidentKey.text))
        let expanded = includes.contains(.services) ? resources.services[incident.serviceID] : nil
        add("service", expanded.map { service($0, []) } ?? reference(service: incident.serviceID))
        add("assignments", assignments(of: incident, areFull: includes.contains(.assignees)))
        add("assigned_via", "escalation_policy")
        add("last_status_change_at", time.json(incident.lastStatusChangeAt))
        add("last_status_change_by", agent(incident.lastStatusChangeBy, isFull: includes.contains(.agents)))
        add("resolved_at", time.json(incident.resolvedAt))
        add(
            "first_trigger_log_entry", firstTrigger(of: incident.id, isFull: includes.contains(.firstTriggerLogEntries))
        )
        add(
            "alert_counts",
            [
                "all": JSONValue(incident.alertCount),
                "triggered": JSONValue(incident.openAlertCount),
                "resolved": JSONValue(incident.alertCount - incident.openAlertCount),
            ])
        add("is_mergeable", .bool((1...Incident.maximumAlertCount).contains(incident.alertCount)))
        add("escalation_policy", escalationPolicy)
        add("teams", [])
        add("impacted_services", .array([reference(service: incident.serviceID)]))
        add("pending_actions", pendingActions(incident))
        add(
            "acknowledgements",
            .array(
                incident.acknowledgements.map { acknowledgement in
                    [
                        "at": time.json(acknowledgement.at),
                        "acknowledger": agent(acknowledgement.agent, isFull: includes.contains(.acknowledgers)),
                    ]
                }))
        add("basic_alert_grouping", .null)
        add("alert_grouping", alertGrouping(of: incident))
        add(
            "flapping",
            incident.flappingUntil.map { ["until": time.json($0), "changes": JSONValue(incident.flapChanges)] } ?? .null
        )
        add(
            "storm",
            incident.storm.map { ["level": JSONValue($0.level), "until": time.json($0.until)] } ?? .null)
        add("priority", .null)
        add("conference_bridge", .null)
        add("incident_type", ["name": "incident_default"])
        add("incidents_responders", [])
        add("responder_requests", [])
        add("subscriber_requests", [])
        add("urgency", .string(incident.urgency.rawValue))
        add(
            "resolve_reason",
            incident.mergedInto.map { ["type": "merge_resolve_reason", "incident": reference(incident: $0)] } ?? .null)
        if includes.contains(.body) {
            add("body", ["type": "incident_body", "details": bodyDetails(incident)])
        }
        return .object(members)
    }

    /// While further alerts may join it.
    private func alertGrouping(of incident: Incident) -> JSONValue {
        guard resources.groupedIncidents.contains(incident.id) else { return .null }
        return [
            "grouping_type": "rules", "started_at": time.json(incident.createdAt), "ended_at": .null,
            "alert_grouping_active": true,
        ]
    }

    private func agent(_ agent: Agent, isFull: Bool) -> JSONValue {
        isFull ? full(agent: agent) : reference(agent: agent)
    }

    /// The first trigger's log entry of the incident or alert which that event opened.
    func firstTrigger(of event: EventID, isFull: Bool) -> JSONValue {
        let entry = isFull ? resources.entries[LogEntry.id(event: event, place: 0)] : nil
        return entry.map { logEntry($0, []) } ?? reference(firstTriggerOf: event)
    }

    /// What will happen by itself, the next first.
    private func pendingActions(_ incident: Incident) -> JSONValue {
        let actions = [
            ("unacknowledge", incident.snoozedUntil ?? incident.acknowledgementExpiresAt),
            ("resolve", incident.autoResolveAt),
        ]
        let pending = actions.compactMap { type, at in at.map { (type: type, at: $0) } }.sorted { $0.at < $1.at }
        return .array(pending.map { ["type": .string($0.type), "at": time.json($0.at)] })
    }

    /// Of an incident that an alert opened, the alert's details as an object, as PagerDuty's schema has it; of one that a
    /// person opened, the text that was given, else the title.
    private func bodyDetails(_ incident: Incident) -> JSONValue {
        guard resources.incidentsOpenedByAlerts.contains(incident.id) else {
            return .string(resources.incidentDetails[incident.id] ?? incident.title)
        }
        let event = resources.firstAlerts[incident.id]?.detailsEventID
        return event.flatMap { resources.parts[$0]?.detailsAsObject } ?? .object([])
    }
}
