import Alerting
import Testing

/// What an alert held back is not lost: as soon as nothing holds it back any more, one that is still open opens its
/// incident, once, however its source came to its end and however late that is noticed.
@Suite struct InhibitionTimelineTests {
    /// A story with a rule by which critical alerts hold warnings back.
    private static func story(grouping: AlertGrouping? = nil) throws -> SilenceStory {
        var story = SilenceStory(grouping: grouping)
        try story.inhibit("severity=warning", by: "severity=critical", at: 0)
        return story
    }

    /// How a source that is in an incident of its own comes to its end.
    enum Ending: CaseIterable {
        case event, incident, alert, autoResolve, mergedIncident, mergedAlert, acknowledged, snoozed
    }

    @Test(arguments: Ending.allCases)
    func theEndOfTheSourceLetsGoAtOnce(ending: Ending) throws {
        var story = try Self.story()
        var update = ServiceUpdate()
        update.autoResolveTimeout = ending == .autoResolve ? 20 : 0
        story.perform(.updateService(story.fold.service, update), at: 0)
        let other = try story.open("other", .error, at: 1)
        let source = try story.open("router", .critical, at: 10)
        let held = try story.open("web", .warning, at: 20)
        switch ending {
        case .event: story.send(.resolve, "router", at: 30)
        case .incident: _ = story.put(.resolved, on: source, at: 30)
        case .alert:
            story.perform(.updateAlerts(source, [AlertUpdate(alertID: source, status: .resolved)]), at: 30)
        case .autoResolve:
            #expect(story.pass(to: 29) == ["fired"], "the other incident has ended by itself")
            let due = TimerEvent(kind: .autoResolve, subjectID: source, dueAt: SilenceStory.moment(30))
            story.isDown = true
            story.at(30, .timer(due))
            story.isDown = false
        case .mergedIncident, .mergedAlert:
            // In another incident it is as open as before.
            story.perform(.mergeIncidents(into: other, [source]), at: 25)
            #expect(story.release(of: held) == nil)
            #expect(story.send(.trigger, "web", at: 25, severity: .warning, digest: 2).name == "suppressed")
            if ending == .mergedAlert {
                story.perform(.updateAlerts(other, [AlertUpdate(alertID: source, status: .resolved)]), at: 30)
            } else {
                _ = story.put(.resolved, on: other, at: 30)
            }
        case .acknowledged:
            story.send(.acknowledge, "router", at: 25)
            #expect(story.release(of: held) == nil)
            story.send(.resolve, "router", at: 30)
        case .snoozed:
            story.perform(.snoozeIncident(source, seconds: 3), at: 25)
            #expect(story.pass(to: 29) == ["fired"] && story.release(of: held) == nil)
            story.send(.resolve, "router", at: 30)
        }
        #expect(story.fold.state.alerts[source]?.status == .resolved)
        #expect(story.release(of: held) == SilenceStory.moment(30))
        let release = story.fold.lastID + 1
        #expect(story.pass(to: 30) == ["opened"])
        #expect(story.fold.writtenKinds == [.trigger] && story.fold.written[0].agent == .service(story.fold.service))
        let incident = try #require(story.fold.state.incidents[release])
        #expect(incident.createdAt == SilenceStory.moment(30) && incident.incidentKey == DedupKey("web"))
        let alert = try #require(story.fold.state.alerts[held])
        #expect(alert.incidentID == release && alert.placedEventID == release && alert.suppression == nil)
        #expect(story.release(of: held) == nil)
        let again = TimerEvent(kind: .release, subjectID: held, dueAt: SilenceStory.moment(30))
        #expect(story.at(31, .timer(again)) == .dropped(.timerSuperseded))
        try checkInvariants(story.fold.state)
    }

    @Test func theNextSourceHoldsItOn() throws {
        var story = try Self.story()
        let rule = story.fold.lastID
        let sources = try ["a", "b", "c"].map { try story.open($0, .critical, at: 10) }
        let held = try story.open("web", .warning, at: 20)
        story.send(.resolve, "b", at: 30)
        #expect(story.release(of: held) == nil, "it is not the one that is named")
        story.send(.resolve, "a", at: 40)
        #expect(story.pass(to: 40) == ["suppressed"] && story.fold.written.isEmpty)
        #expect(story.fold.suppression(of: held) == .inhibition(rule, source: sources[2]))
        #expect(story.fold.state.changes.holds.map(\.by) == [.inhibition(rule, source: sources[2])])
        #expect(story.release(of: held) == nil && story.fold.state.alerts[held]?.triggerCount == 1)
        story.send(.resolve, "c", at: 50)
        #expect(story.pass(to: 50) == ["opened"])
    }

