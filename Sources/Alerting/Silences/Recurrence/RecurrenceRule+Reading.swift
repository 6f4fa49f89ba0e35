import CivilCalendar

extension RecurrenceRule {
    /// How many times of day BYHOUR and BYMINUTE may give together: each window is an event in the log.
    static let maximumTimes = 24

    /// Reads a rule, in upper or lower case and with its parts in any order. A `;` may follow the last one.
    init(_ text: String) throws(RecurrenceError) {
        let parts = try Self.parts(FixedText.upperCase(text))
        guard let frequency = parts["FREQ"].flatMap({ Frequency(rawValue: String($0)) }) else {
            throw Self.unexpected("FREQ as DAILY, WEEKLY, MONTHLY or YEARLY", parts["FREQ"])
        }
        self.init(frequency: frequency)
        if let value = parts["INTERVAL"] { interval = try Self.number(value, of: "INTERVAL", in: 1...1000) }
        if let value = parts["BYMONTH"] { months = try Self.numbers(value, of: "BYMONTH", in: 1...12) }
        if let value = parts["BYMONTHDAY"] { monthDays = try Self.monthDays(value, frequency) }
        if let value = parts["BYDAY"] { days = try Self.days(value, frequency) }
        if let value = parts["BYHOUR"] { hours = try Self.numbers(value, of: "BYHOUR", in: 0...23) }
        if let value = parts["BYMINUTE"] { minutes = try Self.numbers(value, of: "BYMINUTE", in: 0...59) }
        if let value = parts["BYSETPOS"] { positions = try Self.positions(value) }
        if let value = parts["WKST"] { weekStart = try Self.weekStart(value) }
        guard max(1, hours.count) * max(1, minutes.count) <= Self.maximumTimes else {
            throw RecurrenceError(
                member: .rule, expectation: "must have at most \(Self.maximumTimes) times of day in BYHOUR and BYMINUTE"
            )
        }
        let picks = [months, monthDays, hours, minutes].contains { !$0.isEmpty } || !days.isEmpty
        guard positions.isEmpty || picks else {
            throw RecurrenceError(member: .rule, expectation: "must have BYSETPOS together with another BY part only")
        }
        switch (parts["UNTIL"], parts["COUNT"]) {
        case (nil, nil): break
        case (let until?, nil): end = try Self.until(until)
        case (nil, let count?): end = .count(try Self.number(count, of: "COUNT", in: 1...10_000))
        case (_?, _?): throw RecurrenceError(member: .rule, expectation: "must have UNTIL or COUNT, not both")
        }
    }

    /// The parts by name. RFC 5545 section 3.3.10 allows each of them once.
    private static func parts(_ text: String) throws(RecurrenceError) -> [String: Substring] {
        var parts: [String: Substring] = [:]
        var items = text.split(separator: ";", omittingEmptySubsequences: false)
        while items.count > 1, items.last?.isEmpty == true { items.removeLast() }
        for part in items {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else {
                throw unexpected("parts of the form NAME=VALUE with one ; between them", part)
            }
            let name = String(sides[0])
            guard partNames.contains(name) else {
                let known = partNames.dropLast().joined(separator: ", ") + " and WKST"
                throw unexpected("no other parts than \(known)", sides[0])
            }
            guard parts.updateValue(sides[1], forKey: name) == nil else {
                throw RecurrenceError(member: .rule, expectation: "must have \(name) once")
            }
        }
        return parts
    }

    private static let partNames = [
        "FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE", "BYSETPOS", "UNTIL", "COUNT",
        "WKST",
    ]

    private static func number(
        _ value: Substring, of name: String, in range: ClosedRange<Int>
    ) throws(RecurrenceError) -> Int {
        guard let number = FixedText.number(value), range.contains(number) else {
            throw unexpected("\(name) as a whole number from \(range.lowerBound) to \(range.upperBound)", value)
        }
        return number
    }

