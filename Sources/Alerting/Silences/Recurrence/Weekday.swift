import CivilCalendar

/// A day of the week, counted from Monday.
enum Weekday: Int, CaseIterable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    /// The weekday of a day, given as days since 1970-01-01, which was a Thursday.
    init(dayNumber: Int) {
        self = Self.allCases[floorDivision(dayNumber + Self.thursday.rawValue, 7).remainder]
    }

    /// The weekday of a code of RFC 5545 section 3.3.10 in upper case; nil for any other text.
    init?(code: some StringProtocol) {
        guard let match = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = match
    }

    /// The code of RFC 5545 section 3.3.10.
    var code: String {
        switch self {
        case .monday: "MO"
        case .tuesday: "TU"
        case .wednesday: "WE"
        case .thursday: "TH"
        case .friday: "FR"
        case .saturday: "SA"
        case .sunday: "SU"
        }
    }

    /// The number of days from a weekday to the next day that is this one, 0 to 6.
    func days(after other: Weekday) -> Int {
        floorDivision(rawValue - other.rawValue, 7).remainder
    }
}
