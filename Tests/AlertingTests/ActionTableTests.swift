import Alerting
import Testing

/// What of incidents an action can find: the columns of the table of actions.
private enum State: String, CaseIterable {
    /// Nothing had the key before, and the incident that the action names does not exist.
    case never
    /// One open alert in a triggered incident.
    case triggered
    /// The same, acknowledged by event.
    case acknowledged
    /// The same, snoozed by a user.
    case snoozed
    /// The alert was resolved by event, and its incident with it.
    case resolved
    /// The incident was merged into another, where its alert is open.
    case merged
}

/// What can be asked for: the rows.
private enum Request: String, CaseIterable {
    case snooze, note
    /// An incident opened by hand, with the key of the incident and with another.
    case createSameKey, createOtherKey
    /// The incident merged into another open one, and another open one into it.
    case mergeAway, mergeIn
    /// Its alert resolved, triggered and moved to another open incident.
    case resolveAlert, triggerAlert, moveAlert
    /// The snooze's timer at the moment that the incident waits for, and at another.
    case snoozeEnds, supersededSnooze
    /// Its integration deleted, and its service.
    case deleteIntegration, deleteService
}

/// What a cell says.
private enum Result {
    /// Snoozed: from triggered with an acknowledgement of the user's, or as it was acknowledged.
    case snoozes, snoozesAcknowledged
    /// A note is written.
    case annotates
    /// An incident without alerts is opened.
    case creates
    /// The incident ends, and its alert is the other's.
    case mergesAway
    /// The same of one that was resolved before: it is not resolved a second time.
    case mergesResolved
    /// It takes the other's alert, and stays in its state.
    case takesIn
    /// The alert is resolved with its incident.
    case resolves
    /// The alert is open again with its incident.
    case reopens
    /// The alert moves, and its incident ends.
    case movesAway
    /// The alert, a resolved one, moves; its incident, resolved before, ends as a merged one.
    case movesResolved
    /// The timer turns it triggered.
    case wakes
    /// The setting is gone.
    case deletes
    case unchanged, refuses(Refusal), drops

    var outcome: String {
        switch self {
        case .unchanged: "unchanged"
        case .refuses: "refused"
        case .drops: "dropped"
        case .wakes: "fired"
        default: "applied"
        }
    }

    var reason: String? {
        switch self {
        case .refuses(let refusal): refusal.rawValue
        case .drops: DropReason.timerSuperseded.rawValue
        default: nil
        }
    }

    /// The log entries on the incident itself.
    var entries: [LogEntryKind] {
        switch self {
        case .snoozes: [.acknowledge, .snooze]
        case .snoozesAcknowledged: [.snooze]
        case .annotates: [.annotate]
        case .mergesAway: [.merge, .resolve]
        case .takesIn, .mergesResolved: [.merge]
        case .resolves: [.resolve]
        case .reopens: [.reopen]
        case .movesAway: [.alertMove, .resolve]
        case .movesResolved: [.alertMove]
        case .wakes: [.unacknowledge]
        case .creates, .deletes, .unchanged, .refuses, .drops: []
        }
    }

    /// The status afterwards; nil where it stays.
    var status: IncidentStatus? {
        switch self {
        case .snoozes: .acknowledged
        case .mergesAway, .resolves, .movesAway: .resolved
        case .reopens, .wakes: .triggered
        default: nil
        }
    }

    var endsAsMerged: Bool {
        switch self {
        case .mergesAway, .mergesResolved, .movesAway, .movesResolved: true
        default: false
        }
    }
}

/// The actions of persons on single incidents in every state (rest-api.md sections 5.4, 5.6, 5.7 and 5.8; decisions.md).
@Suite struct ActionTableTests {
    private static let duration: Int64 = 600

    // Columns: never, triggered, acknowledged, snoozed, resolved, merged.
    private static let table: [Request: [Result]] = [
        .snooze: [
            .refuses(.unknownIncident), .snoozes, .snoozesAcknowledged, .snoozesAcknowledged,
            .refuses(.incidentResolved), .refuses(.incidentResolved),
        ],
        .note: [.refuses(.unknownIncident), .annotates, .annotates, .annotates, .annotates, .annotates],
        .createSameKey: [
            .creates, .refuses(.incidentKeyTaken), .refuses(.incidentKeyTaken), .refuses(.incidentKeyTaken), .creates,
            .creates,
        ],
        .createOtherKey: Array(repeating: .creates, count: 6),
        .mergeAway: [
            .refuses(.unknownIncident), .mergesAway, .mergesAway, .mergesAway, .mergesResolved,
            .refuses(.incidentMerged),
        ],
        .mergeIn: [
            .refuses(.unknownIncident), .takesIn, .takesIn, .takesIn, .refuses(.targetResolved),
            .refuses(.targetResolved),
        ],
        // The merged incident's alert is another's now.
        .resolveAlert: [
            .refuses(.unknownIncident), .resolves, .resolves, .resolves, .unchanged, .refuses(.unknownAlert),
        ],
        .triggerAlert: [
            .refuses(.unknownIncident), .unchanged, .unchanged, .unchanged, .reopens, .refuses(.unknownAlert),
        ],
        .moveAlert: [
            .refuses(.unknownIncident), .movesAway, .movesAway, .movesAway, .movesResolved, .refuses(.unknownAlert),
        ],
        .snoozeEnds: [.drops, .drops, .drops, .wakes, .drops, .drops],
        .supersededSnooze: Array(repeating: .drops, count: 6),
        .deleteIntegration: [
            .deletes, .refuses(.integrationInUse), .refuses(.integrationInUse), .refuses(.integrationInUse), .deletes,
            .refuses(.integrationInUse),
        ],
        // It has an integration whatever its incidents do.
        .deleteService: Array(repeating: .refuses(.serviceInUse), count: 6),
    ]

