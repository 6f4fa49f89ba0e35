/// The fold: one event applied to what the events before it left. Pure: the same log gives the same rows.
///
/// "Now" is the event's `receivedAt`. A trigger meets its open alert, or its alert goes through `placingStages` until one
/// of them settles where it belongs; an acknowledge, a resolve, an action and a timer each have a type of their own.
public enum Lifecycle {
    /// The stages of an alert that is in no incident, in order. A stage that returns nil hands on to the next; the last
    /// always settles it.
    static let placingStages: [any PlacingStage] = [
        Silencing(), Inhibiting(), Grouping(), Storming(), Opening(),
    ]

    /// Applies an event and records its outcome. Never fails: an event that means nothing has an outcome that says so.
    @discardableResult
    public static func apply(_ event: Event, to state: inout FoldState) -> Outcome {
        state.begin()
        let outcome = settle(event, in: &state)
        state.record(outcome, of: event.id)
        return outcome
    }

    /// Sets an event aside whose changes the tables refused.
    public static func setAside(_ event: Event, in state: inout FoldState) -> Outcome {
        state.record(.dropped(.inapplicable), of: event.id)
        return .dropped(.inapplicable)
    }

    /// Finds an alert its place.
    static func place(_ candidate: Candidate, in state: inout FoldState) -> Outcome {
        for stage in placingStages {
            if let outcome = stage.place(candidate, in: &state) { return outcome }
        }
        preconditionFailure("the last stage settles every alert")
    }

    private static func settle(_ event: Event, in state: inout FoldState) -> Outcome {
        switch event.content {
        case .alert(let alert):
            guard let arrival = Arrival(event, alert, in: state) else { return .dropped(.unknownIntegration) }
            state.noteHeartbeat(of: arrival.integration.id, event: event.id, at: event.receivedAt, isSent: true)
            switch alert.action {
            case .trigger:
                let outcome =
                    Deduplication.apply(arrival, to: &state) ?? place(Candidate(arrival, in: state), in: &state)
                if let id = outcome.alertID { state.updateSources(of: id, at: event.receivedAt) }
                return outcome
            case .acknowledge: return AcknowledgeEvent.apply(arrival, to: &state)
            case .resolve: return ResolveEvent.apply(arrival, to: &state)
            }
        case .change(let change):
            guard let integration = state.integrations[change.integrationID] else {
                return .dropped(.unknownIntegration)
            }
            state.noteHeartbeat(of: integration.id, event: event.id, at: event.receivedAt, isSent: true)
            state.insert(
                RecordedChange(
                    id: event.id, change: change, serviceID: integration.serviceID, createdAt: event.receivedAt))
            return .recorded
        case .action(let action): return ActionEvents.apply(action, event: event, to: &state)
        case .timer(let timer): return TimerEvents.apply(timer, event: event, to: &state)
        case .unreadable: return .dropped(.unreadable)
        }
    }
}

/// An event of a sender together with the integration and the service it came in by.
struct Arrival {
    let id: EventID
    let now: Timestamp
    let event: AlertEvent
    let integration: Integration
    let service: Service

    init?(_ event: borrowing Event, _ alert: AlertEvent, in state: borrowing FoldState) {
        // What was accepted before its integration was deleted comes too late: nothing could resolve what it opened.
        guard let integration = state.integrations[alert.integrationID], integration.deletedAt == nil,
            let service = state.services[integration.serviceID]
        else { return nil }
        id = event.id
        now = event.receivedAt
        self.event = alert
        self.integration = integration
        self.service = service
    }

    /// The agent that the event's log entries show.
    var agent: Agent { .integration(integration.id, event.version) }

    /// What the trigger's alert is taken for.
    var severity: Severity { event.data.severity ?? integration.defaultSeverity }

    /// What the trigger says, with the source that V1 lacks (events-api.md section 5.2).
    var alertData: AlertData {
        var data = event.data
        data.severity = severity
        data.source = data.source ?? data.client ?? integration.name
        return data
    }
}
