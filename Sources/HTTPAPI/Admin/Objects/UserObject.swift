import Alerting
import WireJSON

extension ObjectWriter {
    /// A user.
    func user(_ user: User) -> JSONValue {
        self.user(
            id: ExternalID.string(.token, user.id), name: user.name, email: user.email, isReadOnly: user.isReadOnly)
    }

    /// A reference to a user.
    func reference(user: User) -> JSONValue {
        let id = ExternalID.string(.token, user.id)
        return reference("user", id: id, summary: user.name, path: "users/\(id)")
    }

    /// The user who acted, in full, under the name that was given then.
    func user(actingAs agent: Agent) -> JSONValue {
        let (id, name) = actor(agent)
        guard case .user(let token, _) = agent, let user = resources.users.user(ofToken: token) else {
            return self.user(id: id, name: name, email: nil, isReadOnly: false)
        }
        return self.user(id: id, name: name, email: user.email, isReadOnly: user.isReadOnly)
    }

    /// Id and name of a user who acted. The operator at the machine has the number that no event has.
    func actor(_ agent: Agent) -> (id: String, name: String) {
        if case .user(let token, let name) = agent {
            return (ExternalID.string(.token, resources.users.id(ofToken: token)), name)
        }
        return (ExternalID.string(.token, 0), "Command line")
    }

    /// To whom an incident is assigned: all users with an e-mail address while it is open, else nobody.
    func assignments(of incident: Incident, areFull: Bool) -> JSONValue {
        guard incident.isOpen else { return [] }
        return .array(
            resources.users.assignees.map { assignee in
                ["at": time.json(incident.createdAt), "assignee": areFull ? user(assignee) : reference(user: assignee)]
            })
    }

    /// All members of PagerDuty's schema. Clients with strict schemas want strings where the schema has them, the e-mail
    /// address included.
    private func user(id: String, name: String, email: String?, isReadOnly: Bool) -> JSONValue {
        .object(
            base("user", id: id, summary: name, path: "users/\(id)") + [
                JSONValue.Member("name", .string(name)),
                JSONValue.Member("email", .string(email ?? "\(id.lowercased())@alertgate.invalid")),
                JSONValue.Member("time_zone", "UTC"),
                JSONValue.Member("color", "green"),
                JSONValue.Member("avatar_url", ""),
                JSONValue.Member("role", .string(isReadOnly ? "read_only_user" : "user")),
                JSONValue.Member("description", ""),
                JSONValue.Member("invitation_sent", false),
                JSONValue.Member("job_title", ""),
                JSONValue.Member("contact_methods", []),
                JSONValue.Member("notification_rules", []),
                JSONValue.Member("teams", []),
            ])
    }
}
