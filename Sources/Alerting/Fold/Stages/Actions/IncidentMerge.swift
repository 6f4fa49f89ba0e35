/// Several incidents become one: the alerts of the sources move into the target (rest-api.md section 5.7).
struct IncidentMerge {
    let arrival: ActionArrival

    /// Merges all sources, or none. The target keeps its status.
    func apply(
        _ sources: [IncidentID], into target: IncidentID, to state: inout FoldState
    ) throws(RefusedAction) -> Outcome {
        guard let incident = state.incidents[target] else { throw RefusedAction(.unknownIncident, target) }
        guard !sources.isEmpty else { return .unchanged(target) }
        try check(sources, into: incident, in: state)
        for source in sources { merge(source, into: target, in: &state) }
        state.recomputeUrgency(of: target, event: arrival.id, at: arrival.now, agent: arrival.agent)
        return .applied(target)
    }

    private func check(
        _ sources: [IncidentID], into target: Incident, in state: FoldState
    ) throws(RefusedAction) {
        guard target.isOpen else { throw RefusedAction(.targetResolved, target.id) }
        var count = target.alertCount
        for id in sources {
            guard id != target.id else { throw RefusedAction(.targetAmongSources, id) }
            guard let source = state.incidents[id] else { throw RefusedAction(.unknownIncident, id) }
            guard source.mergedInto == nil else { throw RefusedAction(.incidentMerged, id) }
            guard source.alertCount > 0 else { throw RefusedAction(.sourceWithoutAlerts, id) }
            count += source.alertCount
        }
        guard count <= Incident.maximumAlertCount else { throw RefusedAction(.tooManyAlerts, target.id) }
    }

    private func merge(_ id: IncidentID, into target: IncidentID, in state: inout FoldState) {
        for alert in state.alerts(ofIncident: id) { state.move(alert, to: target, at: arrival.now) }
        guard let source = state.incidents[id] else { return }
        for (incident, other) in [(state.incidents[target], id), (source, target)] {
            guard let incident else { continue }
            state.log(.merge, event: arrival.id, at: arrival.now, incident: incident, agent: arrival.agent) {
                $0.otherIncidentID = other
            }
        }
        state.absorb(source, into: target, arrival)
    }
}

extension FoldState {
    /// Ends an incident whose alerts live on in another: it is resolved, if it is not yet, and cannot be reopened.
    mutating func absorb(_ source: Incident, into target: IncidentID, _ arrival: ActionArrival) {
        updateIncident(source.id) { incident in
            incident.mergedInto = target
            incident.updatedAt = arrival.now
        }
        guard source.isOpen else { return }
        log(.resolve, event: arrival.id, at: arrival.now, incident: source, agent: arrival.agent) {
            $0.otherIncidentID = target
        }
        close(source.id, by: arrival.agent, event: arrival.id, at: arrival.now)
    }
}
