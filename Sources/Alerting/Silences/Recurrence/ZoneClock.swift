import FoundationInternationalization

import struct FoundationEssentials.Date
import struct FoundationEssentials.TimeZone

/// The clock of one time zone: turns what it shows into moments.
struct ZoneClock: Sendable {
    private let zone: TimeZone

    /// The clock of an IANA zone: `UTC`, or a name of the form `Area/Location`; nil for any other.
    ///
    /// The form is demanded because Foundation also knows short names that are not IANA's and mean different things to
    /// different people, such as `IST`, and ignores what follows a zero byte.
    init?(identifier: String) {
        guard Self.hasZoneData, identifier == "UTC" || Self.isAreaAndLocation(identifier) else { return nil }
        guard let zone = TimeZone(identifier: identifier) else { return nil }
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

    /// Whether the time zone database is there. That is asked because only something that names a symbol of
    /// FoundationInternationalization makes a static link keep the named zones; without it each would be unknown.
    private static let hasZoneData = !TimeZone.timeZoneDataVersion.isEmpty

    private func offset(at instant: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))
    }

    private static func isAreaAndLocation(_ identifier: String) -> Bool {
        let parts = identifier.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, identifier.utf8.count <= 100 else { return false }
        return parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy(isNameByte)
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"): true
        default: false
        }
    }
}
