import Alerting
import WireJSON

/// Reads `alert_grouping_parameters` (rest-api.md section 6.5), with a type of our own besides: `rules`.
enum GroupingParameters {
    /// Time windows, in seconds: a minute to 30 days.
    private static let windows: ClosedRange<Int64> = 60...2_592_000

    /// PagerDuty counts the window of `content_based` in seconds and that of `time` in minutes; 0 and absent are for as
    /// long as the incident is open.
    static func grouping(_ parameters: JSONValue) throws(AdminError) -> AlertGrouping? {
        guard let type = parameters.member("type") else { return nil }
        let config = parameters.member("config") ?? .object([])
        switch type.stringValue {
        case "time":
            return .time(timeWindow: try window("timeout", secondsPerUnit: 60, in: config))
        case "content_based":
            let fields = try fields(config, atLeast: 1)
            let aggregate = config.member("aggregate").map { $0.stringValue.flatMap(AlertGrouping.Aggregate.init) }
            guard let aggregate = aggregate ?? .all else { throw invalid("aggregate must be all or any") }
            return .contentBased(
                fields: fields, aggregate: aggregate,
                timeWindow: try window("time_window", secondsPerUnit: 1, in: config))
        case "rules": return try rules(config)
        default: throw invalid("type must be content_based, time, rules or null")
        }
    }

    private static func rules(_ config: JSONValue) throws(AdminError) -> AlertGrouping {
        let elements = config.member("rules")?.arrayValue ?? []
        guard (1...AlertGrouping.maximumRules).contains(elements.count) else {
            throw invalid("rules must be 1 to \(AlertGrouping.maximumRules) objects")
        }
        var rules: [GroupingRule] = []
        for element in elements { rules.append(try rule(element)) }
        let patterns = rules.flatMap(\.matchers.matchers).count { [.matches, .doesNotMatch].contains($0.comparison) }
        guard patterns <= AlertGrouping.maximumPatterns else {
            throw invalid("there are \(patterns) patterns in the rules, at most \(AlertGrouping.maximumPatterns)")
        }
        guard rules.reduce(0, { $0 + $1.matchers.stepsPerScalar }) <= AlertGrouping.maximumSteps else {
            throw invalid("the patterns of the rules cost too much together")
        }
        guard let given = config.member("alert_limit") else { return .rules(rules, alertLimit: nil) }
        let limits = AlertGrouping.alertLimits
        guard let limit = given.integerValue, limits.contains(limit) else {
            throw invalid("alert_limit must be \(limits.lowerBound) to \(limits.upperBound)")
        }
        // As many as there may be in any case is no limit, as none is shown.
        return .rules(rules, alertLimit: limit == limits.upperBound ? nil : limit)
    }

    private static func rule(_ element: JSONValue) throws(AdminError) -> GroupingRule {
        try RequestBody.requireObject(element, "alert_grouping_parameters: each of rules must be an object")
        let called = "alert_grouping_parameters: matchers"
        let matchers = try MatcherLists.matchers(element.member("matchers"), called: called) ?? []
        var isStrict = false
        if let strict = element.member("strict") {
            guard let flag = strict.boolValue else { throw invalid("strict must be true or false") }
            isStrict = flag
        }
        let start = element.member("window_start").map { $0.stringValue ?? "" } ?? "first_alert"
        guard ["first_alert", "last_alert"].contains(start) else {
            throw invalid("window_start must be first_alert or last_alert")
        }
        let set: MatcherSet
        do throws(MatcherSyntaxError) {
            set = try MatcherSet(matchers)
        } catch {
            throw invalid("matchers: \(error)")
        }
        return GroupingRule(
            matchers: set, fields: try fields(element, atLeast: 0), isStrict: isStrict,
            timeWindow: try window("time_window", secondsPerUnit: 1, in: element), isRolling: start == "last_alert")
    }

    private static func fields(_ config: JSONValue, atLeast minimum: Int) throws(AdminError) -> [AlertGrouping.Field] {
        let given = config.member("fields") ?? .array([])
        // What is no array is no list of none.
        let names = given.arrayValue?.map(\.stringValue) ?? [nil]
        let fields = names.compactMap { $0.flatMap(AlertGrouping.Field.init) }
        guard (minimum...AlertGrouping.maximumFields).contains(names.count), fields.count == names.count else {
            let known = AlertGrouping.Field.standard.map(\.rawValue).joined(separator: ", ")
            throw invalid(
                "fields must be \(minimum) to \(AlertGrouping.maximumFields) of \(known) and custom_details.KEY")
        }
        return fields
    }

    private static func window(
        _ name: String, secondsPerUnit: Int64, in config: JSONValue
    ) throws(AdminError) -> Int64? {
        guard let value = config.member(name) else { return nil }
        let (seconds, overflow) = (value.integerValue ?? -1).multipliedReportingOverflow(by: secondsPerUnit)
        if seconds == 0 { return nil }
        guard !overflow, windows.contains(seconds) else { throw invalid("\(name) must be a minute to 30 days") }
        return seconds
    }

    private static func invalid(_ reason: String) -> AdminError {
        .invalidInput("alert_grouping_parameters: \(reason)")
    }
}
