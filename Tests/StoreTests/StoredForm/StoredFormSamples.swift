import Alerting

/// The values that the fixtures in `Tests/Fixtures/log` hold: for each command and timer kind one with every member set, one
/// with none that may be absent, and whatever else the kind can say. The fixtures have them in this order: a new value goes
/// to the end of `laterCommands`, so that no line changes.
enum StoredFormSamples {
    /// Texts that a careless reader or writer changes.
    static let text = "Ada: \u{0}caf\u{E9} cafe\u{301} \u{1F525}\u{2028}\u{7F}\u{1F} \"quoted\" \\ / \n\r\t\u{8}\u{C}"

    static func actions() throws -> [Action] {
        try commands().enumerated().map { place, command in
            let requester: Action.Requester =
                switch place % 3 {
                case 0: .user(7, name: text)
                case 1: .commandLine
                default: .user(.max, name: "")
                }
            return Action(requester: requester, command: command)
        }
    }

    static let timers: [TimerEvent] = TimerKind.allCases.flatMap { kind in
        let plain = TimerEvent(kind: kind, subjectID: 4711, dueAt: Timestamp(milliseconds: 1_700_000_000_123))
        guard kind == .silenceEnd else { return [plain] }
        var recurring = plain
        recurring.nextWindow = window
        return [recurring, plain]
    }

    // MARK: Parts

    private static let window = Recurrence.Window(
        start: Timestamp(milliseconds: 1_700_000_060_000), end: Timestamp(milliseconds: 1_700_000_120_001))
    private static let matchers = [
        LabelMatcher(label: "severity", comparison: .equal, value: "warning"),
        LabelMatcher(label: "source", comparison: .notEqual, value: text),
        LabelMatcher(label: "summary", comparison: .matches, value: "db-.*"),
        LabelMatcher(label: "client", comparison: .doesNotMatch, value: "x|y"),
    ]

    private static func recurrence() throws -> Recurrence {
        try Recurrence(
            rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU", timeZone: "UTC", localStart: "2026-01-03T22:00",
            duration: 7200)
    }

    private static func detail(_ name: String) throws -> AlertGrouping.Field {
        guard let field = AlertGrouping.Field(rawValue: name) else { throw Missing() }
        return field
    }

    private struct Missing: Error {}

    private static func groupings() throws -> [AlertGrouping] {
        [
            .rules(
                [
                    GroupingRule(
                        matchers: try MatcherSet(matchers),
                        fields: [.summary, .source, .component, .group, try detail("custom_details.caf\u{E9} \"x\"")],
                        isStrict: true, timeWindow: 60, isRolling: true),
                    GroupingRule(matchers: try MatcherSet([]), fields: []),
                ], alertLimit: 250),
            .rules([], alertLimit: nil),
            .contentBased(fields: [.class, .severity, .client], aggregate: .all, timeWindow: 300),
            .contentBased(fields: [.source], aggregate: .any, timeWindow: nil),
            .time(timeWindow: 120),
            .time(timeWindow: nil),
        ]
    }

    // MARK: Commands

    private static func commands() throws -> [Action.Command] {
        try incidentCommands() + serviceCommands() + integrationCommands() + ruleCommands() + laterCommands()
    }

    private static func incidentCommands() throws -> [Action.Command] {
        [
            .createIncident(
                IncidentDraft(serviceID: 1, title: text, key: "key \(text)", urgency: .high, details: "details \(text)")
            ),
            .createIncident(IncidentDraft(serviceID: .max, title: "t", key: "k")),
            .createIncident(IncidentDraft(serviceID: 1, title: "", key: "", urgency: .low, details: "")),
            .updateIncidents([
                IncidentUpdate(
                    incidentID: 3, status: .triggered, title: text, urgency: .low, resolution: "done \(text)"),
                IncidentUpdate(incidentID: .max),
                IncidentUpdate(incidentID: 4, status: .acknowledged),
                IncidentUpdate(incidentID: 5, status: .resolved, urgency: .high, resolution: ""),
            ]),
            .updateIncidents([]),
            .updateAlerts(
                3,
                [
                    AlertUpdate(alertID: 5, status: .resolved, incidentID: 6), AlertUpdate(alertID: 7),
                    AlertUpdate(alertID: 8, status: .triggered), AlertUpdate(alertID: 9, incidentID: .max),
                ]),
            .updateAlerts(4, []),
            .mergeIncidents(into: 3, [4, 5, .max]),
            .mergeIncidents(into: 3, []),
            .snoozeIncident(3, seconds: 604_800),
            .addNote(3, content: text),
        ]
    }

