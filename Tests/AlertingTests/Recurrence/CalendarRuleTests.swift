import Foundation
import Alerting
import Testing

/// Rules as calendars write them, against what python-dateutil gives (`Tests/Fixtures/recurrence/make.py`).
struct CalendarRuleTests {
    struct Line: CustomTestStringConvertible, Sendable {
        var rule: String
        var start: String
        var exdates: [String]
        var starts: [String]

        var testDescription: String { "\(rule) from \(start)" }
    }

    static let lines: [Line] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fixtures/recurrence/rules.txt").standardizedFileURL
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").map { line in
            let cells = line.split(separator: "\t").map(String.init)
            return Line(
                rule: cells[0], start: cells[1], exdates: cells[2] == "-" ? [] : cells[2].components(separatedBy: ","),
                starts: Array(cells.dropFirst(3)))
        }
    }()

    /// A moment of UTC in the form of RFC 5545.
    private static func basic(_ moment: Timestamp) -> String {
        text(moment).filter { $0 != "-" && $0 != ":" && $0 != "Z" }
    }

    @Test func thereAreExpectations() {
        #expect(Self.lines.count >= 300)
    }

    @Test(arguments: lines) func theStartsAreThoseOfDateutil(line: Line) throws {
        var text = ["DTSTART;TZID=UTC:\(line.start)", "RRULE:\(line.rule);"]
        if !line.exdates.isEmpty { text.append("EXDATE;TZID=UTC:" + line.exdates.joined(separator: ",")) }
        let recurrence = try Recurrence(rule: text.joined(separator: "\r\n"), duration: 60)
        let again = try Recurrence(
            rule: recurrence.rule.lowercased(), timeZone: "UTC", localStart: recurrence.localStart, duration: 60,
            exdates: recurrence.exdates ?? [])
        #expect(again == recurrence)
        #expect(recurrence.windows(limit: line.starts.count).map { Self.basic($0.start) } == line.starts)
    }

    // MARK: Spellings

    @Test(arguments: [
        "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,25,26", "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,25,26",
        "rrule:freq=yearly;bymonth=12;bymonthday=24,25,26;", "  RRULE:FREQ=YEARLY;BYMONTHDAY=26,25,24;BYMONTH=12;;\n",
        "RRULE:FREQ=YEARLY;BYMONTH=12;\r\n BYMONTHDAY=24,25,26\r\n",
    ])
    func spellingsOfCalendarsAreTheSameRule(rule: String) throws {
        let recurrence = try Recurrence(
            rule: rule, timeZone: "Europe/Berlin", localStart: "2026-01-01T00:00", duration: 86_400)
        #expect(recurrence.rule == "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,25,26")
        #expect(
            recurrence.windows(limit: 4).map { text($0.start) } == [
                "2026-12-23T23:00:00Z", "2026-12-24T23:00:00Z", "2026-12-25T23:00:00Z", "2027-12-23T23:00:00Z",
            ])
    }

    @Test func exceptionsMayBeDaysTimesAndMomentsOfUTC() throws {
        let recurrence = try Recurrence(
            rule: """
                DTSTART;TZID=Europe/Berlin:20260704T020000
                RRULE:FREQ=DAILY;COUNT=6
                EXDATE;TZID=Europe/Berlin:20260705T020000
                EXDATE;VALUE=DATE:20260706
                """, duration: 3600, exdates: ["2026-07-07T00:00Z", "2026-07-08T03:00"])
        #expect(recurrence.timeZone == "Europe/Berlin" && recurrence.localStart == "2026-07-04T02:00")
        #expect(
            recurrence.exdates == ["2026-07-05T02:00", "2026-07-06", "2026-07-07T00:00Z", "2026-07-08T03:00"])
        // COUNT counts those that are left out; one that is no start changes nothing.
        #expect(
            recurrence.windows(limit: 9).map { text($0.start) } == [
                "2026-07-04T00:00:00Z", "2026-07-08T00:00:00Z", "2026-07-09T00:00:00Z",
            ])
    }

    @Test func untilIsALocalTimeOrADayOfTheZone() throws {
        for (until, count) in [
            ("20260703", 3), ("20260703T020000", 3), ("20260703T015959", 2), ("20260703T000000Z", 3),
            ("20260702T235959Z", 2),
        ] {
            let recurrence = try Recurrence(
                rule: "FREQ=DAILY;UNTIL=\(until)", timeZone: "Europe/Berlin", localStart: "2026-07-01T02:00",
                duration: 3600)
            #expect(recurrence.rule.hasSuffix("UNTIL=\(until)"))
            #expect(recurrence.windows(limit: 9).count == count, "\(until)")
        }
    }

    @Test(arguments: [
        ("RDATE:20260101T000000", "rule must have no other lines than DTSTART, RRULE and EXDATE, not \"RDATE\""),
        ("BEGIN:VEVENT", "rule must have no other lines than DTSTART, RRULE and EXDATE, not \"BEGIN\""),
        ("RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY", "rule must have one RRULE"),
        ("RRULE;X=1:FREQ=DAILY", "rule must have RRULE without parameters, not \"RRULE;X=1:FREQ=DAILY\""),
        (
            "FREQ=DAILY\nEXDATE;VALUE=PERIOD:20260101",
            "rule must have EXDATE with the parameters TZID and VALUE=DATE only, not \"VALUE=PERIOD\""
        ),
        (
            "FREQ=DAILY\nEXDATE:tomorrow",
            "exdates must be dates YYYY-MM-DD or times YYYY-MM-DDTHH:MM[:SS], with Z for UTC, from 1970 to 9999, "
                + "not \"tomorrow\""
        ),
        (
            "FREQ=DAILY\nEXDATE;TZID=Europe/Paris:20260202T020000",
            "timeZone must be the TZID of the rule's lines, \"Europe/Paris\""
        ),
        ("DTSTART:20260202T020000\nFREQ=DAILY", "localStart must be the DTSTART of the rule's lines, 2026-02-02T02:00"),
        ("FREQ=HOURLY", "rule must have FREQ as DAILY, WEEKLY, MONTHLY or YEARLY, not \"HOURLY\""),
        ("FREQ=DAILY;BYSETPOS=1", "rule must have BYSETPOS together with another BY part only"),
        (
            "FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5",
            "rule must have at most 24 times of day in BYHOUR and BYMINUTE"
        ),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "rule must give at least one window on or after localStart, but no day matches it"
        ),
        (
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
            "rule must give at least one window on or after localStart, but no day matches it"
        ),
    ])
    func whatIsNotSupportedIsRefusedByName(rule: String, message: String) {
        let error = #expect(throws: RecurrenceError.self) {
            try Recurrence(rule: rule, timeZone: "Europe/Berlin", localStart: "2026-02-01T02:00", duration: 7200)
        }
        #expect(error?.description == message)
    }

    // MARK: Ends by the clock

    @Test func aWindowEndsByTheClockAlsoWhenItChanges() throws {
        let nights = try Recurrence(
            rule: "FREQ=DAILY", timeZone: "Europe/Berlin", localStart: "2026-03-27T22:00", duration: nil,
            untilTime: "06:00")
        #expect(nights.untilTime == "06:00" && nights.duration == 8 * 3600)
        // The clock is set forward on 29 March and back on 25 October.
        for (night, hours) in [("2026-03-27", 8), ("2026-03-28", 7), ("2026-03-29", 8), ("2026-10-24", 9)] {
            let window = try #require(nights.window(atOrAfter: moment("\(night)T22:30:00Z")))
            #expect((window.end.milliseconds - window.start.milliseconds) / 3_600_000 == Int64(hours), "\(night)")
            #expect(try wallClock(window.end, in: "Europe/Berlin").hasSuffix("T06:00"))
        }
    }

    /// The start 02:30 moves to 03:30 on 29 March. An end at 02:45 moves with it; one at 03:00 is over by then.
    @Test(arguments: [
        ("02:45", ["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]),
        ("03:00", ["2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z"]),
    ])
    func aWindowThatIsOverBeforeItsMovedStartIsLeftOut(_ untilTime: String, _ starts: [String]) throws {
        let short = try Recurrence(
            rule: "FREQ=DAILY", timeZone: "Europe/Berlin", localStart: "2026-03-28T02:30", duration: nil,
            untilTime: untilTime)
        #expect(short.windows(limit: 3).map { text($0.start) } == starts)
    }

    @Test func aWindowToItsOwnTimeIsADay() throws {
        let day = try Recurrence(
            rule: "FREQ=WEEKLY", timeZone: "UTC", localStart: "2026-03-28T06:00", duration: nil, untilTime: "06:00:00")
        #expect(day.duration == 86_400 && day.untilTime == "06:00")
    }

    @Test func oneSilenceMayEndByTheClock() throws {
        let six = try #require(ClockTime("06:00"))
        for (from, zone, end) in [
            ("2026-03-28T21:00:00Z", "Europe/Berlin", "2026-03-29T04:00:00Z"),
            ("2026-03-29T04:00:00Z", "Europe/Berlin", "2026-03-30T04:00:00Z"),
            ("2026-03-29T03:59:59Z", "Europe/Berlin", "2026-03-29T04:00:00Z"),
            ("2026-01-01T00:00:00Z", "EST5EDT", "2026-01-01T11:00:00Z"),
            ("2026-07-01T00:00:00Z", "EST5EDT", "2026-07-01T10:00:00Z"),
            ("2026-07-01T00:00:00Z", "GMT", "2026-07-01T06:00:00Z"),
        ] {
            #expect(try text(six.next(after: moment(from), timeZone: zone)) == end, "\(from) \(zone)")
        }
        // 02:30 comes twice on 25 October: the first, and after it the second.
        let twice = try #require(ClockTime("02:30"))
        #expect(try text(twice.next(after: moment("2026-10-25T00:00:00Z"), timeZone: "CET")) == "2026-10-25T00:30:00Z")
        #expect(try text(twice.next(after: moment("2026-10-25T00:30:00Z"), timeZone: "CET")) == "2026-10-25T01:30:00Z")
        for bad in ["", "6:00", "24:00", "06:60", "06:00:60", "06:00Z", "0600"] {
            #expect(ClockTime(bad) == nil, "\(bad)")
        }
    }

    @Test func theEarlierWindowComesFirstWhereTheClockSkipsATime() throws {
        // 02:30 becomes 03:30, which is behind 03:00.
        let recurrence = try Recurrence(
            rule: "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30", timeZone: "Europe/Berlin", localStart: "2026-03-29T02:30",
            duration: 60)
        #expect(
            recurrence.windows(limit: 3).map { text($0.start) } == [
                "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:00:00Z",
            ])
    }

    // MARK: Zones

    @Test(arguments: ["CET", "EST5EDT", "GMT", "UTC", "Etc/GMT+5", "US/Eastern"])
    func zonesWithShortNamesAreTaken(zone: String) throws {
        #expect(
            try Recurrence(rule: "FREQ=DAILY", timeZone: zone, localStart: "2026-02-01T02:00", duration: 60).timeZone
                == zone)
    }

    @Test(arguments: ["EST", "MST", "HST"]) func zonesWithoutSummerTimeAreRefused(zone: String) {
        let error = #expect(throws: RecurrenceError.self) {
            try Recurrence(rule: "FREQ=DAILY", timeZone: zone, localStart: "2026-02-01T02:00", duration: 60)
        }
        #expect(error?.description.hasPrefix("timeZone must not be \(zone), which has no summer time: give ") == true)
    }
}
