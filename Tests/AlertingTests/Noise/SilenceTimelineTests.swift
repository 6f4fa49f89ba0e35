import Alerting
import Testing

/// What a silence held back is not lost: as soon as nothing holds it back any more, an alert that is still open opens its
/// incident, once, however the silence came to its end and however late that is noticed.
@Suite struct SilenceTimelineTests {
    @Test func anAlertThatOutlastsTheSilenceOpensItsIncidentAtTheEnd() throws {
        var story = SilenceStory()
        try story.silence("source=db1", at: 0, until: 60)
        story.send(.trigger, at: 10, severity: .warning)
        let alert = story.fold.lastID
        story.send(.trigger, at: 20, severity: .critical, digest: 2) { $0.summary = "disk is full by now" }
        #expect(story.pass(to: 59) == [] && story.fold.state.incidents.isEmpty)
        story.perform(.createService(ServiceSettings(name: "Bank")), at: 59)
        let release = story.fold.lastID + 1
        #expect(story.pass(to: 60) == ["opened", "fired"])
        let incident = try #require(story.fold.state.incidents[release])
        #expect(story.openIncidents == [incident], "its number is that of the event that opened it")
        #expect(incident.createdAt == SilenceStory.moment(60) && incident.incidentKey == DedupKey("disk"))
        #expect(incident.title == "disk is full by now" && incident.urgency == .high)
        let held = try #require(story.fold.state.alerts[alert])
        #expect(held.incidentID == release && held.placedEventID == release && held.suppression == nil)
        #expect(held.createdAt == SilenceStory.moment(10) && held.triggerCount == 2)
        #expect(story.timers.isEmpty)
        // From here on it is an alert as any other.
        #expect(story.send(.trigger, at: 61, digest: 2) == .deduplicated(alert, release))
        #expect(story.fold.state.changes.repeats.values.map(\.count) == [1])
        #expect(story.send(.acknowledge, at: 62) == .acknowledged(alert, release))
        #expect(story.send(.resolve, at: 63) == .resolved(alert, release))
        try checkInvariants(story.fold.state)
    }

    @Test func theReleaseIsLoggedOnceAndByTheService() throws {
        var fold = FoldRecorder.withIntegration()
        let silence = try fold.silence("source=db1", for: 60)
        let end = try fold.end(of: silence)
        fold.send(.trigger)
        let alert = fold.lastID
        #expect(fold.fire(.release, on: alert, dueAt: end) == .opened(alert, fold.lastID))
        let incident = fold.lastID
        #expect(fold.writtenKinds == [.trigger] && fold.written.map(\.agent) == [.service(fold.service)])
        #expect(fold.written.map(\.alertID) == [alert] && fold.written.map(\.incidentID) == [incident])
        #expect(fold.set(.autoResolve, on: incident) == end.adding(seconds: FoldRecorder.autoResolveTimeout))
        let (alerts, incidents) = (fold.state.alerts, fold.state.incidents)
        #expect(fold.fire(.release, on: alert, dueAt: end) == .dropped(.timerSuperseded))
        #expect(fold.fire(.release, on: 999, dueAt: end) == .dropped(.timerSuperseded))
        #expect(fold.state.alerts == alerts && fold.state.incidents == incidents && fold.written.isEmpty)
    }

    @Test func anAlertThatRecoversInTimeNeverCallsAnybody() throws {
        var story = SilenceStory()
        try story.silence("source=db1", at: 0, until: 60)
        for start in [10, 20, 30] as [Int64] {
            #expect(story.send(.trigger, at: start).name == "suppressed")
            #expect(story.send(.resolve, at: start + 5).name == "alert_resolved")
        }
        #expect(story.pass(to: 1000) == ["fired"], "only the silence ends")
        #expect(story.fold.state.incidents.isEmpty && story.timers.isEmpty)
        #expect(story.fold.state.alerts.values.map(\.status) == [.resolved, .resolved, .resolved])
    }