    private static func serviceCommands() throws -> [Action.Command] {
        let groupings = try groupings()
        var settings = ServiceSettings(
            name: text, description: "described \(text)", acknowledgementTimeout: 1800, autoResolveTimeout: 14_400,
            alertGrouping: groupings[0])
        settings.flapDetection = FlapDetection(changes: 4, window: 3600, quiet: 1800)
        settings.stormDetection = StormDetection(thresholds: [20, 100, 500], quiet: 300)
        var update = ServiceUpdate()
        update.name = text
        update.description = "described \(text)"
        update.acknowledgementTimeout = 0
        update.autoResolveTimeout = -1
        update.alertGrouping = .on(groupings[0])
        update.flapDetection = .on(FlapDetection(changes: 2, window: 60, quiet: 86_400))
        update.stormDetection = .on(StormDetection(thresholds: [2], quiet: 60))
        update.isDisabled = true
        var off = ServiceUpdate()
        off.alertGrouping = .off
        off.flapDetection = .off
        off.stormDetection = .off
        off.isDisabled = false
        return [
            .createService(settings),
            .createService(ServiceSettings(name: "plain")),
        ]
            + groupings.dropFirst().map { .createService(ServiceSettings(name: "grouped", alertGrouping: $0)) }
            + [.updateService(1, update), .updateService(.max, ServiceUpdate()), .updateService(2, off)]
            + groupings.dropFirst().map { grouping in
                var update = ServiceUpdate()
                update.alertGrouping = .on(grouping)
                return .updateService(1, update)
            }
            + [.deleteService(1)]
    }

    private static func integrationCommands() throws -> [Action.Command] {
        var update = IntegrationUpdate()
        update.name = text
        update.defaultSeverity = .error
        update.isDisabled = true
        update.heartbeatInterval = 0
        var enabling = IntegrationUpdate()
        enabling.isDisabled = false
        return [
            .createIntegration(
                service: 1, name: text, key: "key-1_abcdefgh", defaultSeverity: .warning, heartbeatInterval: 600),
            .createIntegration(service: .max, name: "plain", key: "abcdefgh", defaultSeverity: .critical),
            .createIntegration(service: 1, name: "info", key: "ijklmnop", defaultSeverity: .info),
            .updateIntegration(2, update), .updateIntegration(.max, IntegrationUpdate()),
            .updateIntegration(2, enabling),
            .deleteIntegration(2), .disableIntegration(2), .enableIntegration(2),
            .rotateIntegrationKey(
                2, key: "key-2_abcdefgh", previousKeyExpiresAt: Timestamp(milliseconds: 1_700_000_000_001)),
            .rotateIntegrationKey(2, key: "key-3_abcdefgh", previousKeyExpiresAt: nil),
        ]
    }

    private static func ruleCommands() throws -> [Action.Command] {
        var silence = SilenceDraft(
            serviceID: 1, matchers: matchers, window: window, recurrence: try recurrence(), comment: text)
        silence.isMaintenance = nil
        var plain = SilenceDraft(matchers: [], window: window)
        plain.isMaintenance = nil
        return [
            .createToken(name: text, hash: Array(224...255), isReadOnly: true, email: "ada@example.com"),
            .createToken(name: "ci", hash: Array(0...31), isReadOnly: false),
            .revokeToken(5),
            .createSilence(silence),
            .createSilence(plain),
            .updateSilence(
                6, SilenceUpdate(end: Timestamp(milliseconds: 1_700_000_180_000), comment: text)),
            .updateSilence(.max, SilenceUpdate()),
            .endSilence(6),
            .createInhibitionRule(
                InhibitionRuleDraft(
                    serviceID: 1, source: [matchers[0]], target: matchers, equal: ["component", "integration"],
                    comment: text)),
            .createInhibitionRule(InhibitionRuleDraft(source: [], target: [], equal: [])),
            .deleteInhibitionRule(8),
        ]
    }

    /// Members that came after the commands that have them.
    private static func laterCommands() throws -> [Action.Command] {
        let recurrence = try Recurrence(
            rule: "FREQ=YEARLY;BYMONTH=1,7;BYDAY=1SA;BYHOUR=2,22;BYSETPOS=-1;UNTIL=20301231T235959",
            timeZone: "Europe/Berlin", localStart: "2026-01-03T22:00:30", duration: nil, untilTime: "06:00:15",
            exdates: ["2027-01-02", "2028-01-01T22:00:30", "2029-01-06T21:00:30Z"])
        return [
            .deleteService(1, withIntegrations: true),
            .deleteService(.max, withIntegrations: false),
            .createSilence(
                SilenceDraft(
                    serviceID: 1, matchers: matchers, window: window, recurrence: recurrence, comment: text,
                    isMaintenance: true)),
            .createSilence(SilenceDraft(serviceID: 1, matchers: [], window: window, isMaintenance: false)),
        ]
    }
}
