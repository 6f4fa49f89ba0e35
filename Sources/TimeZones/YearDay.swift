import CivilCalendar

/// A day that comes every year, as the rules of zones name it.
enum YearDay: Sendable, Equatable {
    /// `Mm.w.d`: a weekday, 0 is Sunday, in a month, 1 to 12: the first to fourth of them, or 5 for the last.
    case weekday(Int, week: Int, month: Int)
    /// `Jn`: 1 to 365; 29 February is not counted.
    case withoutLeapDay(Int)
    /// `n`: 0 to 365; 29 February is counted.
    case fromZero(Int)

    /// The day as the number of days since 1 January of a year.
    func index(in year: CivilYear) -> Int {
        switch self {
        case .weekday(let weekday, let week, let month):
            let month = CivilMonth(year: year.number, month: month)
            // 1970-01-01 was a Thursday.
            let firstWeekday = floorDivision(month.firstDay + 4, 7).remainder
            let day = (weekday - firstWeekday + 7) % 7 + 7 * (week - 1)
            return month.firstDay - year.firstDay + (day < month.length ? day : day - 7)
        case .withoutLeapDay(let day): return day - 1 + (year.isLeap && day >= 60 ? 1 : 0)
        case .fromZero(let day): return day
        }
    }
}
