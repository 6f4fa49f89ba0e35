import Alerting
import WireJSON

/// The one escalation policy: every incident goes to all users at once, and no further.
enum EscalationPolicy {
    static let id = "PDEFLT1"
    static let name = "Default"
    static let ruleID = "PDEFLTR"
    static let path = "escalation_policies/\(id)"
}

extension ObjectWriter {
    /// A reference to the one escalation policy.
    var escalationPolicy: JSONValue {
        reference(
            "escalation_policy", id: EscalationPolicy.id, summary: EscalationPolicy.name, path: EscalationPolicy.path)
    }

    /// The one escalation policy in full, with the services that have it: all.
    func escalationPolicy(of services: [ServiceID]) -> JSONValue {
        var members = base(
            "escalation_policy", id: EscalationPolicy.id, summary: EscalationPolicy.name, path: EscalationPolicy.path)
        func add(_ name: String, _ value: JSONValue) { members.append(JSONValue.Member(name, value)) }
        add("name", .string(EscalationPolicy.name))
        add("description", "Open incidents are assigned to all users with an e-mail address.")
        add("num_loops", 0)
        add("on_call_handoff_notifications", "if_has_services")
        add(
            "escalation_rules",
            [
                [
                    "id": .string(EscalationPolicy.ruleID),
                    "escalation_delay_in_minutes": 30,
                    "escalation_rule_assignment_strategy": ["type": "assign_to_everyone"],
                    "targets": .array(resources.users.assignees.map { reference(user: $0) }),
                ]
            ])
        add("services", .array(services.map { reference(service: $0) }))
        add("teams", [])
        return .object(members)
    }

    /// A user who is on call, always.
    func onCall(_ assignee: User, _ includes: Includes) -> JSONValue {
        [
            "escalation_policy": escalationPolicy,
            "escalation_level": 1,
            "schedule": .null,
            "user": includes.contains(.users) ? user(assignee) : reference(user: assignee),
            "start": .null,
            "end": .null,
        ]
    }
}
