/// How a silence comes back: windows that start at wall-clock times of a time zone, on the days that a rule of RFC 5545
/// picks.
///
/// The starts are those at or after ``localStart`` that match ``rule`` and are not among ``exdates``. The start itself is a
/// window only if it matches. Each window starts when the clock of the zone shows the time of day of ``localStart``, or the
/// times of BYHOUR and BYMINUTE, in summer and in winter alike:
///
/// - A time that the clock skips in spring is moved forward by the length of the gap, 02:30 to 03:30, and a time that
///   comes twice in autumn is the first of the two (RFC 5545 section 3.3.5). RFC 5545 section 3.3.10 would leave a
///   skipped time out; here the window is kept, because the work it is meant for is done on that day too.
/// - A window lasts ``duration`` real seconds. One that is open while the clocks change therefore ends an hour later or
///   earlier on the wall clock. With ``untilTime`` it ends when the clock next shows that time, and lasts an hour more or
///   less; a window that is over before its moved start is left out.
///
/// Windows are separate even where one starts before the former has ended. All are days of the years 1970 to 9999.
public struct Recurrence: Hashable, Sendable {
    /// Which days have a window: text of RFC 5545 section 3.3.10, e.g. `FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU`.
    ///
    /// The parts, in their canonical order; of these only FREQ is needed, and each may be given once:
    ///
    /// - `FREQ`: `DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`.
    /// - `INTERVAL`: the step in days, weeks, months or years, 1 to 1000; left out where it is 1.
    /// - `BYMONTH`: months, 1 to 12.
    /// - `BYMONTHDAY`: days of the month, 1 to 31 or, from its end, -1 to -31; not with `WEEKLY`. A month that has no
    ///   such day is skipped.
    /// - `BYDAY`: weekdays, `MO` to `SU`. With `MONTHLY` each may have a number before it, 1 to 5 or -1 to -5: `1MO` is
    ///   the first Monday of the month, `-1FR` the last Friday, `MO` every Monday. With `YEARLY` the number is that in the
    ///   month if there is a `BYMONTH`, else that in the year, 1 to 53 or -1 to -53. Together with `BYMONTHDAY` a day must
    ///   match both.
    /// - `BYHOUR`, `BYMINUTE`: the times of day, at most 24 together; what is left out is that of ``localStart``.
    /// - `BYSETPOS`: which of the starts that the other parts give in one day, week, month or year, 1 to 366 or, from the
    ///   end, -1 to -366.
    /// - `COUNT`: the number of starts, 1 to 10000, those of ``exdates`` included; not together with `UNTIL`.
    /// - `UNTIL`: the end, inclusive: as `YYYYMMDD` the last day in ``timeZone`` on which a window may start, as
    ///   `YYYYMMDDTHHMMSS` the last time there, as `YYYYMMDDTHHMMSSZ` the last moment.
    /// - `WKST`: the weekday that weeks start on; left out where it is `MO`.
    ///
    /// Without `BYDAY` and `BYMONTHDAY` the day is that of ``localStart``: its weekday with `WEEKLY`, its day of the
    /// month with `MONTHLY`, its date, or its day in the months of `BYMONTH`, with `YEARLY`.
    public var rule: String
    /// The zone whose clock counts: `UTC`, or a name of the IANA time zone database such as `Europe/Berlin` or `CET`, in
    /// exactly that spelling; not `EST`, `MST` and `HST`, which have no summer time.
    public var timeZone: String
    /// The day from which the rule counts and the time of day at which every window starts, as the clock of
    /// ``timeZone`` shows it: `YYYY-MM-DDTHH:MM[:SS]`, the years 1970 to 9999. The canonical form leaves out seconds
    /// that are 0.
    public var localStart: String
    /// The length of each window in seconds of real time, 60 to 604800 (7 days). With ``untilTime`` the length by the clock.
    public var duration: Int64
    /// The time of day at which each window ends, as the clock of ``timeZone`` shows it next: `HH:MM[:SS]`. Nil if windows
    /// last ``duration``.
    public var untilTime: String?
    /// The starts that are left out, at most 1000: dates `YYYY-MM-DD`, times of ``timeZone`` `YYYY-MM-DDTHH:MM[:SS]`, and
    /// times of UTC with a `Z` behind them. Nil if there is none.
    public var exdates: [String]?

    /// One stretch of time in which the silence holds.
    public struct Window: Hashable, Sendable {
        /// The first moment of the window.
        public var start: Timestamp
        /// The first moment after the window.
        public var end: Timestamp

