import Alerting
import WireJSON

/// Writes actions and timers in form 1, as the first version of the program did. The program itself only reads it.
public enum FirstFormWriter {
    /// The body of an action.
    public static func body(_ action: Action) -> [UInt8] {
        object(["command": command(action.command), "requester": requester(action.requester)]).serialized()
    }

    /// The body of a timer.
    public static func body(_ timer: TimerEvent) -> [UInt8] {
        object([
            "kind": text(timer.kind.rawValue), "incidentID": number(timer.subjectID), "dueAt": time(timer.dueAt),
            "nextWindow": timer.nextWindow.map(window),
        ]).serialized()
    }

    // MARK: Parts

    private static func object(_ members: [String: JSONValue?]) -> JSONValue {
        .object(members.compactMap { name, value in value.map { .init(name, $0) } }.sorted { $0.name < $1.name })
    }

    private static func text(_ text: String?) -> JSONValue? { text.map { .string($0) } }

    private static func number(_ number: Int64?) -> JSONValue? { number.map { .number(String($0)) } }

    private static func flag(_ flag: Bool?) -> JSONValue? { flag.map { .bool($0) } }

    private static func time(_ time: Timestamp?) -> JSONValue? { number(time?.milliseconds) }

    private static func window(_ window: Recurrence.Window) -> JSONValue {
        object(["start": time(window.start), "end": time(window.end)])
    }

    private static func requester(_ requester: Action.Requester) -> JSONValue {
        switch requester {
        case .user(let token, let name): object(["user": object(["_0": number(token), "name": text(name)])])
        case .commandLine: object(["commandLine": object([:])])
        }
    }

    private static func change<Value>(_ change: SettingChange<Value>?, _ write: (Value) -> JSONValue) -> JSONValue? {
        switch change {
        case nil: nil
        case .off: object(["off": object([:])])
        case .on(let value): object(["on": object(["_0": write(value)])])
        }
    }

    private static func matchers(_ matchers: [LabelMatcher]) -> JSONValue {
        .array(
            matchers.map {
                object([
                    "label": text($0.label), "comparison": text($0.comparison.rawValue), "value": text($0.value),
                ])
            })
    }

    private static func recurrence(_ recurrence: Recurrence) -> JSONValue {
        object([
            "rule": text(recurrence.rule), "timeZone": text(recurrence.timeZone),
            "localStart": text(recurrence.localStart), "duration": number(recurrence.duration),
            "untilTime": text(recurrence.untilTime),
            "exdates": recurrence.exdates.map { .array($0.map { .string($0) }) },
        ])
    }

    private static func fields(_ fields: [AlertGrouping.Field]) -> JSONValue {
        .array(fields.map { .string($0.rawValue) })
    }

    private static func grouping(_ grouping: AlertGrouping) -> JSONValue {
        switch grouping {
        case .contentBased(let names, let aggregate, let window):
            object([
                "contentBased": object([
                    "fields": fields(names), "aggregate": text(aggregate.rawValue), "timeWindow": number(window),
                ])
            ])
        case .time(let window): object(["time": object(["timeWindow": number(window)])])
        case .rules(let rules, let limit):
            object(["rules": object(["_0": .array(rules.map(rule)), "alertLimit": number(limit)])])
        }
    }

    private static func rule(_ rule: GroupingRule) -> JSONValue {
        object([
            "matchers": matchers(rule.matchers.matchers), "fields": fields(rule.fields),
            "isStrict": flag(rule.isStrict),
            "timeWindow": number(rule.timeWindow), "isRolling": flag(rule.isRolling),
        ])
    }

    private static func flaps(_ detection: FlapDetection) -> JSONValue {
        object([
            "changes": number(detection.changes), "window": number(detection.window), "quiet": number(detection.quiet),
        ])
    }

    private static func storms(_ detection: StormDetection) -> JSONValue {
        object([
            "thresholds": .array(detection.thresholds.map { .number(String($0)) }), "quiet": number(detection.quiet),
        ])
    }

    // MARK: Commands

