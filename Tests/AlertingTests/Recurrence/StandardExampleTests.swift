import Alerting
import Testing

/// The examples of RFC 5545 sections 3.8.5.3 and 3.3.10 that the supported parts can say.
struct StandardExampleTests {
    struct Example: CustomTestStringConvertible, Sendable {
        var rule: String
        var start: String
        /// "1997-09: 2 3 4" for each month.
        var days: [String]
        var isComplete = true

        var testDescription: String { "\(rule) from \(start)" }

        var expected: [String] {
            days.flatMap { line in
                let halves = line.split(separator: ": ")
                return halves[1].split(separator: " ").map { day in
                    "\(halves[0])-\(day.count == 1 ? "0" : "")\(day)T09:00"
                }
            }
        }
    }

    static let examples = [
        Example(
            rule: "FREQ=DAILY;COUNT=10", start: "1997-09-02", days: ["1997-09: 2 3 4 5 6 7 8 9 10 11"]),
        Example(
            rule: "FREQ=DAILY;INTERVAL=2", start: "1997-09-02",
            days: [
                "1997-09: 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30",
                "1997-10: 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30",
                "1997-11: 1",
            ], isComplete: false),
        Example(
            rule: "FREQ=DAILY;INTERVAL=10;COUNT=5", start: "1997-09-02",
            days: ["1997-09: 2 12 22", "1997-10: 2 12"]),
        Example(
            rule: "FREQ=WEEKLY;COUNT=10", start: "1997-09-02",
            days: ["1997-09: 2 9 16 23 30", "1997-10: 7 14 21 28", "1997-11: 4"]),
        Example(
            rule: "FREQ=WEEKLY;UNTIL=19971224T000000Z", start: "1997-09-02",
            days: [
                "1997-09: 2 9 16 23 30", "1997-10: 7 14 21 28", "1997-11: 4 11 18 25", "1997-12: 2 9 16 23",
            ]),
        Example(
            rule: "FREQ=WEEKLY;INTERVAL=2;WKST=SU", start: "1997-09-02",
            days: [
                "1997-09: 2 16 30", "1997-10: 14 28", "1997-11: 11 25", "1997-12: 9 23", "1998-01: 6 20",
                "1998-02: 3 17",
            ], isComplete: false),
        Example(
            rule: "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", start: "1997-09-02",
            days: ["1997-09: 2 4 9 11 16 18 23 25 30", "1997-10: 2"]),
        Example(
            rule: "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", start: "1997-09-02",
            days: ["1997-09: 2 4 9 11 16 18 23 25 30", "1997-10: 2"]),
        Example(
            rule: "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR", start: "1997-09-01",
            days: [
                "1997-09: 1 3 5 15 17 19 29", "1997-10: 1 3 13 15 17 27 29 31", "1997-11: 10 12 14 24 26 28",
                "1997-12: 8 10 12 22",
            ]),
        Example(
            rule: "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", start: "1997-09-02",
            days: ["1997-09: 2 4 16 18 30", "1997-10: 2 14 16"]),
        Example(
            rule: "FREQ=MONTHLY;COUNT=10;BYDAY=1FR", start: "1997-09-05",
            days: [
                "1997-09: 5", "1997-10: 3", "1997-11: 7", "1997-12: 5", "1998-01: 2", "1998-02: 6", "1998-03: 6",
                "1998-04: 3", "1998-05: 1", "1998-06: 5",
            ]),
        Example(
            rule: "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", start: "1997-09-05",
            days: ["1997-09: 5", "1997-10: 3", "1997-11: 7", "1997-12: 5"]),
        Example(
            rule: "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", start: "1997-09-07",
            days: ["1997-09: 7 28", "1997-11: 2 30", "1998-01: 4 25", "1998-03: 1 29", "1998-05: 3 31"]),
        Example(
            rule: "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", start: "1997-09-22",
            days: ["1997-09: 22", "1997-10: 20", "1997-11: 17", "1997-12: 22", "1998-01: 19", "1998-02: 16"]),
        Example(
            rule: "FREQ=MONTHLY;BYMONTHDAY=-3", start: "1997-09-28",
            days: ["1997-09: 28", "1997-10: 29", "1997-11: 28", "1997-12: 29", "1998-01: 29", "1998-02: 26"],
            isComplete: false),
        Example(
            rule: "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", start: "1997-09-02",
            days: ["1997-09: 2 15", "1997-10: 2 15", "1997-11: 2 15", "1997-12: 2 15", "1998-01: 2 15"]),
        Example(
            rule: "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", start: "1997-09-30",
            days: ["1997-09: 30", "1997-10: 1 31", "1997-11: 1 30", "1997-12: 1 31", "1998-01: 1 31", "1998-02: 1"]),
        Example(
            rule: "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", start: "1997-09-10",
            days: ["1997-09: 10 11 12 13 14 15", "1999-03: 10 11 12 13"]),
        Example(
            rule: "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", start: "1997-09-02",
            days: [
                "1997-09: 2 9 16 23 30", "1997-11: 4 11 18 25", "1998-01: 6 13 20 27", "1998-03: 3 10 17 24 31",
            ], isComplete: false),
        // The standard takes its start out with EXDATE, since it does not match.
        Example(
            rule: "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", start: "1997-09-02",
            days: ["1998-02: 13", "1998-03: 13", "1998-11: 13", "1999-08: 13", "2000-10: 13"], isComplete: false),
        Example(
            rule: "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", start: "1997-09-13",
            days: [
                "1997-09: 13", "1997-10: 11", "1997-11: 8", "1997-12: 13", "1998-01: 10", "1998-02: 7", "1998-03: 7",
                "1998-04: 11", "1998-05: 9", "1998-06: 13",
            ], isComplete: false),
        Example(
            rule: "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", start: "1997-08-05",
            days: ["1997-08: 5 10 19 24"]),
        Example(
            rule: "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", start: "1997-08-05",
            days: ["1997-08: 5 17 19 31"]),
        Example(
            rule: "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", start: "2007-01-15",
            days: ["2007-01: 15 30", "2007-02: 15", "2007-03: 15 30"]),
    ]

    @Test(arguments: examples) func everyWindowIsTheOneOfTheStandard(example: Example) throws {
        let recurrence = try Recurrence(
            rule: example.rule, timeZone: "America/New_York", localStart: example.start + "T09:00", duration: 3600)
        let expected = example.expected
        let found = recurrence.windows(limit: expected.count + 1)
        let starts = try found.map { try wallClock($0.start, in: "America/New_York") }
        #expect(starts.prefix(expected.count) == expected[...])
        #expect(starts.count == expected.count + (example.isComplete ? 0 : 1))
        #expect(found.allSatisfy { $0.end == $0.start.adding(seconds: 3600) })
    }

    @Test func dailyUntilTheEveOfChristmasHasTheDaysOfTheStandard() throws {
        let recurrence = try Recurrence(
            rule: "FREQ=DAILY;UNTIL=19971224T000000Z", timeZone: "America/New_York", localStart: "1997-09-02T09:00",
            duration: 60)
        let found = recurrence.windows(limit: 1000)
        // Sep 2-30, Oct 1-31, Nov 1-30, Dec 1-23; the offset changes on Oct 26.
        #expect(found.count == 29 + 31 + 30 + 23)
        #expect(found.first.map { text($0.start) } == "1997-09-02T13:00:00Z")
        #expect(found.last.map { text($0.start) } == "1997-12-23T14:00:00Z")
    }
}