    private static func numbers(
        _ value: Substring, of name: String, in range: ClosedRange<Int>
    ) throws(RecurrenceError) -> [Int] {
        var numbers: Set<Int> = []
        for item in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = FixedText.number(item, digits: 1...2), range.contains(number) else {
                let expectation = "numbers from \(range.lowerBound) to \(range.upperBound) with commas between them"
                throw unexpected("\(name) as \(expectation)", item)
            }
            numbers.insert(number)
        }
        return numbers.sorted()
    }

    private static func positions(_ value: Substring) throws(RecurrenceError) -> [Int] {
        var positions: Set<Int> = []
        for item in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let position = FixedText.signedNumber(item, digits: 1...3), 1...366 ~= abs(position) else {
                throw unexpected("BYSETPOS as numbers from 1 to 366 or -1 to -366 with commas between them", item)
            }
            positions.insert(position)
        }
        return positions.sorted { order($0) < order($1) }
    }

    private static func monthDays(_ value: Substring, _ frequency: Frequency) throws(RecurrenceError) -> [Int] {
        guard frequency != .weekly else {
            throw RecurrenceError(
                member: .rule,
                expectation: "must have BYMONTHDAY with FREQ=DAILY, MONTHLY or YEARLY only, not with FREQ=WEEKLY")
        }
        var monthDays: Set<Int> = []
        for item in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let day = FixedText.signedNumber(item, digits: 1...2), 1...31 ~= abs(day) else {
                throw unexpected("BYMONTHDAY as days from 1 to 31 or -1 to -31 with commas between them", item)
            }
            monthDays.insert(day)
        }
        return monthDays.sorted { order($0) < order($1) }
    }

    private static func days(_ value: Substring, _ frequency: Frequency) throws(RecurrenceError) -> [Day] {
        var days: Set<Day> = []
        for item in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let weekday = Weekday(code: item.suffix(2)) else {
                throw unexpected("BYDAY as MO, TU, WE, TH, FR, SA or SU with commas between them", item)
            }
            let digits = item.dropLast(2)
            guard !digits.isEmpty else {
                days.insert(Day(ordinal: 0, weekday: weekday))
                continue
            }
            guard frequency == .monthly || frequency == .yearly else {
                throw unexpected("BYDAY without numbers where FREQ is \(frequency.rawValue)", item)
            }
            let most = frequency == .monthly ? 5 : 53
            guard let ordinal = FixedText.signedNumber(digits, digits: 1...2), 1...most ~= abs(ordinal) else {
                throw unexpected("numbers from 1 to \(most) or -1 to -\(most) before the weekdays of BYDAY", item)
            }
            days.insert(Day(ordinal: ordinal, weekday: weekday))
        }
        return days.sorted {
            ($0.weekday.rawValue, order($0.ordinal)) < ($1.weekday.rawValue, order($1.ordinal))
        }
    }

    private static func weekStart(_ value: Substring) throws(RecurrenceError) -> Weekday {
        guard let weekday = Weekday(code: value) else {
            throw unexpected("WKST as MO, TU, WE, TH, FR, SA or SU", value)
        }
        return weekday
    }

    private static func until(_ value: Substring) throws(RecurrenceError) -> End {
        switch CalendarTime(value) {
        case .date(let date): return .date(date)
        case .local(let time): return .local(time)
        case .utc(let time): return .utc(time)
        case nil:
            throw unexpected(
                "UNTIL as a date YYYYMMDD or a time YYYYMMDDTHHMMSS, with Z for UTC, from 1970 to 9999", value)
        }
    }

    /// Where a number that may count from the end stands in a canonical list: the negative ones last.
    private static func order(_ number: Int) -> Int {
        number < 0 ? number + 1000 : number
    }

    private static func unexpected(_ expectation: String, _ found: Substring?) -> RecurrenceError {
        let found = found.map { ", not \(RecurrenceError.quoted($0))" } ?? ""
        return RecurrenceError(member: .rule, expectation: "must have \(expectation)\(found)")
    }
}
