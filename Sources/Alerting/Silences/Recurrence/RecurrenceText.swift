/// A recurrence as calendars write it: a rule alone, or lines of RFC 5545 section 3.8 with the properties `RRULE`,
/// `DTSTART` and `EXDATE`, folded or not, such as
///
///     DTSTART;TZID=Europe/Berlin:20260131T020000
///     RRULE:FREQ=WEEKLY;BYDAY=SA,SU
///     EXDATE;TZID=Europe/Berlin:20260207T020000
struct RecurrenceText {
    /// The value of `RRULE`.
    private(set) var rule = ""
    /// The value of `DTSTART` as a local time.
    private(set) var localStart: String?
    /// The zone that `DTSTART` names.
    private(set) var timeZone: String?
    /// The values of `EXDATE`, each with the zone that it names.
    private(set) var exdates: [(value: String, timeZone: String?)] = []

    /// One line: its name in upper case, its parameters by name, and its value.
    private struct Property {
        var name: String
        var parameters: [String: String] = [:]
        var value: String

        /// Reads a line; a rule without the name of a property is one of `RRULE`.
        init(_ line: Substring) throws(RecurrenceError) {
            let start = line.prefix { $0.isASCII && ($0.isLetter || $0 == "-") }
            let delimiter = line[start.endIndex...].first
            guard !start.isEmpty, let colon = line.firstIndex(of: ":"), delimiter == ":" || delimiter == ";" else {
                (name, value) = ("RRULE", String(line))
                return
            }
            name = FixedText.upperCase(String(start))
            value = String(line[line.index(after: colon)...])
            for parameter in line[start.endIndex..<colon].split(separator: ";") {
                let sides = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard sides.count == 2 else {
                    throw RecurrenceText.unexpected("parameters of \(name) of the form NAME=VALUE", parameter)
                }
                let quoted = sides[1].count > 1 && sides[1].first == "\"" && sides[1].last == "\""
                parameters[FixedText.upperCase(String(sides[0]))] = String(
                    quoted ? sides[1].dropFirst().dropLast() : sides[1])
            }
        }

        /// The parameters of a time: the zone, and whether it is a date.
        func requireTime() throws(RecurrenceError) {
            for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
                switch (name, FixedText.upperCase(value)) {
                case ("TZID", _), ("VALUE", "DATE"), ("VALUE", "DATE-TIME"): break
                default:
                    throw RecurrenceText.unexpected(
                        "\(self.name) with the parameters TZID and VALUE=DATE only", "\(name)=\(value)")
                }
            }
        }
    }

    /// Reads a text.
    init(_ text: String) throws(RecurrenceError) {
        var hasRule = false
        for line in RecurrenceText.lines(text) {
            let property = try Property(line)
            switch property.name {
            case "RRULE":
                guard !hasRule else { throw RecurrenceError(member: .rule, expectation: "must have one RRULE") }
                guard property.parameters.isEmpty else {
                    throw RecurrenceText.unexpected("RRULE without parameters", line)
                }
                hasRule = true
                rule = property.value
            case "DTSTART":
                guard localStart == nil else {
                    throw RecurrenceError(member: .rule, expectation: "must have one DTSTART")
                }
                try readStart(property)
            case "EXDATE":
                try property.requireTime()
                for value in property.value.split(separator: ",", omittingEmptySubsequences: false) {
                    exdates.append((String(value), property.parameters["TZID"]))
                }
            default:
                throw RecurrenceText.unexpected("no other lines than DTSTART, RRULE and EXDATE", property.name)
            }
        }
    }

    private mutating func readStart(_ property: Property) throws(RecurrenceError) {
        try property.requireTime()
        timeZone = property.parameters["TZID"]
        switch CalendarTime(property.value) {
        case .date(let date): localStart = CalendarTime.date(date).extendedText + "T00:00"
        case .local(let time): localStart = time.description
        case .utc(let time):
            localStart = time.description
            timeZone = "UTC"
        case nil:
            throw RecurrenceText.unexpected("DTSTART as a date YYYYMMDD or a time YYYYMMDDTHHMMSS", property.value)
        }
    }

    /// The lines that have something in them. A line that begins with a space goes on with the one before (RFC 5545
    /// section 3.1).
    private static func lines(_ text: String) -> [Substring] {
        let unfolded = text.replacing("\r\n", with: "\n").replacing("\n ", with: "").replacing("\n\t", with: "")
        return unfolded.split { $0.isNewline }.map { trimmed($0) }.filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }

    private static func unexpected(_ expectation: String, _ found: some StringProtocol) -> RecurrenceError {
        RecurrenceError(member: .rule, expectation: "must have \(expectation), not \(RecurrenceError.quoted(found))")
    }
}
