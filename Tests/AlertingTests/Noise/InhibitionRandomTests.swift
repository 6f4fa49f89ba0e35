import Alerting
import Testing

/// Whatever rules there are and whatever happens: what is held back is so for a reason that a plain look at all alerts
/// finds, too; nothing waits for what is over; of two alerts never each waits for the other; and how the log is split
/// into batches makes no difference.
@Suite struct InhibitionRandomTests {
    private static let sides = [
        "severity=critical", "severity=warning", "severity=~\"critical|error\"", "severity=~\"error|warning\"",
        "severity!=\"\",severity!=critical", "severity!=\"\",severity!~\"critical|error\"", "component=db",
        "component!=\"\"", "dedup_key=~\"a|b|c\"", "dedup_key=~\"c|d|e\",component!=db", "source=db1,component=\"\"",
    ]

    /// A log with triggers, resolves, rules that come and go, silences, what persons do to incidents, and timers that come
    /// late or again.
    private static func randomStory(
        _ generator: inout SeededGenerator, grouping: AlertGrouping? = nil
    ) throws -> SilenceStory {
        var story = SilenceStory(grouping: grouping)
        var (now, silences): (Int64, [SilenceID]) = (0, [])
        // With this one, there is something to hold back in every log.
        var rules = [try story.inhibit("severity!=\"\",severity!=critical", by: "severity=critical", at: now)]
        for step in 0..<200 {
            now += Int64.random(in: 0...10, using: &generator)
            story.isDown = Int.random(in: 0..<3, using: &generator) == 0
            let key = ["a", "b", "c", "d", "e", "f"].randomElement(using: &generator) ?? "a"
            let incidents = story.fold.state.incidents.keys.sorted().suffix(6)
            let one = incidents.randomElement(using: &generator) ?? 1
            let other = incidents.randomElement(using: &generator) ?? 1
            let alerts = story.fold.state.alerts.values.filter { $0.incidentID == one }.map(\.id).sorted()
            switch step < 2 ? 0 : Int.random(in: 1..<24, using: &generator) {
            case 0, 1:
                let target = sides.randomElement(using: &generator) ?? ""
                let source = sides.randomElement(using: &generator) ?? ""
                let equal = [[], [], ["component"], ["severity"], ["source", "component"]]
                rules.append(
                    try story.inhibit(
                        target, by: source, equal: equal.randomElement(using: &generator) ?? [], at: now))
            case 2: story.perform(.deleteInhibitionRule(rules.randomElement(using: &generator) ?? 1), at: now)
            case 3:
                let end = now + Int64.random(in: 1...60, using: &generator)
                silences.append(try story.silence("dedup_key=\(key)", at: now, until: end))
            case 4: story.perform(.endSilence(silences.randomElement(using: &generator) ?? 1), at: now)
            case 5:
                let status = IncidentStatus.allCases.randomElement(using: &generator) ?? .resolved
                _ = story.put(status, on: one, at: now)
            case 6: _ = story.put(.triggered, on: one, at: now)
            case 7: story.perform(.mergeIncidents(into: one, [other]), at: now)
            case 8:
                let status = AlertStatus.allCases.randomElement(using: &generator)
                let alert = alerts.randomElement(using: &generator) ?? 0
                story.perform(.updateAlerts(one, [AlertUpdate(alertID: alert, status: status)]), at: now)
            case 9:
                let former = story.log.compactMap { if case .timer = $0.content { $0.content } else { nil } }
                if let again = former.randomElement(using: &generator) { story.at(now, again) }
            case 10: story.send(.acknowledge, key, at: now)
            case 11..<15: story.send(.resolve, key, at: now)
            default:
                let severity = Severity.allCases.randomElement(using: &generator) ?? .critical
                let component = ["db", "web", nil].randomElement(using: &generator) ?? nil
                story.send(
                    .trigger, key, at: now, severity: severity, digest: Int64.random(in: 1...2, using: &generator)
                ) { $0.component = component }
            }
            try checkInvariants(story.fold.state)
        }
        return story
    }

    // MARK: What is held back

