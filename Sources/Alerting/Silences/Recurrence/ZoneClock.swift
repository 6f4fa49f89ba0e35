import CivilCalendar
import TimeZones

/// The clock of one time zone: turns what it shows into moments.
struct ZoneClock: Sendable {
    private let zone: Zone

    /// Names that mean less than they seem to: they have no summer time, and the places that use them do.
    private static let misleading: [String: String] = [
        "EST": "America/New_York or Etc/GMT+5", "MST": "America/Denver or Etc/GMT+7",
        "HST": "Pacific/Honolulu or Etc/GMT+10",
    ]

    /// The clock of a zone of the time zone database. Throws `RecurrenceError` for any other name.
    init(named name: String) throws(RecurrenceError) {
        if let better = Self.misleading[name] {
            throw RecurrenceError(
                member: .timeZone, expectation: "must not be \(name), which has no summer time: give \(better)")
        }
        guard let zone = ZoneDatabase.system[name] else {
            let found = RecurrenceError.quoted(name)
            let expectation =
                ZoneDatabase.system.isEmpty
                ? "must be UTC, as this machine has no time zone database; it has no zone \(found)"
                : "must be UTC or an IANA name such as Europe/Berlin; there is no zone \(found)"
            throw RecurrenceError(member: .timeZone, expectation: expectation)
        }
        self.zone = zone
    }

    /// The first second, since 1970 UTC, at which the clock shows a time; the time is given as if it were UTC.
    func instant(ofLocalSeconds local: Int) -> Int {
        Int(zone.second(ofLocal: Int64(local)))
    }

    /// The first second after another at which the clock shows a time of day, both since 1970 UTC.
    func next(secondOfDay: Int, after second: Int64) -> Int64 {
        let local = second + Int64(zone.offset(at: second))
        var day = floorDivision(local, 86_400).quotient
        while true {
            let wanted = day * 86_400 + Int64(secondOfDay)
            let first = zone.second(ofLocal: wanted)
            if first > second { return first }
            // The clock may have been set back since, and shows the time once more.
            let again = wanted - Int64(zone.offset(at: second + 86_400))
            if again > second, again + Int64(zone.offset(at: again)) == wanted { return again }
            day += 1
        }
    }
}
