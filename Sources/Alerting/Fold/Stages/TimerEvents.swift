/// A timer that fell due does its work only if the incident still waits for just that moment.
enum TimerEvents {
    static func apply(_ timer: TimerEvent, event: Event, to state: inout FoldState) -> Outcome {
        guard let incident = state.incidents[timer.incidentID], incident.due(timer.kind) == timer.dueAt else {
            return .dropped(.timerSuperseded)
        }
        let agent = Agent.service(incident.serviceID)
        switch timer.kind {
        case .acknowledgementTimeout, .snooze:
            state.unacknowledge(incident, by: agent, event: event.id, at: event.receivedAt)
        case .autoResolve:
            state.resolve(incident, by: agent, note: nil, event: event.id, at: event.receivedAt)
        }
        return .fired(incident.id)
    }
}

extension Incident {
    /// When a timer of that kind falls due on the incident; nil where none is set.
    public func due(_ kind: TimerKind) -> Timestamp? {
        switch kind {
        case .acknowledgementTimeout: acknowledgementExpiresAt
        case .autoResolve: autoResolveAt
        case .snooze: snoozedUntil
        }
    }
}