    @Test func aChainIsLetGoLinkByLink() throws {
        var story = try Self.story()
        try story.inhibit("severity=info", by: "severity=warning", at: 0)
        let root = try story.open("root", .critical, at: 10)
        let middle = try story.open("middle", .warning, at: 10)
        let leaf = try story.open("leaf", .info, at: 10)
        #expect(story.fold.suppression(of: middle)?.subject == root)
        #expect(story.fold.suppression(of: leaf)?.subject == middle)
        story.send(.resolve, "root", at: 20)
        #expect(story.pass(to: 30) == ["opened"] && story.fold.suppression(of: leaf)?.subject == middle)
        story.send(.resolve, "middle", at: 40)
        #expect(story.pass(to: 40) == ["opened"])
        // A source that nobody was called for lets go just so.
        try story.open("root", .critical, at: 50)
        try story.open("middle", .warning, at: 50)
        let second = try story.open("late", .info, at: 50)
        #expect(story.send(.resolve, "middle", at: 60).incidentID == nil)
        #expect(story.release(of: second) == SilenceStory.moment(60))
        #expect(story.pass(to: 60) == ["opened"])
    }

    @Test func anAlertThatRecoversInTimeNeverCallsAnybody() throws {
        var story = try Self.story()
        try story.open("router", .critical, at: 10)
        try story.open("a", .warning, at: 20)
        try story.open("b", .warning, at: 20)
        story.send(.resolve, "a", at: 30)
        story.isDown = true
        story.send(.resolve, "router", at: 40)
        #expect(story.send(.resolve, "b", at: 41).name == "alert_resolved")
        story.isDown = false
        #expect(story.pass(to: 1000) == [] && story.timers.isEmpty)
        #expect(story.fold.state.incidents.count == 1)
    }

    @Test func aTriggerBetweenTheEndAndItsTimerOpensTheIncident() throws {
        var story = try Self.story()
        try story.open("router", .critical, at: 10)
        let held = try story.open("web", .warning, at: 20)
        let late = try story.open("mail", .warning, at: 20)
        story.isDown = true
        story.send(.resolve, "router", at: 30)
        #expect(story.send(.trigger, "web", at: 300, severity: .warning) == .opened(held, story.fold.lastID))
        story.isDown = false
        #expect(story.pass(to: 500) == ["opened"])
        #expect(story.fold.state.alerts[late]?.incidentID == story.fold.lastID)
        #expect(story.fold.state.incidents.count == 3)
    }

    // MARK: Sources that change

    @Test func aSourceThatNoLongerMatchesLetsGo() throws {
        var story = SilenceStory()
        try story.inhibit("severity=warning", by: "severity=critical", equal: ["component"], at: 0)
        try story.open("router", .critical, at: 10) { $0.component = "net" }
        let held = try story.open("web", .warning, at: 20) { $0.component = "net" }
        try story.open("router", .critical, at: 30, digest: 2) {
            $0.component = "net"
            $0.summary = "still down"
        }
        #expect(story.release(of: held) == nil, "it is a source as before")
        try story.open("router", .critical, at: 40, digest: 3) { $0.component = "db" }
        #expect(story.release(of: held) == SilenceStory.moment(40) && story.pass(to: 40) == ["opened"])
        let second = try story.open("mail", .warning, at: 50) { $0.component = "db" }
        #expect(story.fold.suppression(of: second) != nil, "it holds back what is like it now")
        try story.open("router", .error, at: 60, digest: 4) { $0.component = "db" }
        #expect(story.release(of: second) == SilenceStory.moment(60) && story.pass(to: 60) == ["opened"])
        #expect(story.openIncidents.count == 3)
    }

    @Test func aSourceThatComesBackBeforeItsTimerHoldsOn() throws {
        var story = try Self.story()
        let source = try story.open("router", .critical, at: 10)
        let held = try story.open("web", .warning, at: 20)
        story.isDown = true
        try story.open("router", .error, at: 30, digest: 2)
        try story.open("router", .critical, at: 40)
        story.isDown = false
        #expect(story.pass(to: 40) == ["suppressed"] && story.release(of: held) == nil)
        story.isDown = true
        story.send(.resolve, "router", at: 50)
        #expect(story.put(.triggered, on: source, at: 60) == .applied(source))
        story.isDown = false
        #expect(story.pass(to: 60) == ["suppressed"])
        story.send(.resolve, "router", at: 70)
        #expect(story.pass(to: 70) == ["opened"])
    }

    @Test(arguments: [true, false])
    func whatIsHeldBackSinceASourceCameBackWaitsForItAlone(isReopened: Bool) throws {
        var story = try Self.story()
        story.isDown = true
        let source = try story.open("router", .critical, at: 10)
        let former = try story.open("web", .warning, at: 20)
        if isReopened {
            story.send(.resolve, "router", at: 30)
            #expect(story.put(.triggered, on: source, at: 40) == .applied(source))
        } else {
            try story.open("router", .error, at: 30, digest: 2)
            try story.open("router", .critical, at: 40, digest: 3)
        }
        let held = try story.open("mail", .warning, at: 50)
        #expect(story.release(of: former) == SilenceStory.moment(30) && story.release(of: held) == nil)
        // Also where all of it is one batch, at whose end what the source held back once is looked for.
        var tables = FoldTables(story.settings)
        tables.fold(story.log)
        #expect(tables.alerts == story.fold.state.alerts && tables.timers == story.timers)
    }