    @Test func anExtendedSilenceHoldsOnUntilItsNewEnd() throws {
        var story = SilenceStory()
        let silence = try story.silence("source=db1", at: 0, until: 60)
        story.send(.trigger, at: 10)
        let later = SilenceUpdate(end: SilenceStory.moment(120))
        #expect(story.perform(.updateSilence(silence, later), at: 50) == .applied(nil))
        #expect(story.pass(to: 119) == [])
        #expect(story.send(.trigger, "memory", at: 119).name == "suppressed")
        #expect(story.pass(to: 120) == ["opened", "opened", "fired"])
    }

    @Test func aShortenedSilenceLetsGoEarlier() throws {
        var story = SilenceStory()
        let silence = try story.silence("source=db1", at: 0, until: 600)
        story.send(.trigger, at: 10)
        let sooner = SilenceUpdate(end: SilenceStory.moment(40))
        #expect(story.perform(.updateSilence(silence, sooner), at: 20) == .applied(nil))
        #expect(story.pass(to: 39) == [])
        #expect(story.pass(to: 40) == ["opened", "fired"])
        #expect(story.pass(to: 1000) == [])
    }

    @Test func aSilenceThatSomebodyEndsLetsGoAtOnceAndOnlyOfItsOwn() throws {
        var story = SilenceStory()
        let silence = try story.silence("dedup_key=~\"disk|memory\"", at: 0, until: 600)
        try story.silence("dedup_key=load", at: 0, until: 700)
        for key in ["disk", "memory", "load"] { story.send(.trigger, key, at: 10) }
        story.send(.resolve, "memory", at: 20)
        #expect(story.perform(.endSilence(silence), at: 30) == .applied(nil))
        let ended = try #require(story.fold.state.changedSilences[silence])
        #expect(ended.endedAt == SilenceStory.moment(30) && ended.endedBy == FoldRecorder.operatorAgent)
        #expect(story.pass(to: 30) == ["opened"])
        #expect(story.send(.trigger, "memory", at: 31).name == "opened")
        #expect(story.pass(to: 699) == [])
        #expect(story.pass(to: 700) == ["opened", "fired"])
    }

    @Test func aTriggerBetweenTheEndAndItsTimerOpensTheIncident() throws {
        var story = SilenceStory()
        try story.silence("source=db1", at: 0, until: 60)
        story.send(.trigger, at: 10)
        let alert = story.fold.lastID
        story.isDown = true
        #expect(story.send(.trigger, at: 300) == .opened(alert, story.fold.lastID))
        story.isDown = false
        #expect(story.pass(to: 500) == ["fired"])
        #expect(story.fold.state.incidents.count == 1)
    }

    @Test func aLateTimerStillOpensTheIncident() throws {
        var story = SilenceStory()
        try story.silence("source=db1", at: 0, until: 60)
        story.send(.trigger, at: 10)
        story.isDown = true
        story.send(.trigger, "memory", at: 500)
        story.isDown = false
        #expect(story.pass(to: 500) == ["opened", "fired"])
        #expect(story.openIncidents.map(\.createdAt) == [SilenceStory.moment(500), SilenceStory.moment(500)])
    }

    @Test func whatAnotherSilenceHoldsBackByThenStaysHeldBack() throws {
        var story = SilenceStory()
        try story.silence("source=db1", at: 0, until: 60)
        story.send(.trigger, at: 10)
        let alert = story.fold.lastID
        let second = try story.silence("component=\"\"", at: 30, until: 90)
        #expect(story.pass(to: 60) == ["suppressed", "fired"])
        #expect(story.fold.state.alerts[alert]?.suppression == .silence(second))
        #expect(story.timers[TimerKey(.release, alert)] == SilenceStory.moment(90))
        #expect(story.fold.state.alerts[alert]?.triggerCount == 1 && story.fold.state.incidents.isEmpty)
        #expect(story.pass(to: 90) == ["opened", "fired"])
        // The same where somebody ends the one that is named.
        let third = try story.silence("source=db1", at: 100, until: 200)
        story.send(.trigger, "memory", at: 101)
        try story.silence("dedup_key=memory", at: 102, until: 150)
        story.perform(.endSilence(third), at: 110)
        #expect(story.pass(to: 110) == ["suppressed"])
        #expect(story.pass(to: 150) == ["opened", "fired"])
    }

