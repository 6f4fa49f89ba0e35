import TimeZones

/// The clock of one time zone: turns what it shows into moments.
struct ZoneClock: Sendable {
    private let zone: Zone

    /// The clock of an IANA zone: `UTC`, or a name of the form `Area/Location`; nil for any other.
    ///
    /// The form is demanded because the database also has short names that mean less than they seem to, such as `EST`,
    /// which has no summer.
    init?(identifier: String) {
        guard identifier == "UTC" || identifier.utf8.contains(UInt8(ascii: "/")) else { return nil }
        guard let zone = ZoneDatabase.system[identifier] else { return nil }
        self.zone = zone
    }

    /// The first second, since 1970 UTC, at which the clock shows a time; the time is given as if it were UTC.
    func instant(ofLocalSeconds local: Int) -> Int {
        Int(zone.second(ofLocal: Int64(local)))
    }
}
