import Alerting
import Testing

/// Silences hold back what matches while they are in force: the alert is kept and marked, and nobody is called for it. A
/// resolve is never swallowed, and what is open by the end opens its incident then.
@Suite struct SilenceTests {
    // MARK: What is held back

    @Test(arguments: [
        ("source=db1", true), ("source=db", false), ("source=DB1", false), ("source!=db2", true),
        ("source!=db1", false),
        // Patterns match the whole value, also where they offer a choice.
        ("source=~\"db.*\"", true), ("source=~db", false), ("source=~b1", false), ("source=~\"db2|db1\"", true),
        ("source=~\"web|b1\"", false), ("source!~\"db.*\"", false), ("source!~db", true),
        // All have to hold.
        ("source=db1,component=engine", true), ("source=db1,component=web", false),
        ("source=db2,component=engine", false), ("source!=db1,component!=web", false),
        // The alert has no class: that is as if it were empty.
        ("class=\"\"", true), ("class!=\"\"", false), ("class!=x", true), ("class=x", false), ("class=~\".*\"", true),
        ("class=~\".+\"", false), ("class!~\".+\"", true), ("class!~\"x*\"", false),
        ("class=\"\",source=db1", true), ("class=\"\",source=db2", false),
        // Every other label.
        ("summary=\"disk full\"", true), ("severity=critical", true), ("component=engine", true), ("group=east", true),
        ("client=\"\"", true), ("dedup_key=disk", true), ("severity!~\"critical|error\"", false),
        ("dedup_key=~\"disk|memory\"", true), ("group=~\"(?i)EAST\"", true),
    ])
    func matchersDecide(matchers: String, isHeldBack: Bool) throws {
        var fold = FoldRecorder.withIntegration()
        _ = try fold.silence(matchers, service: fold.service)
        let outcome = fold.send(.trigger) {
            $0.component = "engine"
            $0.group = "east"
        }
        #expect(outcome.name == (isHeldBack ? "suppressed" : "opened"))
    }

    @Test func theIntegrationIsALabelToo() throws {
        var fold = FoldRecorder.withIntegration()
        let other = fold.createIntegration("Zabbix", of: fold.service, key: "fedcba9876543210")
        _ = try fold.silence("integration=\(ExternalID.string(.integration, other))")
        #expect(fold.send(.trigger).name == "opened")
        #expect(fold.send(.trigger, on: other).name == "suppressed")
    }

    @Test func whatV1LacksMatchesAsItIsShown() throws {
        var fold = FoldRecorder.withIntegration(defaultSeverity: .warning)
        _ = try fold.silence("source=Prometheus", "severity=warning")
        #expect(fold.send(.trigger, version: .v1).name == "suppressed")
    }

    @Test(arguments: [(-1, false), (0, true), (1, true), (9999, true), (10_000, false), (10_001, false)])
    func theWindowHasItsStartAndNotItsEnd(milliseconds: Int64, isHeldBack: Bool) throws {
        var fold = FoldRecorder.withIntegration()
        let silence = try fold.silence("source=db1", after: 60, for: 10)
        let start = try #require(fold.state.silences[silence]).window.start
        let moment = Timestamp(milliseconds: start.milliseconds + milliseconds)
        let outcome = fold.apply(.alert(fold.makeEvent(.trigger)), at: moment)
        #expect(outcome.name == (isHeldBack ? "suppressed" : "opened"))
    }

    @Test func aServicesSilenceIsItsOwnAndAGlobalOneEverybodys() throws {
        var fold = FoldRecorder.withIntegration()
        let service = fold.createService("Bank")
        let other = fold.createIntegration("Zabbix", of: service, key: "fedcba9876543210")
        _ = try fold.silence("dedup_key=disk", service: fold.service)
        _ = try fold.silence("dedup_key=memory")
        #expect(fold.send(.trigger, "disk").name == "suppressed")
        #expect(fold.send(.trigger, "disk", on: other).name == "opened")
        for integration in [fold.integration, other] {
            #expect(fold.send(.trigger, "memory", on: integration).name == "suppressed")
            #expect(fold.send(.trigger, "load", on: integration).name == "opened")
        }
    }