    @Test func aReleasedAlertJoinsTheIncidentOfItsGroup() throws {
        var story = SilenceStory(grouping: .contentBased(fields: [.component], aggregate: .all, timeWindow: nil))
        story.send(.trigger, "open", at: 0, severity: .warning) { $0.component = "db" }
        let open = story.fold.lastID
        try story.silence(at: 1, until: 60)
        for (key, component) in [("a", "db"), ("b", "web"), ("c", "web"), ("d", "web")] {
            #expect(story.send(.trigger, key, at: 10) { $0.component = component }.name == "suppressed")
        }
        story.send(.resolve, "c", at: 20)
        #expect(story.fold.state.incidents[open]?.alertCount == 1)
        #expect(story.pass(to: 60) == ["grouped", "opened", "grouped", "fired"])
        #expect(story.openIncidents.map(\.alertCount) == [2, 2])
        #expect(story.fold.state.incidents[open]?.urgency == .high)
        try checkInvariants(story.fold.state)
    }

    // MARK: Silences that come back

    private static let nightly = Result {
        try Recurrence(rule: "FREQ=DAILY", timeZone: "UTC", localStart: SilenceStory.localBeginning, duration: 3600)
    }
    private static let day: Int64 = 86_400

    @Test func aNightlySilenceHoldsBackEachNightAndNothingByDay() throws {
        var story = SilenceStory()
        let silence = try story.silence("source=db1", at: 0, until: 3600, recurrence: try Self.nightly.get())
        #expect(story.send(.trigger, at: 100).name == "suppressed")
        #expect(story.pass(to: 3600) == ["opened", "fired"])
        let window = try #require(story.fold.state.silences[silence]).window
        #expect(window.start == SilenceStory.moment(Self.day) && window.end == SilenceStory.moment(Self.day + 3600))
        #expect(story.send(.trigger, "memory", at: Self.day - 1).name == "opened")
        // What is open by nightfall goes on.
        #expect(story.send(.trigger, at: Self.day).name == "deduplicated")
        story.send(.resolve, at: Self.day + 1)
        #expect(story.send(.trigger, at: Self.day + 2).name == "suppressed")
        #expect(story.pass(to: Self.day + 3600) == ["opened", "fired"])
        #expect(story.perform(.endSilence(silence), at: Self.day + 4000) == .applied(nil))
        #expect(story.send(.trigger, "load", at: 2 * Self.day).name == "opened")
        #expect(story.timers.isEmpty)
    }

    @Test func aNightThatIsCutShortIsFollowedByTheNext() throws {
        var story = SilenceStory()
        let silence = try story.silence("source=db1", at: 0, until: 3600, recurrence: try Self.nightly.get())
        story.send(.trigger, at: 100)
        story.perform(.updateSilence(silence, SilenceUpdate(end: SilenceStory.moment(200))), at: 150)
        #expect(story.pass(to: 200) == ["opened", "fired"])
        #expect(story.send(.trigger, "memory", at: 300).name == "opened")
        #expect(story.send(.trigger, "load", at: Self.day + 300).name == "suppressed")
    }

    @Test func theTimerSaysWhetherAnotherWindowComes() throws {
        var fold = FoldRecorder.withIntegration()
        let silence = try fold.silence("source=db1", for: 60)
        let end = try fold.end(of: silence)
        let next = Recurrence.Window(start: end.adding(seconds: 60), end: end.adding(seconds: 120))
        let before = fold.state.silences.all
        // Set for another moment than the silence waits for, it does nothing.
        for due in [end.adding(seconds: -1), end.adding(seconds: 1)] {
            #expect(fold.fire(.silenceEnd, on: silence, dueAt: due, nextWindow: next) == .dropped(.timerSuperseded))
            #expect(fold.state.silences.all == before && fold.state.changes.timers.isEmpty)
        }
        #expect(fold.fire(.silenceEnd, on: silence, dueAt: end, nextWindow: next) == .fired(nil))
        #expect(fold.state.silences[silence]?.window == next && fold.set(.silenceEnd, on: silence) == next.end)
        #expect(fold.fire(.silenceEnd, on: silence, dueAt: end, nextWindow: nil) == .dropped(.timerSuperseded))
        #expect(fold.state.silences[silence]?.window == next)
        #expect(fold.fire(.silenceEnd, on: silence, dueAt: next.end) == .fired(nil))
        let ended = try #require(fold.state.changedSilences[silence])
        #expect(ended.endedAt == fold.now && ended.endedBy == nil && fold.state.silences.all.isEmpty)
        #expect(fold.fire(.silenceEnd, on: silence, dueAt: next.end) == .dropped(.timerSuperseded))
    }

