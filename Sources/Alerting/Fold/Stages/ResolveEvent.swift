/// A resolve by event closes the open alert, and the incident with its last one (events-api.md section 9).
enum ResolveEvent {
    static func apply(_ arrival: Arrival, to state: inout FoldState) -> Outcome {
        guard let alert = state.openAlert(arrival.event.key), let incident = state.incidents[alert.incidentID] else {
            return .dropped(.noOpenAlert)
        }
        state.updateAlert(alert.id) { $0.fillAbsent(arrival) }
        state.closeAlert(alert, event: arrival.id, at: arrival.now)
        state.log(
            .resolve, event: arrival.id, at: arrival.now, incident: incident, alert: alert.id, agent: arrival.agent)
        guard incident.openAlertCount == 1 else {
            state.recomputeUrgency(of: incident.id, event: arrival.id, at: arrival.now, agent: arrival.agent)
            return .alertResolved(alert.id, incident.id)
        }
        state.close(incident.id, by: .service(arrival.service.id), event: arrival.id, at: arrival.now)
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
