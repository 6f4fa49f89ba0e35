import Alerting
import Store

/// A log of random events that mean something together: settings first, then senders, operators and timers about few
/// keys, so that most events meet the alerts of others. Event number n of a log that starts empty is `events[n - 1]`.
public struct RandomLog: Sendable {
    /// The events, in order.
    public private(set) var events: [NewEvent] = []
    /// The integrations: the first of a service with timeouts, the second of one without.
    public let integrations: [IntegrationID] = [2, 4]

    private var generator: SeededGenerator
    private var now = Timestamp(milliseconds: 1_700_000_000_000)
    private var timers: [TimerEvent] = []
    /// The triggers so far: where one opened an incident, its number.
    private var triggers: [EventID] = []
    private var silences: [SilenceID] = []
    /// When alerts were triggered or resolved by senders.
    private var changes: [Timestamp] = []
    private var rules: [InhibitionRuleID] = []
    /// The first event of the last burst.
    private var lastBurst: EventID = 1
    private var silenceEnds: [(id: SilenceID, due: Timestamp)] = []
    private static let acknowledgementTimeout: Int64 = 30
    private static let autoResolveTimeout: Int64 = 90

    private let holdsAlertsBack: Bool
    private let hasHeartbeats: Bool
    private let setsClockBack: Bool

    /// That many random events after the four that make the services and integrations. A daemon that folds a log with
    /// heartbeats may add to it what it finds out about them.
    public init(
        seed: UInt64, count: Int, holdsAlertsBack: Bool = true, hasHeartbeats: Bool = false, setsClockBack: Bool = false
    ) throws {
        self.setsClockBack = setsClockBack
        self.holdsAlertsBack = holdsAlertsBack
        self.hasHeartbeats = hasHeartbeats
        generator = SeededGenerator(seed: seed)
        var shop = ServiceSettings(
            name: "Shop", acknowledgementTimeout: Self.acknowledgementTimeout,
            autoResolveTimeout: Self.autoResolveTimeout)
        if holdsAlertsBack { shop.stormDetection = StormDetection(thresholds: [4, 5], quiet: 60) }
        try append(.createService(shop))
        try append(.createIntegration(service: 1, name: "Prometheus", key: "prometheus-1", defaultSeverity: .critical))
        var bank = ServiceSettings(name: "Bank")
        if holdsAlertsBack { bank.flapDetection = FlapDetection(changes: 3, window: 60, quiet: 60) }
        try append(.createService(bank))
        try append(.createIntegration(service: 3, name: "Zabbix", key: "zabbix-22", defaultSeverity: .warning))
        for _ in 0..<count { try appendRandom() }
    }

    private var nextID: EventID { EventID(events.count) + 1 }

    private mutating func append(_ command: Action.Command) throws {
        let names = ["Ada", "a:b:c", "", "\u{301}x", "\u{0}"]
        let requester: Action.Requester =
            Bool.random(using: &generator)
            ? .commandLine : .user(7, name: names.randomElement(using: &generator) ?? "Ada")
        events.append(try EventMaker.action(command, by: requester, at: now))
    }

    private mutating func appendRandom() throws {
        let isSetBack = setsClockBack && Int.random(in: 0..<30, using: &generator) == 0
        now = now.adding(seconds: isSetBack ? -40 : Int64.random(in: 0...5, using: &generator))
        // Mostly one that a recent trigger opened, now and then a number that is no incident's.
        let recent = triggers.suffix(12).randomElement(using: &generator) ?? 1
        let isStray = Int.random(in: 0..<10, using: &generator) == 0
        let incident = isStray ? EventID.random(in: 1..<nextID, using: &generator) : recent
        switch Int.random(in: 0..<(holdsAlertsBack ? 36 : 24), using: &generator) {
        case 24...28: try appendSilences()
        case 29...31: try appendRelease()
        case 32, 33: appendFlap()
        case 34, 35: try appendBurst()
        case 0..<9: appendSenders(.trigger)
        case 9, 10: appendSenders(.acknowledge)
        case 11, 12, 13: appendSenders(.resolve)
        case 14, 15:
            var updates = [update(of: incident)]
            let other = triggers.suffix(12).randomElement(using: &generator) ?? 1
            if Bool.random(using: &generator), incident != other { updates.append(update(of: other)) }
            try append(.updateIncidents(updates))
        case 16:
            let integration = integrations.randomElement(using: &generator) ?? 2
            events.append(
                NewEvent(
                    receivedAt: now,
                    content: .change(
                        ChangeEvent(
                            integrationID: integration, summary: "deployed \(nextID)",
                            sentAt: Bool.random(using: &generator) ? Timestamp(milliseconds: 5) : nil)),
                    body: Array("{}".utf8)))
        case 17: try appendSettings()
        case 18...21: try appendManual(on: incident)
        default:
            guard let timer = timers.randomElement(using: &generator) else { return appendSenders(.trigger) }
            now = max(now, timer.dueAt)
            events.append(EventBodyCoding.event(timer, receivedAt: now))
        }
    }

