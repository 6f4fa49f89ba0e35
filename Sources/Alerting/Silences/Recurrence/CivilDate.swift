/// A day of the proleptic Gregorian calendar (RFC 5545 section 3.3.4), in no particular time zone.
struct CivilDate: Hashable, Sendable {
    /// The years that a date may be written with.
    static let years = 1970...9999

    /// The year, 1970 to 9999 where it was read from text.
    let year: Int
    /// The month, 1 to 12.
    let month: Int
    /// The day of the month, from 1.
    let day: Int

    /// A date from its three numbers; nil where the calendar has no such day or the year is out of ``years``.
    init?(year: Int, month: Int, day: Int) {
        guard Self.years.contains(year), 1...12 ~= month, day >= 1 else { return nil }
        guard day <= CivilMonth(year: year, month: month).length else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The number of whole days since 1970-01-01.
    var dayNumber: Int {
        CivilMonth(year: year, month: month).firstDay + day - 1
    }
}
