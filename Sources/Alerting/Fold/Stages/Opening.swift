/// A trigger without an open alert opens one, and an incident for it.
struct Opening: TriggerStage {
    func apply(_ arrival: Arrival, to state: inout FoldState) -> Outcome? {
        let data = arrival.alertData
        var incident = Incident(
            id: arrival.id, serviceID: arrival.service.id, incidentKey: arrival.event.dedupKey,
            title: data.summary ?? "", urgency: arrival.severity.urgency, createdAt: arrival.now,
            openedBy: .service(arrival.service.id))
        incident.alertCount = 1
        incident.openAlertCount = 1
        incident.openHighUrgencyCount = arrival.severity.urgency.count
        incident.autoResolveAt = arrival.service.autoResolveTimeout.map(arrival.now.adding(seconds:))
        state.insert(incident)
        let entry = state.log(
            .trigger, event: arrival.id, at: arrival.now, incident: incident, alert: arrival.id, agent: arrival.agent)
        var alert = Alert(
            id: arrival.id, key: arrival.event.key, serviceID: arrival.service.id, incidentID: incident.id, data: data,
            severity: arrival.severity, createdAt: arrival.now, lastTriggerDigest: arrival.event.contentDigest,
            lastTriggerLogEntryID: entry)
        alert.describe(arrival)
        state.insert(alert)
        return .opened(alert.id, incident.id)
    }
}
