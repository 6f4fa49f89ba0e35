import Alerting
import Testing

/// Which days a rule picks, in UTC.
struct RuleTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var rule: String
        var start: String
        var days: [String]
        var isComplete = false

        var testDescription: String { "\(rule) from \(start)" }
    }

    static let cases = [
        // What the rule leaves open comes from the start.
        Case(rule: "FREQ=DAILY", start: "2026-12-30", days: ["2026-12-30", "2026-12-31", "2027-01-01"]),
        Case(rule: "FREQ=WEEKLY", start: "2026-01-03", days: ["2026-01-03", "2026-01-10", "2026-01-17"]),
        Case(rule: "FREQ=MONTHLY", start: "2026-01-15", days: ["2026-01-15", "2026-02-15", "2026-03-15"]),
        // A start that does not match is no window and is not counted.
        Case(rule: "FREQ=WEEKLY;BYDAY=SA", start: "2026-01-01", days: ["2026-01-03", "2026-01-10"]),
        Case(
            rule: "FREQ=WEEKLY;BYDAY=SA;COUNT=2", start: "2026-01-01", days: ["2026-01-03", "2026-01-10"],
            isComplete: true),
        Case(rule: "FREQ=MONTHLY;BYMONTHDAY=10", start: "2026-01-11", days: ["2026-02-10", "2026-03-10"]),
        // Days of the first week before the start do not count; the weeks are counted from that week.
        Case(
            rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SA", start: "2026-01-01",
            days: ["2026-01-03", "2026-01-12", "2026-01-17", "2026-01-26"]),
        Case(
            rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=TH", start: "2026-01-01", days: ["2026-01-05", "2026-01-19"]),
        Case(rule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=MO", start: "2026-01-01", days: ["2026-01-12", "2026-01-26"]),
        // Daily with weekdays: the days of the step that are such a weekday.
        Case(rule: "FREQ=DAILY;BYDAY=MO,FR", start: "2026-01-01", days: ["2026-01-02", "2026-01-05", "2026-01-09"]),
        Case(rule: "FREQ=DAILY;INTERVAL=2;BYDAY=MO", start: "2026-01-01", days: ["2026-01-05", "2026-01-19"]),
        // Months without the day are skipped.
        Case(
            rule: "FREQ=MONTHLY", start: "2026-01-31", days: ["2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31"]),
        Case(
            rule: "FREQ=MONTHLY;BYMONTHDAY=30;COUNT=3", start: "2026-01-30",
            days: ["2026-01-30", "2026-03-30", "2026-04-30"], isComplete: true),
        Case(rule: "FREQ=MONTHLY;BYMONTHDAY=-31", start: "2026-02-01", days: ["2026-03-01", "2026-05-01"]),
        // The end of the month, in leap years and others; 2100 is none.
        Case(
            rule: "FREQ=MONTHLY;BYMONTHDAY=-1", start: "2028-01-01",
            days: ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]),
        Case(rule: "FREQ=MONTHLY;BYMONTHDAY=-1;INTERVAL=12", start: "2099-02-01", days: ["2099-02-28", "2100-02-28"]),
        Case(
            rule: "FREQ=MONTHLY;INTERVAL=12", start: "2092-02-29", days: ["2092-02-29", "2096-02-29", "2104-02-29"]),
        Case(rule: "FREQ=MONTHLY;INTERVAL=12", start: "1996-02-29", days: ["1996-02-29", "2000-02-29", "2004-02-29"]),
        // Weekdays of the month.
        Case(rule: "FREQ=MONTHLY;BYDAY=-1FR", start: "2026-01-01", days: ["2026-01-30", "2026-02-27", "2026-03-27"]),
        Case(rule: "FREQ=MONTHLY;BYDAY=5SA", start: "2026-01-01", days: ["2026-01-31", "2026-05-30", "2026-08-29"]),
        Case(rule: "FREQ=MONTHLY;BYDAY=-5SA", start: "2026-01-01", days: ["2026-01-03", "2026-05-02", "2026-08-01"]),
        Case(
            rule: "FREQ=MONTHLY;BYDAY=1MO,-1MO,WE", start: "2026-02-01",
            days: ["2026-02-02", "2026-02-04", "2026-02-11", "2026-02-18", "2026-02-23", "2026-02-25", "2026-03-02"]),
        // A weekday that must be a day of the month too: Friday the 29th of February.
        Case(
            rule: "FREQ=MONTHLY;INTERVAL=12;BYDAY=FR;BYMONTHDAY=29", start: "2008-02-01",
            days: ["2008-02-29", "2036-02-29", "2064-02-29", "2092-02-29", "2104-02-29"]),
        Case(
            rule: "FREQ=MONTHLY;INTERVAL=1000;BYMONTHDAY=31", start: "2026-02-01",
            days: ["2192-10-31", "2442-10-31"]),
        // UNTIL as a day holds for the whole day, as a time for that very second.
        Case(
            rule: "FREQ=DAILY;UNTIL=20260103", start: "2026-01-02", days: ["2026-01-02", "2026-01-03"], isComplete: true
        ),
        Case(
            rule: "FREQ=DAILY;UNTIL=20260103T020000Z", start: "2026-01-02", days: ["2026-01-02", "2026-01-03"],
            isComplete: true),
        Case(
            rule: "FREQ=DAILY;UNTIL=20260103T015959Z", start: "2026-01-02", days: ["2026-01-02"], isComplete: true),
        Case(rule: "FREQ=DAILY;COUNT=1", start: "2026-01-02", days: ["2026-01-02"], isComplete: true),
        // The ends of the range.
        Case(rule: "FREQ=DAILY;INTERVAL=1000", start: "1970-01-01", days: ["1970-01-01", "1972-09-27"]),
        Case(rule: "FREQ=DAILY", start: "9999-12-30", days: ["9999-12-30", "9999-12-31"], isComplete: true),
        Case(
            rule: "FREQ=WEEKLY;BYDAY=TH,SU", start: "9999-12-25", days: ["9999-12-26", "9999-12-30"], isComplete: true),
        Case(
            rule: "FREQ=MONTHLY;BYMONTHDAY=1,-1;UNTIL=99991231", start: "9999-11-15",
            days: ["9999-11-30", "9999-12-01", "9999-12-31"], isComplete: true),
    ]

    @Test(arguments: cases) func picksTheDays(example: Case) throws {
        let recurrence = try Recurrence(
            rule: example.rule, timeZone: "UTC", localStart: example.start + "T02:00", duration: 7200)
        let found = recurrence.windows(limit: example.days.count + 1)
        #expect(found.prefix(example.days.count).map { text($0.start) } == example.days.map { $0 + "T02:00:00Z" })
        #expect(found.count == example.days.count + (example.isComplete ? 0 : 1))
    }

    @Test func untilAsADayIsADayOfTheZone() throws {
        let recurrence = try Recurrence(
            rule: "FREQ=DAILY;UNTIL=20260103", timeZone: "America/New_York", localStart: "2026-01-02T22:00",
            duration: 60)
        #expect(
            recurrence.windows(limit: 5).map { text($0.start) } == ["2026-01-03T03:00:00Z", "2026-01-04T03:00:00Z"])
    }
}
