import Alerting
import Foundation

/// What a line of a worked example says: something that happens, or something that has to be so.
///
/// A statement is a case here, a function that reads it, in `readers`, and what it does, in `TimelineRun`.
enum TimelineStatement {
    // What happens.

    /// `trigger KEY [label=value …]`, and the same with `acknowledge` and `resolve`.
    case event(EventAction, key: String, AlertData)
    /// `silence MATCHERS [every day] for TIME`; `maintenance [every day] for TIME`, which has no matchers.
    case silence([LabelMatcher], seconds: Int64, isDaily: Bool)
    /// `end the silence`: the one that was set last.
    case endSilence
    /// `inhibit TARGET while SOURCE [with equal LABEL, LABEL]`.
    case inhibit(target: [LabelMatcher], source: [LabelMatcher], equal: [String])
    /// `delete the rule`: the one that was made last.
    case deleteRule
    /// `group by FIELD, FIELD [for TIME]`, `group by any of FIELD, FIELD [for TIME]`, `group by time [for TIME]`;
    /// `group by nothing`, which is nil.
    case group(AlertGrouping?)

    /// `grouping rule MATCHERS by FIELD, FIELD [strictly] [from the last alert] [for TIME]`: one more rule, after those
    /// there are.
    case groupingRule(GroupingRule)

    /// `grouping limit NUMBER`: of the rules there are.
    case groupingLimit(Int64)

    /// `heartbeat every TIME`.
    case heartbeat(seconds: Int64)

    /// `flapping after NUMBER changes in TIME with quiet of TIME`.
    case flapDetection(FlapDetection)

    /// `storm above NUMBER, NUMBER a minute with quiet of TIME`.
    case stormDetection(StormDetection)

    // What has to be so.

    /// `flapping: KEY NUMBER, KEY NUMBER`: incidents that flap, with how often they changed.
    case flapping([String])
    /// `storm: KEY LEVEL`: incidents that take the alerts of a storm, with its level; `no storm`.
    case storm([String])
    /// `open: KEY, KEY + KEY`: the open alerts of each open incident; `nothing is open`.
    case open([[String]])
    /// `held back: KEY, KEY`; `nothing is held back`.
    case heldBack([String])
    /// `incidents so far: NUMBER`, resolved ones included.
    case incidents(Int64)
    /// `outcome: OUTCOME`: what became of the event that was sent last, with the reason if there is one.
    case outcome(String)

    /// Each reads one kind of statement; nil, and nothing read, where another one comes.
    private static var readers: [(inout TimelineText) throws -> TimelineStatement?] {
        [
            readEvent, readSilence, readMaintenance, readEndSilence, readInhibit, readDeleteRule, readGroup,
            readGroupingRule,
            readGroupingLimit,
            readHeartbeat, readFlapDetection, readFlapping, readStormDetection, readStorm, readOpen, readHeldBack,
            readNothing, readIncidents,
            readOutcome,
        ]
    }

    /// Reads a statement. Throws for one that is not known, or that is not complete.
    init(_ text: inout TimelineText) throws {
        for read in TimelineStatement.readers {
            if let statement = try read(&text) {
                self = statement
                return
            }
        }
        throw TimelineSyntaxError("this is no statement: \(text.remainder)")
    }
}

// MARK: What happens

extension TimelineStatement {
    private static func readEvent(_ text: inout TimelineText) throws -> TimelineStatement? {
        guard let action = EventAction.allCases.first(where: { text.take($0.rawValue) }) else { return nil }
        let key = try text.word("a key")
        var data = AlertData()
        if action == .trigger {
            data.summary = key
            data.source = "server"
            data.severity = .critical
        }
        while !text.isAtEnd { try set(try text.word("a label"), in: &data) }
        return .event(action, key: key, data)
    }

    /// Has an event say what a text such as `source=db1` says.
    private static func set(_ text: String, in data: inout AlertData) throws {
        var label = TimelineText(text)
        guard let matcher = try label.matchers().first, matcher.comparison == .equal else {
            throw TimelineSyntaxError("a label and its value are expected, such as source=db1, not \(text)")
        }
        switch matcher.label {
        case "summary": data.summary = matcher.value
        case "source": data.source = matcher.value
        case "component": data.component = matcher.value
        case "group": data.group = matcher.value
        case "class": data.class = matcher.value
        case "client": data.client = matcher.value
        case "severity":
            guard let severity = Severity(rawValue: matcher.value) else {
                throw TimelineSyntaxError("there is no severity \(matcher.value)")
            }
            data.severity = severity
        default: throw TimelineSyntaxError("an event has no label \(matcher.label) that could be set")
        }
    }

    private static func readSilence(_ text: inout TimelineText) throws -> TimelineStatement? {
        guard text.take("silence") else { return nil }
        guard var scope = text.take(upTo: "for") else { throw TimelineSyntaxError("for and a time are missing") }
        let daily = scope.take(upTo: "every day")
        if var matchers = daily {
            return .silence(try matchers.matchers(), seconds: try text.duration(), isDaily: true)
        }
        return .silence(try scope.matchers(), seconds: try text.duration(), isDaily: false)
    }

    private static func readMaintenance(_ text: inout TimelineText) throws -> TimelineStatement? {
        guard text.take("maintenance") else { return nil }
        let isDaily = text.take("every day")
        guard text.take("for") else { throw TimelineSyntaxError("for and a time are missing") }
        return .silence([], seconds: try text.duration(), isDaily: isDaily)
    }

    private static func readEndSilence(_ text: inout TimelineText) throws -> TimelineStatement? {
        text.take("end the silence") ? .endSilence : nil
    }

