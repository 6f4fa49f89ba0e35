/// An alert that nothing holds back and that has no group to join opens an incident.
struct Opening: PlacingStage {
    func place(_ candidate: Candidate, in state: inout FoldState) -> Outcome? {
        let (alert, service) = (candidate.alert, candidate.service)
        let tooMany = Storming.tooMany(before: candidate, in: state)
        let title = tooMany == nil ? alert.data.summary ?? "" : "Alert storm on \(service.name)"
        var incident = Incident(
            id: candidate.event, serviceID: service.id, incidentKey: alert.key.dedupKey, title: title,
            urgency: alert.severity.urgency, createdAt: candidate.now,
            openedBy: .service(service.id))
        incident.alertCount = 1
        incident.openAlertCount = 1
        incident.openHighUrgencyCount = alert.severity.urgency.count
        incident.autoResolveAt = service.autoResolveTimeout.map(candidate.now.adding(seconds:))
        state.insert(incident)
        state.put(candidate, into: incident)
        // The alert has another number than the incident, by which it could not be found.
        if incident.id != alert.id { state.markKey(of: incident.id) }
        if let group = candidate.grouping(in: state) { state.extendGroups(group, of: incident.id, at: candidate.now) }
        if let tooMany { Storming.start(incident.id, with: candidate, after: tooMany, in: &state) }
        state.noteStateChange(of: alert.id, in: incident.id, event: candidate.event, at: candidate.now)
        return .opened(alert.id, incident.id)
    }
}
