/// A change of incidents through the admin API or the command line (rest-api.md section 5.3).
struct IncidentChange {
    let arrival: ActionArrival

    private var event: EventID { arrival.id }
    private var now: Timestamp { arrival.now }
    private var agent: Agent { arrival.agent }

    /// Carries out all updates, or none.
    func apply(_ updates: [IncidentUpdate], to state: inout FoldState) throws(RefusedAction) -> Outcome {
        var draft = state
        var isChanged = false
        for update in updates {
            if try apply(update, to: &draft) { isChanged = true }
        }
        state = draft
        let single = updates.count == 1 ? updates[0].incidentID : nil
        return isChanged ? .applied(single) : .unchanged(single)
    }

    /// Snoozes an open incident (rest-api.md section 5.7).
    func snooze(_ id: IncidentID, seconds: Int64, in state: inout FoldState) throws(RefusedAction) -> Outcome {
        guard let incident = state.incidents[id] else { throw RefusedAction(.unknownIncident, id) }
        guard incident.isOpen else { throw RefusedAction(.incidentResolved, id) }
        state.snooze(incident, until: now.adding(seconds: seconds), by: agent, event: event, at: now)
        return .applied(id)
    }

    /// Carries out one update and says whether it changed anything.
    private func apply(_ update: IncidentUpdate, to state: inout FoldState) throws(RefusedAction) -> Bool {
        guard let incident = state.incidents[update.incidentID] else {
            throw RefusedAction(.unknownIncident, update.incidentID)
        }
        var isChanged = false
        if let title = update.title, !title.utf8.elementsEqual(incident.title.utf8) {
            state.updateIncident(incident.id) { incident in
                incident.title = title
                incident.updatedAt = now
            }
            state.log(.titleChange, event: event, at: now, incident: incident, agent: agent) { $0.title = title }
            isChanged = true
        }
        if let status = update.status, try move(incident, to: status, note: update.resolution, in: &state) {
            isChanged = true
        }
        if let urgency = update.urgency, let current = state.incidents[incident.id] {
            // Also where it is that already: somebody wants it to stay so.
            state.updateIncident(incident.id) { $0.isUrgencySetByHand = true }
            if urgency != current.urgency {
                state.setUrgency(urgency, of: current, by: agent, event: event, at: now)
                isChanged = true
            }
        }
        return isChanged
    }

    private func move(
        _ incident: Incident, to status: IncidentStatus, note: String?, in state: inout FoldState
    ) throws(RefusedAction) -> Bool {
        switch (incident.status, status) {
        case (.triggered, .triggered), (.resolved, .resolved):
            return false
        case (.triggered, .acknowledged), (.acknowledged, .acknowledged):
            state.acknowledge(incident, by: agent, loggedAs: agent, event: event, at: now)
        case (.acknowledged, .triggered):
            state.unacknowledge(incident, by: agent, event: event, at: now)
        case (.triggered, .resolved), (.acknowledged, .resolved):
            state.resolve(incident, by: agent, note: note, event: event, at: now)
        case (.resolved, .acknowledged):
            throw RefusedAction(.incidentResolved, incident.id)
        case (.resolved, .triggered):
            guard incident.mergedInto == nil else { throw RefusedAction(.incidentMerged, incident.id) }
            for alert in state.alertsToReopen(of: incident) where state.openAlert(alert.key) != nil {
                throw RefusedAction(.alertOpenElsewhere, incident.id)
            }
            state.reopen(incident, by: agent, event: event, at: now)
        }
        return true
    }
}
