import Alerting
import Testing

/// One cause makes one call: while an older open alert matches the source side of a rule, a new one that matches the
/// target side is held back, by nothing but what both are like. A resolve is never swallowed, and silences come first.
@Suite struct InhibitionTests {
    // MARK: What is held back

    @Test(arguments: [
        ("severity=critical", "severity=warning", true), ("severity=error", "severity=warning", false),
        ("severity=critical", "severity=info", false), ("severity=warning", "severity=critical", false),
        ("severity=critical", "severity!=\"\",severity!=critical", true),
        ("severity!=\"\",severity!=critical", "severity=warning", false),
        // Patterns match the whole value, also where they offer a choice.
        ("severity=~\"crit.*\"", "severity=warning", true), ("severity=~crit", "severity=warning", false),
        ("severity=critical", "dedup_key=~\"web|mail\"", true), ("severity=critical", "dedup_key=~\"w|eb\"", false),
        ("dedup_key!~\"web|x*\"", "dedup_key=web", true), ("dedup_key!~\"router|x*\"", "dedup_key=web", false),
        ("severity=critical", "dedup_key!~\"web|x*\"", false),
        // All have to hold.
        ("severity=critical,component=net", "severity=warning,dedup_key=web", true),
        ("severity=critical,component=db", "severity=warning", false),
        ("severity=critical", "severity=warning,dedup_key=mail", false),
        // Neither has a class, and the second no component: that is as if they were empty.
        ("component=net,class=\"\"", "dedup_key=web,component=\"\"", true),
        ("component=net", "dedup_key=web,class!=\"\"", false), ("component!=\"\"", "dedup_key=web", true),
        ("component=net,class!~\".+\"", "dedup_key=web,class!=x", true),
        ("component=net", "dedup_key=web,component=~\".+\"", false),
    ])
    func bothSidesDecide(source: String, target: String, isHeldBack: Bool) throws {
        var fold = FoldRecorder.withIntegration()
        _ = try fold.inhibit(target, by: source)
        _ = try fold.open("router", .critical) { $0.component = "net" }
        #expect(fold.send(.trigger, "web", severity: .warning).name == (isHeldBack ? "suppressed" : "opened"))
    }

    @Test(arguments: [
        (["component"], ["db"], ["db"], true), (["component"], ["db"], ["web"], false),
        (["component"], ["db"], ["DB"], false), (["component"], ["db"], [nil], false),
        // An absent label is as good as an empty one.
        (["component"], [nil], [nil], true), (["component"], [nil], [""], true), (["component"], [""], [nil], true),
        (["component"], [nil], ["0:"], false),
        // As everywhere, texts are compared byte by byte.
        (["component"], ["caf\u{E9}"], ["cafe\u{301}"], false),
        (["component", "group"], ["a", "b"], ["a", "b"], true),
        (["component", "group"], ["a", "b"], ["a", "c"], false),
        (["component", "group"], ["a", "b"], ["b", "a"], false),
        (["component", "group"], ["a", nil], [nil, "a"], false),
        (["component", "group"], ["a b", "c"], ["a", "b c"], false),
        (["component", "group"], ["a 1:b", nil], ["a", "b 0:"], false),
        (["group", "component"], ["a", "b"], ["a", "b"], true),
        (["source", "summary", "component", "group", "class"], ["a", "b"], ["a", "b"], true),
        (["dedup_key"], [], [], false), (["severity"], [], [], false), (["integration", "client"], [], [], true),
        ([], ["a"], ["b"], true),
    ])
    func someLabelsHaveToBeEqual(
        equal: [String], first: [String?], second: [String?], isHeldBack: Bool
    ) throws {
        var fold = FoldRecorder.withIntegration()
        _ = try fold.inhibit("severity=warning", by: "severity=critical", equal: equal)
        func fill(_ values: [String?]) -> (inout AlertData) -> Void {
            {
                $0.component = values.first ?? nil
                $0.group = values.dropFirst().first ?? nil
            }
        }
        fold.send(.trigger, "router", severity: .critical, fill(first))
        let outcome = fold.send(.trigger, "web", severity: .warning, fill(second))
        #expect(outcome.name == (isHeldBack ? "suppressed" : "opened"))
    }

    @Test func aServicesRuleIsItsOwnAndAGlobalOneEverybodys() throws {
        var fold = FoldRecorder.withIntegration()
        let other = fold.createIntegration("Zabbix", of: fold.createService("Bank"), key: "fedcba9876543210")
        _ = try fold.inhibit("dedup_key=disk", by: "severity=critical", service: fold.service)
        let everywhere = try fold.inhibit("dedup_key=memory", by: "dedup_key=power")
        let elsewhere = try fold.open("rack", .critical, on: other)
        #expect(fold.send(.trigger, "disk", severity: .warning).name == "opened", "the source is of another service")
        fold.send(.resolve, "disk")
        let source = try fold.open("power", .critical)
        #expect(fold.send(.trigger, "disk", severity: .warning).subject == source)
        #expect(fold.send(.trigger, "disk", severity: .warning, digest: 2).subject == source)
        #expect(fold.send(.trigger, "disk", on: other, severity: .warning).name == "opened")
        // A global one does not ask whether both are of one service.
        for integration in [fold.integration, other] {
            let outcome = fold.send(.trigger, "memory", on: integration, severity: .warning)
            #expect(outcome == .suppressed(fold.lastID, .inhibition(everywhere, source: source)))
        }
        #expect(fold.state.alerts[elsewhere]?.status == .triggered)
    }

