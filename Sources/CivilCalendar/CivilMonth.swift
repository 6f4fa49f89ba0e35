/// A month of the proleptic Gregorian calendar, and the arithmetic between months and days since 1970-01-01.
///
/// The arithmetic counts years from March, so that the leap day is the last of its year: the known algorithm
/// "days_from_civil" and its inverse (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"), for the year 0
/// and later.
public struct CivilMonth: Hashable, Sendable {
    /// The months since January of the year 0.
    public let index: Int

    /// The month at that many months since January of the year 0.
    public init(index: Int) {
        self.index = index
    }

    /// A month from its year and its number, 1 to 12.
    public init(year: Int, month: Int) {
        index = year * 12 + month - 1
    }

    /// The month that a day lies in, the day given as days since 1970-01-01.
    public init(containing dayNumber: Int) {
        let (era, dayOfEra) = floorDivision(dayNumber + Self.daysBeforeEpoch, Self.daysInCycle)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        index = (era * 400 + yearOfEra) * 12 + monthFromMarch + 2
    }

    /// The year it belongs to.
    public var year: Int { floorDivision(index, 12).quotient }

    /// Its number in the year, 1 to 12.
    public var number: Int { floorDivision(index, 12).remainder + 1 }

    /// The month before.
    public var previous: CivilMonth { CivilMonth(index: index - 1) }

    /// The first day of the month, as days since 1970-01-01.
    public var firstDay: Int {
        let (yearFromMarch, monthFromMarch) = floorDivision(index - 2, 12)
        let (era, yearOfEra) = floorDivision(yearFromMarch, 400)
        let dayOfYear = (153 * monthFromMarch + 2) / 5
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * Self.daysInCycle + dayOfEra - Self.daysBeforeEpoch
    }

    /// How many days the month has.
    public var length: Int {
        CivilMonth(index: index + 1).firstDay - firstDay
    }

    /// The days from 0000-03-01 to 1970-01-01.
    private static let daysBeforeEpoch = 719_468
    /// The days of 400 years, after which the calendar repeats.
    public static let daysInCycle = 146_097
}