    private mutating func appendSenders(_ action: EventAction) {
        let keys = ["a", "b", "A", "caf\u{E9}", "cafe\u{301}", "\u{0}", String(repeating: "\u{1F525}", count: 255)]
        let integration = integrations.randomElement(using: &generator) ?? 2
        if action == .trigger { triggers.append(nextID) }
        if action != .acknowledge { changes.append(now) }
        timers.append(
            action == .acknowledge
                ? TimerEvent(
                    kind: .acknowledgementTimeout,
                    subjectID: triggers.suffix(12).randomElement(using: &generator) ?? 1,
                    dueAt: now.adding(seconds: Self.acknowledgementTimeout))
                : TimerEvent(
                    kind: .autoResolve, subjectID: nextID, dueAt: now.adding(seconds: Self.autoResolveTimeout)))
        events.append(
            EventMaker.event(
                action, keys.randomElement(using: &generator) ?? "a", integration: integration,
                version: Bool.random(using: &generator) ? .v1 : .v2,
                severity: Severity.allCases.randomElement(using: &generator),
                summary: "summary \(Int.random(in: 0..<3, using: &generator))",
                digest: Int64.random(in: 0..<3, using: &generator),
                attachments: Attachments(rawValue: Int64.random(in: 0..<8, using: &generator)), at: now))
    }

    private mutating func update(of incident: IncidentID) -> IncidentUpdate {
        IncidentUpdate(
            incidentID: incident, status: IncidentStatus.allCases.randomElement(using: &generator),
            title: Int.random(in: 0..<4, using: &generator) == 0 ? "renamed \(nextID)" : nil,
            urgency: Int.random(in: 0..<4, using: &generator) == 0 ? .low : nil,
            resolution: Bool.random(using: &generator) ? "done: caf\u{E9}\u{0}" : nil)
    }

    /// What only persons do: open, merge, snooze and annotate incidents, and change single alerts.
    private mutating func appendManual(on incident: IncidentID) throws {
        let other = triggers.suffix(12).randomElement(using: &generator) ?? 1
        let third = triggers.suffix(12).randomElement(using: &generator) ?? 1
        switch Int.random(in: 0..<8, using: &generator) {
        case 0:
            let key = ["manual", "a", "caf\u{E9}"].randomElement(using: &generator) ?? "a"
            triggers.append(nextID)
            try append(
                .createIncident(
                    IncidentDraft(
                        serviceID: [1, 3, 999].randomElement(using: &generator) ?? 1, title: "by hand \(nextID)",
                        key: key, urgency: Bool.random(using: &generator) ? .low : nil,
                        details: Bool.random(using: &generator) ? "told\u{0}" : nil)))
        case 1, 2: try append(.mergeIncidents(into: incident, other == third ? [other] : [other, third]))
        case 3:
            let seconds = Int64.random(in: 1...60, using: &generator)
            timers.append(TimerEvent(kind: .snooze, subjectID: incident, dueAt: now.adding(seconds: seconds)))
            try append(.snoozeIncident(incident, seconds: seconds))
        case 4: try append(.addNote(incident, content: "note \(nextID) caf\u{E9}\u{0}"))
        default:
            var update = AlertUpdate(alertID: other)
            update.status = [.triggered, .resolved, nil].randomElement(using: &generator) ?? nil
            if Bool.random(using: &generator) { update.incidentID = third }
            // Mostly the incident that the alert was opened with, where it may still be.
            try append(.updateAlerts(Bool.random(using: &generator) ? other : incident, [update]))
        }
    }

    /// An alert that resolves and comes again at once.
    private mutating func appendFlap() {
        for action in [EventAction.trigger, .resolve, .trigger] {
            if action == .trigger { triggers.append(nextID) }
            changes.append(now)
            events.append(EventMaker.event(action, "a", integration: 4, severity: .warning, digest: nextID, at: now))
            now = now.adding(seconds: 1)
        }
    }

