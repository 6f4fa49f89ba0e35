import Alerting
import WireJSON

/// The JSON in columns of the fold's tables: `services.alert_grouping`, `.flap_detection` and `.storm_detection`,
/// `silences.matchers` and `.recurrence`, the columns of `inhibition_rules`, and `incidents.acknowledgements`.
///
/// The names are those that the first version wrote, and the log's form 1 has the same ones for these values. They do not
/// change: `alertgate verify` compares the columns byte by byte with what folding the log gives.
enum SettingForm {
    // MARK: Alert grouping

    static func write(_ grouping: AlertGrouping) -> JSONValue {
        switch grouping {
        case .contentBased(let fields, let aggregate, let window):
            one("contentBased") {
                $0.add("fields", each: fields) { .string($0.rawValue) }
                $0.add("aggregate", named: aggregate)
                $0.add("timeWindow", window)
            }
        case .time(let window): one("time") { $0.add("timeWindow", window) }
        case .rules(let rules, let limit):
            one("rules") {
                $0.add("_0", each: rules, write)
                $0.add("alertLimit", limit)
            }
        }
    }

    static func grouping(_ value: JSONValue) throws(StoredFormError) -> AlertGrouping {
        var reader = try StoredReader(value, of: "the alert grouping")
        let member = try reader.only()
        return try StoredReader.read(member.value, of: "the alert grouping") { (reader) throws(StoredFormError) in
            switch member.name {
            case "contentBased":
                .contentBased(
                    fields: try reader.list("fields", AlertGroupingForm.field),
                    aggregate: try reader.named("aggregate"), timeWindow: try reader.optionalInteger("timeWindow"))
            case "time": .time(timeWindow: try reader.optionalInteger("timeWindow"))
            case "rules": .rules(try reader.list("_0", rule), alertLimit: try reader.optionalInteger("alertLimit"))
            default: throw StoredFormError("the alert grouping \(StoredFormError.quoted(member.name)) is unknown")
            }
        }
    }

    private static func one(_ name: String, _ write: (inout StoredWriter) -> Void) -> JSONValue {
        .object([JSONValue.Member(name, StoredWriter(write).object)])
    }

    private static func write(_ rule: GroupingRule) -> JSONValue {
        StoredWriter {
            $0.add("matchers", each: rule.matchers.matchers, MatcherForm.write)
            $0.add("fields", each: rule.fields) { .string($0.rawValue) }
            $0.add("isStrict", rule.isStrict)
            $0.add("timeWindow", rule.timeWindow)
            $0.add("isRolling", rule.isRolling)
        }.object
    }

    private static func rule(_ value: JSONValue) throws(StoredFormError) -> GroupingRule {
        try StoredReader.read(value, of: "a grouping rule") { (reader) throws(StoredFormError) in
            GroupingRule(
                matchers: try MatcherForm.set(try reader.list("matchers", MatcherForm.read)),
                fields: try reader.list("fields", AlertGroupingForm.field), isStrict: try reader.flag("isStrict"),
                timeWindow: try reader.optionalInteger("timeWindow"), isRolling: try reader.flag("isRolling"))
        }
    }

    // MARK: Silences and rules

    static func write(_ recurrence: Recurrence) -> JSONValue {
        StoredWriter {
            $0.add("rule", recurrence.rule)
            $0.add("timeZone", recurrence.timeZone)
            $0.add("localStart", recurrence.localStart)
            $0.add("duration", recurrence.duration)
            $0.add("untilTime", recurrence.untilTime)
            $0.add("exdates", texts: recurrence.exdates)
        }.object
    }

    static func recurrence(_ value: JSONValue) throws(StoredFormError) -> Recurrence {
        try StoredReader.read(value, of: "the recurrence") { (reader) throws(StoredFormError) in
            Recurrence(
                asStored: try reader.text("rule"), timeZone: try reader.text("timeZone"),
                localStart: try reader.text("localStart"), duration: try reader.integer("duration"),
                untilTime: try reader.optionalText("untilTime"), exdates: try reader.optionalTexts("exdates"))
        }
    }

    static func matchers(_ value: JSONValue) throws(StoredFormError) -> [LabelMatcher] {
        try StoredReader.list(value, of: "the matchers", MatcherForm.read)
    }

    // MARK: Acknowledgements

    static func write(_ acknowledgements: [Acknowledgement]) -> JSONValue {
        .array(
            acknowledgements.map { acknowledgement in
                StoredWriter {
                    $0.add("at", acknowledgement.at)
                    $0.add("agent", acknowledgement.agent.text)
                }.object
            })
    }

    /// One whose agent cannot be read is left out.
    static func acknowledgements(_ value: JSONValue) throws(StoredFormError) -> [Acknowledgement] {
        try StoredReader.list(value, of: "the acknowledgements") { (value) throws(StoredFormError) in
            try StoredReader.read(value, of: "an acknowledgement") { (reader) throws(StoredFormError) in
                (at: try reader.time("at"), agent: try reader.text("agent"))
            }
        }.compactMap { element in
            Agent(text: element.agent).map { Acknowledgement(at: element.at, agent: $0) }
        }
    }
}
