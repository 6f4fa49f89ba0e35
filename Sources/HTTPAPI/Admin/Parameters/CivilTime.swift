import Alerting

/// A moment as date and time of day in the proleptic Gregorian calendar, UTC.
struct CivilTime: Sendable, Hashable {
    var year: Int64
    /// 1 to 12.
    var month: Int64
    /// 1 to 31.
    var day: Int64
    /// Milliseconds since midnight.
    var millisecondOfDay: Int64

    private static let millisecondsPerDay: Int64 = 86_400_000
    /// Years are counted from March, so that the leap day is the last of its year; 400 of them have this many days.
    private static let daysPerCycle: Int64 = 146_097
    /// Days from 0000-03-01 to 1970-01-01.
    private static let daysTo1970: Int64 = 719_468

    /// The date and time of day of a moment.
    init(_ moment: Timestamp) {
        var days = moment.milliseconds / CivilTime.millisecondsPerDay
        millisecondOfDay = moment.milliseconds % CivilTime.millisecondsPerDay
        if millisecondOfDay < 0 {
            millisecondOfDay += CivilTime.millisecondsPerDay
            days -= 1
        }
        days += CivilTime.daysTo1970
        let cycle = (days >= 0 ? days : days - (CivilTime.daysPerCycle - 1)) / CivilTime.daysPerCycle
        let dayOfCycle = days - cycle * CivilTime.daysPerCycle
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0)
    }

    /// The same time of day a month earlier; on the last day of that month, where it is shorter.
    static func monthBefore(_ moment: Timestamp) -> Timestamp {
        let time = CivilTime(moment)
        let year = time.month == 1 ? time.year - 1 : time.year
        let month = time.month == 1 ? 12 : time.month - 1
        let day = min(time.day, daysIn(month, of: year))
        let lastOfMonthBefore = Timestamp(milliseconds: moment.milliseconds - time.day * millisecondsPerDay)
        let days = daysIn(month, of: year) - day
        return Timestamp(milliseconds: lastOfMonthBefore.milliseconds - days * millisecondsPerDay)
    }

    private static func daysIn(_ month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