    /// Many alerts at once, all of which are resolved soon.
    private mutating func appendBurst() throws {
        let bursts = [lastBurst, nextID]
        lastBurst = nextID
        let end = now.adding(seconds: 60)
        let keys = (0..<Int.random(in: 6...8, using: &generator)).map { "burst \($0)" }
        for key in keys {
            triggers.append(nextID)
            changes.append(now)
            events.append(EventMaker.event(.trigger, key, integration: 2, digest: nextID, at: now))
        }
        now = now.adding(seconds: Int64.random(in: 0...10, using: &generator))
        for key in keys.shuffled(using: &generator) {
            changes.append(now)
            events.append(EventMaker.event(.resolve, key, integration: 2, at: now))
        }
        guard Int.random(in: 0..<3, using: &generator) > 0 else { return }
        // The one of these or of the last ones that began a storm, if one did, has it over by then.
        now = max(now, end)
        for first in bursts {
            for incident in first..<first + EventID(keys.count) {
                let timer = TimerEvent(kind: .stormEnd, subjectID: incident, dueAt: end)
                events.append(EventBodyCoding.event(timer, receivedAt: now))
            }
        }
    }

    /// Somebody sets a silence, changes or ends one, or its time is over, sometimes with another window to come.
    private mutating func appendSilences() throws {
        if hasHeartbeats, Bool.random(using: &generator) { return try appendHeartbeats() }
        if Bool.random(using: &generator) { return try appendRules() }
        let silence = silences.suffix(3).randomElement(using: &generator) ?? 1
        let end = now.adding(seconds: Int64.random(in: 1...60, using: &generator))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: try append(.endSilence(silence))
        case 1:
            let update = SilenceUpdate(
                end: Bool.random(using: &generator) ? end : nil,
                comment: Bool.random(using: &generator) ? "changed \(nextID)" : nil)
            try append(.updateSilence(silence, update))
        case 2:
            guard let (id, due) = silenceEnds.randomElement(using: &generator) else { return }
            now = max(now, due)
            let next = Recurrence.Window(start: now.adding(seconds: 5), end: now.adding(seconds: 25))
            silenceEnds.append((id, next.end))
            let timer = TimerEvent(
                kind: .silenceEnd, subjectID: id, dueAt: due,
                nextWindow: Bool.random(using: &generator) ? next : nil)
            events.append(EventBodyCoding.event(timer, receivedAt: now))
        default:
            silences.append(nextID)
            silenceEnds.append((nextID, end))
            let matchers = [
                LabelMatcher(label: "severity", comparison: .matches, value: "critical|info"),
                LabelMatcher(label: "summary", comparison: .equal, value: "summary 1"),
                LabelMatcher(label: "dedup_key", comparison: .notEqual, value: "a"),
            ]
            let service = ([1, 3, nil] as [ServiceID?]).randomElement(using: &generator) ?? nil
            let count = Int.random(in: 0...2, using: &generator)
            try append(
                .createSilence(
                    SilenceDraft(
                        serviceID: service, matchers: Array(matchers.shuffled(using: &generator).prefix(count)),
                        window: Recurrence.Window(
                            start: now.adding(seconds: Int64.random(in: -5...5, using: &generator)), end: end),
                        comment: "caf\u{E9}\u{0}", isMaintenance: count == 0)))
        }
    }

    /// A heartbeat is missed or comes back, or another is asked for.
    private mutating func appendHeartbeats() throws {
        let integration = integrations.randomElement(using: &generator) ?? 2
        guard Int.random(in: 0..<3, using: &generator) > 0 else {
            var update = IntegrationUpdate()
            update.heartbeatInterval = [10, 60, 0].randomElement(using: &generator)
            return try append(.updateIntegration(integration, update))
        }
        let kind: TimerKind = Bool.random(using: &generator) ? .heartbeat : .heartbeatEnd
        if kind == .heartbeat { triggers.append(nextID) }
        events.append(
            EventBodyCoding.event(TimerEvent(kind: kind, subjectID: integration, dueAt: now), receivedAt: now))
    }

    /// Somebody makes an inhibition rule, or deletes one.
    private mutating func appendRules() throws {
        if let rule = rules.randomElement(using: &generator), Int.random(in: 0..<3, using: &generator) == 0 {
            return try append(.deleteInhibitionRule(rule))
        }
        rules.append(nextID)
        let sides = [
            [LabelMatcher(label: "severity", comparison: .equal, value: "critical")],
            [LabelMatcher(label: "severity", comparison: .matches, value: "error|warning|info")],
            [LabelMatcher(label: "summary", comparison: .matches, value: "summary [12]")],
        ]
        let equal = [[], ["summary"], ["dedup_key"], ["component", "integration"]]
        try append(
            .createInhibitionRule(
                InhibitionRuleDraft(
                    serviceID: ([1, 3, nil] as [ServiceID?]).randomElement(using: &generator) ?? nil,
                    source: sides.randomElement(using: &generator) ?? [],
                    target: sides.randomElement(using: &generator) ?? [],
                    equal: equal.randomElement(using: &generator) ?? [])))
    }

    /// An alert is looked at again that is held back, or once was.
    private mutating func appendRelease() throws {
        now = now.adding(seconds: Int64.random(in: 0...30, using: &generator))
        let alert = triggers.suffix(12).randomElement(using: &generator) ?? 1
        if Bool.random(using: &generator), let change = changes.suffix(20).randomElement(using: &generator) {
            // Where just that was the last change of an incident that flaps, or of a storm, it has been quiet since.
            let due = change.adding(seconds: 60)
            now = max(now, due)
            let kind: TimerKind = Bool.random(using: &generator) ? .flapRelease : .stormEnd
            let timer = TimerEvent(kind: kind, subjectID: alert, dueAt: due)
            return events.append(EventBodyCoding.event(timer, receivedAt: now))
        }
        events.append(
            EventBodyCoding.event(TimerEvent(kind: .release, subjectID: alert, dueAt: now), receivedAt: now))
    }

    private func groupingRules() throws -> [GroupingRule] {
        let critical = LabelMatcher(label: "severity", comparison: .equal, value: "critical")
        return [
            GroupingRule(
                matchers: try MatcherSet([critical]), fields: [.summary, .class], isStrict: true, timeWindow: 60,
                isRolling: true),
            GroupingRule(matchers: try MatcherSet([]), fields: [.summary, .class], timeWindow: 30),
        ]
    }

    private mutating func appendSettings() throws {
        let integration = integrations.randomElement(using: &generator) ?? 2
        switch Int.random(in: 0..<9, using: &generator) {
        case 5:
            var update = ServiceUpdate()
            update.name = Bool.random(using: &generator) ? "renamed \(nextID % 3)" : nil
            let groupings: [SettingChange<AlertGrouping>] = [
                .off, .on(.time(timeWindow: 60)),
                .on(.contentBased(fields: [.summary, .severity], aggregate: .all, timeWindow: 20)),
                .on(.contentBased(fields: [.summary, .severity], aggregate: .any, timeWindow: nil)),
                .on(.rules(try groupingRules(), alertLimit: 2)),
            ]
            update.alertGrouping = groupings.randomElement(using: &generator)
            update.isDisabled = Bool.random(using: &generator)
            if holdsAlertsBack, Int.random(in: 0..<3, using: &generator) > 0 {
                let detection = FlapDetection(changes: 3, window: 60, quiet: 60)
                update.flapDetection = Int.random(in: 0..<4, using: &generator) == 0 ? .off : .on(detection)
                let storms = StormDetection(thresholds: [4, Int64.random(in: 5...7, using: &generator)], quiet: 60)
                update.stormDetection = Int.random(in: 0..<4, using: &generator) == 0 ? .off : .on(storms)
            }
            try append(.updateService([1, 3, 999].randomElement(using: &generator) ?? 1, update))
        case 6: try append(.deleteService([1, 3, 999].randomElement(using: &generator) ?? 1))
        case 7:
            var update = IntegrationUpdate()
            update.defaultSeverity = Severity.allCases.randomElement(using: &generator)
            try append(.updateIntegration(integration, update))
        case 8:
            // Now and then for good: what comes after it has an unknown integration.
            guard Int.random(in: 0..<20, using: &generator) == 0 else { return try append(.deleteService(1)) }
            guard Bool.random(using: &generator) else { return try append(.deleteIntegration(integration)) }
            try append(
                .deleteService([1, 3].randomElement(using: &generator) ?? 3, withIntegrations: true))
        case 0: try append(.disableIntegration(integration))
        case 1: try append(.enableIntegration(integration))
        case 2:
            let grace = Bool.random(using: &generator) ? now.adding(seconds: 10) : nil
            try append(
                .rotateIntegrationKey(
                    integration, key: "rotated-\(Int.random(in: 0..<4, using: &generator))", previousKeyExpiresAt: grace
                )
            )
        case 3:
            let hash = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
            try append(.createToken(name: "token \(nextID)", hash: hash, isReadOnly: Bool.random(using: &generator)))
        default: try append(.revokeToken(EventID.random(in: 1..<nextID, using: &generator)))
        }
    }
}
