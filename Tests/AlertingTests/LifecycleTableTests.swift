import Alerting
import Testing

/// What a cell of the lifecycle table says.
private enum Effect {
    /// A new alert and a new incident; what was there stays as it was.
    case opens
    /// Only counted and dated (9.2).
    case repeats
    /// The alert is told anew, with a log entry (9.1).
    case updates
    /// The same, and the incident's urgency falls to low.
    case lowers
    /// The incident turns acknowledged; or was, and its timeout starts anew. By event or by a user.
    case acknowledges, acknowledgesAgain, userAcknowledges, userAcknowledgesAgain
    /// The alert and its incident are resolved.
    case resolves
    /// The alert is resolved, its incident has another open one.
    case resolvesAlert
    /// A user resolves the incident with all of its alerts.
    case userResolves
    /// A user turns the incident triggered again.
    case userUnacknowledges
    /// A user opens the incident again.
    case userReopens
    /// A user sets the title or the urgency.
    case retitles, setsUrgency
    /// A timer turns the incident triggered again, or resolves it with all of its alerts.
    case timesOut, autoResolves
    /// Nothing but an outcome.
    case drops(DropReason), refuses(Refusal), unchanged, recorded, applied
}

extension Effect {
    var outcome: String {
        switch self {
        case .opens: "opened"
        case .repeats, .updates, .lowers: "deduplicated"
        case .acknowledges: "acknowledged"
        case .acknowledgesAgain: "acknowledged_again"
        case .resolves: "resolved"
        case .resolvesAlert: "alert_resolved"
        case .userAcknowledges, .userAcknowledgesAgain, .userResolves, .userUnacknowledges, .userReopens, .retitles,
            .setsUrgency, .applied:
            "applied"
        case .timesOut, .autoResolves: "fired"
        case .drops: "dropped"
        case .refuses: "refused"
        case .unchanged: "unchanged"
        case .recorded: "recorded"
        }
    }

    var reason: String? {
        switch self {
        case .drops(let reason): reason.rawValue
        case .refuses(let refusal): refusal.rawValue
        default: nil
        }
    }

    var entries: [LogEntryKind] {
        switch self {
        case .opens, .updates: [.trigger]
        case .lowers: [.trigger, .urgencyChange]
        case .acknowledges, .acknowledgesAgain, .userAcknowledges, .userAcknowledgesAgain: [.acknowledge]
        case .resolves, .resolvesAlert, .userResolves, .autoResolves: [.resolve]
        case .userUnacknowledges, .timesOut: [.unacknowledge]
        case .userReopens: [.reopen]
        case .retitles: [.titleChange]
        case .setsUrgency: [.urgencyChange]
        case .repeats, .drops, .refuses, .unchanged, .recorded, .applied: []
        }
    }

    /// Whether the incident's `updatedAt` moves: "last change of anything" (events-api.md
    /// section 9).
    var touchesIncident: Bool {
        switch self {
        case .opens, .drops, .refuses, .unchanged, .recorded, .applied: false
        default: true
        }
    }

    /// The agent of the log entries (rest-api.md section 6.3).
    func agent(service: ServiceID, integration: IntegrationID) -> Agent {
        switch self {
        case .timesOut, .autoResolves: .service(service)
        case .userAcknowledges, .userAcknowledgesAgain, .userResolves, .userUnacknowledges, .userReopens, .retitles,
            .setsUrgency:
            FoldRecorder.operatorAgent
        default: .integration(integration, .v2)
        }
    }

    /// Who changed the status last, where this changes it: a user, or the service for events and timers
    /// (rest-api.md section 6.1).
    func statusChanger(service: ServiceID) -> Agent {
        switch self {
        case .userAcknowledges, .userResolves, .userUnacknowledges, .userReopens: FoldRecorder.operatorAgent
        default: .service(service)
        }
    }

    /// The status that the incident has afterwards; nil where it stays.
    var status: IncidentStatus? {
        switch self {
        case .acknowledges, .userAcknowledges: .acknowledged
        case .resolves, .userResolves, .autoResolves: .resolved
        case .userUnacknowledges, .userReopens, .timesOut: .triggered
        default: nil
        }
    }
}

