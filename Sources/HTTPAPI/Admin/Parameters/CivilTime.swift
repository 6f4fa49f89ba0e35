import Alerting
import CivilCalendar

/// A moment as date and time of day in the proleptic Gregorian calendar, UTC.
struct CivilTime: Sendable, Hashable {
    var date: CivilDate
    /// Milliseconds since midnight.
    var millisecondOfDay: Int64

    private static let millisecondsPerDay: Int64 = 86_400_000

    /// The date and time of day of a moment.
    init(_ moment: Timestamp) {
        let (day, millisecond) = floorDivision(moment.milliseconds, CivilTime.millisecondsPerDay)
        date = CivilDate(dayNumber: Int(day))
        millisecondOfDay = millisecond
    }

    /// The same time of day a month earlier; on the last day of that month, where it is shorter.
    static func monthBefore(_ moment: Timestamp) -> Timestamp {
        let time = CivilTime(moment)
        let month = time.date.month.previous
        let day = month.firstDay + min(time.date.day, month.length) - 1
        return Timestamp(milliseconds: Int64(day) * millisecondsPerDay + time.millisecondOfDay)
    }
}
