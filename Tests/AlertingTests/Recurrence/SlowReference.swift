import Alerting

/// The days of a rule found by looking at every day in turn, in UTC.
struct SlowReference {
    /// A day as one turns the leaves of a calendar.
    struct Day {
        var year = 1970
        var month = 1
        var day = 1
        /// Days since 1970-01-01.
        var number = 0
        /// From Monday 0; 1970-01-01 was a Thursday.
        var weekday = 3

        var monthLength: Int {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        }

        mutating func turn() {
            day += 1
            if day > monthLength { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
            number += 1
            weekday = (weekday + 1) % 7
        }

        var text: String {
            [String(year), String(month + 100).suffix(2).description, String(day + 100).suffix(2).description]
                .joined(separator: "-")
        }
    }

    static let weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    static let calendar: [Day] = {
        var days = [Day()]
        while days.count < 50_000 {
            var next = days[days.count - 1]
            next.turn()
            days.append(next)
        }
        return days
    }()

    var frequency: String
    var interval: Int
    var byDay: [(ordinal: Int, weekday: Int)]
    var byMonthDay: [Int]
    var weekStart: Int
    var count: Int?
    var until: Int?
    var start: Int

    var rule: String {
        var parts = ["FREQ=\(frequency)", "INTERVAL=\(interval)", "WKST=\(Self.weekdays[weekStart])"]
        if !byDay.isEmpty {
            let items = byDay.map { ($0.ordinal == 0 ? "" : String($0.ordinal)) + Self.weekdays[$0.weekday] }
            parts.append("BYDAY=" + items.joined(separator: ","))
        }
        if !byMonthDay.isEmpty { parts.append("BYMONTHDAY=" + byMonthDay.map(String.init).joined(separator: ",")) }
        if let count { parts.append("COUNT=\(count)") }
        if let until { parts.append("UNTIL=" + Self.calendar[until].text.filter { $0 != "-" }) }
        return parts.joined(separator: ";")
    }

    /// The numbers of the days that match, up to the day before a horizon.
    func days(before horizon: Int) -> [Int] {
        var found: [Int] = []
        for number in start..<horizon where matches(Self.calendar[number]) {
            if let until, number > until { break }
            if let count, found.count == count { break }
            found.append(number)
        }
        return found
    }

    private func matches(_ day: Day) -> Bool {
        let first = Self.calendar[start]
        switch frequency {
        case "DAILY":
            return (day.number - first.number) % interval == 0
                && (byDay.isEmpty || byDay.contains { $0.weekday == day.weekday })
        case "WEEKLY":
            // From the start of the week that the first day lies in.
            let origin = first.number - (first.weekday - weekStart + 7) % 7
            let isPicked =
                byDay.isEmpty ? day.weekday == first.weekday : byDay.contains { $0.weekday == day.weekday }
            return (day.number - origin) / 7 % interval == 0 && isPicked
        default:
            let months = (day.year - first.year) * 12 + day.month - first.month
            guard months % interval == 0 else { return false }
            if byDay.isEmpty && byMonthDay.isEmpty { return day.day == first.day }
            let fromStart = (day.day + 6) / 7
            let fromEnd = -((day.monthLength - day.day) / 7 + 1)
            let isWeekday = byDay.contains {
                $0.weekday == day.weekday && [0, fromStart, fromEnd].contains($0.ordinal)
            }
            let isMonthDay = byMonthDay.contains(day.day) || byMonthDay.contains(day.day - day.monthLength - 1)
            return (byDay.isEmpty || isWeekday) && (byMonthDay.isEmpty || isMonthDay)
        }
    }
}
