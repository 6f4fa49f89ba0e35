import Alerting
import WireJSON

/// Reads `alert_grouping_parameters` (rest-api.md section 6.5), with a type of our own besides: `rules`.
enum GroupingParameters {
    /// Time windows, in seconds: a minute to 30 days.
    private static let windows: ClosedRange<Int64> = 60...2_592_000

    /// PagerDuty counts the window of `content_based` in seconds and that of `time` in minutes; 0 and absent are for as
    /// long as the incident is open. Nil if alerts are not to be grouped.
    static func grouping(_ parameters: JSONValue, at path: String) throws(AdminError) -> AlertGrouping? {
        guard parameters.isNull || parameters.objectValue != nil else { throw .wrongType(path, "an object or null") }
        let config = parameters.member("config") ?? .object([])
        guard config.objectValue != nil else { throw .wrongType("\(path).config", "an object or null") }
        guard let type = parameters.member("type") else {
            guard config.member("rules") == nil else { throw .missingArguments("\(path).type is missing: rules") }
            return nil
        }
        switch type.stringValue {
        case "time":
            return .time(
                timeWindow: try window(config.member("timeout"), secondsPerUnit: 60, at: "\(path).config.timeout"))
        case "content_based":
            let fields = try fields(config.member("fields"), atLeast: 1, at: "\(path).config.fields")
            let aggregate = config.member("aggregate").map { $0.stringValue.flatMap(AlertGrouping.Aggregate.init) }
            guard let aggregate = aggregate ?? .all else {
                throw .invalidInput("\(path).config.aggregate must be all or any")
            }
            return .contentBased(
                fields: fields, aggregate: aggregate,
                timeWindow: try window(
                    config.member("time_window"), secondsPerUnit: 1, at: "\(path).config.time_window"))
        case "rules": return try rules(try OwnObject<RulesMember>(parameters, at: path))
        default: throw .invalidInput("\(path).type must be content_based, time, rules or null")
        }
    }

    // MARK: Rules

    private enum RulesMember: String, CaseIterable {
        case type, config
    }

    private enum ConfigMember: String, CaseIterable {
        case rules
        case alertLimit = "alert_limit"
    }

    private enum RuleMember: String, CaseIterable {
        case matchers, fields, strict
        case timeWindow = "time_window"
        case windowStart = "window_start"
    }

    private static func rules(_ parameters: OwnObject<RulesMember>) throws(AdminError) -> AlertGrouping {
        let path = parameters.path
        let config = try parameters.object(.config, ConfigMember.self)
        let objects = try config?.objects(.rules, RuleMember.self) ?? []
        guard (1...AlertGrouping.maximumRules).contains(objects.count), let config else {
            throw .invalidInput("\(path).config.rules must be 1 to \(AlertGrouping.maximumRules) objects")
        }
        var rules: [GroupingRule] = []
        for object in objects { rules.append(try rule(object)) }
        let patterns = rules.flatMap(\.matchers.matchers).count { [.matches, .doesNotMatch].contains($0.comparison) }
        guard patterns <= AlertGrouping.maximumPatterns else {
            throw .invalidInput(
                "\(path): there are \(patterns) patterns in the rules, at most \(AlertGrouping.maximumPatterns)")
        }
        guard rules.reduce(0, { $0 + $1.matchers.stepsPerScalar }) <= AlertGrouping.maximumSteps else {
            throw .invalidInput("\(path): the patterns of the rules cost too much together")
        }
        guard let limit = try config.integer(.alertLimit) else { return .rules(rules, alertLimit: nil) }
        let limits = AlertGrouping.alertLimits
        guard limits.contains(limit) else {
            throw .invalidInput("\(config.path(.alertLimit)) must be \(limits.lowerBound) to \(limits.upperBound)")
        }
        // As many as there may be in any case is no limit, as none is shown.
        return .rules(rules, alertLimit: limit == limits.upperBound ? nil : limit)
    }

    private static func rule(_ object: OwnObject<RuleMember>) throws(AdminError) -> GroupingRule {
        let matchers = try MatcherLists.matchers(.matchers, of: object) ?? []
        let start = try object.string(.windowStart) ?? "first_alert"
        guard ["first_alert", "last_alert"].contains(start) else {
            throw .invalidInput("\(object.path(.windowStart)) must be first_alert or last_alert")
        }
        let set: MatcherSet
        do throws(MatcherSyntaxError) {
            set = try MatcherSet(matchers)
        } catch {
            throw .invalidInput("\(object.path(.matchers)): \(error)")
        }
        return GroupingRule(
            matchers: set, fields: try fields(object.member(.fields), atLeast: 0, at: object.path(.fields)),
            isStrict: try object.flag(.strict) ?? false,
            timeWindow: try window(
                object.member(.timeWindow), secondsPerUnit: 1, at: object.path(.timeWindow)),
            isRolling: start == "last_alert")
    }

    // MARK: Parts

    private static func fields(
        _ value: JSONValue?, atLeast minimum: Int, at path: String
    ) throws(AdminError) -> [AlertGrouping.Field] {
        let given = value ?? .array([])
        // What is no array is no list of none.
        let names = given.arrayValue?.map(\.stringValue) ?? [nil]
        let fields = names.compactMap { $0.flatMap(AlertGrouping.Field.init) }
        guard (minimum...AlertGrouping.maximumFields).contains(names.count), fields.count == names.count else {
            let known = AlertGrouping.Field.standard.map(\.rawValue).joined(separator: ", ")
            throw .invalidInput(
                "\(path) must be \(minimum) to \(AlertGrouping.maximumFields) of \(known) and custom_details.KEY")
        }
        return fields
    }

    private static func window(
        _ value: JSONValue?, secondsPerUnit: Int64, at path: String
    ) throws(AdminError) -> Int64? {
        guard let value else { return nil }
        let (seconds, overflow) = (value.integerValue ?? -1).multipliedReportingOverflow(by: secondsPerUnit)
        if seconds == 0 { return nil }
        guard !overflow, windows.contains(seconds) else {
            throw .invalidInput("\(path) must be a whole number that makes a minute to 30 days")
        }
        return seconds
    }
}
