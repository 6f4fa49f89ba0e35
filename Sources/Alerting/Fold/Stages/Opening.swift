/// A trigger without an open alert, and without a group to join, opens an alert and an incident for it.
struct Opening: TriggerStage {
    func apply(_ arrival: Arrival, to state: inout FoldState) -> Outcome? {
        var incident = Incident(
            id: arrival.id, serviceID: arrival.service.id, incidentKey: arrival.event.dedupKey,
            title: arrival.alertData.summary ?? "", urgency: arrival.severity.urgency, createdAt: arrival.now,
            openedBy: .service(arrival.service.id))
        incident.alertCount = 1
        incident.openAlertCount = 1
        incident.openHighUrgencyCount = arrival.severity.urgency.count
        incident.autoResolveAt = arrival.service.autoResolveTimeout.map(arrival.now.adding(seconds:))
        state.insert(incident)
        let entry = state.log(
            .trigger, event: arrival.id, at: arrival.now, incident: incident, alert: arrival.id, agent: arrival.agent)
        state.insert(Alert(opening: arrival, in: incident.id, entry: entry))
        if let grouping = arrival.service.alertGrouping {
            let keys = grouping.keys(of: arrival.alertData, service: arrival.service.id)
            state.extendGroups(keys, of: incident.id, grouping, at: arrival.now)
        }
        return .opened(arrival.id, incident.id)
    }
}

extension Alert {
    /// The alert that a trigger opens.
    init(opening arrival: Arrival, in incident: IncidentID, entry: LogEntryID) {
        self.init(
            id: arrival.id, key: arrival.event.key, serviceID: arrival.service.id, incidentID: incident,
            data: arrival.alertData, severity: arrival.severity, createdAt: arrival.now,
            lastTriggerDigest: arrival.event.contentDigest, lastTriggerLogEntryID: entry)
        describe(arrival)
    }
}