    @Test func aWindowThatFollowsAtOnceHoldsOn() throws {
        var fold = FoldRecorder.withIntegration()
        let silence = try fold.silence("source=db1", for: 60)
        let end = try fold.end(of: silence)
        fold.send(.trigger)
        let alert = fold.lastID
        let next = Recurrence.Window(start: end, end: end.adding(seconds: 60))
        fold.fire(.silenceEnd, on: silence, dueAt: end, nextWindow: next)
        #expect(fold.fire(.release, on: alert, dueAt: end) == .suppressed(alert, .silence(silence)))
        #expect(fold.set(.release, on: alert) == next.end)
        #expect(fold.fire(.release, on: alert, dueAt: next.end).name == "opened")
    }

    @Test func aChangeOfTheNextWindowKeepsNothingOfTheFormerOne() throws {
        var fold = FoldRecorder.withIntegration()
        let silence = try fold.silence("source=db1", for: 60)
        let end = try fold.end(of: silence)
        fold.send(.trigger)
        let alert = fold.lastID
        // The silence moves on to tomorrow, and is changed, before the alert's own timer is come to.
        let next = Recurrence.Window(start: end.adding(seconds: 86_400), end: end.adding(seconds: 90_000))
        fold.fire(.silenceEnd, on: silence, dueAt: end, nextWindow: next)
        fold.perform(.updateSilence(silence, SilenceUpdate(end: next.end.adding(seconds: 60))))
        let release = fold.set(.release, on: alert) ?? end
        #expect(release <= fold.now, "what the former window held back is released, not put off until tomorrow")
    }

    // MARK: However the log is split

    /// A log of the story's service with triggers, resolves, silences that are changed and end, and timers that come late
    /// or again.
    private static func randomStory(_ generator: inout SeededGenerator) throws -> SilenceStory {
        var story = SilenceStory(grouping: .contentBased(fields: [.component], aggregate: .all, timeWindow: 600))
        var (now, silences): (Int64, [SilenceID]) = (0, [])
        for _ in 0..<150 {
            now += Int.random(in: 0..<30, using: &generator) == 0 ? 80_000 : Int64.random(in: 0...40, using: &generator)
            let key = ["a", "b", "c", "d"].randomElement(using: &generator) ?? "a"
            let component = ["db", "web", nil].randomElement(using: &generator) ?? nil
            let end = now + Int64.random(in: 1...600, using: &generator)
            let silence = silences.suffix(3).randomElement(using: &generator) ?? 1
            story.isDown = Int.random(in: 0..<4, using: &generator) == 0
            switch Int.random(in: 0..<20, using: &generator) {
            case 0..<9: story.send(.trigger, key, at: now, digest: Int64(key.utf8.count)) { $0.component = component }
            case 9..<12: story.send(.resolve, key, at: now) { $0.component = component }
            case 12: story.send(.acknowledge, key, at: now)
            case 13, 14:
                let matcher = ["component=db", "component!=db", "dedup_key=~\"a|b\""].randomElement(using: &generator)
                let recurrence = Bool.random(using: &generator) ? try nightly.get() : nil
                silences.append(try story.silence(matcher ?? "", at: now, until: end, recurrence: recurrence))
            case 15: story.perform(.endSilence(silence), at: now)
            case 16: story.perform(.updateSilence(silence, SilenceUpdate(end: SilenceStory.moment(end))), at: now)
            default:
                let former = story.log.compactMap { if case .timer = $0.content { $0.content } else { nil } }
                if let again = former.randomElement(using: &generator) { story.at(now, again) }
            }
            try checkInvariants(story.fold.state)
        }
        return story
    }

    @Test(arguments: 1...UInt64(30))
    func theSameLogGivesTheSameHoweverItIsSplit(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let story = try Self.randomStory(&generator)
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
