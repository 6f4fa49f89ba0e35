import CivilCalendar

/// The days that a rule picks, in order and each as days since 1970-01-01, without regard to COUNT and UNTIL.
struct RuleDays: Sequence, IteratorProtocol {
    /// 9999-12-31: the last day there is.
    static let lastDay = CivilMonth(year: 10_000, month: 1).firstDay - 1

    /// After how many periods without a day the rule has none any more: the calendar repeats after 4800 months, and
    /// the weekdays with it, so that a cycle of periods has ended by then whatever the interval.
    private static let mostEmptyPeriods = 4800

    private let rule: RecurrenceRule
    private let earliestDay: Int
    private var index: Int
    private var period: RulePeriod
    private var remaining: UInt32

    /// The days of a complete rule that starts on one day, from another day on.
    init(of rule: RecurrenceRule, startingOn start: Int, from earliest: Int) {
        self.rule = rule
        // No further than needed: a moment may be any distance away.
        earliestDay = Swift.min(Swift.max(start, earliest), Self.lastDay + 1)
        let first = RulePeriod.index(of: start, in: rule)
        let wanted = RulePeriod.index(of: earliestDay, in: rule)
        index = first + (wanted - first) / rule.interval * rule.interval
        period = RulePeriod(index: index, of: rule)
        remaining = period.picked
    }

    /// The next day; nil after the last one that the rule and the calendar have.
    mutating func next() -> Int? {
        var emptyPeriods = 0
        while period.firstDay <= Self.lastDay, emptyPeriods <= Self.mostEmptyPeriods {
            while remaining != 0 {
                let day = period.firstDay + remaining.trailingZeroBitCount
                remaining &= remaining - 1
                if day > Self.lastDay { return nil }
                if day >= earliestDay { return day }
            }
            index += rule.interval
            period = RulePeriod(index: index, of: rule)
            remaining = period.picked
            emptyPeriods += 1
        }
        return nil
    }
}