    /// A fold that has come to a state, with another incident of another integration beside.
    private struct Prepared {
        var fold: FoldRecorder
        /// The incident and its alert.
        var id: IncidentID
        /// An open one with one alert.
        var other: IncidentID
        /// The integration of the other.
        var neighbour: IntegrationID
    }

    private static func prepare(_ state: State) -> Prepared {
        var fold = FoldRecorder.withIntegration()
        let service = fold.createService("Other", hasTimeouts: true)
        let neighbour = fold.createIntegration("Zabbix", of: service, key: "fedcba9876543210")
        fold.send(.trigger, "memory", on: neighbour)
        let other = fold.lastID
        guard state != .never else { return Prepared(fold: fold, id: 999_999, other: other, neighbour: neighbour) }
        fold.send(.trigger)
        let id = fold.lastID
        switch state {
        case .never, .triggered: break
        case .acknowledged: fold.send(.acknowledge)
        case .snoozed: fold.perform(.snoozeIncident(id, seconds: duration))
        case .resolved: fold.send(.resolve)
        case .merged:
            // Into a third one, so that the other is the same in every state.
            fold.send(.trigger, "cpu", on: neighbour)
            fold.perform(.mergeIncidents(into: fold.lastID, [id]))
        }
        return Prepared(fold: fold, id: id, other: other, neighbour: neighbour)
    }

    private static func ask(_ request: Request, _ prepared: inout Prepared) -> Outcome {
        let id = prepared.id
        let other = prepared.other
        func draft(_ key: String) -> Action.Command {
            .createIncident(IncidentDraft(serviceID: prepared.fold.service, title: "by hand", key: key))
        }
        let due = prepared.fold.state.incidents[id]?.snoozedUntil
        switch request {
        case .snooze: return prepared.fold.perform(.snoozeIncident(id, seconds: duration))
        case .note: return prepared.fold.perform(.addNote(id, content: "looking"))
        case .createSameKey: return prepared.fold.perform(draft("disk"))
        case .createOtherKey: return prepared.fold.perform(draft("power"))
        case .mergeAway: return prepared.fold.perform(.mergeIncidents(into: other, [id]))
        case .mergeIn: return prepared.fold.perform(.mergeIncidents(into: id, [other]))
        case .resolveAlert:
            return prepared.fold.perform(.updateAlerts(id, [AlertUpdate(alertID: id, status: .resolved)]))
        case .triggerAlert:
            return prepared.fold.perform(.updateAlerts(id, [AlertUpdate(alertID: id, status: .triggered)]))
        case .moveAlert:
            return prepared.fold.perform(.updateAlerts(id, [AlertUpdate(alertID: id, incidentID: other)]))
        case .snoozeEnds:
            return prepared.fold.fire(.snooze, on: id, dueAt: due ?? prepared.fold.now.adding(seconds: 60))
        case .supersededSnooze:
            return prepared.fold.fire(.snooze, on: id, dueAt: (due ?? prepared.fold.now).adding(seconds: -1))
        case .deleteIntegration: return prepared.fold.perform(.deleteIntegration(prepared.fold.integration))
        case .deleteService: return prepared.fold.perform(.deleteService(prepared.fold.service))
        }
    }

    @Test func theTableIsFull() {
        #expect(Set(Self.table.keys) == Set(Request.allCases))
        #expect(Self.table.values.allSatisfy { $0.count == State.allCases.count })
    }

