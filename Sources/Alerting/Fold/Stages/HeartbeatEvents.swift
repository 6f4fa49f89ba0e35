/// A missed heartbeat opens an alert; a heartbeat that came back resolves it.
enum HeartbeatEvents {
    static func miss(_ timer: TimerEvent, event: Event, to state: inout FoldState) -> Outcome {
        // Said as of that alert: without it, this event would open one.
        if let alert = state.openAlert(Heartbeat.key(of: timer.subjectID)) {
            if let incident = state.incident(of: alert) { return .deduplicated(alert.id, incident.id) }
            if let suppression = alert.suppression { return .suppressed(alert.id, suppression) }
        }
        guard let candidate = candidate(timer, event: event, in: state) else { return .dropped(.timerSuperseded) }
        let outcome = Lifecycle.place(candidate, in: &state)
        state.updateSources(of: candidate.alert.id, at: event.receivedAt)
        return outcome
    }

    static func end(_ timer: TimerEvent, event: Event, to state: inout FoldState) -> Outcome {
        guard let alert = state.openAlert(Heartbeat.key(of: timer.subjectID)) else {
            return .dropped(.timerSuperseded)
        }
        return state.resolve(alert, loggedAs: .service(alert.serviceID), event: event.id, at: event.receivedAt)
    }

    /// The alert of a missed heartbeat; nil where none is expected.
    static func candidate(_ timer: TimerEvent, event: Event, in state: FoldState) -> Candidate? {
        guard let seconds = state.heartbeatInterval(of: timer.subjectID),
            let integration = state.integrations[timer.subjectID], let service = state.services[integration.serviceID]
        else { return nil }
        var data = AlertData()
        data.summary = "\(integration.name): no event for \(seconds) seconds"
        data.source = integration.name
        data.severity = integration.defaultSeverity
        data.class = "heartbeat"
        let alert = Alert(
            id: event.id, key: Heartbeat.key(of: integration.id), serviceID: service.id, incidentID: nil, data: data,
            severity: integration.defaultSeverity, createdAt: event.receivedAt, lastTriggerDigest: 0,
            lastTriggerLogEntryID: 0)
        return Candidate(
            alert: alert, isNew: true, service: service, event: event.id, now: event.receivedAt,
            agent: .service(service.id))
    }
}
