import CivilCalendar

/// The starts that a rule picks, in order and each in seconds since 1970 by the clock of the rule's zone, without regard to
/// COUNT, UNTIL and EXDATE.
struct RuleStarts: Sequence, IteratorProtocol {
    /// 9999-12-31: the last day there is.
    static let lastDay = CivilMonth(year: 10_000, month: 1).firstDay - 1

    private let rule: RecurrenceRule
    private let times: [Int]
    private let earliest: Int
    private let mostEmptyPeriods: Int
    private var index: Int
    private var starts: ArraySlice<Int>

    /// The starts of a complete rule from its first one on that lie on a day or later.
    init(of rule: RecurrenceRule, from start: LocalTime, onOrAfter day: Int) {
        self.rule = rule
        times = rule.times(from: start)
        // No further than needed: a moment may be any distance away.
        let earliestDay = Swift.min(Swift.max(start.date.dayNumber, day), Self.lastDay + 1)
        earliest = Swift.max(start.localSecond, earliestDay * 86_400)
        mostEmptyPeriods = RulePeriod.count(inCycleOf: rule.frequency)
        let first = RulePeriod.index(of: start.date.dayNumber, in: rule)
        let wanted = RulePeriod.index(of: earliestDay, in: rule)
        index = first + (wanted - first) / rule.interval * rule.interval
        starts = RulePeriod(index: index, of: rule).starts(at: times, rule.positions)[...]
    }

    /// The next start; nil after the last one that the rule and the calendar have.
    mutating func next() -> Int? {
        var emptyPeriods = 0
        // After a whole cycle of the calendar without a start there is none any more, whatever the interval.
        while emptyPeriods <= mostEmptyPeriods {
            while let start = starts.popFirst() {
                if start >= (Self.lastDay + 1) * 86_400 { return nil }
                if start >= earliest { return start }
            }
            index += rule.interval
            let period = RulePeriod(index: index, of: rule)
            guard period.firstDay <= Self.lastDay else { return nil }
            starts = period.starts(at: times, rule.positions)[...]
            emptyPeriods += 1
        }
        return nil
    }
}
