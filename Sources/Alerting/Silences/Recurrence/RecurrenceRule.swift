import CivilCalendar

/// A rule that picks days: the part of RFC 5545 section 3.3.10 that ``Recurrence/rule`` may use, as values.
struct RecurrenceRule: Hashable, Sendable {
    /// FREQ: what the interval counts.
    enum Frequency: String, Sendable, CaseIterable {
        case daily = "DAILY"
        case weekly = "WEEKLY"
        case monthly = "MONTHLY"
    }

    /// One entry of BYDAY.
    struct Day: Hashable, Sendable {
        /// Which of the weekdays in the month: from 1 or, from the end, from -1; 0 for every one.
        var ordinal: Int
        /// The weekday.
        var weekday: Weekday
    }

    /// Where the rule ends.
    enum End: Hashable, Sendable {
        /// Nowhere.
        case never
        /// COUNT: after that many days.
        case count(Int)
        /// UNTIL as a date: with that day of the rule's zone.
        case date(CivilDate)
        /// UNTIL as a time in UTC: a window that starts then is the last one.
        case utc(LocalTime)
    }

    /// FREQ.
    var frequency: Frequency
    /// INTERVAL: the step in days, weeks or months, from 1.
    var interval = 1
    /// BYMONTHDAY, each once: first those from the start of the month, then the negative ones from its end.
    var monthDays: [Int] = []
    /// BYDAY, each once, by weekday and then like ``monthDays``.
    var days: [Day] = []
    /// UNTIL or COUNT.
    var end = End.never
    /// WKST: the day that weeks start on. It matters where an interval counts weeks.
    var weekStart = Weekday.monday

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
        }
        return rule
    }
}
