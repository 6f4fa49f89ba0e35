/// A day of the proleptic Gregorian calendar, in no particular time zone.
public struct CivilDate: Hashable, Sendable {
    /// The month, with its year.
    public let month: CivilMonth
    /// The day of the month, from 1.
    public let day: Int

    /// A date from its three numbers; nil where the calendar has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard 1...12 ~= month else { return nil }
        let month = CivilMonth(year: year, month: month)
        guard 1...month.length ~= day else { return nil }
        self.month = month
        self.day = day
    }

    /// The date of a day, given as days since 1970-01-01.
    public init(dayNumber: Int) {
        month = CivilMonth(containing: dayNumber)
        day = dayNumber - month.firstDay + 1
    }

    /// The number of whole days since 1970-01-01.
    public var dayNumber: Int {
        month.firstDay + day - 1
    }
}
