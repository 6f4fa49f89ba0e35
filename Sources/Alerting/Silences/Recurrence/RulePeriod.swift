import CivilCalendar

/// One of the days, weeks or months that the interval of a rule counts, with the days that the rule picks in it.
struct RulePeriod: Sendable {
    /// The first day of the period, as days since 1970-01-01.
    let firstDay: Int
    /// The picked days: bit 0 is the first day of the period.
    let picked: UInt32

    /// Which period a day lies in, the day given as days since 1970-01-01; the next period has the next number.
    static func index(of day: Int, in rule: RecurrenceRule) -> Int {
        switch rule.frequency {
        case .daily: day
        case .weekly: floorDivision(day - firstWeekStart(of: rule), 7).quotient
        case .monthly: CivilMonth(containing: day).index
        }
    }

    /// The period of a rule that is complete (``RecurrenceRule/completed(from:)``).
    init(index: Int, of rule: RecurrenceRule) {
        switch rule.frequency {
        case .daily:
            firstDay = index
            picked = rule.days.isEmpty ? 1 : Self.picked(rule.days, from: index, length: 1)
        case .weekly:
            firstDay = Self.firstWeekStart(of: rule) + index * 7
            picked = Self.picked(rule.days, from: firstDay, length: 7)
        case .monthly:
            let month = CivilMonth(index: index)
            firstDay = month.firstDay
            let length = month.length
            let byMonthDay = Self.picked(rule.monthDays, length: length)
            let byDay = Self.picked(rule.days, from: firstDay, length: length)
            picked =
                rule.days.isEmpty ? byMonthDay : rule.monthDays.isEmpty ? byDay : byMonthDay & byDay
        }
    }

    /// The first day of a week near 1970-01-01.
    private static func firstWeekStart(of rule: RecurrenceRule) -> Int {
        rule.weekStart.rawValue - Weekday.thursday.rawValue
    }

    private static func picked(_ days: [RecurrenceRule.Day], from firstDay: Int, length: Int) -> UInt32 {
        let firstWeekday = Weekday(dayNumber: firstDay)
        var picked: UInt32 = 0
        for day in days {
            let first = day.weekday.days(after: firstWeekday)
            let all = stride(from: first, to: length, by: 7)
            switch day.ordinal {
            case 0: for offset in all { picked |= 1 << offset }
            case 1...: picked |= bit(first + 7 * (day.ordinal - 1), length: length)
            default: picked |= bit(first + (length - 1 - first) / 7 * 7 + 7 * (day.ordinal + 1), length: length)
            }
        }
        return picked
    }

    private static func picked(_ monthDays: [Int], length: Int) -> UInt32 {
        monthDays.reduce(0) { picked, day in
            picked | bit(day > 0 ? day - 1 : length + day, length: length)
        }
    }

    /// The bit of a day of the period; none where the period does not reach it.
    private static func bit(_ offset: Int, length: Int) -> UInt32 {
        0..<length ~= offset ? 1 << offset : 0
    }
}
