/// An alert of a service that brings alerts together joins the open incident of its group (events-api.md section 9, "or
/// joins an open incident by a grouping rule"), and one of a key that flaps joins the incident that stays open for it.
struct Grouping: PlacingStage {
    func place(_ candidate: Candidate, in state: inout FoldState) -> Outcome? {
        let keys = candidate.groupKeys
        // Where several would take the alert, the oldest does.
        let takers = (keys + candidate.flapKeys).flatMap { state.groupIncidents($0, at: candidate.now) }
        guard let id = takers.min(), let incident = state.incidents[id] else { return nil }
        state.join(incident, candidate)
        if let grouping = candidate.service.alertGrouping {
            state.extendGroups(keys, of: id, grouping, at: candidate.now)
        }
        state.noteStateChange(of: candidate.alert.id, in: id, event: candidate.event, at: candidate.now)
        return .grouped(candidate.alert.id, id)
    }
}

extension Candidate {
    /// The groups that it belongs to by what it says.
    var groupKeys: [AlertGroupKey] { service.alertGrouping?.keys(of: alert.data, service: service.id) ?? [] }

    /// The group of its key, which there is while the key flaps.
    var flapKeys: [AlertGroupKey] {
        service.flapDetection == nil ? [] : [Flapping.groupKey(of: alert.key, service: service.id)]
    }
}

extension AlertGrouping {
    /// The groups that an alert belongs to; none where it has no value in any of the fields.
    func keys(of data: AlertData, service: ServiceID) -> [AlertGroupKey] {
        switch self {
        case .time: return [AlertGroupKey(serviceID: service, value: Array("time".utf8))]
        case .contentBased(let fields, let aggregate, _):
            let parts = fields.map { (name: $0.rawValue, value: $0.value(in: data)) }
            guard parts.contains(where: { $0.value != nil }) else { return [] }
            switch aggregate {
            case .all:
                // Lengths keep two splits of the same text apart.
                let text = parts.map { "\($0.name)=\($0.value?.utf8.count ?? -1):\($0.value ?? "")" }
                return [AlertGroupKey(serviceID: service, value: Array(text.joined(separator: " ").utf8))]
            case .any:
                return parts.compactMap { part in
                    part.value.map {
                        AlertGroupKey(serviceID: service, value: Array("\(part.name)=\($0)".utf8))
                    }
                }
            }
        }
    }
}

extension AlertGrouping.Field {
    fileprivate func value(in data: AlertData) -> String? {
        switch self {
        case .summary: data.summary
        case .source: data.source
        case .component: data.component
        case .group: data.group
        case .class: data.class
        case .severity: data.severity?.rawValue
        case .client: data.client
        }
    }
}

extension FoldState {
    /// The open incidents that take a further alert of a group at a moment. Those of the key have to be at hand.
    fileprivate func groupIncidents(_ key: AlertGroupKey, at now: Timestamp) -> [IncidentID] {
        openGroups(key, at: now).filter { id in
            guard let incident = incidents[id] else { return false }
            return incident.isOpen && incident.alertCount < Incident.maximumAlertCount
        }
    }

    /// Has the next alerts of the groups join an incident, for as long as the rule says.
    mutating func extendGroups(
        _ keys: [AlertGroupKey], of id: IncidentID, _ grouping: AlertGrouping, at now: Timestamp
    ) {
        guard let incident = incidents[id] else { return }
        let end: Timestamp? =
            switch grouping {
            case .contentBased(_, _, let window): window.map(now.adding(seconds:))
            case .time(let window): window.map(incident.createdAt.adding(seconds:))
            }
        for key in keys { setGroup(AlertGroup(key: key, incidentID: id), until: end) }
    }

    /// Puts an alert into an incident that others have opened.
    mutating func join(_ incident: Incident, _ candidate: Candidate) {
        put(candidate, into: incident)
        updateIncident(incident.id) { incident in
            incident.alertCount += 1
            incident.openAlertCount += 1
            incident.openHighUrgencyCount += candidate.alert.severity.urgency.count
            incident.isUrgencySetByHand = false
            incident.updatedAt = candidate.now
        }
        recomputeUrgency(of: incident.id, event: candidate.event, at: candidate.now, agent: candidate.agent)
    }
}
