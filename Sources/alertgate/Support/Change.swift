import Alerting
import Pipeline
import Store

/// Carries out what a command asks for.
enum Change {
    /// Appends the command to the log and has it applied. Gives the event's number, which is the id of what it created,
    /// and whether anything changed. Throws a `Failure` with the reason where it was refused.
    static func perform(_ command: Action.Command, in options: DatabaseOptions) throws -> (id: EventID, didChange: Bool)
    {
        let database = try options.ensured()
        let (id, outcome) = try Operator(database: database).perform(
            Action(requester: .commandLine, command: command))
        if let refusal = outcome.refusal { throw Failure.refused(explain(refusal)) }
        guard ["applied", "unchanged"].contains(outcome.name) else {
            let reason = outcome.reason.map { ": \($0)" } ?? ""
            throw Failure.refused("nothing was done; \(outcome.name)\(reason); see `alertgate explain \(id)`")
        }
        return (id, outcome.name == "applied")
    }

    private static func explain(_ refusal: Refusal) -> String {
        switch refusal {
        case .unknownIncident: "there is no such incident; `alertgate incidents` lists them"
        case .unknownAlert: "the incident has no such alert"
        case .unknownService: "there is no such service; `alertgate service list` lists them"
        case .unknownIntegration: "there is no such integration; `alertgate integration list` lists them"
        case .unknownToken: "there is no such token; `alertgate token list` lists them"
        case .incidentResolved: "the incident is resolved already"
        case .incidentMerged: "the incident was merged into another one and cannot be reopened"
        case .alertOpenElsewhere: "an alert with the same dedup key is open in another incident"
        case .targetResolved: "the incident that alerts shall move to is resolved"
        case .targetAmongSources: "an incident cannot be merged into itself"
        case .sourceWithoutAlerts: "an incident without alerts cannot be merged into another"
        case .tooManyAlerts: "an incident holds at most \(Incident.maximumAlertCount) alerts"
        case .tooManyNotes: "an incident has at most \(Note.maximumCount) notes"
        case .incidentKeyTaken: "an open incident of the service has the same key"
        case .serviceInUse: "the service has integrations or open incidents; delete or resolve them first"
        case .integrationInUse: "the integration has open alerts; resolve them first"
        case .serviceNameTaken: "there is a service of that name already"
        case .integrationKeyTaken: "the key belongs to an integration already"
        }
    }
}
