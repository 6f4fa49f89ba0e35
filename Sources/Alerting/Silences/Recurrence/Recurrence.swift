/// How a silence comes back: windows of one length that start at one wall-clock time of a time zone, on the days that a
/// rule of RFC 5545 picks.
///
/// The days are those on or after the day of ``localStart`` that match ``rule``. The start itself is a window only if
/// it matches. Each window starts when the clock of the zone shows the time of day of ``localStart``, in summer and in
/// winter alike:
///
/// - A time that the clock skips in spring is moved forward by the length of the gap, 02:30 to 03:30, and a time that
///   comes twice in autumn is the first of the two (RFC 5545 section 3.3.5). RFC 5545 section 3.3.10 would leave a
///   skipped time out; here the window is kept, because the work it is meant for is done on that day too.
/// - A window lasts ``duration`` real seconds. One that is open while the clocks change therefore ends an hour later or
///   earlier on the wall clock.
///
/// Windows are separate even where one starts before the former has ended. All are days of the years 1970 to 9999.
public struct Recurrence: Hashable, Sendable, Codable {
    /// Which days have a window: text of RFC 5545 section 3.3.10, e.g. `FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU`.
    ///
    /// The parts, in their canonical order; of these only FREQ is needed, and each may be given once:
    ///
    /// - `FREQ`: `DAILY`, `WEEKLY` or `MONTHLY`.
    /// - `INTERVAL`: the step in days, weeks or months, 1 to 1000; left out where it is 1.
    /// - `BYMONTHDAY`: days of the month, 1 to 31 or, from its end, -1 to -31; only with `MONTHLY`. A month that has no
    ///   such day is skipped.
    /// - `BYDAY`: weekdays, `MO` to `SU`. With `MONTHLY` each may have a number before it, 1 to 5 or -1 to -5: `1MO` is
    ///   the first Monday of the month, `-1FR` the last Friday, `MO` every Monday. Together with `BYMONTHDAY` a day must
    ///   match both.
    /// - `COUNT`: the number of windows, 1 to 10000; not together with `UNTIL`.
    /// - `UNTIL`: the end, inclusive: as `YYYYMMDD` the last day in ``timeZone`` on which a window may start, as
    ///   `YYYYMMDDTHHMMSSZ` the last moment.
    /// - `WKST`: the weekday that weeks start on where `INTERVAL` counts weeks; left out where it is `MO`.
    ///
    /// Without `BYDAY` and `BYMONTHDAY` the day is that of ``localStart``: its weekday with `WEEKLY`, its day of the
    /// month with `MONTHLY`.
    public var rule: String
    /// The zone whose clock counts: `UTC`, or a name of the IANA time zone database of the form `Area/Location`, e.g.
    /// `Europe/Berlin`, in exactly that spelling.
    public var timeZone: String
    /// The day from which the rule counts and the time of day at which every window starts, as the clock of
    /// ``timeZone`` shows it: `YYYY-MM-DDTHH:MM[:SS]`, the years 1970 to 9999. The canonical form leaves out seconds
    /// that are 0.
    public var localStart: String
    /// The length of each window in seconds of real time, 60 to 604800 (7 days).
    public var duration: Int64

    /// One stretch of time in which the silence holds.
    public struct Window: Hashable, Sendable, Codable {
        /// The first moment of the window.
        public var start: Timestamp
        /// The first moment after the window.
        public var end: Timestamp

        /// A window from its two ends.
        public init(start: Timestamp, end: Timestamp) {
            self.start = start
            self.end = end
        }
    }

    /// Checks the members and brings ``rule`` and ``localStart`` into their canonical form. In these two, upper and
    /// lower case are the same.
    ///
    /// Throws ``RecurrenceError`` where a member is not as its description says, and where there is no window at all,
    /// because UNTIL is before the first one or no day ever matches.
    public init(rule: String, timeZone: String, localStart: String, duration: Int64) throws(RecurrenceError) {
        self.rule = rule
        self.timeZone = timeZone
        self.localStart = localStart
        self.duration = duration
        let schedule = try RecurrenceSchedule(self)
        guard schedule.window(atOrAfter: Timestamp(milliseconds: .min)) != nil else {
            throw RecurrenceError(
                member: .rule,
                expectation: "must give at least one window on or after localStart, but no day matches it")
        }
        self.rule = schedule.rule.description
        self.localStart = schedule.localStart.description
    }

    /// The window that is open at a moment, else the next one after it; of several open ones the first. Nil where there
    /// is none any more: after UNTIL, COUNT or the year 9999.
    ///
    /// Nil, too, where a member is invalid: decoding and assigning do not check, only
    /// ``init(rule:timeZone:localStart:duration:)`` does.
    ///
    /// The text is read anew on each call. The work does not depend on how far the moment is from the start, except
    /// that COUNT costs a few steps of arithmetic for each of its windows.
    public func window(atOrAfter moment: Timestamp) -> Window? {
        guard let schedule = try? RecurrenceSchedule(self) else { return nil }
        return schedule.window(atOrAfter: moment)
    }
}
