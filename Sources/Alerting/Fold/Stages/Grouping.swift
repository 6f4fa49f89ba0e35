/// An alert of a service that brings alerts together joins the open incident of its group (events-api.md section 9, "or
/// joins an open incident by a grouping rule"), and one of a key that flaps joins the incident that stays open for it.
struct Grouping: PlacingStage {
    func place(_ candidate: Candidate, in state: inout FoldState) -> Outcome? {
        let group = candidate.grouping(in: state)
        // Where several would take the alert, the oldest does.
        let flapping = candidate.flapKeys.flatMap { state.groupIncidents($0, at: candidate.now, limit: nil) }
        let limit = candidate.service.alertGrouping?.alertLimit
        let ofGroup = (group?.keys ?? []).flatMap { state.groupIncidents($0, at: candidate.now, limit: limit) }
        guard let id = (flapping + ofGroup).min(), let incident = state.incidents[id] else { return nil }
        state.join(incident, candidate)
        if let group { state.extendGroups(group, of: id, at: candidate.now) }
        state.noteStateChange(of: candidate.alert.id, in: id, event: candidate.event, at: candidate.now)
        return .grouped(candidate.alert.id, id, ofGroup.contains(id) ? nil : .flapping)
    }
}

/// The groups of an alert, and for how long its incident takes further alerts of them.
struct GroupMembership {
    /// The groups.
    var keys: [AlertGroupKey]
    /// Seconds; nil is for as long as the incident is open.
    var timeWindow: Int64?
    /// Whether they run from the last alert that joined, rather than from the opening of the incident.
    var isRolling: Bool
}

extension Candidate {
    /// The groups that it belongs to by what it says; nil where it is in none. Its details have to be at hand where they
    /// are asked for.
    func grouping(in state: borrowing FoldState) -> GroupMembership? {
        guard let grouping = service.alertGrouping else { return nil }
        let details = grouping.detailKeys.isEmpty ? [:] : state.details(of: alert)
        return grouping.membership(of: alert, details)
    }

    /// The group of its key, which there is while the key flaps.
    var flapKeys: [AlertGroupKey] {
        service.flapDetection == nil ? [] : [Flapping.groupKey(of: alert.key, service: service.id)]
    }
}

extension AlertGrouping {
    /// The groups that an alert belongs to; nil where it has no value in any of the fields, or no rule is for it.
    func membership(of alert: Alert, _ details: [String: String]) -> GroupMembership? {
        switch self {
        case .time(let window):
            let key = AlertGroupKey(serviceID: alert.serviceID, value: Array("time".utf8))
            return GroupMembership(keys: [key], timeWindow: window, isRolling: false)
        case .contentBased(let fields, let aggregate, let window):
            let parts = AlertGrouping.parts(fields, of: alert, details)
            guard parts.contains(where: { $0.value != nil }) else { return nil }
            let texts =
                switch aggregate {
                case .all: [AlertGrouping.text(of: parts)]
                case .any: parts.compactMap { part in part.value.map { "\(part.name)=\($0)" } }
                }
            let keys = texts.map { AlertGroupKey(serviceID: alert.serviceID, value: Array($0.utf8)) }
            return GroupMembership(keys: keys, timeWindow: window, isRolling: true)
        case .rules(let rules, _):
            guard let place = rules.firstIndex(where: { $0.matchers.matches { alert.label($0) } }) else { return nil }
            let rule = rules[place]
            let parts = AlertGrouping.parts(rule.fields, of: alert, details)
            let missing = parts.count { $0.value == nil }
            guard missing == 0 || (!rule.isStrict && missing < parts.count) else { return nil }
            let text = "rule \(place + 1): \(AlertGrouping.text(of: parts))"
            return GroupMembership(
                keys: [AlertGroupKey(serviceID: alert.serviceID, value: Array(text.utf8))],
                timeWindow: rule.timeWindow, isRolling: rule.isRolling)
        }
    }

    private static func parts(
        _ fields: [Field], of alert: Alert, _ details: [String: String]
    ) -> [(name: String, value: String?)] {
        fields.map { field in
            // The key of a detail may hold anything; its length keeps it apart from the value.
            guard let detail = field.detail else { return (field.rawValue, field.value(in: alert.data)) }
            return ("\(field.rawValue.utf8.count):\(field.rawValue)", details[detail])
        }
    }

    /// Lengths keep two splits of the same text apart.
    private static func text(of parts: [(name: String, value: String?)]) -> String {
        parts.map { "\($0.name)=\($0.value?.utf8.count ?? -1):\($0.value ?? "")" }.joined(separator: " ")
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
        default: nil
        }
    }
}

extension FoldState {
    /// The open incidents that take a further alert of a group at a moment. Those of the key have to be at hand.
    fileprivate func groupIncidents(_ key: AlertGroupKey, at now: Timestamp, limit: Int64?) -> [IncidentID] {
        openGroups(key, at: now).filter { id in
            guard let incident = incidents[id] else { return false }
            return incident.isOpen && incident.alertCount < limit ?? incident.alertCapacity
        }
    }

    /// Has the next alerts of the groups join an incident, for as long as is said.
    mutating func extendGroups(_ group: GroupMembership, of id: IncidentID, at now: Timestamp) {
        guard let incident = incidents[id] else { return }
        let start = group.isRolling ? now : incident.createdAt
        let end = group.timeWindow.map(start.adding(seconds:))
        for key in group.keys { setGroup(AlertGroup(key: key, incidentID: id), until: end) }
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
