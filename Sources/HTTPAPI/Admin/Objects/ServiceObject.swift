import Alerting
import Store
import WireJSON

extension ObjectWriter {
    /// A service (rest-api.md section 6.5), with its integrations in full if they are included.
    func service(_ service: Service, _ includes: Includes) -> JSONValue {
        let id = ExternalID.string(.service, service.id)
        let condition = resources.conditions[service.id] ?? ServiceCondition()
        let integrations = resources.integrationsOfService[service.id] ?? []
        let isFull = includes.contains(.integrations)
        var members = base("service", id: id, summary: service.name, path: "services/\(id)")
        func add(_ name: String, _ value: JSONValue) { members.append(JSONValue.Member(name, value)) }
        add("name", .string(service.name))
        add("description", .string(service.description))
        add("created_at", time.json(service.createdAt))
        // Other changes leave no time behind.
        add("updated_at", time.json(max(service.createdAt, service.disabledAt ?? service.createdAt)))
        add("status", .string(status(service, condition)))
        add("last_incident_timestamp", time.json(condition.lastIncidentAt))
        add("auto_resolve_timeout", JSONValue(service.autoResolveTimeout))
        add("acknowledgement_timeout", JSONValue(service.acknowledgementTimeout))
        add("alert_creation", "create_alerts_and_incidents")
        add("alert_grouping_parameters", ObjectWriter.parameters(service.alertGrouping))
        add("flap_detection", ObjectWriter.flapDetection(service.flapDetection))
        add("storm_detection", ObjectWriter.stormDetection(service.stormDetection))
        add("incident_urgency_rule", ["type": "constant", "urgency": "severity_based"])
        add("escalation_policy", escalationPolicy)
        add("integrations", .array(integrations.map { isFull ? integration($0) : integrationReference($0) }))
        add("teams", [])
        add("addons", [])
        add("scheduled_actions", [])
        add("support_hours", .null)
        add("response_play", .null)
        return .object(members)
    }

    /// Alert grouping in PagerDuty's terms, which count the window of `time` in minutes.
    private static func parameters(_ grouping: AlertGrouping?) -> JSONValue {
        switch grouping {
        case nil: ["type": .null, "config": .null]
        case .time(let window): ["type": "time", "config": ["timeout": JSONValue((window ?? 0) / 60)]]
        case .contentBased(let fields, let aggregate, let window):
            [
                "type": "content_based",
                "config": [
                    "aggregate": .string(aggregate.rawValue), "fields": .array(fields.map { .string($0.rawValue) }),
                    "time_window": JSONValue(window ?? 0),
                ],
            ]
        case .rules(let rules, let limit):
            [
                "type": "rules",
                "config": [
                    "rules": .array(rules.map(ObjectWriter.rule)),
                    "alert_limit": JSONValue(limit ?? AlertGrouping.alertLimits.upperBound),
                ],
            ]
        }
    }

    /// A rule for every alert has no matchers: an empty list would be refused when it is sent back.
    private static func rule(_ rule: GroupingRule) -> JSONValue {
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: JSONValue) { members.append(JSONValue.Member(name, value)) }
        let matchers = rule.matchers.matchers
        if !matchers.isEmpty { add("matchers", .array(matchers.map { .string($0.description) })) }
        add("fields", .array(rule.fields.map { .string($0.rawValue) }))
        add("strict", .bool(rule.isStrict))
        add("time_window", JSONValue(rule.timeWindow ?? 0))
        add("window_start", .string(rule.isRolling ? "last_alert" : "first_alert"))
        return .object(members)
    }

    private static func flapDetection(_ detection: FlapDetection?) -> JSONValue {
        guard let detection else { return .null }
        return [
            "changes": JSONValue(detection.changes), "window": JSONValue(detection.window),
            "quiet": JSONValue(detection.quiet),
        ]
    }

    private static func stormDetection(_ detection: StormDetection?) -> JSONValue {
        guard let detection else { return .null }
        return [
            "thresholds": .array(detection.thresholds.map { JSONValue($0) }), "quiet": JSONValue(detection.quiet),
        ]
    }

    private func status(_ service: Service, _ condition: ServiceCondition) -> String {
        if service.disabledAt != nil { return "disabled" }
        if condition.isInMaintenance(at: now) { return "maintenance" }
        if condition.hasTriggered { return "critical" }
        return condition.hasAcknowledged ? "warning" : "active"
    }

    /// An integration in full. Its key is shown to full tokens only (rest-api.md section 5.8).
    func integration(_ integration: Integration) -> JSONValue {
        var members = integrationBase(integration, suffix: "")
        func add(_ name: String, _ value: JSONValue) { members.append(JSONValue.Member(name, value)) }
        add("name", .string(integration.name))
        add("service", reference(service: integration.serviceID))
        add("created_at", time.json(integration.createdAt))
        add("vendor", .null)
        add("integration_key", showsKeys ? .string(integration.key) : .null)
        add("default_severity", .string(integration.defaultSeverity.rawValue))
        add("disabled", .bool(integration.disabledAt != nil))
        add("heartbeat_interval", JSONValue(integration.heartbeatInterval))
        return .object(members)
    }

    private func integrationReference(_ integration: Integration) -> JSONValue {
        .object(integrationBase(integration, suffix: "_reference"))
    }

    private func integrationBase(_ integration: Integration, suffix: String) -> [JSONValue.Member] {
        let id = ExternalID.string(.integration, integration.id)
        let service = ExternalID.string(.service, integration.serviceID)
        return base(
            ObjectWriter.integrationType(.v2) + suffix, id: id, summary: integration.name,
            path: "services/\(service)/integrations/\(id)")
    }
}