/// The lifecycle as a whole: every kind of event in every state (events-api.md section 9, rest-api.md section 5.3).
///
/// A merged source is resolved for good; events of its alerts' keys apply where the alerts now live, and actions and
/// timers that name the source meet the source.
@Suite struct LifecycleTableTests {
    // Columns: never, triggered, acknowledged, resolved, several, severalAcknowledged, merged.
    private static let table: [Incoming: [Effect]] = [
        .triggerSame: [.opens, .repeats, .repeats, .opens, .repeats, .repeats, .repeats],
        .triggerOtherContent: [.opens, .updates, .updates, .opens, .updates, .updates, .updates],
        .triggerOtherSeverity: [.opens, .lowers, .lowers, .opens, .updates, .updates, .updates],
        .acknowledge: [
            .drops(.noOpenAlert), .acknowledges, .acknowledgesAgain, .drops(.noOpenAlert), .acknowledges,
            .acknowledgesAgain, .acknowledges,
        ],
        .resolve: [
            .drops(.noOpenAlert), .resolves, .resolves, .drops(.noOpenAlert), .resolvesAlert, .resolvesAlert,
            .resolvesAlert,
        ],
        .changeEvent: Array(repeating: .recorded, count: 7),
        .putTriggered: [
            .refuses(.unknownIncident), .unchanged, .userUnacknowledges, .userReopens, .unchanged, .userUnacknowledges,
            .refuses(.incidentMerged),
        ],
        .putAcknowledged: [
            .refuses(.unknownIncident), .userAcknowledges, .userAcknowledgesAgain, .refuses(.incidentResolved),
            .userAcknowledges, .userAcknowledgesAgain, .refuses(.incidentResolved),
        ],
        .putResolved: [
            .refuses(.unknownIncident), .userResolves, .userResolves, .unchanged, .userResolves, .userResolves,
            .unchanged,
        ],
        .putTitle: [
            .refuses(.unknownIncident), .retitles, .retitles, .retitles, .retitles, .retitles, .retitles,
        ],
        .putUrgency: [
            .refuses(.unknownIncident), .setsUrgency, .setsUrgency, .setsUrgency, .setsUrgency, .setsUrgency,
            .setsUrgency,
        ],
        .putNothing: [
            .refuses(.unknownIncident), .unchanged, .unchanged, .unchanged, .unchanged, .unchanged, .unchanged,
        ],
        .acknowledgementTimeout: [
            .drops(.timerSuperseded), .drops(.timerSuperseded), .timesOut, .drops(.timerSuperseded),
            .drops(.timerSuperseded), .timesOut, .drops(.timerSuperseded),
        ],
        .supersededAcknowledgementTimeout: Array(repeating: .drops(.timerSuperseded), count: 7),
        .autoResolve: [
            .drops(.timerSuperseded), .autoResolves, .autoResolves, .drops(.timerSuperseded), .autoResolves,
            .autoResolves, .drops(.timerSuperseded),
        ],
        .supersededAutoResolve: Array(repeating: .drops(.timerSuperseded), count: 7),
        .unreadable: Array(repeating: .drops(.unreadable), count: 7),
        .createService: Array(repeating: .applied, count: 7),
    ]

    @Test func theTableIsFull() {
        #expect(Set(Self.table.keys) == Set(Incoming.allCases))
        #expect(Self.table.values.allSatisfy { $0.count == Situation.allCases.count })
    }

