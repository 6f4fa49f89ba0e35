/// What has to be at hand in the state before an event can be applied to it.
public enum Requirement: Hashable, Sendable {
    /// The open alert of a key, with its incident.
    case openAlert(AlertKey)
    /// An alert, with its incident.
    case alert(AlertID)
    /// An incident, all of its alerts, and whichever alerts hold the keys of those open now.
    case incidentWithAlerts(IncidentID)
    /// The incidents that take alerts of a group at a moment or later.
    case group(AlertGroupKey, at: Timestamp)
    /// What stands under some keys in the details of an event.
    case details(EventID, keys: [String])
    /// The last so many alerts of a key that are in incidents.
    case recentAlerts(AlertKey, Int64)
    /// The incidents of a service that were opened within `StormDetection.window` before a moment.
    case recentIncidents(ServiceID, at: Timestamp)
    /// The open alerts that hold others back under a key.
    case inhibitors(InhibitionKey)
    /// By what an alert holds others back.
    case inhibitionSources(AlertID)
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
    /// What has to be at hand for an event, by the settings of a state. An incident or alert that does not exist counts as
    /// at hand once it was looked for.
    public static func requirements(of event: Event, in state: FoldState) -> [Requirement] {
        switch event.content {
        case .alert(let alert): [.openAlert(alert.key)]
        case .change, .unreadable: []
        case .timer(let timer): requirements(of: timer)
        case .action(let action): requirements(of: action.command)
        }
    }

    /// What has to be at hand besides, once `requirements(of:in:)` is: what hangs on the alert that the event is about. Where
    /// it is details alone, more may hang on those.
    public static func furtherRequirements(of event: Event, in state: FoldState) -> [Requirement] {
        switch event.content {
        case .alert(let alert):
            guard let arrival = Arrival(event, alert, in: state) else { return [] }
            guard alert.action == .trigger else {
                return alert.action == .resolve ? recent(alert.key, of: arrival.service) : []
            }
            // Most services ask for nothing more: what the trigger says need not be put together twice for them.
            guard arrival.service.bringsAlertsTogether || !state.inhibitions.isEmpty else { return [] }
            let candidate = Candidate(arrival, in: state)
            let own = candidate.isNew || state.inhibitions.isEmpty
            return placing(candidate, in: state) + (own ? [] : [.inhibitionSources(candidate.alert.id)])
        case .timer(let timer) where timer.kind == .release:
            let candidate = Candidate(released: timer.subjectID, event: event, in: state)
            return candidate.map { placing($0, in: state) } ?? []
        case .timer(let timer) where timer.kind == .heartbeatEnd:
            guard let integration = state.integrations[timer.subjectID],
                let service = state.services[integration.serviceID]
            else { return [] }
            return recent(Heartbeat.key(of: integration.id), of: service)
        case .timer(let timer) where timer.kind == .heartbeat:
            return HeartbeatEvents.candidate(timer, event: event, in: state).map { placing($0, in: state) } ?? []
        default: return []
        }
    }

    /// The events at the beginning that may be folded together: up to and including the first that changes settings, for
    /// what those after it require may hang on them.
    public static func batch(of events: [Event]) -> [Event] { batch(of: events[...]) }

    /// As for an array.
    public static func batch(of events: ArraySlice<Event>) -> [Event] {
        let end = events.firstIndex { event in
            switch event.content {
            case .action(let action): action.command.changesSettings
            case .timer(let timer): timer.kind == .silenceEnd
            case .alert, .change, .unreadable: false
            }
        }
        return Array(end.map { events[...$0] } ?? events)
    }

    private static func requirements(of timer: TimerEvent) -> [Requirement] {
        switch timer.kind {
        case .acknowledgementTimeout, .autoResolve, .snooze, .flapRelease, .stormEnd:
            [.incidentWithAlerts(timer.subjectID)]
        case .release: [.alert(timer.subjectID)]
        case .silenceEnd: []
        case .heartbeat, .heartbeatEnd: [.openAlert(Heartbeat.key(of: timer.subjectID))]
        }
    }

    /// What has to be at hand to find an alert its place.
    private static func placing(_ candidate: Candidate, in state: FoldState) -> [Requirement] {
        if let keys = candidate.service.alertGrouping?.detailKeys, !keys.isEmpty,
            let event = candidate.alert.detailsEventID, !state.meets(.details(event, keys: keys))
        {
            return [.details(event, keys: keys)]
        }
        return ((candidate.grouping(in: state)?.keys ?? []) + candidate.flapKeys).map { .group($0, at: candidate.now) }
            + recent(candidate.alert.key, of: candidate.service)
            + (candidate.service.stormDetection == nil ? [] : storm(of: candidate))
            + state.inhibitions.targets(candidate.alert).map { .inhibitors($0.key) }
    }

    /// What has to be at hand to tell whether a service is in a storm.
    private static func storm(of candidate: Candidate) -> [Requirement] {
        [
            .group(Storming.groupKey(of: candidate.service.id), at: candidate.now),
            .recentIncidents(candidate.service.id, at: candidate.now),
        ]
    }

    /// What has to be at hand to tell whether a key flaps.
    private static func recent(_ key: AlertKey, of service: Service) -> [Requirement] {
        service.flapDetection.map { [.recentAlerts(key, $0.changes)] } ?? []
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
        case .deleteService(let id, _): [.openIncidentCount(id)]
        case .deleteIntegration(let id): [.openAlertCount(id)]
        case .createService, .updateService, .createIntegration, .updateIntegration, .disableIntegration,
            .enableIntegration, .rotateIntegrationKey, .createToken, .revokeToken, .createSilence, .updateSilence,
            .endSilence, .createInhibitionRule, .deleteInhibitionRule:
            []
        }
    }
}