    @Test func maintenanceIsASilenceOfAServiceWithoutMatchers() throws {
        var fold = FoldRecorder.withIntegration()
        let service = fold.createService("Bank")
        let other = fold.createIntegration("Zabbix", of: service, key: "fedcba9876543210")
        let silence = try fold.silence(service: service)
        #expect(fold.state.silences[silence]?.isMaintenance == true)
        for key in ["disk", "memory"] {
            #expect(fold.send(.trigger, key, on: other) == .suppressed(fold.lastID, .silence(silence)))
            #expect(fold.send(.trigger, key).name == "opened")
        }
    }

    // MARK: What becomes of it

    @Test func theAlertIsKeptAndMarkedAndNobodyIsCalled() throws {
        var fold = FoldRecorder.withIntegration()
        let silence = try fold.silence("source=db1", for: 60)
        let outcome = fold.send(.trigger, attachments: .details)
        let id = fold.lastID
        #expect(outcome == .suppressed(id, .silence(silence)))
        #expect(outcome.reason == "silenced" && outcome.subject == silence && outcome.incidentID == nil)
        let alert = try #require(fold.state.alerts[id])
        #expect(alert.isHeldBack && alert.suppression == .silence(silence) && alert.placedEventID == nil)
        #expect(alert.data.summary == "disk full" && alert.detailsEventID == id)
        #expect(fold.state.incidents.isEmpty && fold.written.isEmpty)
        let end = try fold.end(of: silence)
        #expect(fold.state.changes.timers == [TimerKey(.release, id): end])
        try checkInvariants(fold.state)
    }

    @Test func furtherTriggersUpdateTheAlert() throws {
        var fold = FoldRecorder.withIntegration()
        let silence = try fold.silence("source=db1")
        fold.send(.trigger, severity: .critical)
        let id = fold.lastID
        #expect(fold.send(.trigger, severity: .critical) == .suppressed(id, .silence(silence)))
        let last = fold.send(.trigger, severity: .warning, attachments: .links, digest: 2) {
            $0.summary = "disk nearly full"
        }
        #expect(last == .suppressed(id, .silence(silence)))
        let alert = try #require(fold.state.alerts[id])
        #expect(alert.triggerCount == 3 && alert.data.summary == "disk nearly full" && alert.updatedAt == fold.now)
        #expect(alert.severity == .warning && alert.highestSeverity == .critical && alert.linksEventID == fold.lastID)
        #expect(fold.state.alerts.count == 1 && fold.state.incidents.isEmpty && fold.written.isEmpty)
        try checkInvariants(fold.state)
    }

    @Test func aTriggerThatNothingHoldsBackAnyMoreOpensTheIncident() throws {
        var fold = FoldRecorder.withIntegration()
        _ = try fold.silence("severity=~\"info|warning\"")
        fold.send(.trigger, severity: .warning)
        let id = fold.lastID
        #expect(fold.send(.trigger, severity: .critical, digest: 2) == .opened(id, fold.lastID))
        let incident = try #require(fold.state.incidents[fold.lastID])
        #expect(incident.id != id && incident.urgency == .high && incident.alertCount == 1)
        #expect(fold.written.map(\.agent) == [.integration(fold.integration, .v2)])
        #expect(fold.state.alerts[id]?.incidentID == incident.id && fold.state.alerts[id]?.triggerCount == 2)
        #expect(fold.state.changes.timers[TimerKey(.release, id)] == .some(nil), "nothing is to be released any more")
        // In an incident, it is no longer held back by what it says.
        #expect(fold.send(.trigger, severity: .info, digest: 3) == .deduplicated(id, incident.id))
        try checkInvariants(fold.state)
    }

    @Test func aResolveEndsAHeldBackAlertForGood() throws {
        var fold = FoldRecorder.withIntegration()
        let silence = try fold.silence("source=db1", for: 60)
        let end = try fold.end(of: silence)
        fold.send(.trigger)
        let id = fold.lastID
        #expect(fold.send(.resolve) == .alertResolved(id, nil))
        let alert = try #require(fold.state.alerts[id])
        #expect(alert.status == .resolved && alert.resolvedEventID == fold.lastID && alert.incidentID == nil)
        #expect(alert.suppression == .silence(silence), "what held it back to the last is still told")
        #expect(fold.written.isEmpty && fold.state.changes.timers == [TimerKey(.release, id): nil])
        #expect(fold.send(.resolve) == .dropped(.noOpenAlert))
        #expect(fold.fire(.release, on: id, dueAt: end) == .dropped(.timerSuperseded))
        #expect(fold.state.alerts[id] == alert && fold.state.incidents.isEmpty && fold.written.isEmpty)
        #expect(fold.send(.trigger) == .opened(fold.lastID, fold.lastID))
    }