    @Test(arguments: Incoming.allCases, Situation.allCases)
    func cell(incoming: Incoming, situation: Situation) throws {
        let column = try #require(Situation.allCases.firstIndex(of: situation))
        let effect = try #require(Self.table[incoming]?[column])
        var prepared = situation.prepare()
        let before = prepared.fold.state
        let outcome = incoming.arrive(in: &prepared)
        let after = prepared.fold.state
        let now = prepared.fold.now

        #expect(outcome.name == effect.outcome)
        #expect(outcome.reason == effect.reason)
        #expect(prepared.fold.state.changes.outcomes.map(\.event) == [prepared.fold.lastID])
        #expect(prepared.fold.state.changes.outcomes.first?.outcome == outcome)
        checkEntries(effect, prepared, now)
        try checkInvariants(after)

        // What the event is not about stays as it was.
        let isAction = [
            .putTriggered, .putAcknowledged, .putResolved, .putTitle, .putUrgency, .putNothing,
            .acknowledgementTimeout, .supersededAcknowledgementTimeout, .autoResolve, .supersededAutoResolve,
        ].contains(incoming)
        let subject = isAction ? prepared.named : prepared.incident
        for (id, incident) in before.incidents where id != subject || !effect.touchesIncident {
            #expect(after.incidents[id] == incident)
        }
        if !effect.touchesIncident {
            for (id, alert) in before.alerts { #expect(after.alerts[id] == alert) }
        }
        switch effect {
        case .opens: try checkOpened(incoming, outcome, prepared, before)
        case _ where effect.touchesIncident:
            let old = try #require(before.incidents[subject])
            let new = try #require(after.incidents[subject])
            try checkIncident(effect, old, new, prepared)
            try checkAlerts(effect, prepared, before)
            if outcome.name != "applied" || subject == prepared.named { #expect(outcome.incidentID == subject) }
        default: #expect(after.incidents.count == before.incidents.count)
        }
    }

    private func checkEntries(_ effect: Effect, _ prepared: Prepared, _ now: Timestamp) {
        let fold = prepared.fold
        #expect(fold.writtenKinds == effect.entries)
        for (place, entry) in fold.written.enumerated() {
            #expect(entry.id == LogEntry.id(event: fold.lastID, place: Int64(place)))
            #expect(entry.agent == effect.agent(service: fold.service, integration: fold.integration))
            #expect(entry.createdAt == now)
            #expect(entry.serviceID == fold.service)
            #expect((entry.acknowledgementTimeout != nil) == (entry.kind == .acknowledge))
            if entry.kind == .acknowledge {
                #expect(entry.acknowledgementTimeout == FoldRecorder.acknowledgementTimeout)
            }
        }
    }

    private func checkOpened(
        _ incoming: Incoming, _ outcome: Outcome, _ prepared: Prepared, _ before: FoldState
    ) throws {
        let fold = prepared.fold
        #expect(outcome == .opened(fold.lastID, fold.lastID))
        let incident = try #require(fold.state.incidents[fold.lastID])
        let alert = try #require(fold.state.alerts[fold.lastID])
        #expect(fold.state.alerts.count == before.alerts.count + 1)
        #expect(incident.status == .triggered)
        #expect(incident.createdAt == fold.now && incident.updatedAt == fold.now)
        #expect(incident.lastStatusChangeAt == fold.now)
        #expect(incident.lastStatusChangeBy == .service(fold.service))
        #expect(incident.urgency == (incoming == .triggerOtherSeverity ? .low : .high))
        #expect(incident.alertCount == 1 && incident.openAlertCount == 1)
        #expect(incident.autoResolveAt == fold.now.adding(seconds: FoldRecorder.autoResolveTimeout))
        #expect(incident.acknowledgementExpiresAt == nil && incident.acknowledgements.isEmpty)
        #expect(incident.incidentKey == DedupKey("disk"))
        #expect(alert.status == .triggered && alert.triggerCount == 1 && alert.repeatCount == 0)
        #expect(alert.incidentID == incident.id)
    }

    private func checkIncident(_ effect: Effect, _ old: Incident, _ new: Incident, _ prepared: Prepared) throws {
        let now = prepared.fold.now
        let service = prepared.fold.service
        #expect(new.updatedAt == now)
        #expect(
            new.createdAt == old.createdAt && new.incidentKey == old.incidentKey && new.alertCount == old.alertCount)
        #expect(new.mergedInto == old.mergedInto)
        #expect(new.status == effect.status ?? old.status)
        if effect.status != nil {
            #expect(new.lastStatusChangeAt == now)
            #expect(new.lastStatusChangeBy == effect.statusChanger(service: service))
        } else {
            #expect(new.lastStatusChangeAt == old.lastStatusChangeAt)
            #expect(new.lastStatusChangeBy == old.lastStatusChangeBy)
        }
        if case .retitles = effect {
            #expect(new.title == "another title")
        } else {
            #expect(new.title == old.title)
        }
        switch effect {
        case .lowers, .setsUrgency: #expect(new.urgency == .low)
        default: #expect(new.urgency == old.urgency)
        }
        switch effect {
        case .acknowledges, .acknowledgesAgain:
            #expect(new.acknowledgements == [Acknowledgement(at: now, agent: .service(service))])
            #expect(new.acknowledgementExpiresAt == now.adding(seconds: FoldRecorder.acknowledgementTimeout))
            #expect(new.autoResolveAt == old.autoResolveAt)
        case .userAcknowledges, .userAcknowledgesAgain:
            let mine = Acknowledgement(at: now, agent: FoldRecorder.operatorAgent)
            #expect(new.acknowledgements == old.acknowledgements + [mine])
            #expect(new.acknowledgementExpiresAt == now.adding(seconds: FoldRecorder.acknowledgementTimeout))
            #expect(new.autoResolveAt == old.autoResolveAt)
        case .userUnacknowledges, .timesOut:
            #expect(new.acknowledgements.isEmpty && new.acknowledgementExpiresAt == nil)
            #expect(new.autoResolveAt == old.autoResolveAt)
        case .resolves, .userResolves, .autoResolves:
            #expect(new.resolvedAt == now && new.resolvedEventID == prepared.fold.lastID)
            #expect(new.acknowledgements.isEmpty && new.acknowledgementExpiresAt == nil && new.autoResolveAt == nil)
            #expect(new.openAlertCount == 0)
        case .userReopens:
            #expect(new.resolvedAt == nil && new.resolvedEventID == nil)
            #expect(new.openAlertCount == 1)
        default:
            #expect(new.acknowledgements == old.acknowledgements)
            #expect(new.acknowledgementExpiresAt == old.acknowledgementExpiresAt)
            #expect(new.autoResolveAt == old.autoResolveAt)
            #expect(new.resolvedAt == old.resolvedAt)
        }
    }

    private func checkAlerts(_ effect: Effect, _ prepared: Prepared, _ before: FoldState) throws {
        let fold = prepared.fold
        let id = try #require(prepared.alert)
        let old = try #require(before.alerts[id])
        let new = try #require(fold.state.alerts[id])
        #expect(fold.state.alerts.count == before.alerts.count)
        switch effect {
        case .repeats:
            #expect(new.triggerCount == old.triggerCount + 1 && new.repeatCount == old.repeatCount + 1)
            #expect(new.lastTriggerLogEntryID == old.lastTriggerLogEntryID && new.updatedAt == fold.now)
        case .updates, .lowers:
            #expect(new.triggerCount == old.triggerCount + 1 && new.repeatCount == 0)
            #expect(new.lastTriggerLogEntryID == fold.written.first?.id && new.updatedAt == fold.now)
        case .resolves, .resolvesAlert, .userResolves, .autoResolves:
            #expect(new.status == .resolved && new.resolvedAt == fold.now && new.resolvedEventID == fold.lastID)
            #expect(new.data == old.data && new.triggerCount == old.triggerCount)
        case .userReopens:
            #expect(new.status == .triggered && new.resolvedAt == nil && new.resolvedEventID == nil)
        default: #expect(new == old)
        }
        // The other alerts change only when the whole incident is resolved.
        for (other, alert) in before.alerts where other != id {
            switch effect {
            case .userResolves, .autoResolves: #expect(fold.state.alerts[other]?.status == .resolved)
            default: #expect(fold.state.alerts[other] == alert)
            }
        }
    }
}
