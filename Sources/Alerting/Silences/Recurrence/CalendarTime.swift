import CivilCalendar

/// A date, or a time of the rule's zone or of UTC: what UNTIL and EXDATE of RFC 5545 hold.
enum CalendarTime: Hashable, Sendable {
    case date(CivilDate)
    case local(LocalTime)
    case utc(LocalTime)

    /// Reads the forms of RFC 5545, `YYYYMMDD` and `YYYYMMDDTHHMMSS`, and of ISO 8601, `YYYY-MM-DD` and
    /// `YYYY-MM-DDTHH:MM[:SS]`; a time with `Z` behind it is of UTC. In upper or lower case. Nil for anything else.
    init?(_ text: some StringProtocol) {
        var text = FixedText.upperCase(String(text))
        if let numbers = FixedText.numbers(text, pattern: "0000 00 00")
            ?? FixedText.numbers(text, pattern: "0000-00-00")
        {
            guard let date = CivilDate(recurrence: numbers) else { return nil }
            self = .date(date)
            return
        }
        let isUTC = text.utf8.last == UInt8(ascii: "Z")
        if isUTC { text.removeLast() }
        guard let time = CalendarTime.time(text) else { return nil }
        self = isUTC ? .utc(time) : .local(time)
    }

    private static func time(_ text: String) -> LocalTime? {
        guard let numbers = FixedText.numbers(text, pattern: "0000 00 00T00 00 00") else { return LocalTime(text) }
        return CivilDate(recurrence: numbers).flatMap {
            LocalTime(date: $0, hour: numbers[3], minute: numbers[4], second: numbers[5])
        }
    }

    /// The text of RFC 5545.
    var basicText: String {
        switch self {
        case .date(let date): CalendarTime.text(date)
        case .local(let time): CalendarTime.text(time)
        case .utc(let time): CalendarTime.text(time) + "Z"
        }
    }

    /// The text of ISO 8601.
    var extendedText: String {
        switch self {
        case .date(let date): String(LocalTime(dayNumber: date.dayNumber, secondOfDay: 0).description.prefix(10))
        case .local(let time): time.description
        case .utc(let time): time.description + "Z"
        }
    }

    private static func text(_ date: CivilDate) -> String {
        FixedText.padded(date.month.year, 4) + FixedText.padded(date.month.number, 2) + FixedText.padded(date.day, 2)
    }

    private static func text(_ time: LocalTime) -> String {
        let clock = [time.secondOfDay / 3600, time.secondOfDay / 60 % 60, time.secondOfDay % 60]
        return text(time.date) + "T" + clock.map { FixedText.padded($0, 2) }.joined()
    }
}