    @Test func ofSeveralTheOldestSourceIsNamed() throws {
        var fold = FoldRecorder.withIntegration()
        let late = try fold.inhibit("severity=info", by: "component=db")
        let rule = try fold.inhibit("severity=info", by: "severity=critical")
        let sources = try ["a", "b", "c"].map { try fold.open($0, .critical) }
        _ = try fold.open("d", .warning) { $0.component = "db" }
        let first = try fold.open("e", .info)
        #expect(fold.suppression(of: first) == .inhibition(rule, source: sources[0]))
        fold.send(.resolve, "a")
        // Another word of the oldest makes it no younger.
        _ = try fold.open("b", .critical, digest: 2)
        let second = try fold.open("f", .info)
        #expect(fold.suppression(of: second) == .inhibition(rule, source: sources[1]))
        fold.send(.resolve, "b")
        fold.send(.resolve, "c")
        let third = try fold.open("g", .info)
        #expect(fold.suppression(of: third)?.reason == "inhibited")
        #expect(fold.suppression(of: third) == .inhibition(late, source: sources[2] + 1))
    }

    @Test func itDoesNotMatterWhetherTheSourceIsAcknowledgedOrHeldBackItself() throws {
        var fold = FoldRecorder.withIntegration()
        let first = try fold.inhibit("severity=error", by: "severity=critical")
        let second = try fold.inhibit("severity=warning", by: "severity=error")
        let third = try fold.inhibit("severity=info", by: "dedup_key=silent")
        _ = try fold.silence("dedup_key=silent")
        let root = try fold.open("root", .critical)
        fold.send(.acknowledge, "root")
        let middle = try fold.open("middle", .error)
        let leaf = try fold.open("leaf", .warning)
        let silent = try fold.open("silent", .critical)
        let quiet = try fold.open("quiet", .info)
        #expect(fold.suppression(of: middle) == .inhibition(first, source: root))
        #expect(fold.suppression(of: leaf) == .inhibition(second, source: middle))
        #expect(fold.suppression(of: quiet) == .inhibition(third, source: silent))
        #expect(fold.state.incidents.count == 1)
        try checkInvariants(fold.state)
    }

    @Test func alertsThatMatchBothSidesDoNotHideEachOther() throws {
        var fold = FoldRecorder.withIntegration()
        let rule = try fold.inhibit("severity=~\"error|warning\"", by: "severity=~\"critical|error\"")
        let twin = try fold.open("a", .error)
        #expect(fold.send(.trigger, "b", severity: .error).name == "opened")
        let root = try fold.open("c", .critical)
        let held = try fold.open("d", .error)
        #expect(fold.suppression(of: held) == .inhibition(rule, source: root), "older twins do not count")
        let leaf = try fold.open("e", .warning)
        #expect(fold.suppression(of: leaf) == .inhibition(rule, source: twin))
    }

    @Test func aNewerAlertHoldsNoOlderOneBack() throws {
        var fold = FoldRecorder.withIntegration()
        let silence = try fold.silence("dedup_key=old", for: 60)
        let end = try fold.end(of: silence)
        _ = try fold.inhibit("severity=warning", by: "severity=critical")
        let open = try fold.open("web", .warning)
        let old = try fold.open("old", .warning)
        _ = try fold.open("new", .critical)
        #expect(fold.send(.trigger, "web", severity: .warning) == .deduplicated(open, open))
        #expect(fold.fire(.release, on: old, dueAt: end).name == "opened")
    }

    @Test func anAlertFromBeforeTheRuleCountsFromItsNextTriggerOn() throws {
        var fold = FoldRecorder.withIntegration()
        let source = try fold.open("router", .critical)
        let rule = try fold.inhibit("severity=warning", by: "severity=critical")
        fold.send(.acknowledge, "router")
        #expect(fold.send(.trigger, "a", severity: .warning).name == "opened")
        // Also where it says nothing new.
        #expect(fold.send(.trigger, "router", severity: .critical) == .deduplicated(source, source))
        let outcome = fold.send(.trigger, "b", severity: .warning)
        #expect(outcome == .suppressed(fold.lastID, .inhibition(rule, source: source)))
    }

    // MARK: What becomes of it

