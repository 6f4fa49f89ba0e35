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
    ///
    /// As RFC 5545 section 3.3.5 says: a time that comes twice is the first of the two, and a time that the clock skips
    /// is read with the offset before the gap, which moves it forward by the length of the gap.
    func instant(ofLocalSeconds local: Int) -> Int {
        // Every change of offset that matters to the time lies between these two moments, because no offset reaches a
        // day; and since 1970 no zone has changed its offset twice within three days.
        let before = offset(at: local - 86_400)
        let after = offset(at: local + 86_400)
        guard before != after else { return local - before }
        for instant in [local - max(before, after), local - min(before, after)]
        where instant + offset(at: instant) == local {
            return instant
        }
        return local - before
    }

    private func offset(at instant: Int) -> Int {
        zone.offset(at: Int64(instant))
    }
}
