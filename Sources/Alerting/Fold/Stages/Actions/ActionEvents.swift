/// What the admin API and the command line ask for: done as a whole, or refused as a whole with a reason.
enum ActionEvents {
    static func apply(_ action: Action, event: Event, to state: inout FoldState) -> Outcome {
        do {
            return try perform(action, event: event, to: &state)
        } catch {
            return .refused(error.refusal, subject: error.subject)
        }
    }

    private static func perform(
        _ action: Action, event: Event, to state: inout FoldState
    ) throws(RefusedAction) -> Outcome {
        let arrival = ActionArrival(id: event.id, now: event.receivedAt, agent: action.requester.agent)
        let settings = SettingsChange(event: event.id, now: event.receivedAt)
        switch action.command {
        case .createIncident(let draft): return try IncidentCreation.apply(draft, arrival, to: &state)
        case .updateIncidents(let updates): return try IncidentChange(arrival: arrival).apply(updates, to: &state)
        case .updateAlerts(let id, let updates):
            return try AlertChange(arrival: arrival).apply(updates, of: id, to: &state)
        case .mergeIncidents(let target, let sources):
            return try IncidentMerge(arrival: arrival).apply(sources, into: target, to: &state)
        case .snoozeIncident(let id, let seconds):
            return try IncidentChange(arrival: arrival).snooze(id, seconds: seconds, in: &state)
        case .addNote(let id, let content): return try Annotation.apply(content, on: id, arrival, to: &state)
        case .createService(let values): try settings.createService(values, in: &state)
        case .updateService(let id, let update): return try settings.updateService(id, update, in: &state)
        case .deleteService(let id, let withIntegrations):
            try settings.deleteService(id, withIntegrations: withIntegrations ?? false, in: &state)
        case .createIntegration(let service, let name, let key, let severity, let heartbeat):
            try settings.createIntegration(
                service: service, name: name, key: key, severity: severity, heartbeatInterval: heartbeat, in: &state)
        case .updateIntegration(let id, let update): return try settings.updateIntegration(id, update, in: &state)
        case .deleteIntegration(let id): try settings.deleteIntegration(id, in: &state)
        case .disableIntegration(let id): return try settings.setIntegration(id, isEnabled: false, in: &state)
        case .enableIntegration(let id): return try settings.setIntegration(id, isEnabled: true, in: &state)
        case .rotateIntegrationKey(let id, let key, let expiry):
            try settings.rotateKey(of: id, to: key, previousKeyExpiresAt: expiry, in: &state)
        case .createToken(let name, let hash, let isReadOnly, let email):
            return settings.createToken(name: name, hash: hash, isReadOnly: isReadOnly, email: email, in: &state)
        case .revokeToken(let id): return try settings.revokeToken(id, in: &state)
        case .createSilence(let draft): try SilenceChange(arrival: arrival).create(draft, in: &state)
        case .updateSilence(let id, let update):
            return try SilenceChange(arrival: arrival).update(id, update, in: &state)
        case .createInhibitionRule(let draft): try InhibitionRuleChange(arrival: arrival).create(draft, in: &state)
        case .deleteInhibitionRule(let id): try InhibitionRuleChange(arrival: arrival).delete(id, in: &state)
        case .endSilence(let id): try SilenceChange(arrival: arrival).end(id, in: &state)
        }
        return .applied(nil)
    }
}

/// An action with its place in the log, and who asks.
struct ActionArrival {
    let id: EventID
    let now: Timestamp
    let agent: Agent
}

/// That an action cannot be done, and over which resource.
struct RefusedAction: Error {
    let refusal: Refusal
    let subject: Int64?

    init(_ refusal: Refusal, _ subject: Int64?) {
        self.refusal = refusal
        self.subject = subject
    }
}

extension FoldState {
    /// A service that an action names: it has to be there, and not deleted.
    func service(_ id: ServiceID) throws(RefusedAction) -> Service {
        guard let service = services[id], service.deletedAt == nil else { throw RefusedAction(.unknownService, id) }
        return service
    }
}
