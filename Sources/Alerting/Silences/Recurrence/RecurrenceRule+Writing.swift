import CivilCalendar

extension RecurrenceRule: CustomStringConvertible {
    /// The canonical text: the parts in a fixed order, without those that have their default.
    var description: String {
        var parts = ["FREQ=\(frequency.rawValue)"]
        if interval != 1 { parts.append("INTERVAL=\(interval)") }
        if !monthDays.isEmpty { parts.append("BYMONTHDAY=\(monthDays.map(String.init).joined(separator: ","))") }
        if !days.isEmpty { parts.append("BYDAY=\(days.map(\.description).joined(separator: ","))") }
        switch end {
        case .never: break
        case .count(let count): parts.append("COUNT=\(count)")
        case .date(let date): parts.append("UNTIL=\(Self.text(date))")
        case .utc(let time): parts.append("UNTIL=\(Self.text(time))")
        }
        if weekStart != .monday { parts.append("WKST=\(weekStart.code)") }
        return parts.joined(separator: ";")
    }

    private static func text(_ date: CivilDate) -> String {
        FixedText.padded(date.month.year, 4) + FixedText.padded(date.month.number, 2) + FixedText.padded(date.day, 2)
    }

    private static func text(_ time: LocalTime) -> String {
        let clock = [time.secondOfDay / 3600, time.secondOfDay / 60 % 60, time.secondOfDay % 60]
        return text(time.date) + "T" + clock.map { FixedText.padded($0, 2) }.joined() + "Z"
    }
}

extension RecurrenceRule.Day: CustomStringConvertible {
    /// The entry as BYDAY has it.
    var description: String {
        (ordinal == 0 ? "" : String(ordinal)) + weekday.code
    }
}
