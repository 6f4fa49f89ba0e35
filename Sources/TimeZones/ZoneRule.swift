import CivilCalendar

/// What holds after the last change in a zone's file: a TZ of POSIX with the extensions of RFC 9636 section 3.3.2, such as
/// `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Sendable, Equatable {
    /// The moment of each year at which the clock is changed.
    struct Change: Sendable, Equatable {
        /// The day.
        let day: YearDay
        /// Seconds from the day's midnight by the clock as it is before the change; may lie on another day.
        let time: Int

        /// The change in a year, in seconds since 1970 by the clock as it is before.
        func second(in year: CivilYear) -> Int {
            (year.firstDay + day.index(in: year)) * 86_400 + time
        }
    }

    /// The part of each year with another offset: in summer mostly, in winter where it is less than standard time.
    struct Daylight: Sendable, Equatable {
        /// In seconds east of Greenwich.
        let offset: Int
        /// When it begins.
        let start: Change
        /// When it ends.
        let end: Change
    }

    /// The offset of standard time, in seconds east of Greenwich.
    let standardOffset: Int
    /// Nil where the clock is never changed.
    let daylight: Daylight?

    /// The offset at a moment, given in seconds since 1970 UTC.
    func offset(at second: Int64) -> Int {
        guard let daylight else { return standardOffset }
        // The calendar repeats after 400 years, and the weekdays with it.
        let second = Int(floorDivision(second, Self.secondsPerCycle).remainder)
        let year = CivilMonth(containing: second / 86_400).year
        var latest = Int.min
        var offset = standardOffset
        // A time may be a week off its day, so that the change before the moment may be one of the years nearby.
        for year in (year - 2...year + 1).map(CivilYear.init(number:)) {
            // The end first: where a start falls together with it, daylight saving time goes on all year.
            let end = daylight.end.second(in: year) - daylight.offset
            if end <= second, end >= latest { (latest, offset) = (end, standardOffset) }
            let start = daylight.start.second(in: year) - standardOffset
            if start <= second, start >= latest { (latest, offset) = (start, daylight.offset) }
        }
        return offset
    }

    private static let secondsPerCycle = Int64(CivilMonth.daysInCycle) * 86_400
}
