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
        name: .customLong("starts"),
        help: ArgumentHelp("When it starts, in ISO 8601. Default: now.", valueName: "moment"))
    var start: Moment?

    @Option(
        name: .customLong("repeat"),
        help: ArgumentHelp(
            "How it comes back, a rule of RFC 5545: FREQ=WEEKLY;BYDAY=SA,SU. With --at and --for.", valueName: "rule"))
    var rule: String?

    @Option(
        help: ArgumentHelp(
            "The zone whose clock --at means, such as Europe/Berlin. Default: UTC.", valueName: "zone"))
    var timeZone: String?

    @Option(
        name: .customLong("at"),
        help: ArgumentHelp(
            "The first day that --repeat may pick and the time of day it starts at: 2026-01-31T22:00.",
            valueName: "local time"))
    var localStart: String?

    func validate() throws {
        guard duration == nil || end == nil else { throw ValidationError("--for and --until exclude each other.") }
        guard rule != nil else {
            guard timeZone == nil, localStart == nil else {
                throw ValidationError("--time-zone and --at go with --repeat only.")
            }
            return
        }
        guard start == nil, end == nil else {
            throw ValidationError("With --repeat, give --at and --for in place of --starts and --until.")
        }
        _ = try recurrence()
    }

    /// Whether anything tells when it ends.
    var haveEnd: Bool { duration != nil || end != nil }

    /// How it comes back; nil is not at all.
    func recurrence() throws -> Recurrence? {
        guard let rule else { return nil }
        guard let localStart, let duration else {
            throw ValidationError("--repeat takes --at, which tells when it starts, and --for, how long it lasts.")
        }
        do throws(RecurrenceError) {
            return try Recurrence(
                rule: rule, timeZone: timeZone ?? "UTC", localStart: localStart, duration: duration.seconds)
        } catch {
            throw ValidationError("\(SilenceTimes.option(of: error.member)) \(error.expectation).")
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
        return Recurrence.Window(start: start, end: max(start, now).adding(seconds: duration?.seconds ?? seconds))
    }

    private static func option(of member: RecurrenceError.Member) -> String {
        switch member {
        case .rule: "--repeat"
        case .timeZone: "--time-zone"
        case .localStart: "--at"
        case .duration: "--for"
        }
    }
}