    @Test func anAcknowledgeOfAHeldBackAlertIsDropped() throws {
        var fold = FoldRecorder.withIntegration()
        _ = try fold.silence("source=db1")
        fold.send(.trigger)
        let (alert, alerts) = (fold.lastID, fold.state.alerts)
        #expect(fold.send(.acknowledge) == .dropped(.alertHeldBack, alert))
        #expect(fold.state.alerts == alerts && fold.state.incidents.isEmpty && fold.written.isEmpty)
    }

    @Test func anOpenIncidentGoesOnAsBefore() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        let id = fold.lastID
        let silence = try fold.silence("source=db1")
        #expect(fold.send(.trigger) == .deduplicated(id, id))
        #expect(fold.send(.acknowledge) == .acknowledged(id, id))
        #expect(fold.state.alerts[id]?.suppression == nil)
        #expect(fold.send(.resolve) == .resolved(id, id))
        #expect(fold.send(.trigger) == .suppressed(fold.lastID, .silence(silence)))
        #expect(fold.state.incidents.count == 1)
        // The key is taken: an incident that came back would have a second open alert of it.
        #expect(fold.put(.triggered, on: id) == .refused(.alertOpenElsewhere, subject: id))
        try checkInvariants(fold.state)
    }

    // MARK: What is refused

    @Test(arguments: [
        ("", Refusal.matchersTooWide), ("details.region=east", .invalidMatchers), ("Source=db1", .invalidMatchers),
        ("source=db1,team=x", .invalidMatchers), ("source=~\"(\"", .invalidMatchers),
        ("source!~\"[z-a]\"", .invalidMatchers), ("source=~\"(a)\\\\1\"", .invalidMatchers),
    ])
    func matchersThatCannotBeMeantAreRefused(text: String, refusal: Refusal) throws {
        var fold = FoldRecorder.withIntegration()
        let window = Recurrence.Window(start: fold.now, end: fold.now.adding(seconds: 60))
        let draft = SilenceDraft(matchers: try LabelMatcher.parse(text), window: window)
        #expect(fold.perform(.createSilence(draft)) == .refused(refusal, subject: nil))
        #expect(fold.state.silences.all.isEmpty && fold.state.changes.timers.isEmpty)
        #expect(fold.send(.trigger).name == "opened")
    }

    @Test func aWholeServiceIsSilencedOnlyIfThatWasSaid() throws {
        var fold = FoldRecorder.withIntegration()
        let window = Recurrence.Window(start: fold.now, end: fold.now.adding(seconds: 60))
        var draft = SilenceDraft(serviceID: fold.service, matchers: [], window: window)
        #expect(fold.perform(.createSilence(draft)) == .refused(.matchersMissing, subject: nil))
        #expect(fold.state.silences.all.isEmpty && fold.state.changes.timers.isEmpty)
        draft.isMaintenance = true
        #expect(fold.perform(.createSilence(draft)) == .applied(nil))
        // Older logs lack the member, and mean the whole service.
        draft.isMaintenance = nil
        #expect(fold.perform(.createSilence(draft)) == .applied(nil))
    }

    @Test(arguments: [(60, 60), (60, 59), (-60, -30), (-60, 0), (0, 0)])
    func aWindowThatNoMomentIsInIsRefused(start: Int64, end: Int64) throws {
        var fold = FoldRecorder.withIntegration()
        let now = fold.now.adding(seconds: 1)
        let window = Recurrence.Window(start: now.adding(seconds: start), end: now.adding(seconds: end))
        let draft = SilenceDraft(serviceID: fold.service, matchers: [], window: window)
        #expect(fold.perform(.createSilence(draft)) == .refused(.invalidWindow, subject: nil))
        #expect(fold.state.silences.all.isEmpty && fold.state.changes.timers.isEmpty)
    }

    @Test func aServiceThatIsNotThereIsRefused() throws {
        var fold = FoldRecorder.withIntegration()
        let deleted = fold.createService("Bank")
        fold.perform(.deleteService(deleted))
        let window = Recurrence.Window(start: fold.now, end: fold.now.adding(seconds: 60))
        for service in [deleted, 999] {
            let draft = SilenceDraft(serviceID: service, matchers: [], window: window)
            #expect(fold.perform(.createSilence(draft)) == .refused(.unknownService, subject: service))
        }
    }

    @Test func onlyASilenceThatHasNotEndedCanBeChanged() throws {
        var fold = FoldRecorder.withIntegration()
        let ended = try fold.silence("source=db1")
        fold.perform(.endSilence(ended))
        let over = try fold.silence("source=db1", for: 5)
        #expect(fold.fire(.silenceEnd, on: over, dueAt: try fold.end(of: over)) == .fired(nil))
        let later = fold.now.adding(seconds: 60)
        for silence in [ended, over, 999] {
            let refused = Outcome.refused(.unknownSilence, subject: silence)
            #expect(fold.perform(.updateSilence(silence, SilenceUpdate(end: later))) == refused)
            #expect(fold.perform(.updateSilence(silence, SilenceUpdate(comment: "again"))) == refused)
            #expect(fold.perform(.endSilence(silence)) == refused)
        }
        #expect(fold.send(.trigger).name == "opened")
    }

    @Test func aChangeToAWindowThatNoMomentIsInIsRefused() throws {
        var fold = FoldRecorder.withIntegration()
        let current = try fold.silence("source=db1", for: 60)
        let coming = try fold.silence("source=db1", after: 60, for: 60)
        let silences = fold.state.silences.all
        let start = try #require(fold.state.silences[coming]).window.start
        for (silence, end) in [(current, fold.now), (current, fold.now.adding(seconds: -5)), (coming, start)] {
            let outcome = fold.perform(.updateSilence(silence, SilenceUpdate(end: end)))
            #expect(outcome == .refused(.invalidWindow, subject: silence))
        }
        #expect(fold.state.silences.all == silences)
    }

    // MARK: Timers that no longer apply

    @Test func aReleaseAtTheFormerEndOfAnExtendedSilenceChangesNothing() throws {
        var fold = FoldRecorder.withIntegration()
        let silence = try fold.silence("source=db1", for: 60)
        let end = try fold.end(of: silence)
        fold.send(.trigger)
        let alert = fold.lastID
        fold.perform(.updateSilence(silence, SilenceUpdate(end: end.adding(seconds: 60))))
        #expect(fold.set(.release, on: alert) == end.adding(seconds: 60))
        #expect(fold.set(.silenceEnd, on: silence) == end.adding(seconds: 60))
        let (alerts, silences) = (fold.state.alerts, fold.state.silences.all)
        #expect(fold.fire(.silenceEnd, on: silence, dueAt: end) == .dropped(.timerSuperseded))
        fold.fire(.release, on: alert, dueAt: end)
        #expect(fold.state.alerts == alerts && fold.state.silences.all == silences)
        #expect(fold.state.incidents.isEmpty && fold.written.isEmpty)
        let left = fold.state.changes.timers[TimerKey(.release, alert)] ?? end.adding(seconds: 60)
        #expect(left == end.adding(seconds: 60), "it still waits for the new end")
    }

    @Test func anotherCommentMovesNoTimer() throws {
        var fold = FoldRecorder.withIntegration()
        let silence = try fold.silence("source=db1", for: 60)
        fold.send(.trigger)
        #expect(fold.perform(.updateSilence(silence, SilenceUpdate(comment: "still at it"))) == .applied(nil))
        #expect(fold.state.silences[silence]?.comment == "still at it" && fold.state.changes.timers.isEmpty)
        #expect(fold.perform(.updateSilence(silence, SilenceUpdate(comment: "still at it"))) == .unchanged(nil))
        let end = try fold.end(of: silence)
        #expect(fold.perform(.updateSilence(silence, SilenceUpdate(end: end))) == .unchanged(nil))
        #expect(fold.state.changes.timers.isEmpty)
    }
}
