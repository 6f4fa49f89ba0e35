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
        let settings = SettingsChange(event: event.id, now: event.receivedAt)
        switch action.command {
        case .updateIncidents(let updates):
            let change = IncidentChange(event: event.id, now: event.receivedAt, agent: action.requester.agent)
            return try change.apply(updates, to: &state)
        case .createService(let values): try settings.createService(values, in: &state)
        case .createIntegration(let service, let name, let key, let severity):
            try settings.createIntegration(service: service, name: name, key: key, severity: severity, in: &state)
        case .disableIntegration(let id): return try settings.setIntegration(id, isEnabled: false, in: &state)
        case .enableIntegration(let id): return try settings.setIntegration(id, isEnabled: true, in: &state)
        case .rotateIntegrationKey(let id, let key, let expiry):
            try settings.rotateKey(of: id, to: key, previousKeyExpiresAt: expiry, in: &state)
        case .createToken(let name, let hash, let isReadOnly):
            return settings.createToken(name: name, hash: hash, isReadOnly: isReadOnly, in: &state)
        case .revokeToken(let id): return try settings.revokeToken(id, in: &state)
        }
        return .applied(nil)
    }
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
