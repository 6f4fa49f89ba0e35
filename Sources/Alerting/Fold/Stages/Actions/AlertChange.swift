/// A change of single alerts of an incident by a person (rest-api.md section 5.4).
struct AlertChange {
    let arrival: ActionArrival

    private var event: EventID { arrival.id }
    private var now: Timestamp { arrival.now }
    private var agent: Agent { arrival.agent }

    /// Carries out all updates, or none.
    func apply(
        _ updates: [AlertUpdate], of incident: IncidentID, to state: inout FoldState
    ) throws(RefusedAction) -> Outcome {
        guard state.incidents[incident] != nil else { throw RefusedAction(.unknownIncident, incident) }
        var draft = state
        var isChanged = false
        for update in updates {
            guard let alert = draft.alerts[update.alertID], alert.incidentID == incident else {
                throw RefusedAction(.unknownAlert, update.alertID)
            }
            if try move(alert, to: update.status, in: &draft) { isChanged = true }
            if try move(update.alertID, from: incident, to: update.incidentID, in: &draft) { isChanged = true }
        }
        state = draft
        return isChanged ? .applied(incident) : .unchanged(incident)
    }

    /// Gives an alert the status it shall have, and says whether it had another.
    private func move(
        _ alert: Alert, to status: AlertStatus?, in state: inout FoldState
    ) throws(RefusedAction) -> Bool {
        guard let status, status != alert.status, let incident = state.incident(of: alert) else { return false }
        switch status {
        case .resolved: resolve(alert, of: incident, in: &state)
        case .triggered: try reopen(alert, of: incident, in: &state)
        }
        return true
    }

    private func resolve(_ alert: Alert, of incident: Incident, in state: inout FoldState) {
        state.closeAlert(alert, event: event, at: now)
        state.log(.resolve, event: event, at: now, incident: incident, alert: alert.id, agent: agent)
        if incident.openAlertCount == 1 {
            state.close(incident.id, by: agent, event: event, at: now)
        } else {
            state.recomputeUrgency(of: incident.id, event: event, at: now, agent: agent)
        }
    }

    /// A resolved incident is reopened with its alert: no alert is open in an incident that is not. A merged one stays
    /// resolved, also for the sake of an alert that it kept.
    private func reopen(_ alert: Alert, of incident: Incident, in state: inout FoldState) throws(RefusedAction) {
        guard incident.isOpen || incident.mergedInto == nil else { throw RefusedAction(.incidentMerged, incident.id) }
        guard state.openAlert(alert.key) == nil else { throw RefusedAction(.alertOpenElsewhere, incident.id) }
        state.reopenAlert(alert, at: now)
        state.updateIncident(incident.id) { $0.isUrgencySetByHand = false }
        if incident.isOpen {
            state.log(.reopen, event: event, at: now, incident: incident, alert: alert.id, agent: agent)
        } else {
            state.markReopened(incident, alert: alert.id, by: agent, event: event, at: now)
        }
        state.recomputeUrgency(of: incident.id, event: event, at: now, agent: agent)
    }

    /// Moves an alert into another incident, and says whether it was elsewhere.
    private func move(
        _ id: AlertID, from incident: IncidentID, to target: IncidentID?, in state: inout FoldState
    ) throws(RefusedAction) -> Bool {
        guard let target, target != incident, let alert = state.alerts[id] else { return false }
        guard let taker = state.incidents[target] else { throw RefusedAction(.unknownIncident, target) }
        guard taker.isOpen else { throw RefusedAction(.targetResolved, target) }
        guard taker.alertCount < Incident.maximumAlertCount else { throw RefusedAction(.tooManyAlerts, target) }
        state.move(alert, to: target, at: now)
        guard let giver = state.incidents[incident] else { return true }
        for (side, other) in [(giver, target), (taker, incident)] {
            state.log(.alertMove, event: event, at: now, incident: side, alert: id, agent: agent) {
                $0.otherIncidentID = other
            }
        }
        let isLeftEmpty = giver.isOpen ? alert.status == .triggered && giver.openAlertCount == 0 : giver.alertCount == 0
        if isLeftEmpty {
            state.absorb(giver, into: target, arrival)
        } else {
            state.recomputeUrgency(of: incident, event: event, at: now, agent: agent)
        }
        state.recomputeUrgency(of: target, event: event, at: now, agent: agent)
        return true
    }
}
