import Testing
import TimeZones

/// What a clock shows, as moments: RFC 5545 section 3.3.5 for the times that come twice or never.
@Suite struct LocalTests {
    @Test(arguments: [
        // 2026-07-01 12:00 and 2026-01-01 12:00: neither twice nor never.
        ("Europe/Berlin", 1_782_907_200, 7200), ("Europe/Berlin", 1_767_268_800, 3600),
        ("America/New_York", 1_782_907_200, -14_400), ("Asia/Kolkata", 1_782_907_200, 19_800),
        // 2026-03-29 02:30 never was: the offset before.
        ("Europe/Berlin", 1_774_751_400, 3600),
        // 2026-10-25 02:30 came twice: the first.
        ("Europe/Berlin", 1_792_895_400, 7200),
        // 2026-03-08 02:30 never was, 2026-11-01 01:30 came twice.
        ("America/New_York", 1_772_937_000, -18_000), ("America/New_York", 1_793_496_600, -14_400),
        // 2026-04-05 02:30 came twice in the south.
        ("Australia/Sydney", 1_775_356_200, 39_600),
        // 2011-12-30 12:00: a day that Samoa left out.
        ("Pacific/Apia", 1_325_246_400, -36_000),
    ])
    func aLocalTimeIsReadWith(_ zone: String, local: Int64, offset: Int64) throws {
        let zone = try #require(Zone(file: Fixture.file(zone)))
        #expect(zone.second(ofLocal: local) == local - offset)
    }

    /// What the clock shows at a moment is read as that moment, unless it showed the same before.
    @Test(arguments: Fixture.spans) func momentsAreFoundAgain(_ span: Fixture.Span) throws {
        let zone = try #require(Zone(file: Fixture.file(span.zone)))
        for (second, _) in span.changes where second > 0 {
            for moment in stride(from: second - 90_000, through: second + 90_000, by: 4500) {
                let local = moment + Int64(zone.offset(at: moment))
                let found = zone.second(ofLocal: local)
                #expect(found <= moment && found + Int64(zone.offset(at: found)) == local, "\(span): \(moment)")
            }
        }
    }
}
