/// A trigger whose key has an open alert in an incident updates that alert (events-api.md sections 9.1 and 9.2).
enum Deduplication {
    static func apply(_ arrival: Arrival, to state: inout FoldState) -> Outcome? {
        guard let alert = state.openAlert(arrival.event.key), let incident = state.incident(of: alert) else {
            return nil
        }
        let isRepeat = alert.lastTriggerDigest == arrival.event.contentDigest
        var entry = alert.lastTriggerLogEntryID
        if isRepeat {
            state.countRepeat(entry, count: alert.repeatCount + 1, at: arrival.now)
        } else {
            entry = state.log(
                .trigger, event: arrival.id, at: arrival.now, incident: incident, alert: alert.id, agent: arrival.agent)
        }
        state.updateAlert(alert.id) { alert in
            alert.describe(arrival)
            alert.triggerCount += 1
            alert.lastTriggerDigest = arrival.event.contentDigest
            alert.lastTriggerLogEntryID = entry
            alert.repeatCount = isRepeat ? alert.repeatCount + 1 : 0
            alert.updatedAt = arrival.now
        }
        state.updateIncident(incident.id) { $0.updatedAt = arrival.now }
        if arrival.severity != alert.severity {
            let change = arrival.severity.urgency.count - alert.severity.urgency.count
            state.updateIncident(incident.id) {
                $0.openHighUrgencyCount += change
                $0.isUrgencySetByHand = false
            }
            state.recomputeUrgency(of: incident.id, event: arrival.id, at: arrival.now, agent: arrival.agent)
        }
        return .deduplicated(alert.id, incident.id)
    }
}

extension Alert {
    /// Replaces the whole of what the alert says by what the trigger says: what it lacks is cleared.
    mutating func describe(_ arrival: Arrival) {
        data = arrival.alertData
        severity = arrival.severity
        if severity.rank > highestSeverity.rank { highestSeverity = severity }
        let attachments = arrival.event.attachments
        detailsEventID = attachments.contains(.details) ? arrival.id : nil
        linksEventID = attachments.contains(.links) ? arrival.id : nil
        imagesEventID = attachments.contains(.images) ? arrival.id : nil
    }
}

extension Urgency {
    /// What an open alert of this urgency adds to its incident's `openHighUrgencyCount`.
    var count: Int64 { self == .high ? 1 : 0 }
}
