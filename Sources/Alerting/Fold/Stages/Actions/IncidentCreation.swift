/// An incident that a person opens. It has no alerts, so that no event reaches it (events-api.md section 8).
enum IncidentCreation {
    static func apply(
        _ draft: IncidentDraft, _ arrival: ActionArrival, to state: inout FoldState
    ) throws(RefusedAction) -> Outcome {
        let service = try state.service(draft.serviceID)
        let key = DedupKey(draft.key)
        if let other = state.openIncident(ofService: service.id, key: key) {
            throw RefusedAction(.incidentKeyTaken, other.id)
        }
        var incident = Incident(
            id: arrival.id, serviceID: service.id, incidentKey: key, title: draft.title,
            urgency: draft.urgency ?? .high, createdAt: arrival.now, openedBy: arrival.agent)
        incident.autoResolveAt = service.autoResolveTimeout.map(arrival.now.adding(seconds:))
        state.insert(incident)
        state.markKey(of: incident.id)
        if let details = draft.details { state.setDetails(details, of: incident.id) }
        state.log(.trigger, event: arrival.id, at: arrival.now, incident: incident, agent: arrival.agent)
        return .applied(incident.id)
    }
}