    @Test(arguments: 1...UInt64(40))
    func aPlainLookAtAllAlertsFindsTheSame(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let story = try Self.randomStory(&generator)
        var fold = FoldRecorder.withIntegration(hasTimeouts: false)
        var reference = InhibitionReference()
        var heldBack = 0
        for event in story.log {
            let before = fold.state
            let outcome = fold.apply(event.content, id: event.id, at: event.receivedAt)
            if let alert = Self.placed(event, outcome, before, fold.state) {
                let holder = reference.holder(of: alert, among: before.alerts)
                let isSilenced = !before.silences.silences(of: alert, at: event.receivedAt).isEmpty
                #expect(isSilenced ? outcome.reason == "silenced" : fold.suppression(of: alert.id) == holder)
                #expect((outcome.name == "suppressed") == (isSilenced || holder != nil))
                if holder != nil { heldBack += 1 }
            }
            reference.note(event, outcome, from: before.alerts, to: fold.state.alerts)
            // Whoever waits does so for an older one that is a source still, or is about to be looked at again.
            for alert in fold.state.alerts.values {
                guard case .inhibition(let rule, let source) = fold.suppression(of: alert.id) else { continue }
                #expect(source < alert.id)
                let isHeld = reference.holds(alert, by: rule, source: fold.state.alerts[source])
                let release = story.timersAfter[event.id]?[TimerKey(.release, alert.id)]
                #expect(isHeld || release != nil, "alert \(alert.id) waits for what is over, after event \(event.id)")
            }
        }
        #expect(fold.state.alerts == story.fold.state.alerts && heldBack > 0)
    }

    /// The alert that an event found a place for: one that was in no incident before.
    private static func placed(
        _ event: Event, _ outcome: Outcome, _ before: FoldState, _ after: FoldState
    ) -> Alert? {
        switch event.content {
        case .alert(let alert) where alert.action == .trigger: break
        case .timer(let timer) where timer.kind == .release: break
        default: return nil
        }
        guard let id = outcome.alertID, before.alerts[id]?.incidentID == nil else { return nil }
        return after.alerts[id]
    }

    @Test(arguments: 1...UInt64(40))
    func somebodyIsCalledForEveryCause(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var story = try Self.randomStory(&generator)
        story.isDown = false
        let end = try #require(story.log.last).receivedAt.milliseconds / 1000 + 1000
        var now = end - SilenceStory.beginning.milliseconds / 1000
        func held() -> [Alert] {
            story.fold.state.alerts.values.filter { story.fold.suppression(of: $0.id)?.reason == "inhibited" }
        }
        story.pass(to: now)
        while !held().isEmpty {
            var sources: Set<AlertID> = []
            for alert in held() {
                // Following the sources leads to an alert that somebody was called for.
                var root = alert
                while let next = story.fold.suppression(of: root.id)?.subject {
                    try #require(next < root.id)
                    root = try #require(story.fold.state.alerts[next])
                    try #require(root.status == .triggered)
                    if root.isHeldBack { sources.insert(root.id) }
                }
                #expect(root.incidentID.flatMap { story.fold.state.incidents[$0] }?.isOpen == true)
                sources.insert(root.id)
            }
            now += 10
            for source in sources.sorted() {
                story.send(.resolve, story.fold.state.alerts[source]?.key.dedupKey.text ?? "", at: now)
            }
            story.pass(to: now)
        }
        for alert in story.fold.state.alerts.values where alert.status == .triggered {
            #expect(alert.incidentID.flatMap { story.fold.state.incidents[$0] }?.isOpen == true)
        }
        try checkInvariants(story.fold.state)
    }

    // MARK: However the log is split

    @Test(arguments: 1...UInt64(40), [true, false])
    func theSameLogGivesTheSameHoweverItIsSplit(seed: UInt64, isGrouped: Bool) throws {
        var generator = SeededGenerator(seed: seed)
        let grouping = AlertGrouping.contentBased(fields: [.component], aggregate: .all, timeWindow: 60)
        let story = try Self.randomStory(&generator, grouping: isGrouped ? grouping : nil)
        var single = FoldTables(story.settings)
        for event in story.log {
            single.fold([event])
            #expect(single.timers == story.timersAfter[event.id])
        }
        #expect(single.alerts == story.fold.state.alerts && single.incidents == story.fold.state.incidents)
        for largest in [2, 7, 500] {
            var tables = FoldTables(story.settings)
            var rest = story.log[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...largest, using: &generator))
                tables.fold(piece)
                #expect(tables.timers == piece.last.flatMap { story.timersAfter[$0.id] })
                rest = rest.dropFirst(piece.count)
            }
            #expect(tables.alerts == single.alerts && tables.incidents == single.incidents)
            #expect(tables.outcomes == single.outcomes && tables.logEntries == single.logEntries)
        }
    }
}
