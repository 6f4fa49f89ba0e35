import Alerting

/// The states that an event can find its key's alert and incident in: the columns of the lifecycle table.
enum Situation: CaseIterable {
    /// No event had the key before.
    case never
    /// One open alert, of severity critical, in a triggered incident.
    case triggered
    /// The same, acknowledged by event.
    case acknowledged
    /// The alert was resolved, and its incident with it.
    case resolved
    /// A triggered incident with two open alerts, critical ones both; the events are about the first.
    case several
    /// An acknowledged incident with two open alerts.
    case severalAcknowledged
    /// The alert's incident was merged into another: the alert is open there, the incident itself is resolved.
    case merged
}

/// A fold that has come to a situation.
struct Prepared {
    var fold: FoldRecorder
    /// The alert of the key, if there is one.
    var alert: AlertID?
    /// The incident that holds the alert; one that does not exist where there is none.
    var incident: IncidentID
    /// The incident that actions and timers name: the source of the merge, else `incident`.
    var named: IncidentID
}

extension Situation {
    static let unknownIncident: IncidentID = 999_999

    /// Comes to the situation by events where events lead there. Grouping and merging have no event yet, so those
    /// situations are loaded as they would be from the tables.
    func prepare() -> Prepared {
        var fold = FoldRecorder.withIntegration()
        guard self != .never else {
            return Prepared(fold: fold, alert: nil, incident: Self.unknownIncident, named: Self.unknownIncident)
        }
        fold.send(.trigger)
        let id = fold.lastID
        switch self {
        case .never, .triggered: break
        case .acknowledged: fold.send(.acknowledge)
        case .resolved: fold.send(.resolve)
        case .several, .severalAcknowledged, .merged:
            if self == .severalAcknowledged { fold.send(.acknowledge) }
            return self == .merged ? Self.merge(id, in: fold) : Self.addAlert(to: id, in: fold)
        }
        return Prepared(fold: fold, alert: id, incident: id, named: id)
    }

    private static func addAlert(to id: IncidentID, in fold: FoldRecorder) -> Prepared {
        var next = fold
        next.send(.trigger, "memory")
        guard var incident = fold.state.incidents[id], let first = fold.state.alerts[id],
            var second = next.state.alerts[next.lastID]
        else { return Prepared(fold: fold, alert: nil, incident: 0, named: 0) }
        second.incidentID = id
        incident.alertCount = 2
        incident.openAlertCount = 2
        incident.openHighUrgencyCount = 2
        next.state = fold.state.settingsOnly()
        next.state.load(incident)
        next.state.load(alerts: [first, second], ofIncident: id)
        next.state.load(openAlert: first, of: incident, for: first.key)
        next.state.load(openAlert: second, of: incident, for: second.key)
        return Prepared(fold: next, alert: id, incident: id, named: id)
    }

    private static func merge(_ source: IncidentID, in fold: FoldRecorder) -> Prepared {
        var next = fold
        next.send(.trigger, "memory")
        let target = next.lastID
        guard var from = next.state.incidents[source], var into = next.state.incidents[target],
            var moved = next.state.alerts[source], let resident = next.state.alerts[target]
        else { return Prepared(fold: fold, alert: nil, incident: 0, named: 0) }
        from.status = .resolved
        from.resolvedAt = next.now
        from.resolvedEventID = next.lastID
        from.mergedInto = target
        from.alertCount = 0
        from.openAlertCount = 0
        from.openHighUrgencyCount = 0
        from.acknowledgementExpiresAt = nil
        from.autoResolveAt = nil
        into.alertCount = 2
        into.openAlertCount = 2
        into.openHighUrgencyCount = 2
        moved.incidentID = target
        next.state = next.state.settingsOnly()
        next.state.load(from)
        next.state.load(into)
        next.state.load(alerts: [], ofIncident: source)
        next.state.load(alerts: [moved, resident], ofIncident: target)
        next.state.load(openAlert: moved, of: into, for: moved.key)
        return Prepared(fold: next, alert: moved.id, incident: target, named: source)
    }
}
