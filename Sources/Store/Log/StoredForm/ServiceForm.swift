import Alerting
import WireJSON

/// The stored form of what persons do to services.
enum ServiceForm {
    // MARK: create_service

    static func write(_ settings: ServiceSettings, to writer: inout StoredWriter) {
        writer.add("name", settings.name)
        writer.add("description", settings.description)
        writer.add("acknowledgement_timeout", settings.acknowledgementTimeout)
        writer.add("auto_resolve_timeout", settings.autoResolveTimeout)
        writer.add("alert_grouping", settings.alertGrouping.map(AlertGroupingForm.write))
        writer.add("flap_detection", settings.flapDetection.map(DetectionForm.write))
        writer.add("storm_detection", settings.stormDetection.map(DetectionForm.write))
    }

    static func settings(_ reader: inout StoredReader) throws(StoredFormError) -> ServiceSettings {
        var settings = ServiceSettings(
            name: try reader.text("name"), description: try reader.text("description"),
            acknowledgementTimeout: try reader.optionalInteger("acknowledgement_timeout"),
            autoResolveTimeout: try reader.optionalInteger("auto_resolve_timeout"),
            alertGrouping: try reader.optional("alert_grouping", AlertGroupingForm.read))
        settings.flapDetection = try reader.optional("flap_detection", DetectionForm.flaps)
        settings.stormDetection = try reader.optional("storm_detection", DetectionForm.storms)
        return settings
    }

    // MARK: update_service

    static func write(_ update: ServiceUpdate, of service: ServiceID, to writer: inout StoredWriter) {
        writer.add("service_id", service)
        writer.add("name", update.name)
        writer.add("description", update.description)
        writer.add("acknowledgement_timeout", update.acknowledgementTimeout)
        writer.add("auto_resolve_timeout", update.autoResolveTimeout)
        writer.add("alert_grouping", change: update.alertGrouping, AlertGroupingForm.write)
        writer.add("flap_detection", change: update.flapDetection, DetectionForm.write)
        writer.add("storm_detection", change: update.stormDetection, DetectionForm.write)
        writer.add("disabled", update.isDisabled)
    }

    static func update(_ reader: inout StoredReader) throws(StoredFormError) -> Action.Command {
        let service = try reader.integer("service_id")
        var update = ServiceUpdate()
        update.name = try reader.optionalText("name")
        update.description = try reader.optionalText("description")
        update.acknowledgementTimeout = try reader.optionalInteger("acknowledgement_timeout")
        update.autoResolveTimeout = try reader.optionalInteger("auto_resolve_timeout")
        update.alertGrouping = try reader.change("alert_grouping", AlertGroupingForm.read)
        update.flapDetection = try reader.change("flap_detection", DetectionForm.flaps)
        update.stormDetection = try reader.change("storm_detection", DetectionForm.storms)
        update.isDisabled = try reader.optionalFlag("disabled")
        return .updateService(service, update)
    }
}

/// The stored form of alert grouping: `type` tells which of them it is. All times are in seconds.
enum AlertGroupingForm {
    static func write(_ grouping: AlertGrouping) -> JSONValue {
        var writer = StoredWriter()
        switch grouping {
        case .contentBased(let fields, let aggregate, let window):
            writer.add("type", "content_based")
            writer.add("fields", each: fields) { .string($0.rawValue) }
            writer.add("aggregate", named: aggregate)
            writer.add("time_window", window)
        case .time(let window):
            writer.add("type", "time")
            writer.add("time_window", window)
        case .rules(let rules, let limit):
            writer.add("type", "rules")
            writer.add("rules", each: rules, write)
            writer.add("alert_limit", limit)
        }
        return writer.object
    }

    static func read(_ value: JSONValue) throws(StoredFormError) -> AlertGrouping {
        try StoredReader.read(value, of: "alert_grouping") { (reader) throws(StoredFormError) in
            switch try reader.text("type") {
            case "content_based":
                .contentBased(
                    fields: try reader.list("fields", field), aggregate: try reader.named("aggregate"),
                    timeWindow: try reader.optionalInteger("time_window"))
            case "time": .time(timeWindow: try reader.optionalInteger("time_window"))
            case "rules":
                .rules(try reader.list("rules", rule), alertLimit: try reader.optionalInteger("alert_limit"))
            case let type: throw StoredFormError("the alert grouping \(StoredFormError.quoted(type)) is unknown")
            }
        }
    }

    /// The name of a field.
    static func field(_ value: JSONValue) throws(StoredFormError) -> AlertGrouping.Field {
        guard let field = value.stringValue.flatMap(AlertGrouping.Field.init(rawValue:)) else {
            throw StoredFormError("a field of an alert grouping is unknown")
        }
        return field
    }

    private static func write(_ rule: GroupingRule) -> JSONValue {
        StoredWriter {
            $0.add("matchers", each: rule.matchers.matchers, MatcherForm.write)
            $0.add("fields", each: rule.fields) { .string($0.rawValue) }
            $0.add("strict", rule.isStrict)
            $0.add("time_window", rule.timeWindow)
            $0.add("window_start", rule.isRolling ? "last_alert" : "first_alert")
        }.object
    }

    private static func rule(_ value: JSONValue) throws(StoredFormError) -> GroupingRule {
        try StoredReader.read(value, of: "a grouping rule") { (reader) throws(StoredFormError) in
            GroupingRule(
                matchers: try MatcherForm.set(try reader.list("matchers", MatcherForm.read)),
                fields: try reader.list("fields", field), isStrict: try reader.flag("strict"),
                timeWindow: try reader.optionalInteger("time_window"), isRolling: try isRolling(&reader))
        }
    }

    private static func isRolling(_ reader: inout StoredReader) throws(StoredFormError) -> Bool {
        switch try reader.text("window_start") {
        case "last_alert": true
        case "first_alert": false
        default: throw StoredFormError("window_start of a grouping rule is unknown")
        }
    }
}

/// The stored form of flap and storm detection. The columns `services.flap_detection` and `services.storm_detection`
/// hold the same.
enum DetectionForm {
    static func write(_ detection: FlapDetection) -> JSONValue {
        StoredWriter {
            $0.add("changes", detection.changes)
            $0.add("window", detection.window)
            $0.add("quiet", detection.quiet)
        }.object
    }

    static func flaps(_ value: JSONValue) throws(StoredFormError) -> FlapDetection {
        try StoredReader.read(value, of: "flap_detection") { (reader) throws(StoredFormError) in
            FlapDetection(
                changes: try reader.integer("changes"), window: try reader.integer("window"),
                quiet: try reader.integer("quiet"))
        }
    }

    static func write(_ detection: StormDetection) -> JSONValue {
        StoredWriter {
            $0.add("thresholds", numbers: detection.thresholds)
            $0.add("quiet", detection.quiet)
        }.object
    }

    static func storms(_ value: JSONValue) throws(StoredFormError) -> StormDetection {
        try StoredReader.read(value, of: "storm_detection") { (reader) throws(StoredFormError) in
            StormDetection(thresholds: try reader.numbers("thresholds"), quiet: try reader.integer("quiet"))
        }
    }
}