    private static func readInhibit(_ text: inout TimelineText) throws -> TimelineStatement? {
        guard text.take("inhibit") else { return nil }
        guard var target = text.take(upTo: "while") else {
            throw TimelineSyntaxError("while, and what holds back, are missing")
        }
        let limited = text.take(upTo: "with equal")
        guard var source = limited else {
            return .inhibit(target: try target.matchers(), source: try text.matchers(), equal: [])
        }
        return .inhibit(
            target: try target.matchers(), source: try source.matchers(), equal: try text.list(of: "labels"))
    }

    private static func readDeleteRule(_ text: inout TimelineText) throws -> TimelineStatement? {
        text.take("delete the rule") ? .deleteRule : nil
    }

    private static func readGroup(_ text: inout TimelineText) throws -> TimelineStatement? {
        guard text.take("group by") else { return nil }
        if text.take("nothing") { return .group(nil) }
        let isAny = text.take("any of")
        let limited = text.take(upTo: "for")
        let window = limited == nil ? nil : try text.duration()
        var scope = limited ?? TimelineText(text.takeRemainder())
        let names = try scope.list(of: "fields")
        if names == ["time"], !isAny { return .group(.time(timeWindow: window)) }
        let fields = names.compactMap(AlertGrouping.Field.init)
        guard fields.count == names.count else { throw TimelineSyntaxError("one of these is no field: \(names)") }
        return .group(.contentBased(fields: fields, aggregate: isAny ? .any : .all, timeWindow: window))
    }
}

extension TimelineStatement {
    private static func readGroupingRule(_ text: inout TimelineText) throws -> TimelineStatement? {
        guard text.take("grouping rule") else { return nil }
        guard var matchers = text.take(upTo: "by") else { throw TimelineSyntaxError("by, and fields, are missing") }
        let limited = text.take(upTo: "for")
        let window = limited == nil ? nil : try text.duration()
        var scope = limited ?? TimelineText(text.takeRemainder())
        let unrolled = scope.take(upTo: "from the last alert")
        scope = unrolled ?? scope
        let lenient = scope.take(upTo: "strictly")
        scope = lenient ?? scope
        let names = try scope.list(of: "fields")
        let fields = names.compactMap(AlertGrouping.Field.init)
        guard fields.count == names.count else { throw TimelineSyntaxError("one of these is no field: \(names)") }
        return .groupingRule(
            GroupingRule(
                matchers: try MatcherSet(try matchers.matchers()), fields: fields, isStrict: lenient != nil,
                timeWindow: window, isRolling: unrolled != nil))
    }

    private static func readGroupingLimit(_ text: inout TimelineText) throws -> TimelineStatement? {
        guard text.take("grouping limit") else { return nil }
        guard let limit = Int64(try text.word("a number")) else { throw TimelineSyntaxError("a number is expected") }
        return .groupingLimit(limit)
    }
}

extension TimelineStatement {
    private static func readHeartbeat(_ text: inout TimelineText) throws -> TimelineStatement? {
        text.take("heartbeat every") ? .heartbeat(seconds: try text.duration()) : nil
    }
}

extension TimelineStatement {
    private static func readFlapDetection(_ text: inout TimelineText) throws -> TimelineStatement? {
        guard text.take("flapping after") else { return nil }
        guard let changes = Int64(try text.word("a number")), text.take("changes in"),
            var window = text.take(upTo: "with quiet of")
        else { throw TimelineSyntaxError("a number of changes, a time and a quiet are expected") }
        return .flapDetection(
            FlapDetection(changes: changes, window: try window.duration(), quiet: try text.duration()))
    }

    private static func readFlapping(_ text: inout TimelineText) throws -> TimelineStatement? {
        text.take("flapping:") ? .flapping(text.takeRemainder().components(separatedBy: ", ")) : nil
    }
}

extension TimelineStatement {
    private static func readStormDetection(_ text: inout TimelineText) throws -> TimelineStatement? {
        guard text.take("storm above") else { return nil }
        guard var numbers = text.take(upTo: "a minute with quiet of") else {
            throw TimelineSyntaxError("numbers and a quiet are expected")
        }
        let thresholds = try numbers.list(of: "numbers").map { Int64($0) ?? 0 }
        let detection = StormDetection(thresholds: thresholds, quiet: try text.duration())
        guard detection.isValid else { throw TimelineSyntaxError("these thresholds, or this quiet, may not be") }
        return .stormDetection(detection)
    }

    private static func readStorm(_ text: inout TimelineText) throws -> TimelineStatement? {
        if text.take("no storm") { return .storm([]) }
        return text.take("storm:") ? .storm(text.takeRemainder().components(separatedBy: ", ")) : nil
    }
}

// MARK: What has to be so

extension TimelineStatement {
    private static func readOpen(_ text: inout TimelineText) throws -> TimelineStatement? {
        text.take("open:") ? .open(try text.sets(of: "keys")) : nil
    }

    private static func readHeldBack(_ text: inout TimelineText) throws -> TimelineStatement? {
        text.take("held back:") ? .heldBack(try text.list(of: "keys")) : nil
    }

    private static func readNothing(_ text: inout TimelineText) throws -> TimelineStatement? {
        if text.take("nothing is open") { return .open([]) }
        return text.take("nothing is held back") ? .heldBack([]) : nil
    }

    private static func readIncidents(_ text: inout TimelineText) throws -> TimelineStatement? {
        guard text.take("incidents so far:") else { return nil }
        guard let count = Int64(try text.word("a number")) else { throw TimelineSyntaxError("a number is expected") }
        return .incidents(count)
    }

    private static func readOutcome(_ text: inout TimelineText) throws -> TimelineStatement? {
        text.take("outcome:") ? .outcome(text.takeRemainder()) : nil
    }
}