    @Test func theAlertIsKeptAndMarkedAndNobodyIsCalled() throws {
        var fold = FoldRecorder.withIntegration()
        let rule = try fold.inhibit("severity=warning", by: "severity=critical", equal: ["source"])
        let made = try #require(fold.state.inhibitions[rule])
        #expect(made.createdBy == FoldRecorder.operatorAgent && made.createdAt == fold.now && made.deletedAt == nil)
        let source = try fold.open("router", .critical)
        let outcome = fold.send(.trigger, "web", severity: .warning, attachments: .details)
        let id = fold.lastID
        #expect(outcome == .suppressed(id, .inhibition(rule, source: source)))
        #expect(outcome.reason == "inhibited" && outcome.subject == source && outcome.incidentID == nil)
        #expect(fold.written.isEmpty && fold.set(.release, on: id) == nil)
        #expect(fold.state.changes.holds.map(\.alert) == [id])
        let alert = try #require(fold.state.alerts[id])
        #expect(alert.isHeldBack && alert.placedEventID == nil && alert.detailsEventID == id)
        #expect(fold.state.incidents.count == 1)
        // Further triggers are taken in as ever.
        #expect(fold.send(.trigger, "web", severity: .warning, digest: 2) { $0.summary = "slow" } == outcome)
        #expect(fold.state.alerts[id]?.triggerCount == 2 && fold.state.alerts[id]?.data.summary == "slow")
        #expect(fold.written.isEmpty && fold.state.incidents.count == 1 && fold.state.changes.holds.isEmpty)
        #expect(fold.send(.acknowledge, "web") == .dropped(.alertHeldBack, id))
        try checkInvariants(fold.state)
    }

    @Test func aResolveEndsAHeldBackAlertForGood() throws {
        var fold = FoldRecorder.withIntegration()
        let rule = try fold.inhibit("severity=warning", by: "severity=critical")
        let source = try fold.open("router", .critical)
        let held = try fold.open("web", .warning)
        #expect(fold.send(.resolve, "web") == .alertResolved(held, nil))
        let alert = try #require(fold.state.alerts[held])
        #expect(alert.status == .resolved && alert.resolvedEventID == fold.lastID && alert.incidentID == nil)
        #expect(alert.suppression == .inhibition(rule, source: source), "what held it back is still told")
        fold.send(.resolve, "router")
        #expect(fold.set(.release, on: held) == nil)
        #expect(fold.fire(.release, on: held, dueAt: fold.now) == .dropped(.timerSuperseded))
        #expect(fold.state.alerts[held] == alert && fold.state.incidents.count == 1 && fold.written.isEmpty)
    }

    @Test func aTriggerThatNothingHoldsBackAnyMoreOpensTheIncident() throws {
        var fold = FoldRecorder.withIntegration()
        let rule = try fold.inhibit("severity=warning", by: "severity=critical", equal: ["component"])
        let first = try fold.open("a", .critical) { $0.component = "db" }
        let second = try fold.open("b", .critical) { $0.component = "web" }
        let held = try fold.open("c", .warning) { $0.component = "web" }
        #expect(fold.suppression(of: held) == .inhibition(rule, source: second))
        _ = try fold.open("c", .warning, digest: 2) { $0.component = "db" }
        #expect(fold.suppression(of: held) == .inhibition(rule, source: first))
        #expect(fold.send(.trigger, "c", severity: .error, digest: 3) == .opened(held, fold.lastID))
        #expect(fold.state.alerts[held]?.triggerCount == 3 && fold.state.alerts[held]?.suppression == nil)
        // In an incident, it is no longer held back by what it says.
        let outcome = fold.send(.trigger, "c", severity: .warning, digest: 4) { $0.component = "db" }
        #expect(outcome.name == "deduplicated")
        fold.send(.resolve, "a")
        #expect(fold.set(.release, on: held) == nil)
        try checkInvariants(fold.state)
    }

    @Test func silencesComeFirst() throws {
        var fold = FoldRecorder.withIntegration()
        let silence = try fold.silence("dedup_key=~\"web|mail\"", for: 60)
        let end = try fold.end(of: silence)
        let rule = try fold.inhibit("severity=warning", by: "severity=critical")
        let source = try fold.open("router", .critical)
        let held = try ["web", "mail"].map { try fold.open($0, .warning) }
        for alert in held { #expect(fold.suppression(of: alert) == .silence(silence)) }
        let inhibited = Outcome.suppressed(held[0], .inhibition(rule, source: source))
        #expect(fold.fire(.release, on: held[0], dueAt: end) == inhibited)
        #expect(fold.set(.release, on: held[0]) == nil && fold.written.isEmpty)
        fold.send(.resolve, "router")
        #expect(fold.set(.release, on: held[0]) == fold.now, "the other one is none of its")
        #expect(fold.set(.release, on: held[1]) == nil)
        #expect(fold.fire(.release, on: held[1], dueAt: end).name == "opened")
        // The other way round, too: a silence is asked first when a held back alert is looked at again.
        let again = try fold.silence("dedup_key=web")
        #expect(fold.fire(.release, on: held[0], dueAt: fold.now) == .suppressed(held[0], .silence(again)))
        try checkInvariants(fold.state)
    }
}
