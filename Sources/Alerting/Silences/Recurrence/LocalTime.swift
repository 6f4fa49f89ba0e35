import CivilCalendar

/// A wall-clock time on a day, in no particular time zone: RFC 5545 section 3.3.5, form 1, in the spelling of ISO 8601.
struct LocalTime: Hashable, Sendable, CustomStringConvertible {
    /// The day.
    let date: CivilDate
    /// The seconds since midnight, 0 to 86399.
    let secondOfDay: Int

    /// A time on a day; nil where the clock does not show it. There are no leap seconds.
    init?(date: CivilDate, hour: Int, minute: Int, second: Int) {
        guard 0...23 ~= hour, 0...59 ~= minute, 0...59 ~= second else { return nil }
        self.date = date
        secondOfDay = hour * 3600 + minute * 60 + second
    }

    /// A time on a day, given as days since 1970-01-01.
    init(dayNumber: Int, secondOfDay: Int) {
        date = CivilDate(dayNumber: dayNumber)
        self.secondOfDay = secondOfDay
    }

    /// The time that is so many seconds after 1970 began by the same clock.
    init(localSecond: Int) {
        let (day, second) = floorDivision(localSecond, 86_400)
        self.init(dayNumber: day, secondOfDay: second)
    }

    /// The seconds since 1970 began by the same clock.
    var localSecond: Int { date.dayNumber * 86_400 + secondOfDay }

    /// Reads `YYYY-MM-DDTHH:MM` or `YYYY-MM-DDTHH:MM:SS`, in either case; nil for anything else.
    init?(_ text: String) {
        let text = FixedText.upperCase(text)
        let read =
            FixedText.numbers(text, pattern: "0000-00-00T00:00")
            ?? FixedText.numbers(text, pattern: "0000-00-00T00:00:00")
        guard let numbers = read else { return nil }
        guard let date = CivilDate(recurrence: numbers) else { return nil }
        self.init(date: date, hour: numbers[3], minute: numbers[4], second: numbers.count > 5 ? numbers[5] : 0)
    }

    /// The canonical text: the seconds are left out where they are 0.
    var description: String {
        let day = [
            FixedText.padded(date.month.year, 4), FixedText.padded(date.month.number, 2), FixedText.padded(date.day, 2),
        ]
        var clock = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60]
        if clock[2] == 0 { clock.removeLast() }
        return day.joined(separator: "-") + "T" + clock.map { FixedText.padded($0, 2) }.joined(separator: ":")
    }
}
