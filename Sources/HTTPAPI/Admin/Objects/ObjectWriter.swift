import Alerting
import Store
import WireJSON

/// Writes the objects of one answer (rest-api.md section 6).
struct ObjectWriter {
    /// What `self` URLs begin with.
    let baseURL: String
    /// How times are written.
    let time: TimeFormat
    /// Whether integration keys are shown: to full tokens only.
    let showsKeys: Bool
    /// The moment at which the objects are looked at.
    let now: Timestamp
    /// What the objects refer to.
    let resources: Resources

    /// The members that every object begins with. Where people look at the object is where programs do.
    func base(_ type: String, id: String, summary: String, path: String) -> [JSONValue.Member] {
        base(type, id: id, summary: summary, path: path, shownAt: path)
    }

    /// The same of an object that may have no path of its own, so that `self` is null. `html_url` never is: clients with
    /// strict schemas fail on null, and python-pagerduty takes the account's subdomain out of it.
    func base(_ type: String, id: String, summary: String, path: String?, shownAt page: String) -> [JSONValue.Member] {
        [
            JSONValue.Member("id", .string(id)),
            JSONValue.Member("type", .string(type)),
            JSONValue.Member("summary", .string(summary)),
            JSONValue.Member("self", JSONValue(path.map { "\(baseURL)/\($0)" })),
            JSONValue.Member("html_url", .string("\(baseURL)/\(page)")),
        ]
    }

    /// A reference: the base members and no others.
    func reference(_ type: String, id: String, summary: String, path: String) -> JSONValue {
        .object(base("\(type)_reference", id: id, summary: summary, path: path))
    }

    // MARK: References

    func reference(service id: ServiceID) -> JSONValue {
        let text = ExternalID.string(.service, id)
        return reference("service", id: text, summary: resources.services[id]?.name ?? text, path: "services/\(text)")
    }

    func reference(incident id: IncidentID) -> JSONValue {
        let text = ExternalID.string(.incident, id)
        let summary = resources.incidents[id].map(ObjectWriter.summary) ?? "[#\(id)]"
        return reference("incident", id: text, summary: summary, path: "incidents/\(text)")
    }

    /// The first trigger's log entry of the incident or alert which that event opened.
    func reference(firstTriggerOf event: EventID) -> JSONValue {
        let text = ExternalID.string(.logEntry, LogEntry.id(event: event, place: 0))
        return reference(
            "trigger_log_entry", id: text, summary: "Triggered through the API.", path: "log_entries/\(text)")
    }

    /// An integration, as the way in of one version of the Events API.
    func reference(integration id: IntegrationID, _ version: EventVersion = .v2) -> JSONValue {
        reference(integration: id, type: ObjectWriter.integrationType(version))
    }

    /// An integration, under the name of a type.
    func reference(integration id: IntegrationID, type: String) -> JSONValue {
        let text = ExternalID.string(.integration, id)
        let integration = resources.integrations[id]
        let path = integration.map { "services/\(ExternalID.string(.service, $0.serviceID))/integrations/\(text)" }
        return .object(
            base(
                "\(type)_reference", id: text, summary: integration?.name ?? text, path: path,
                shownAt: path ?? "services"))
    }

    /// An agent. The operator at the machine has the id of no token.
    func reference(agent: Agent) -> JSONValue {
        switch agent {
        case .integration(let id, let version): return reference(integration: id, version)
        case .service(let id): return reference(service: id)
        case .user, .commandLine:
            let (id, name) = actor(agent)
            return reference("user", id: id, summary: name, path: "users/\(id)")
        }
    }

    /// An agent in full.
    func full(agent: Agent) -> JSONValue {
        switch agent {
        case .integration(let id, _):
            return resources.integrations[id].map { integration($0) } ?? reference(agent: agent)
        case .service(let id): return resources.services[id].map { service($0, []) } ?? reference(agent: agent)
        case .user, .commandLine:
            return user(actingAs: agent)
        }
    }

    static func integrationType(_ version: EventVersion) -> String {
        version == .v1 ? "generic_events_api_inbound_integration" : "events_api_v2_inbound_integration"
    }

    /// The summary of an incident.
    static func summary(_ incident: Incident) -> String { "[#\(incident.id)] \(incident.title)" }
}
