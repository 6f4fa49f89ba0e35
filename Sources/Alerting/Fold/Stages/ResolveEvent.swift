/// A resolve by event closes the open alert, and the incident with its last one (events-api.md section 9).
enum ResolveEvent {
    static func apply(_ arrival: Arrival, to state: inout FoldState) -> Outcome {
        guard let alert = state.openAlert(arrival.event.key) else { return .dropped(.noOpenAlert) }
        state.updateAlert(alert.id) { $0.fillAbsent(arrival) }
        return state.resolve(alert, loggedAs: arrival.agent, event: arrival.id, at: arrival.now)
    }
}

extension FoldState {
    /// Closes an open alert, and its incident with the last one.
    mutating func resolve(_ alert: Alert, loggedAs agent: Agent, event: EventID, at now: Timestamp) -> Outcome {
        closeAlert(alert, event: event, at: now)
        // Held back to the end: nobody was called, and nobody is now.
        guard let incident = incident(of: alert) else { return .alertResolved(alert.id, nil) }
        log(.resolve, event: event, at: now, incident: incident, alert: alert.id, agent: agent)
        noteStateChange(of: alert.id, in: incident.id, event: event, at: now)
        // One that flaps, or of a storm, stays open until it has been quiet for a while; the alert itself is resolved.
        guard incident.openAlertCount == 0, incidents[incident.id]?.isKeptOpen == false else {
            recomputeUrgency(of: incident.id, event: event, at: now, agent: agent)
            return .alertResolved(alert.id, incident.id)
        }
        close(incident.id, by: .service(alert.serviceID), event: event, at: now)
        return .resolved(alert.id, incident.id)
    }
}

extension Alert {
    /// Takes from a resolve what the triggers left out; never summary, source or severity (decisions.md, "Events").
    fileprivate mutating func fillAbsent(_ arrival: Arrival) {
        data.component = data.component ?? arrival.event.data.component
        data.group = data.group ?? arrival.event.data.group
        data.class = data.class ?? arrival.event.data.class
        let attachments = arrival.event.attachments
        if attachments.contains(.details) { detailsEventID = detailsEventID ?? arrival.id }
        if attachments.contains(.links) { linksEventID = linksEventID ?? arrival.id }
        if attachments.contains(.images) { imagesEventID = imagesEventID ?? arrival.id }
    }
}