    @Test func aSourceThatBecomesATwinLetsItsTwinsGo() throws {
        var story = SilenceStory()
        try story.inhibit("severity=~\"error|warning\"", by: "severity=~\"critical|error\"", at: 0)
        try story.open("a", .critical, at: 10)
        let twin = try story.open("b", .error, at: 20)
        let leaf = try story.open("c", .warning, at: 20)
        try story.open("a", .error, at: 30, digest: 2)
        #expect(story.release(of: twin) == SilenceStory.moment(30))
        story.pass(to: 30)
        #expect(story.fold.suppression(of: twin) == nil && story.fold.suppression(of: leaf) != nil)
    }

    @Test(arguments: [true, false])
    func aReopenedAlertIsASourceAgain(byIncident: Bool) throws {
        var story = try Self.story()
        let rule = story.fold.lastID
        let source = try story.open("router", .critical, at: 10)
        try story.open("other", .error, at: 10)
        if !byIncident { story.perform(.mergeIncidents(into: source, [story.fold.lastID]), at: 10) }
        story.send(.resolve, "router", at: 20)
        #expect(story.send(.trigger, "a", at: 30, severity: .warning).name == "opened", "a resolved one is no source")
        if byIncident {
            #expect(story.put(.triggered, on: source, at: 40) == .applied(source))
        } else {
            let update = AlertUpdate(alertID: source, status: .triggered)
            #expect(story.perform(.updateAlerts(source, [update]), at: 40) == .applied(source))
        }
        let held = try story.open("b", .warning, at: 50)
        #expect(story.fold.suppression(of: held) == .inhibition(rule, source: source))
        #expect(story.send(.trigger, "a", at: 50, severity: .warning).name == "deduplicated")
        story.send(.resolve, "router", at: 60)
        #expect(story.pass(to: 60) == ["opened"])
    }

    // MARK: Rules, silences and groups

    @Test func aDeletedRuleLetsGoAtOnceAndOnlyOfItsOwn() throws {
        var story = SilenceStory()
        let rule = try story.inhibit("severity=warning", by: "severity=critical", at: 0)
        let second = try story.inhibit("dedup_key=~\"web|disk\"", by: "severity=critical", at: 0)
        let source = try story.open("router", .critical, at: 10)
        try story.open("web", .warning, at: 20)
        try story.open("mail", .warning, at: 20)
        let other = try story.open("disk", .info, at: 20)
        #expect(story.perform(.deleteInhibitionRule(rule), at: 30) == .applied(nil))
        #expect(story.release(of: other) == nil)
        #expect(story.pass(to: 30) == ["suppressed", "opened"])
        #expect(story.fold.suppression(of: other) == .inhibition(second, source: source))
        #expect(story.send(.trigger, "late", at: 40, severity: .warning).name == "opened")
        story.perform(.deleteInhibitionRule(second), at: 50)
        #expect(story.pass(to: 50) == ["opened", "opened"])
        // Without any rule, the end of what was a source is that of any alert.
        story.send(.resolve, "router", at: 60)
        #expect(story.pass(to: 1000) == [] && story.timers.isEmpty)
    }

    @Test func aSilencedSourceHoldsBackAndSoDoesItWhenItsSilenceIsOver() throws {
        var story = try Self.story()
        let rule = story.fold.lastID
        try story.silence("dedup_key=~\"router|web\"", at: 5, until: 60)
        let source = try story.open("router", .critical, at: 10)
        let both = try story.open("web", .warning, at: 20)
        let held = try story.open("mail", .warning, at: 20)
        #expect(story.fold.suppression(of: held) == .inhibition(rule, source: source))
        #expect(story.pass(to: 60) == ["opened", "suppressed", "fired"])
        #expect(story.fold.suppression(of: both) == .inhibition(rule, source: source))
        #expect(story.openIncidents.count == 1, "there is one call for the cause")
        story.send(.resolve, "router", at: 70)
        #expect(story.pass(to: 70) == ["opened", "opened"] && story.timers.isEmpty)
    }

    @Test func aReleasedAlertJoinsTheIncidentOfItsGroup() throws {
        var story = try Self.story(
            grouping: .contentBased(fields: [.component], aggregate: .all, timeWindow: nil))
        try story.open("open", .info, at: 5) { $0.component = "db" }
        try story.open("router", .critical, at: 10)
        for (key, component) in [("a", "db"), ("b", "web"), ("c", "web")] {
            try story.open(key, .warning, at: 20) { $0.component = component }
        }
        #expect(story.openIncidents.map(\.alertCount) == [1, 1])
        story.send(.resolve, "router", at: 30)
        #expect(story.pass(to: 30) == ["grouped", "opened", "grouped"])
        #expect(story.openIncidents.map(\.alertCount) == [2, 2])
        try checkInvariants(story.fold.state)
    }
}
