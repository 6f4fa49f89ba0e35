/// What has to be at hand in the state before an event can be applied to it.
public enum Requirement: Hashable, Sendable {
    /// The open alert of a key, with its incident.
    case openAlert(AlertKey)
    /// An incident, all of its alerts, and whichever alerts hold the keys of those open now.
    case incidentWithAlerts(IncidentID)
    /// The incidents that take alerts of a group at a moment or later.
    case group(AlertGroupKey, at: Timestamp)
    /// How many notes an incident has.
    case noteCount(IncidentID)
    /// The open incidents of a service that are found by a key.
    case openIncidents(ServiceID, DedupKey)
    /// How many open incidents a service has.
    case openIncidentCount(ServiceID)
    /// How many open alerts an integration has.
    case openAlertCount(IntegrationID)
}

extension Lifecycle {
    /// What has to be at hand for an event, by the settings of a state. An incident that does not exist counts as at hand
    /// once it was looked for.
    public static func requirements(of event: Event, in state: FoldState) -> [Requirement] {
        switch event.content {
        case .alert(let alert): [.openAlert(alert.key)] + groups(of: event, alert, in: state)
        case .change, .unreadable: []
        case .timer(let timer): [.incidentWithAlerts(timer.incidentID)]
        case .action(let action): requirements(of: action.command)
        }
    }

    /// The events at the beginning that may be folded together: up to and including the first that changes settings, for
    /// what those after it require may hang on them.
    public static func batch(of events: [Event]) -> [Event] {
        let end = events.firstIndex { event in
            if case .action(let action) = event.content { action.command.changesSettings } else { false }
        }
        return end.map { Array(events[...$0]) } ?? events
    }

    private static func groups(of event: Event, _ alert: AlertEvent, in state: FoldState) -> [Requirement] {
        guard alert.action == .trigger, let arrival = Arrival(event, alert, in: state),
            let grouping = arrival.service.alertGrouping
        else { return [] }
        return grouping.keys(of: arrival.alertData, service: arrival.service.id).map {
            .group($0, at: event.receivedAt)
        }
    }

    /// What has to be at hand for an action.
    public static func requirements(of command: Action.Command) -> [Requirement] {
        switch command {
        case .createIncident(let draft): [.openIncidents(draft.serviceID, DedupKey(draft.key))]
        case .updateIncidents(let updates): updates.map { .incidentWithAlerts($0.incidentID) }
        case .updateAlerts(let id, let updates):
            [.incidentWithAlerts(id)] + updates.compactMap { $0.incidentID.map { .incidentWithAlerts($0) } }
        case .mergeIncidents(let target, let sources): ([target] + sources).map { .incidentWithAlerts($0) }
        case .snoozeIncident(let id, _): [.incidentWithAlerts(id)]
        case .addNote(let id, _): [.incidentWithAlerts(id), .noteCount(id)]
        case .deleteService(let id): [.openIncidentCount(id)]
        case .deleteIntegration(let id): [.openAlertCount(id)]
        case .createService, .updateService, .createIntegration, .updateIntegration, .disableIntegration,
            .enableIntegration, .rotateIntegrationKey, .createToken, .revokeToken:
            []
        }
    }
}
