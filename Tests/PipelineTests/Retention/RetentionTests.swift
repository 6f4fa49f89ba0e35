import Alerting
import GatewayTesting
import Testing

@testable import Pipeline
@testable import Store

/// What goes, what stays, and what is left in between.
@Suite(.timeLimit(.minutes(5))) struct RetentionTests {
    private let fixture: RetentionFixture
    private let integration: IntegrationID

    init() throws {
        fixture = try RetentionFixture()
        integration = try fixture.makeIntegration()
    }

    private func event(_ action: EventAction, _ key: String, at seconds: Int64) -> NewEvent {
        EventMaker.event(action, key, integration: integration, at: RetentionFixture.at(seconds))
    }

    @discardableResult
    private func send(_ action: EventAction, _ key: String, at seconds: Int64) throws -> EventID {
        try fixture.fold(event(action, key, at: seconds))
    }

    /// An incident with one alert that was resolved a second later; gives its number.
    private func resolvedIncident(_ key: String, at seconds: Int64) throws -> IncidentID {
        let id = try send(.trigger, key, at: seconds)
        try send(.resolve, key, at: seconds + 1)
        return id
    }

    @Test func aResolvedIncidentGoesByTheMomentOfItsResolve() throws {
        let old = try resolvedIncident("old", at: 10)
        let lasting = try send(.trigger, "lasting", at: 10)
        try send(.resolve, "lasting", at: 500)
        let open = try send(.trigger, "open", at: 10)
        try fixture.prune(before: 11)
        #expect(try fixture.ids("SELECT id FROM incidents") == [old, lasting, open], "resolved at the moment itself")
        let counts = try fixture.prune(before: 100)
        #expect(counts.incidents == 1 && counts.events == 2)
        #expect(try fixture.ids("SELECT id FROM incidents") == [lasting, open])
        #expect(try fixture.count("log_entries") == 3 && fixture.count("alerts") == 2)
        try fixture.requireVerified()
        // The key is free, and its next trigger opens another incident as it always would.
        let again = try send(.trigger, "old", at: 600)
        #expect(try fixture.outcome(of: again)?.name == "opened")
        try fixture.requireVerified()
    }

    @Test func incidentsThatOneActionChangedGoTogether() throws {
        let first = try send(.trigger, "first", at: 1)
        let second = try send(.trigger, "second", at: 1)
        let third = try send(.trigger, "third", at: 1)
        try fixture.act(
            .updateIncidents([first, second].map { IncidentUpdate(incidentID: $0, status: .acknowledged) }), at: 2)
        try fixture.act(
            .updateIncidents([second, third].map { IncidentUpdate(incidentID: $0, title: "together") }), at: 3)
        try send(.resolve, "first", at: 4)
        try send(.resolve, "second", at: 4)
        #expect(try fixture.prune(before: 100).incidents == 0, "the third is open")
        try send(.resolve, "third", at: 200)
        #expect(try fixture.prune(before: 100).incidents == 0, "the third is young")
        try fixture.requireVerified()
        #expect(try fixture.prune(before: 300).incidents == 3)
        #expect(try fixture.count("events") == 2, "the settings stay")
        #expect(try fixture.count("incident_actions") == 0)
        try fixture.requireVerified()
    }

    @Test func actionsWithoutEffectHoldNothingBack() throws {
        let old = try resolvedIncident("old", at: 1)
        let open = try send(.trigger, "open", at: 1)
        let refused = try fixture.act(
            .updateIncidents([old, open].map { IncidentUpdate(incidentID: $0, status: .acknowledged) }), at: 50)
        #expect(try fixture.outcome(of: refused)?.refusal == .incidentResolved)
        let unchanged = try fixture.act(
            .updateIncidents([IncidentUpdate(incidentID: old, status: .resolved)]), at: 51)
        #expect(try fixture.outcome(of: unchanged)?.name == "unchanged")
        #expect(try fixture.prune(before: 20).incidents == 1)
        #expect(try fixture.ids("SELECT id FROM incidents") == [open])
        #expect(try fixture.outcome(of: refused) == nil && fixture.outcome(of: unchanged) == nil)
        try fixture.requireVerified()
    }

    /// An urgency confirmed by hand changes nothing that is seen, but counts later: what it named goes together.
    @Test func anActionThatLeftThingsAsTheyWereStaysWithItsIncidents() throws {
        let old = try send(.trigger, "old", at: 1)
        let open = try send(.trigger, "open", at: 1)
        let confirming = try fixture.act(
            .updateIncidents([old, open].map { IncidentUpdate(incidentID: $0, urgency: .high) }), at: 2)
        #expect(try fixture.outcome(of: confirming)?.name == "unchanged")
        try send(.resolve, "old", at: 3)
        #expect(try fixture.prune(before: 100).incidents == 0)
        try fixture.requireVerified()
        try send(.resolve, "open", at: 200)
        #expect(try fixture.prune(before: 300).incidents == 2)
        #expect(try fixture.count("events") == 2)
        try fixture.requireVerified()
    }

    /// The refusal hangs on an incident that the action does not name: without it, folding would reopen.
    @Test func aReopeningRefusedOverAnotherIncidentGoesBeforeThatOne() throws {
        let kept = try resolvedIncident("key", at: 1)
        let other = try send(.trigger, "key", at: 3)
        let refused = try fixture.act(
            .updateIncidents([IncidentUpdate(incidentID: kept, status: .triggered)]), at: 900)
        #expect(try fixture.outcome(of: refused)?.refusal == .alertOpenElsewhere)
        try send(.resolve, "key", at: 4)
        // A retitling keeps nothing; another open one keeps the first.
        let open = try send(.trigger, "open", at: 5)
        try fixture.act(.updateIncidents([kept, open].map { IncidentUpdate(incidentID: $0, title: "kept") }), at: 6)
        try fixture.prune(before: 100, policy: onlyIncidents, afterStep: { try fixture.requireVerified() })
        #expect(try fixture.ids("SELECT id FROM incidents") == [kept, open])
        #expect(try fixture.outcome(of: other) == nil && fixture.outcome(of: refused) == nil)
        try fixture.requireVerified()
    }

    private var onlyIncidents: RetentionPolicy {
        var policy = RetentionPolicy(days: 0)
        policy.incidentsDays = 1
        return policy
    }

    @Test func eventsWithoutEffectAndChangeEventsGoByAge() throws {
        let early = try send(.resolve, "nothing", at: 1)
        let late = try send(.acknowledge, "nothing", at: 200)
        for seconds: Int64 in [1, 200] {
            try fixture.fold(
                NewEvent(
                    receivedAt: RetentionFixture.at(seconds),
                    content: .change(ChangeEvent(integrationID: integration, summary: "deployed")), body: [0x7b, 0x7d]))
        }
        var policy = RetentionPolicy(days: 0)
        #expect(try fixture.prune(before: 100_000, policy: policy) == RetentionCounts(), "0 keeps for ever")
        policy.eventsDays = 1
        #expect(try fixture.prune(before: 100, policy: policy).events == 1)
        #expect(try fixture.outcome(of: early) == nil && fixture.outcome(of: late) != nil)
        #expect(try fixture.count("change_events") == 2)
        policy = RetentionPolicy(days: 0)
        policy.changeEventsDays = 1
        #expect(try fixture.prune(before: 100, policy: policy).events == 1)
        #expect(try fixture.count("change_events") == 1)
        try fixture.requireVerified()
    }

    private struct Abandoned: Error {}

    /// An incident of thousands of events goes in bounded steps. Whatever happens on the way, it is gone from the first
    /// one on, and the rest of the log folds as before.
    @Test func aLargeIncidentIsGoneAtOnceAndRemovedInSteps() throws {
        let large = try send(.trigger, "large", at: 1)
        try fixture.fold((0..<1500).map { _ in event(.trigger, "large", at: 2) })
        try fixture.fold(
            (0..<700).map { number in
                EventMaker.event(
                    .trigger, "large", integration: integration, summary: "\(number)", digest: Int64(number),
                    at: RetentionFixture.at(3))
            })
        try send(.resolve, "large", at: 4)
        let open = try send(.trigger, "large", at: 5)
        let all = try fixture.count("events")
        var limits = RetentionLimits()
        limits.removals = 100
        for abandonedAfter in [1, 2, 9, 15] {
            var steps = 0
            #expect(throws: Abandoned.self) {
                try fixture.prune(before: 100, limits: limits) { step in
                    #expect(step.size <= limits.removals)
                    guard steps < abandonedAfter else { throw Abandoned() }
                    steps += 1
                }
            }
            try fixture.requireVerified("abandoned after \(abandonedAfter) steps")
            let reopening = try fixture.act(
                .updateIncidents([IncidentUpdate(incidentID: large, status: .triggered)]), at: 50)
            #expect(try fixture.outcome(of: reopening)?.refusal == .unknownIncident)
            try fixture.requireVerified("reopening after \(abandonedAfter) steps")
        }
        #expect(try fixture.count("expiring_incidents") == 1)
        #expect(try fixture.count("events") > 100 && fixture.count("events") < all)
        // Rebuilding drops what tells the incident's events from others: it removes them first.
        let last = try fixture.ids("SELECT max(id) FROM events")
        _ = try Rebuild.run(fixture.database)
        try fixture.requireVerified("rebuilt on the way")
        #expect(try fixture.ids("SELECT id FROM incidents") == [open])
        #expect(try fixture.ids("SELECT max(id) FROM events") == last)
        #expect(try fixture.count("events") == 7 && fixture.count("log_entries") == 1)
        try fixture.prune(before: 100)
        try fixture.requireVerified()
    }

    /// What happened between the look and the step counts.
    @Test func anIncidentReopenedAtTheLastMomentStays() throws {
        let incident = try resolvedIncident("key", at: 1)
        var isReopened = false
        try fixture.prune(before: 100) { step in
            guard case .mark = step, !isReopened else { return }
            isReopened = true
            try fixture.act(.updateIncidents([IncidentUpdate(incidentID: incident, status: .triggered)]), at: 300)
        }
        #expect(isReopened)
        #expect(try fixture.ids("SELECT id FROM incidents WHERE status = 'triggered'") == [incident])
        #expect(try fixture.count("events") == 5)
        try fixture.requireVerified()
    }

    @Test func numbersAreNeverGivenTwice() throws {
        _ = try resolvedIncident("key", at: 1)
        let last = try send(.resolve, "key", at: 3)
        try fixture.prune(before: 100)
        #expect(try fixture.count("events") == 2)
        #expect(try EventRows.nextID(fixture.writer) == last + 1)
        _ = try Rebuild.run(fixture.database)
        #expect(try EventRows.nextID(fixture.writer) == last + 1)
        let reopened = try fixture.database.openWriter(creating: false)
        defer { reopened.close() }
        #expect(try EventRows.nextID(reopened) == last + 1)
        #expect(try send(.trigger, "key", at: 200) == last + 1)
        try fixture.requireVerified()
    }

    @Test func spaceIsGivenBackInSteps() throws {
        let body = [UInt8](repeating: 0x20, count: 9000)
        for number in 0..<300 {
            var trigger = event(.trigger, "key \(number)", at: 1)
            trigger.body = body
            try fixture.fold([trigger, event(.resolve, "key \(number)", at: 2)])
        }
        let before = try fixture.writer.integer("PRAGMA page_count") ?? 0
        var limits = RetentionLimits()
        limits.freePages = 10
        let counts = try fixture.prune(before: 100, limits: limits) { step in
            if case .giveBack(let pages, _) = step { #expect(pages <= limits.pages) }
        }
        let after = try fixture.writer.integer("PRAGMA page_count") ?? 0
        #expect(counts.incidents == 300 && after < before / 3, "\(before) pages became \(after)")
        #expect(counts.bytes == (before - after) * Int64(Database.pageSize))
        try fixture.requireVerified()
    }

    /// Giving space back ends with its time as every step does: without any it is the least that is looked at.
    @Test func givingBackIsBoundedInTime() throws {
        for number in 0..<100 {
            var trigger = event(.trigger, "key \(number)", at: 1)
            trigger.body = [UInt8](repeating: 0x20, count: 9000)
            try fixture.fold([trigger, event(.resolve, "key \(number)", at: 2)])
        }
        var limits = RetentionLimits()
        limits.freePages = 10
        limits.nanoseconds = 0
        var sizes: [Int64] = []
        var isGivingBack = false
        let counts = try fixture.prune(before: 100, limits: limits) { step in
            sizes.append(try fixture.writer.integer("PRAGMA page_count") ?? 0)
            if case .giveBack = step { isGivingBack = true } else { isGivingBack = false }
        } afterStep: {
            guard isGivingBack, let before = sizes.last else { return }
            let given = before - (try fixture.writer.integer("PRAGMA page_count") ?? 0)
            // A page that says where others are may go with them.
            #expect((1...limits.pagesAtOnce + 1).contains(given), "\(given) pages at once")
        }
        #expect(counts.bytes > 100 * 4096)
        #expect(try fixture.writer.integer("PRAGMA freelist_count") ?? .max <= limits.freePages)
        try fixture.requireVerified()
    }

    /// A step's bound in bytes: large bodies make it remove fewer of them.
    @Test func aStepIsBoundedInBytes() throws {
        let body = [UInt8](repeating: 0x20, count: 100_000)
        for _ in 0..<12 {
            var resolve = event(.resolve, "nothing", at: 1)
            resolve.body = body
            try fixture.fold(resolve)
        }
        var sizes: [Int] = []
        try fixture.prune(before: 100) { step in
            if case .remove(let removals) = step { sizes.append(removals.count) }
        }
        #expect(sizes == [5, 5, 2])
    }

    @Test func aStepThatTakesTooLongEndsEarlyAndIsTakenUpAgain() throws {
        for number in 0..<20 { _ = try resolvedIncident("key \(number)", at: 1) }
        var limits = RetentionLimits()
        limits.nanoseconds = 0
        let counts = try fixture.prune(before: 100, limits: limits, afterStep: { try fixture.requireVerified() })
        #expect(counts.incidents == 20 && counts.events == 40)
        #expect(counts.steps == 20 + 20 + 40 + 40 + 20, "marks, alerts, log entries, events, marks again")
        #expect(try fixture.count("events") == 2)
    }

    @Test(arguments: [
        RetentionRows.resolvedQuery, RetentionRows.actionsQuery, RetentionRows.recoveredQuery,
        RetentionRows.heldBackQuery, RetentionRows.flappingQuery, RetentionRows.stormQuery,
        RetentionRows.rowsQuery,
        RetentionRows.expiringEventsQuery, RetentionRows.withoutEffectQuery,
        "DELETE FROM event_outcomes WHERE event_id = ?", "DELETE FROM incident_actions WHERE event_id = ?",
        "SELECT count(*), max(event_id) FROM incident_actions WHERE incident_id = ?",
        "SELECT event_id FROM incident_actions WHERE incident_id = 0 AND event_id > ? AND event_id < ?",
        "SELECT max(id) FROM log_entries WHERE incident_id = ?",
    ])
    func noQueryScansALargeTable(query: String) throws {
        let plan = try fixture.writer.all("EXPLAIN QUERY PLAN \(query)") { $0.text(3) }
        for line in plan where line.hasPrefix("SCAN") {
            #expect(line.hasPrefix("SCAN expiring_"), "\(plan)")
        }
        // Distinct values are kept as they come, as many as the limit; anything else would be read to its end first.
        #expect(!plan.contains { $0.contains("TEMP B-TREE") && !$0.hasSuffix("FOR DISTINCT") }, "\(plan)")
    }
}
