import Alerting
import Testing

/// rest-api.md section 3, "IDs", and docs/architecture.md, "Numbers, ids and times".
@Suite struct ExternalIDTests {
    static let numbers: [Int64] = [0, 1, 9, 10, 35, 36, 37, 1295, 1296, 4711, 4096 * 4711 + 3, .max - 1, .max]

    @Test(arguments: ResourceKind.allCases, numbers)
    func everyNumberComesBack(kind: ResourceKind, number: Int64) {
        let text = ExternalID.string(kind, number)
        #expect(ExternalID.number(kind, text) == number)
        #expect(text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }, "\(text)")
    }

    @Test(arguments: [
        (ResourceKind.incident, Int64(4711), "Q00000000003MV"), (.alert, 4711, "A00000000003MV"),
        (.service, 4711, "P0003MV"), (.integration, 36, "P000010"), (.token, 0, "P000000"),
        (.changeEvent, 35, "P00000Z"),
        (.logEntry, 1, "R" + String(repeating: "0", count: 24) + "1"),
    ])
    func theFormIsLetterAndBase36(kind: ResourceKind, number: Int64, text: String) {
        #expect(ExternalID.string(kind, number) == text)
    }

    @Test func aNumberTooLargeForItsDigitsGetsMore() {
        #expect(ExternalID.string(.service, 2_176_782_335) == "PZZZZZZ")
        #expect(ExternalID.string(.service, 2_176_782_336) == "P1000000")
        #expect(ExternalID.number(.service, "P1000000") == 2_176_782_336)
    }

    @Test(arguments: [
        "", "Q", "Q0000000003MV", "Q000000000003MV", "q00000000003MV", "Q00000000003mv", "A00000000003MV",
        "Q0000000000-1", "Q00000000003M ", " Q00000000003MV", "Q00000000003M\u{0}", "Q0000000000３MV", "QZZZZZZZZZZZZZ",
        "Q1Y2P0IJ32E8E8", "4711", "Q00000000003MV\n", "Q+0000000003MV",
    ])
    func whatIsNoIncidentIDIsRefused(text: String) {
        #expect(ExternalID.number(.incident, text) == nil)
    }

    @Test func theLargestNumberIsTheLastRead() {
        #expect(ExternalID.number(.incident, "Q1Y2P0IJ32E8E7") == .max)
    }

    @Test func idsOfOneKindSortLikeTheirNumbers() {
        let numbers: [Int64] = [0, 1, 35, 36, 4711, 1_000_000, 1 << 40, .max]
        let texts = numbers.map { ExternalID.string(.incident, $0) }
        #expect(texts.map { Array($0.utf8) }.elementsEqual(texts.sorted().map { Array($0.utf8) }))
    }

    @Test func logEntryNumbersNameTheirEvent() {
        #expect(LogEntry.id(event: 4711, place: 0) == 4711 * 4096)
        #expect(LogEntry.event(of: LogEntry.id(event: 4711, place: 4095)) == 4711)
    }
}

/// events-api.md section 8, rule 3.
@Suite struct DedupKeyTests {
    @Test(arguments: [
        ("caf\u{E9}", "cafe\u{301}"), ("Disk", "disk"), ("disk", "disk "), ("\u{212B}", "\u{C5}"), ("a", "a\u{0}"),
        ("\u{AC00}", "\u{1100}\u{1161}"), ("", " "), ("\u{FF11}", "1"),
    ])
    func keysThatDifferInAnyByteDiffer(left: String, right: String) {
        #expect(DedupKey(left) != DedupKey(right))
        #expect(Set([DedupKey(left), DedupKey(right)]).count == 2)
        #expect(
            AlertKey(integrationID: 1, dedupKey: DedupKey(left))
                != AlertKey(integrationID: 1, dedupKey: DedupKey(right)))
    }

    @Test(arguments: ["disk", "", "caf\u{E9}", "\u{0}", String(repeating: "\u{1F525}", count: 255)])
    func equalBytesAreEqual(text: String) {
        let same = String(decoding: Array(text.utf8), as: UTF8.self)
        #expect(DedupKey(text) == DedupKey(same))
        #expect(Set([DedupKey(text), DedupKey(same)]).count == 1)
    }

    @Test func theIntegrationIsPartOfTheKey() {
        let key = DedupKey("disk")
        #expect(AlertKey(integrationID: 1, dedupKey: key) != AlertKey(integrationID: 2, dedupKey: key))
    }
}

@Suite struct TimestampTests {
    @Test(arguments: [
        (Int64(0), Int64(0), Int64(0)), (1_700_000_000_123, 60, 1_700_000_060_123), (5000, -6, -1000),
        (.max, 1, .max), (.max - 999, 1, .max), (.max - 1000, 1, .max), (.min, -1, .min), (.min + 1000, -1, .min),
        (0, .max, .max), (0, .min, .min), (-1, .max, .max), (.max, .min, .min), (.min, .max, .max),
    ])
    func addingSecondsStaysInRange(start: Int64, seconds: Int64, end: Int64) {
        #expect(Timestamp(milliseconds: start).adding(seconds: seconds).milliseconds == end)
    }

    @Test func orderIsByMoment() {
        let times = [Timestamp(milliseconds: 1), Timestamp(milliseconds: -1), Timestamp(milliseconds: 0)]
        #expect(times.sorted().map(\.milliseconds) == [-1, 0, 1])
    }
}

/// events-api.md section 2, "Key format": an operator may import 8 to 128 characters of `[A-Za-z0-9_-]`.
@Suite struct IntegrationKeyTests {
    @Test(arguments: ["abcdefgh", "ABC_-019", String(repeating: "k", count: 128), "e93facc04764012d7bfb002500d5d1a6"])
    func wellFormed(key: String) {
        #expect(Integration.isWellFormed(key: key))
    }

    @Test(arguments: [
        "", "abcdefg", String(repeating: "k", count: 129), "abc defgh", "abcdefg\u{E9}", "abcdefgh/", "abcdefgh\n",
        "abcdefg\u{0}", "abcdefg.", "ａｂｃｄｅｆｇｈ",
    ])
    func malformed(key: String) {
        #expect(!Integration.isWellFormed(key: key))
    }
}
