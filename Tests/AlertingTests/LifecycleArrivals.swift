import Alerting

/// What can come in: the rows of the lifecycle table.
enum Incoming: CaseIterable {
    /// A trigger just like the first.
    case triggerSame
    /// A trigger with another summary.
    case triggerOtherContent
    /// A trigger of severity warning.
    case triggerOtherSeverity
    case acknowledge, resolve
    case changeEvent
    /// `PUT` with that status on the incident.
    case putTriggered, putAcknowledged, putResolved
    /// `PUT` with another title, with urgency low, and with nothing to change.
    case putTitle, putUrgency, putNothing
    /// A timer that falls due at the moment the incident waits for, and one for another moment.
    case acknowledgementTimeout, supersededAcknowledgementTimeout
    case autoResolve, supersededAutoResolve
    /// A row that this program cannot read.
    case unreadable
    /// An action that is about no incident.
    case createService
}

extension Incoming {
    func arrive(in prepared: inout Prepared) -> Outcome {
        let id = prepared.named
        let incident = prepared.fold.state.incidents[id]
        func update(_ change: (inout IncidentUpdate) -> Void) -> Outcome {
            var update = IncidentUpdate(incidentID: id)
            change(&update)
            return prepared.fold.update(update)
        }
        switch self {
        case .triggerSame: return prepared.fold.send(.trigger)
        case .triggerOtherContent: return prepared.fold.send(.trigger, digest: 2) { $0.summary = "disk fuller" }
        case .triggerOtherSeverity: return prepared.fold.send(.trigger, severity: .warning, digest: 3)
        case .acknowledge: return prepared.fold.send(.acknowledge)
        case .resolve: return prepared.fold.send(.resolve)
        case .changeEvent:
            return prepared.fold.apply(
                .change(ChangeEvent(integrationID: prepared.fold.integration, summary: "deployed")))
        case .putTriggered: return update { $0.status = .triggered }
        case .putAcknowledged: return update { $0.status = .acknowledged }
        case .putResolved: return update { $0.status = .resolved }
        case .putTitle: return update { $0.title = "another title" }
        case .putUrgency: return update { $0.urgency = .low }
        case .putNothing: return update { _ in }
        case .acknowledgementTimeout:
            return prepared.fold.fire(
                .acknowledgementTimeout, on: id,
                dueAt: incident?.acknowledgementExpiresAt ?? prepared.fold.now.adding(seconds: 60))
        case .supersededAcknowledgementTimeout:
            let due = incident?.acknowledgementExpiresAt ?? prepared.fold.now
            return prepared.fold.fire(.acknowledgementTimeout, on: id, dueAt: due.adding(seconds: -1))
        case .autoResolve:
            return prepared.fold.fire(
                .autoResolve, on: id, dueAt: incident?.autoResolveAt ?? prepared.fold.now.adding(seconds: 60))
        case .supersededAutoResolve:
            let due = incident?.autoResolveAt ?? prepared.fold.now
            return prepared.fold.fire(.autoResolve, on: id, dueAt: due.adding(seconds: 1))
        case .unreadable: return prepared.fold.apply(.unreadable(reason: "unknown kind"))
        case .createService: return prepared.fold.perform(.createService(ServiceSettings(name: "Another")))
        }
    }
}
