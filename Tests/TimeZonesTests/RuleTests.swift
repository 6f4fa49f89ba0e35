import Testing
import TimeZones

/// The footer of a file: TZ as POSIX.1-2024 section 8.3 has it, with the extensions of RFC 9636 section 3.3.2.
@Suite struct RuleTests {
    private static func zone(_ rule: String) -> Zone? {
        Zone(file: FileParts(footer: "\n\(rule)\n").bytes)
    }

    @Test(arguments: [
        ("EST5", -18_000), ("UTC0", 0), ("CET-1", 3600), ("<+0330>-3:30", 12_600), ("<-03>3", -10_800),
        ("abc+1", -3600),
        ("AAA-0:00:01", 1), ("AAA23:59:59", -86_399), ("AAA-23", 82_800), ("AAAA05", -18_000),
    ])
    func oneOffsetHoldsForEver(_ rule: String, offset: Int) throws {
        let zone = try #require(Self.zone(rule))
        for second in [Int64.min, -1, 0, 1_800_000_000, .max] { #expect(zone.offset(at: second) == offset) }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var rule: String
        /// The moments at which the clock changes, and the offset before and after.
        var changes: [(String, before: Int, after: Int)]

        var testDescription: String { rule }
    }

    static let cases = [
        // From two to three and back on days that POSIX counts in weeks; 2028-02-29 does not matter.
        Case(
            rule: "EST5EDT,M3.2.0,M11.1.0",
            changes: [
                ("2028-03-12T07:00:00Z", -18_000, -14_400), ("2028-11-05T06:00:00Z", -14_400, -18_000),
                ("2400-03-12T07:00:00Z", -18_000, -14_400),
            ]),
        // Week 5 is the last, be it the fourth or the fifth.
        Case(
            rule: "CET-1CEST,M3.5.0,M10.5.0/3",
            changes: [
                ("2026-03-29T01:00:00Z", 3600, 7200), ("2026-10-25T01:00:00Z", 7200, 3600),
                ("2027-03-28T01:00:00Z", 3600, 7200), ("2027-10-31T01:00:00Z", 7200, 3600),
            ]),
        // February, in a leap year and in another.
        Case(
            rule: "AAA0BBB,M2.5.2/0,M12.5.5/0",
            changes: [("2028-02-29T00:00:00Z", 0, 3600), ("2027-02-23T00:00:00Z", 0, 3600)]),
        // The south, where the year begins in summer.
        Case(
            rule: "AEST-10AEDT,M10.1.0,M4.1.0/3",
            changes: [("2026-04-04T16:00:00Z", 39_600, 36_000), ("2026-10-03T16:00:00Z", 36_000, 39_600)]),
        // Standard time is that of summer, and winter an hour less.
        Case(
            rule: "IST-1GMT0,M10.5.0,M3.5.0/1",
            changes: [("2026-03-29T01:00:00Z", 0, 3600), ("2026-10-25T01:00:00Z", 3600, 0)]),
        // An hour after the end of a Thursday that is not always followed by a Friday of the same month.
        Case(
            rule: "IST-2IDT,M3.4.4/26,M10.5.0",
            changes: [("2026-03-27T00:00:00Z", 7200, 10_800), ("2026-10-24T23:00:00Z", 10_800, 7200)]),
        // An hour before midnight.
        Case(
            rule: "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
            changes: [("2026-03-29T01:00:00Z", -7200, -3600), ("2026-10-25T01:00:00Z", -3600, -7200)]),
        // J60 is 1 March in every year; 59 counted from zero is 29 February in a leap year, and else 1 March.
        Case(
            rule: "AAA0BBB,J60/0,J365/0",
            changes: [("2028-03-01T00:00:00Z", 0, 3600), ("2027-03-01T00:00:00Z", 0, 3600)]),
        Case(
            rule: "AAA0BBB,59/0,J365/0",
            changes: [("2028-02-29T00:00:00Z", 0, 3600), ("2027-03-01T00:00:00Z", 0, 3600)]),
        Case(
            rule: "AAA0BBB,J59/0,300/0",
            changes: [("2028-02-28T00:00:00Z", 0, 3600), ("2028-10-26T23:00:00Z", 3600, 0)]),
        // A week away from the day: 31 December of the year before, and 7 January of the year after.
        Case(
            rule: "AAA0BBB,J7/-167,M7.1.0/0",
            changes: [("2026-12-31T01:00:00Z", 0, 3600), ("2027-12-31T01:00:00Z", 0, 3600)]),
        Case(
            rule: "AAA0BBB,M7.1.0/0,J365/167",
            changes: [("2027-01-06T22:00:00Z", 3600, 0), ("2028-01-06T22:00:00Z", 3600, 0)]),
        // Seconds, and an offset of daylight saving time of its own.
        Case(
            rule: "AAA0BBB-0:00:30,J100/1:02:03,J200/+1",
            changes: [("2027-04-10T01:02:03Z", 0, 30), ("2027-07-19T00:59:30Z", 30, 0)]),
    ]

    @Test(arguments: cases) func theClockChangesThen(_ example: Case) throws {
        let zone = try #require(Self.zone(example.rule))
        for (moment, before, after) in example.changes {
            #expect(zone.offset(at: try second(moment) - 1) == before, "before \(moment)")
            #expect(zone.offset(at: try second(moment)) == after, "at \(moment)")
        }
    }

    /// RFC 9636 section 3.3.2: daylight saving time all year is a start that falls together with the end before.
    @Test(arguments: ["EST5EDT,0/0,J365/25", "XXX3EDT4,0/0,J365/23"])
    func daylightSavingTimeMayLastAllYear(_ rule: String) throws {
        let zone = try #require(Self.zone(rule))
        for year in ["2024", "2027", "2028", "2400"] {
            for moment in [
                "01-01T00:00:00Z", "01-01T03:00:00Z", "01-01T05:00:00Z", "07-01T00:00:00Z", "12-31T23:59:59Z",
            ] {
                #expect(zone.offset(at: try second("\(year)-\(moment)")) == -14_400, "\(year)-\(moment)")
            }
        }
    }

    /// After 400 years the calendar is the same.
    @Test func theRuleHoldsAtTheEndsOfTime() throws {
        let zone = try #require(Self.zone("CET-1CEST,M3.5.0,M10.5.0/3"))
        let cycle: Int64 = 146_097 * 86_400
        for base in [try second("2026-01-15T12:00:00Z"), try second("2026-07-15T12:00:00Z")] {
            let offset = zone.offset(at: base)
            for second in [base + cycle, base + cycle * 700_000_000, base - cycle, base - cycle * 700_000_000] {
                #expect(zone.offset(at: second) == offset)
            }
        }
        for second in [Int64.min, .max] { #expect([3600, 7200].contains(zone.offset(at: second))) }
    }

    @Test(arguments: [
        "E5", "EU5", "EST", "EST5EDT", "EST5EDT,", "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,", "EST5EDT,M3.2.0,M11.1.0,",
        "EST5EDT,M3.2.0,M11.1.0 ", " EST5", "EST5 ", "EST 5", "EST25", "EST24", "EST-24", "EST5:60", "EST5:0:60",
        "EST5:",
        "EST5:0:0:0", "EST--5", "EST+-5", "EST5EDT24,M3.2.0,M11.1.0", "EST-23:30EDT,M3.2.0,M11.1.0", "<>5", "<A>5",
        "<A B>5", "<EST5", "<EST>", "EST>5", "5", ":EST5", "Europe/Berlin", "EST5EDT,M0.2.0,M11.1.0",
        "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.0.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0",
        "EST5EDT,M3.2,M11.1.0", "EST5EDT,M3.2.0.1,M11.1.0", "EST5EDT,J0,J100", "EST5EDT,J366,J100", "EST5EDT,366,100",
        "EST5EDT,-1,100", "EST5EDT,M3.2.0/168,M11.1.0", "EST5EDT,M3.2.0/-168,M11.1.0", "EST5EDT,M3.2.0/,M11.1.0",
        "EST5EDT,M3.2.0/1:60,M11.1.0", "EST5,M3.2.0,M11.1.0", "EST99999999999999999999", "ÉST5", "EST5\0",
        "EST5EDT,M3.2.0,M11.1.0\0",
    ])
    func whatIsNoRuleIsRefused(_ rule: String) {
        #expect(Self.zone(rule) == nil)
    }
}
