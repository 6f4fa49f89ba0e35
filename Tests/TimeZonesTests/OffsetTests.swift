import Testing
import TimeZones

/// Offsets of real zones against those that Python's zoneinfo finds in the same files.
@Suite struct OffsetTests {
    /// The moment of each change and the second before it, and half way to the next.
    private static func check(_ zone: Zone, _ span: Fixture.Span) {
        var offset = span.offset
        var from = span.first
        #expect(zone.offset(at: from) == offset, "\(span)")
        for (second, next) in span.changes + [(span.end, nil)] as [(Int64, Int?)] {
            #expect(zone.offset(at: (from + second) / 2) == offset, "\(span): half way to \(second)")
            #expect(zone.offset(at: second - 1) == offset, "\(span): before \(second)")
            guard let next else { break }
            #expect(zone.offset(at: second) == next, "\(span): at \(second)")
            (from, offset) = (second, next)
        }
    }

    @Test func thereAreFixtures() {
        #expect(Fixture.spans.count == 75)
        #expect(Fixture.spans.reduce(0) { $0 + $1.changes.count } > 1500)
    }

    @Test(arguments: Fixture.spans) func theOffsetsAreThoseOfPython(_ span: Fixture.Span) throws {
        Self.check(try #require(Zone(file: Fixture.file(span.zone))), span)
    }

    /// The same zone with each change up to 2037 written out.
    @Test(arguments: Fixture.spans.filter { $0.zone == "Europe/Berlin" })
    func aFatFileSaysTheSame(_ span: Fixture.Span) throws {
        Self.check(try #require(Zone(file: Fixture.file(span.zone, in: "zoneinfo-fat"))), span)
    }

    /// Version 1 is the first block alone: 32 bits, and no rule for what comes after 2037.
    @Test func aFileOfVersion1IsRead() throws {
        var bytes = try Fixture.file("Europe/Berlin", in: "zoneinfo-fat")
        let second = try #require(bytes.indices.dropFirst(4).first { bytes[$0...].starts(with: "TZif".utf8) })
        bytes.removeSubrange(second...)
        bytes[4] = 0
        let zone = try #require(Zone(file: bytes))
        let span = try #require(Fixture.spans.first { $0.zone == "Europe/Berlin" && !$0.changes.isEmpty })
        // 32 bits reach back to 1901 only.
        let changes = span.changes.filter { (-2_147_483_648..<2_145_916_800).contains($0.second) }
        for (second, offset) in changes { #expect(zone.offset(at: second) == offset, "\(second)") }
        #expect(changes.count > 100)
        #expect(zone.offset(at: .max) == 3600)
    }

    @Test func utcNeedsNoFile() {
        for second in [Int64.min, -1, 0, 1_800_000_000, .max] { #expect(Zone.utc.offset(at: second) == 0) }
    }
}
