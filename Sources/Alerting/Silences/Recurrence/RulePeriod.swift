import CivilCalendar

/// One of the days, weeks, months or years that the interval of a rule counts, with the days that the rule picks in it.
struct RulePeriod: Sendable {
    /// The first day of the period, as days since 1970-01-01.
    let firstDay: Int
    /// The picked days, as days since 1970-01-01, ascending.
    let days: [Int]

    /// Which period a day lies in, the day given as days since 1970-01-01; the next period has the next number.
    static func index(of day: Int, in rule: RecurrenceRule) -> Int {
        switch rule.frequency {
        case .daily: day
        case .weekly: floorDivision(day - firstWeekStart(of: rule), 7).quotient
        case .monthly: CivilMonth(containing: day).index
        case .yearly: CivilMonth(containing: day).year
        }
    }

    /// How many periods there are in 400 years, after which the calendar repeats, and the weekdays with it.
    static func count(inCycleOf frequency: RecurrenceRule.Frequency) -> Int {
        switch frequency {
        case .daily: CivilMonth.daysInCycle
        case .weekly: CivilMonth.daysInCycle / 7
        case .monthly: 4800
        case .yearly: 400
        }
    }

    /// The period of a rule that is complete (``RecurrenceRule/completed(from:)``).
    init(index: Int, of rule: RecurrenceRule) {
        switch rule.frequency {
        case .daily:
            firstDay = index
            days = Self.isPicked(index, by: rule) ? [index] : []
        case .weekly:
            let first = Self.firstWeekStart(of: rule) + index * 7
            firstDay = first
            days = (first..<first + 7).filter { Self.isPicked($0, by: rule) }
        case .monthly:
            let month = CivilMonth(index: index)
            firstDay = month.firstDay
            days = Self.days(in: month, of: rule)
        case .yearly:
            firstDay = CivilYear(number: index).firstDay
            let months = rule.months.isEmpty ? Array(1...12) : rule.months
            days = months.flatMap { Self.days(in: CivilMonth(year: index, month: $0), of: rule) }
        }
    }

    /// The starts in the period at those times of day, or of these the ones at some positions.
    func starts(at times: [Int], _ positions: [Int]) -> [Int] {
        let all = days.flatMap { day in times.map { day * 86_400 + $0 } }
        guard !positions.isEmpty else { return all }
        let places = Set(positions.map { $0 > 0 ? $0 - 1 : all.count + $0 })
        return places.filter { all.indices.contains($0) }.sorted().map { all[$0] }
    }

    /// The first day of a week near 1970-01-01.
    private static func firstWeekStart(of rule: RecurrenceRule) -> Int {
        rule.weekStart.rawValue - Weekday.thursday.rawValue
    }

    /// Whether a rule of days or weeks picks a day: BYDAY has no numbers there.
    private static func isPicked(_ day: Int, by rule: RecurrenceRule) -> Bool {
        if !rule.days.isEmpty {
            let weekday = Weekday(dayNumber: day)
            guard rule.days.contains(where: { $0.weekday == weekday }) else { return false }
        }
        guard !rule.months.isEmpty || !rule.monthDays.isEmpty else { return true }
        let date = CivilDate(dayNumber: day)
        return (rule.months.isEmpty || rule.months.contains(date.month.number))
            && (rule.monthDays.isEmpty || rule.monthDays.contains(date.day)
                || rule.monthDays.contains(date.day - date.month.length - 1))
    }

    private static func days(in month: CivilMonth, of rule: RecurrenceRule) -> [Int] {
        guard rule.months.isEmpty || rule.months.contains(month.number) else { return [] }
        let first = month.firstDay
        let length = month.length
        var picked = UInt32.max
        if !rule.monthDays.isEmpty { picked &= Self.picked(rule.monthDays, length: length) }
        if !rule.days.isEmpty {
            picked &=
                rule.countsDaysInYear
                ? Self.picked(rule.days, in: CivilYear(number: month.year), first, length: length)
                : Self.picked(rule.days, from: first, length: length)
        }
        return (0..<length).filter { picked & (1 << UInt32($0)) != 0 }.map { first + $0 }
    }

    /// The bits of weekdays in a month: bit 0 is its first day. Their numbers count in the month.
    private static func picked(_ days: [RecurrenceRule.Day], from firstDay: Int, length: Int) -> UInt32 {
        days.reduce(0) { picked, day in
            guard day.ordinal == 0 else {
                return picked | bit(offset(of: day, from: firstDay, length: length), length: length)
            }
            return picked | everyWeek(of: day, from: firstDay, length: length)
        }
    }

    /// The bits of weekdays in a month, where their numbers count in the year.
    private static func picked(
        _ days: [RecurrenceRule.Day], in year: CivilYear, _ firstDay: Int, length: Int
    ) -> UInt32 {
        let yearLength = year.isLeap ? 366 : 365
        return days.reduce(0) { picked, day in
            guard day.ordinal != 0 else { return picked | everyWeek(of: day, from: firstDay, length: length) }
            let offset = offset(of: day, from: year.firstDay, length: yearLength)
            guard 0..<yearLength ~= offset else { return picked }
            return picked | bit(year.firstDay + offset - firstDay, length: length)
        }
    }

    /// How far from the first day of a month or year a weekday with a number is; it may lie outside.
    private static func offset(of day: RecurrenceRule.Day, from firstDay: Int, length: Int) -> Int {
        let first = day.weekday.days(after: Weekday(dayNumber: firstDay))
        if day.ordinal > 0 { return first + 7 * (day.ordinal - 1) }
        return first + (length - 1 - first) / 7 * 7 + 7 * (day.ordinal + 1)
    }

    private static func everyWeek(of day: RecurrenceRule.Day, from firstDay: Int, length: Int) -> UInt32 {
        let first = day.weekday.days(after: Weekday(dayNumber: firstDay))
        return stride(from: first, to: length, by: 7).reduce(0) { $0 | 1 << UInt32($1) }
    }

    private static func picked(_ monthDays: [Int], length: Int) -> UInt32 {
        monthDays.reduce(0) { picked, day in
            picked | bit(day > 0 ? day - 1 : length + day, length: length)
        }
    }

    /// The bit of a day of the month; none where the month does not reach it.
    private static func bit(_ offset: Int, length: Int) -> UInt32 {
        0..<length ~= offset ? 1 << UInt32(offset) : 0
    }
}