    @Test(arguments: Request.allCases, State.allCases)
    private func cell(request: Request, state: State) throws {
        let column = try #require(State.allCases.firstIndex(of: state))
        let result = try #require(Self.table[request]?[column])
        var prepared = Self.prepare(state)
        let before = prepared.fold.state
        let outcome = Self.ask(request, &prepared)
        let fold = prepared.fold
        let after = fold.state

        #expect(outcome.name == result.outcome)
        #expect(outcome.reason == result.reason)
        #expect(after.changes.outcomes.map(\.event) == [fold.lastID])
        #expect(fold.written.filter { $0.incidentID == prepared.id }.map(\.kind) == result.entries)
        for (place, entry) in fold.written.enumerated() {
            #expect(entry.id == LogEntry.id(event: fold.lastID, place: Int64(place)))
            #expect(entry.createdAt == fold.now)
            if case .wakes = result {
                #expect(entry.agent == .service(fold.service))
            } else {
                #expect(entry.agent == FoldRecorder.operatorAgent)
            }
        }
        try check(result, prepared, before)
        try checkCreated(result, prepared, before)
        #expect(after.changes.notes.count == (request == .note && state != .never ? 1 : 0))
        if case .creates = result {} else { try checkInvariants(after) }
    }

    /// The incident and its alert.
    private func check(_ result: Result, _ prepared: Prepared, _ before: FoldState) throws {
        let fold = prepared.fold
        guard let old = before.incidents[prepared.id] else {
            #expect(fold.state.incidents[prepared.id] == nil)
            return
        }
        let new = try #require(fold.state.incidents[prepared.id])
        let alert = try #require(fold.state.alerts[prepared.id])
        let oldAlert = try #require(before.alerts[prepared.id])
        #expect(new.status == result.status ?? old.status)
        #expect(new.mergedInto == (result.endsAsMerged ? prepared.other : old.mergedInto))
        #expect(new.title == old.title && new.incidentKey == old.incidentKey && new.createdAt == old.createdAt)
        if result.status != nil, new.status != old.status { #expect(new.lastStatusChangeAt == fold.now) }
        switch result {
        case .creates, .deletes, .unchanged, .refuses, .drops:
            #expect(new == old && alert == oldAlert)
            for (id, incident) in before.incidents { #expect(fold.state.incidents[id] == incident) }
            for (id, other) in before.alerts { #expect(fold.state.alerts[id] == other) }
        case .snoozes, .snoozesAcknowledged:
            #expect(new.snoozedUntil == fold.now.adding(seconds: Self.duration))
            #expect(new.acknowledgementExpiresAt == nil && new.autoResolveAt == old.autoResolveAt)
            #expect(!new.acknowledgements.isEmpty && alert == oldAlert)
        case .annotates:
            #expect(new.exceptUpdatedAt == old.exceptUpdatedAt && new.updatedAt == fold.now && alert == oldAlert)
        case .wakes:
            #expect(new.snoozedUntil == nil && new.acknowledgements.isEmpty && alert == oldAlert)
        case .resolves:
            #expect(alert.status == .resolved && alert.resolvedEventID == fold.lastID)
            #expect(new.openAlertCount == 0 && new.snoozedUntil == nil && new.autoResolveAt == nil)
        case .reopens:
            #expect(alert.status == .triggered && alert.resolvedAt == nil && new.openAlertCount == 1)
        case .mergesAway, .mergesResolved, .movesAway, .movesResolved:
            if !old.isOpen { #expect(new.resolvedAt == old.resolvedAt && new.resolvedEventID == old.resolvedEventID) }
            #expect(alert.incidentID == prepared.other && alert.status == oldAlert.status)
            #expect(alert.data == oldAlert.data && new.alertCount == 0 && new.openAlertCount == 0)
            #expect(new.snoozedUntil == nil && new.acknowledgementExpiresAt == nil && new.autoResolveAt == nil)
            let taker = try #require(fold.state.incidents[prepared.other])
            #expect(taker.alertCount == 2 && taker.status == before.incidents[prepared.other]?.status)
        case .takesIn:
            #expect(new.alertCount == 2 && new.openAlertCount == 2 && new.snoozedUntil == old.snoozedUntil)
            #expect(new.acknowledgements == old.acknowledgements && alert == oldAlert)
            let giver = try #require(fold.state.incidents[prepared.other])
            #expect(giver.status == .resolved && giver.mergedInto == prepared.id && giver.alertCount == 0)
        }
    }

    private func checkCreated(_ result: Result, _ prepared: Prepared, _ before: FoldState) throws {
        let fold = prepared.fold
        guard case .creates = result else {
            #expect(fold.state.incidents.count == before.incidents.count)
            return
        }
        let made = try #require(fold.state.incidents[fold.lastID])
        #expect(fold.state.incidents.count == before.incidents.count + 1)
        #expect(fold.state.alerts == before.alerts)
        #expect(made.status == .triggered && made.urgency == .high && made.alertCount == 0)
        #expect(made.title == "by hand" && made.serviceID == fold.service)
        #expect(made.lastStatusChangeBy == FoldRecorder.operatorAgent)
        #expect(made.autoResolveAt == fold.now.adding(seconds: FoldRecorder.autoResolveTimeout))
        #expect(fold.writtenKinds == [.trigger])
    }
}
