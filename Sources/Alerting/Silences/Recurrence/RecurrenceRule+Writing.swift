import CivilCalendar

extension RecurrenceRule: CustomStringConvertible {
    /// The canonical text: the parts in a fixed order, without those that have their default.
    var description: String {
        var parts = ["FREQ=\(frequency.rawValue)"]
        if interval != 1 { parts.append("INTERVAL=\(interval)") }
        func add(_ name: String, _ numbers: [Int]) {
            if !numbers.isEmpty { parts.append("\(name)=\(numbers.map(String.init).joined(separator: ","))") }
        }
        add("BYMONTH", months)
        add("BYMONTHDAY", monthDays)
        if !days.isEmpty { parts.append("BYDAY=\(days.map(\.description).joined(separator: ","))") }
        add("BYHOUR", hours)
        add("BYMINUTE", minutes)
        add("BYSETPOS", positions)
        switch end {
        case .never: break
        case .count(let count): parts.append("COUNT=\(count)")
        case .date(let date): parts.append("UNTIL=\(CalendarTime.date(date).basicText)")
        case .local(let time): parts.append("UNTIL=\(CalendarTime.local(time).basicText)")
        case .utc(let time): parts.append("UNTIL=\(CalendarTime.utc(time).basicText)")
        }
        if weekStart != .monday { parts.append("WKST=\(weekStart.code)") }
        return parts.joined(separator: ";")
    }
}

extension RecurrenceRule.Day: CustomStringConvertible {
    /// The entry as BYDAY has it.
    var description: String {
        (ordinal == 0 ? "" : String(ordinal)) + weekday.code
    }
}
