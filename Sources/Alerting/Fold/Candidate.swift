/// An alert that is to find its place: one that a trigger opens, or one that was held back so far.
struct Candidate {
    /// The alert, in no incident.
    var alert: Alert
    /// Whether the state does not have it yet.
    let isNew: Bool
    /// Its service.
    let service: Service
    /// The event at which it is looked at.
    let event: EventID
    /// When that is.
    let now: Timestamp
    /// The agent that the event's log entries show.
    let agent: Agent
}

extension Candidate {
    /// The alert that a trigger opens, or one that was held back with what the trigger says now.
    init(_ arrival: borrowing Arrival, in state: borrowing FoldState) {
        var alert: Alert
        if let held = state.openAlert(arrival.event.key) {
            alert = held
            alert.triggerCount += 1
            alert.lastTriggerDigest = arrival.event.contentDigest
            alert.updatedAt = arrival.now
        } else {
            alert = Alert(
                id: arrival.id, key: arrival.event.key, serviceID: arrival.service.id, incidentID: nil,
                data: arrival.alertData, severity: arrival.severity, createdAt: arrival.now,
                lastTriggerDigest: arrival.event.contentDigest, lastTriggerLogEntryID: 0)
        }
        alert.describe(arrival)
        self.init(
            alert: alert, isNew: alert.id == arrival.id, service: arrival.service, event: arrival.id, now: arrival.now,
            agent: arrival.agent)
    }
}

extension Candidate {
    /// An alert that is looked at again because what held it back is over; nil where nothing holds it back.
    init?(released id: AlertID, event: borrowing Event, in state: borrowing FoldState) {
        guard let alert = state.alerts[id], alert.isHeldBack, let service = state.services[alert.serviceID] else {
            return nil
        }
        self.init(
            alert: alert, isNew: false, service: service, event: event.id, now: event.receivedAt,
            agent: .service(service.id))
    }
}

/// One step in what becomes of an alert that is in no incident yet.
protocol PlacingStage: Sendable {
    /// Settles where the alert goes, or leaves it to the next stage.
    func place(_ candidate: Candidate, in state: inout FoldState) -> Outcome?
}

extension FoldState {
    /// Adds an alert that the current event opens, or changes one that is at hand.
    mutating func put(_ alert: Alert, isNew: Bool) {
        if isNew { insert(alert) } else { updateAlert(alert.id) { $0 = alert } }
    }

    /// Puts a candidate into an incident that is open. The incident's counts are seen to by the caller.
    mutating func put(_ candidate: Candidate, into incident: Incident) {
        let entry = log(
            .trigger, event: candidate.event, at: candidate.now, incident: incident, alert: candidate.alert.id,
            agent: candidate.agent)
        var alert = candidate.alert
        alert.incidentID = incident.id
        alert.suppression = nil
        alert.lastTriggerLogEntryID = entry
        alert.repeatCount = 0
        alert.placedEventID = candidate.event
        if !candidate.isNew {
            alert.updatedAt = candidate.now
            setTimer(TimerKey(.release, alert.id), to: nil)
        }
        put(alert, isNew: candidate.isNew)
    }
}
