import CivilCalendar

/// A rule that picks starts: the part of RFC 5545 section 3.3.10 that ``Recurrence/rule`` may use, as values.
struct RecurrenceRule: Hashable, Sendable {
    /// FREQ: what the interval counts.
    enum Frequency: String, Sendable, CaseIterable {
        case daily = "DAILY"
        case weekly = "WEEKLY"
        case monthly = "MONTHLY"
        case yearly = "YEARLY"
    }

    /// One entry of BYDAY.
    struct Day: Hashable, Sendable {
        /// Which of the weekdays in the month or year: from 1 or, from the end, from -1; 0 for every one.
        var ordinal: Int
        /// The weekday.
        var weekday: Weekday
    }

    /// Where the rule ends.
    enum End: Hashable, Sendable {
        /// Nowhere.
        case never
        /// COUNT: after that many starts.
        case count(Int)
        /// UNTIL as a date: with that day of the rule's zone.
        case date(CivilDate)
        /// UNTIL as a time of the rule's zone: a window that starts then is the last one.
        case local(LocalTime)
        /// UNTIL as a time in UTC: a window that starts then is the last one.
        case utc(LocalTime)
    }

    /// FREQ.
    var frequency: Frequency
    /// INTERVAL: the step in days, weeks, months or years, from 1.
    var interval = 1
    /// BYMONTH, ascending, each once.
    var months: [Int] = []
    /// BYMONTHDAY, each once: first those from the start of the month, then the negative ones from its end.
    var monthDays: [Int] = []
    /// BYDAY, each once, by weekday and then like ``monthDays``.
    var days: [Day] = []
    /// BYHOUR, ascending, each once.
    var hours: [Int] = []
    /// BYMINUTE, ascending, each once.
    var minutes: [Int] = []
    /// BYSETPOS: which of the starts in a period, each once, like ``monthDays``.
    var positions: [Int] = []
    /// UNTIL or COUNT.
    var end = End.never
    /// WKST: the day that weeks start on. It matters where an interval counts weeks.
    var weekStart = Weekday.monday

    /// Whether the numbers of BYDAY count in the year, not in the month.
    var countsDaysInYear: Bool { frequency == .yearly && months.isEmpty }

    /// The rule with the day of the first date in place of what the rule leaves open (RFC 5545 section 3.3.10,
    /// "Information, not contained in the rule, necessary to determine the various recurrence instance start time and
    /// dates is derived from the Start Time").
    func completed(from start: CivilDate) -> RecurrenceRule {
        guard monthDays.isEmpty, days.isEmpty else { return self }
        var rule = self
        switch frequency {
        case .daily: break
        case .weekly: rule.days = [Day(ordinal: 0, weekday: Weekday(dayNumber: start.dayNumber))]
        case .monthly: rule.monthDays = [start.day]
        case .yearly:
            if months.isEmpty { rule.months = [start.month.number] }
            rule.monthDays = [start.day]
        }
        return rule
    }

    /// The times of day at which windows start, in seconds since midnight, ascending.
    func times(from start: LocalTime) -> [Int] {
        let hours = hours.isEmpty ? [start.secondOfDay / 3600] : hours
        let minutes = minutes.isEmpty ? [start.secondOfDay / 60 % 60] : minutes
        return hours.flatMap { hour in minutes.map { hour * 3600 + $0 * 60 + start.secondOfDay % 60 } }
    }
}
