/// A year of the Gregorian calendar.
struct Year: Sendable {
    /// The year, from 1.
    let number: Int

    /// A year by its number.
    init(number: Int) {
        self.number = number
    }

    /// The year of a day, given as days since 1970-01-01.
    init(containingDay day: Int) {
        var year = Year(number: 1970 + day * 400 / 146_097)
        while year.firstDay > day { year = Year(number: year.number - 1) }
        while Year(number: year.number + 1).firstDay <= day { year = Year(number: year.number + 1) }
        self = year
    }

    /// 1 January, as days since 1970-01-01.
    var firstDay: Int {
        365 * (number - 1970) + Self.leapDays(before: number) - Self.leapDays(before: 1970)
    }

    /// Whether it has a 29 February.
    var isLeap: Bool {
        Self.leapDays(before: number + 1) > Self.leapDays(before: number)
    }

    private static func leapDays(before year: Int) -> Int {
        (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400
    }
}
