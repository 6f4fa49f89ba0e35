import Alerting
import ArgumentParser

/// When a silence is in force, as it is typed.
struct SilenceTimes: ParsableArguments {
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "How long it lasts, 1 second to 366 days: 90s, 2h, 1d. With --repeat, each time, 60 seconds to 7 days. "
                + "Default with --incident: 1d.",
            valueName: "time"))
    var duration: SilenceDuration?

    @Option(
        name: .customLong("until"),
        help: ArgumentHelp("When it ends, in ISO 8601: 2026-01-31T22:00Z.", valueName: "moment"))
    var end: Moment?

    @Option(
        name: .customLong("until-time"),
        help: ArgumentHelp(
            "The time of day when it ends, by the clock of --time-zone: 06:00. With --repeat, each time.",
            valueName: "time of day"))
    var untilTime: ClockTime?

    @Option(
        name: .customLong("starts"),
        help: ArgumentHelp("When it starts, in ISO 8601. Default: now.", valueName: "moment"))
    var start: Moment?

    @Option(
        name: .customLong("repeat"),
        help: ArgumentHelp(
            "How it recurs, a rule of RFC 5545: FREQ=WEEKLY;BYDAY=SA,SU, or lines with DTSTART, RRULE and EXDATE as "
                + "calendars write them. With --at, and --for or --until-time.",
            valueName: "rule"))
    var rule: String?

    @Option(
        name: .customLong("except"),
        help: ArgumentHelp(
            "A day or start that --repeat leaves out: 2026-12-25, 2026-12-25T02:00. May be given again.",
            valueName: "date"))
    var exdates: [String] = []

    @Option(
        help: ArgumentHelp(
            "The zone whose clock --at and --until-time mean, such as Europe/Berlin. Default: UTC.", valueName: "zone"))
    var timeZone: String?

    @Option(
        name: .customLong("at"),
        help: ArgumentHelp(
            "The first day that --repeat may pick and the time of day it starts at: 2026-01-31T22:00.",
            valueName: "local time"))
    var localStart: String?

    func validate() throws {
        guard [duration != nil, end != nil, untilTime != nil].count(where: { $0 }) < 2 else {
            throw ValidationError("--for, --until and --until-time exclude each other.")
        }
        guard rule != nil else {
            guard localStart == nil, exdates.isEmpty else {
                throw ValidationError("--at and --except go with --repeat only.")
            }
            guard timeZone == nil || untilTime != nil else {
                throw ValidationError("--time-zone goes with --repeat or --until-time only.")
            }
            _ = try clockEnd(after: Timestamp(milliseconds: 0))
            return
        }
        guard start == nil, end == nil else {
            throw ValidationError("With --repeat, give --at and --for in place of --starts and --until.")
        }
        _ = try recurrence()
    }

    /// Whether anything tells when it ends.
    var haveEnd: Bool { duration != nil || end != nil || untilTime != nil }

    /// How it comes back; nil is not at all.
    func recurrence() throws -> Recurrence? {
        guard let rule else { return nil }
        guard duration != nil || untilTime != nil else {
            throw ValidationError("--repeat takes --for, how long it lasts, or --until-time, when it ends.")
        }
        do throws(RecurrenceError) {
            return try Recurrence(
                rule: rule, timeZone: timeZone, localStart: localStart, duration: duration?.seconds,
                untilTime: untilTime?.description, exdates: exdates)
        } catch {
            throw SilenceTimes.invalid(error)
        }
    }

    /// The window that it is asked for at a moment; where nothing tells when it ends, that many seconds long.
    func window(at now: Timestamp, otherwise seconds: Int64) throws -> Recurrence.Window {
        if let recurrence = try recurrence() {
            guard let window = recurrence.window(atOrAfter: now) else {
                throw Failure.refused("all windows of --repeat are over; give it a later UNTIL or a greater COUNT")
            }
            return window
        }
        let start = start?.timestamp ?? now
        if let end { return Recurrence.Window(start: start, end: end.timestamp) }
        if let end = try clockEnd(after: max(start, now)) { return Recurrence.Window(start: start, end: end) }
        return Recurrence.Window(start: start, end: max(start, now).adding(seconds: duration?.seconds ?? seconds))
    }

    private func clockEnd(after moment: Timestamp) throws -> Timestamp? {
        guard let untilTime else { return nil }
        return try SilenceTimes.end(untilTime, after: moment, timeZone: timeZone)
    }

    /// The next moment at which the clock of a zone, UTC unless it is given, shows a time.
    static func end(_ time: ClockTime, after moment: Timestamp, timeZone: String?) throws -> Timestamp {
        do throws(RecurrenceError) {
            return try time.next(after: moment, timeZone: timeZone ?? "UTC")
        } catch {
            throw invalid(error)
        }
    }

    private static func invalid(_ error: RecurrenceError) -> ValidationError {
        ValidationError("\(option(of: error.member)) \(error.expectation).")
    }

    private static func option(of member: RecurrenceError.Member) -> String {
        switch member {
        case .rule: "--repeat"
        case .timeZone: "--time-zone"
        case .localStart: "--at"
        case .duration: "--for"
        case .untilTime: "--until-time"
        case .exdates: "--except"
        }
    }
}

extension ClockTime: ExpressibleByArgument {
    /// Reads the value of an option.
    public init?(argument: String) { self.init(argument) }
}