        /// The years 1970 to 9999.
        public static let always = Window(
            start: Timestamp(milliseconds: 0), end: Timestamp(milliseconds: 253_402_300_800_000))

        /// A window from its two ends.
        public init(start: Timestamp, end: Timestamp) {
            self.start = start
            self.end = end
        }
    }

    /// Checks the members and brings them into their canonical form. In ``rule`` and ``localStart``, upper and lower case
    /// are the same.
    ///
    /// The rule may be text as calendars write it (RFC 5545 section 3.8): with `RRULE:` before it, and with lines of
    /// `DTSTART` and `EXDATE`. The zone is that of `DTSTART`, else `UTC`, and the start that of `DTSTART`, if they are not
    /// given; if they are, both must be the same.
    ///
    /// Throws ``RecurrenceError`` where a member is not as its description says, where neither or both of duration and
    /// until-time are given, and where there is no window at all, because UNTIL is before the first one or no day ever
    /// matches.
    public init(
        rule: String, timeZone: String? = nil, localStart: String? = nil, duration: Int64?, untilTime: String? = nil,
        exdates: [String] = []
    ) throws(RecurrenceError) {
        let text = try RecurrenceText(rule)
        self.rule = text.rule
        self.timeZone = timeZone ?? text.timeZone ?? "UTC"
        for found in [text.timeZone] + text.exdates.map(\.timeZone) {
            if let found, found != self.timeZone {
                throw RecurrenceError(
                    member: .timeZone,
                    expectation: "must be the TZID of the rule's lines, \(RecurrenceError.quoted(found))")
            }
        }
        guard let start = localStart ?? text.localStart else {
            throw RecurrenceError(member: .localStart, expectation: "must be given, or a DTSTART in the rule")
        }
        self.localStart = start
        if let found = text.localStart, LocalTime(start)?.description ?? found != found {
            throw RecurrenceError(
                member: .localStart, expectation: "must be the DTSTART of the rule's lines, \(found)")
        }
        guard (duration == nil) != (untilTime == nil) else {
            throw RecurrenceError(
                member: .duration, expectation: "or the time of day of the end must be given, and not both")
        }
        self.duration = duration ?? Recurrence.clockDuration(from: start, until: untilTime)
        self.untilTime = untilTime
        let exdates = exdates + text.exdates.map(\.value)
        self.exdates = exdates.isEmpty ? nil : exdates
        let schedule = try RecurrenceSchedule(self)
        guard schedule.window(atOrAfter: Timestamp(milliseconds: .min)) != nil else {
            throw RecurrenceError(
                member: .rule,
                expectation: "must give at least one window on or after localStart, but no day matches it")
        }
        self.rule = schedule.rule.description
        self.localStart = schedule.localStart.description
        self.untilTime = schedule.untilTime?.description
        self.exdates = schedule.exdates.isEmpty ? nil : schedule.exdates.map(\.extendedText)
    }

    /// The seconds by the clock from a start to a time of day. What cannot be read is refused as what it is, later.
    private static func clockDuration(from start: String, until time: String?) -> Int64 {
        guard let start = LocalTime(start), let time = time.flatMap({ ClockTime($0) }) else {
            return RecurrenceSchedule.durations.lowerBound
        }
        // A shorter one would be refused; it may be longer with other times of BYHOUR.
        let seconds = time.end(ofWindowAt: start.localSecond) - start.localSecond
        return max(Int64(seconds), RecurrenceSchedule.durations.lowerBound)
    }

    /// A recurrence from members that were checked when it was stored. Nothing is checked: what is known of a time zone
    /// may have changed since, and a stored silence stays what it is.
    public init(
        asStored rule: String, timeZone: String, localStart: String, duration: Int64, untilTime: String? = nil,
        exdates: [String]? = nil
    ) {
        self.rule = rule
        self.timeZone = timeZone
        self.localStart = localStart
        self.duration = duration
        self.untilTime = untilTime
        self.exdates = exdates
    }

    /// The window that is open at a moment, else the next one after it; of several open ones the first. Nil where there
    /// is none any more: after UNTIL, COUNT or the year 9999.
    ///
    /// Nil, too, where a member is invalid: reading from the log and assigning do not check, only
    /// ``init(rule:timeZone:localStart:duration:untilTime:exdates:)`` does.
    ///
    /// The text is read anew on each call. The work does not depend on how far the moment is from the start, except
    /// that COUNT costs a few steps of arithmetic for each of its windows.
    public func window(atOrAfter moment: Timestamp) -> Window? {
        guard let schedule = try? RecurrenceSchedule(self) else { return nil }
        return schedule.window(atOrAfter: moment)
    }
}