    private static func command(_ command: Action.Command) -> JSONValue {
        switch command {
        case .createIncident(let draft):
            one(
                "createIncident",
                [
                    "_0": object([
                        "serviceID": number(draft.serviceID), "title": text(draft.title), "key": text(draft.key),
                        "urgency": text(draft.urgency?.rawValue), "details": text(draft.details),
                    ])
                ])
        case .updateIncidents(let updates):
            one("updateIncidents", ["_0": .array(updates.map(update))])
        case .updateAlerts(let incident, let updates):
            one("updateAlerts", ["_0": number(incident), "_1": .array(updates.map(update))])
        case .mergeIncidents(let target, let sources):
            one(
                "mergeIncidents", ["into": number(target), "_1": .array(sources.map { .number(String($0)) })])
        case .snoozeIncident(let incident, let seconds):
            one("snoozeIncident", ["_0": number(incident), "seconds": number(seconds)])
        case .addNote(let incident, let content):
            one("addNote", ["_0": number(incident), "content": text(content)])
        case .createService(let settings): one("createService", ["_0": service(settings)])
        case .updateService(let id, let change): one("updateService", ["_0": number(id), "_1": update(change)])
        case .deleteService(let id, let withIntegrations):
            one("deleteService", ["_0": number(id), "withIntegrations": flag(withIntegrations)])
        case .createIntegration(let service, let name, let key, let severity, let interval):
            one(
                "createIntegration",
                [
                    "service": number(service), "name": text(name), "key": text(key),
                    "defaultSeverity": text(severity.rawValue), "heartbeatInterval": number(interval),
                ])
        case .updateIntegration(let id, let change):
            one("updateIntegration", ["_0": number(id), "_1": update(change)])
        case .deleteIntegration(let id): one("deleteIntegration", ["_0": number(id)])
        case .disableIntegration(let id): one("disableIntegration", ["_0": number(id)])
        case .enableIntegration(let id): one("enableIntegration", ["_0": number(id)])
        case .rotateIntegrationKey(let id, let key, let expiry):
            one(
                "rotateIntegrationKey",
                ["_0": number(id), "key": text(key), "previousKeyExpiresAt": time(expiry)])
        case .createToken(let name, let hash, let isReadOnly, let email):
            one(
                "createToken",
                [
                    "name": text(name), "hash": .array(hash.map { .number(String($0)) }),
                    "isReadOnly": flag(isReadOnly), "email": text(email),
                ])
        case .revokeToken(let id): one("revokeToken", ["_0": number(id)])
        case .createSilence(let draft): one("createSilence", ["_0": silence(draft)])
        case .updateSilence(let id, let update):
            one(
                "updateSilence",
                ["_0": number(id), "_1": object(["end": time(update.end), "comment": text(update.comment)])])
        case .endSilence(let id): one("endSilence", ["_0": number(id)])
        case .createInhibitionRule(let draft):
            one(
                "createInhibitionRule",
                [
                    "_0": object([
                        "serviceID": number(draft.serviceID), "source": matchers(draft.source),
                        "target": matchers(draft.target), "equal": .array(draft.equal.map { .string($0) }),
                        "comment": text(draft.comment),
                    ])
                ])
        case .deleteInhibitionRule(let id): one("deleteInhibitionRule", ["_0": number(id)])
        }
    }

    private static func one(_ name: String, _ members: [String: JSONValue?]) -> JSONValue {
        object([name: object(members)])
    }

    private static func update(_ update: IncidentUpdate) -> JSONValue {
        object([
            "incidentID": number(update.incidentID), "status": text(update.status?.rawValue),
            "title": text(update.title), "urgency": text(update.urgency?.rawValue),
            "resolution": text(update.resolution),
        ])
    }

    private static func update(_ update: AlertUpdate) -> JSONValue {
        object([
            "alertID": number(update.alertID), "status": text(update.status?.rawValue),
            "incidentID": number(update.incidentID),
        ])
    }

    private static func service(_ settings: ServiceSettings) -> JSONValue {
        object([
            "name": text(settings.name), "description": text(settings.description),
            "acknowledgementTimeout": number(settings.acknowledgementTimeout),
            "autoResolveTimeout": number(settings.autoResolveTimeout),
            "alertGrouping": settings.alertGrouping.map(grouping),
            "flapDetection": settings.flapDetection.map(flaps), "stormDetection": settings.stormDetection.map(storms),
        ])
    }

    private static func update(_ update: ServiceUpdate) -> JSONValue {
        object([
            "name": text(update.name), "description": text(update.description),
            "acknowledgementTimeout": number(update.acknowledgementTimeout),
            "autoResolveTimeout": number(update.autoResolveTimeout),
            "alertGrouping": change(update.alertGrouping, grouping),
            "flapDetection": change(update.flapDetection, flaps),
            "stormDetection": change(update.stormDetection, storms), "isDisabled": flag(update.isDisabled),
        ])
    }

    private static func update(_ update: IntegrationUpdate) -> JSONValue {
        object([
            "name": text(update.name), "defaultSeverity": text(update.defaultSeverity?.rawValue),
            "isDisabled": flag(update.isDisabled), "heartbeatInterval": number(update.heartbeatInterval),
        ])
    }

    private static func silence(_ draft: SilenceDraft) -> JSONValue {
        object([
            "serviceID": number(draft.serviceID), "matchers": matchers(draft.matchers), "window": window(draft.window),
            "recurrence": draft.recurrence.map(recurrence), "comment": text(draft.comment),
            "isMaintenance": flag(draft.isMaintenance),
        ])
    }
}
