import Foundation
import Alerting
import Testing

/// Windows around changes of the clocks. The changes are those of the IANA time zone database.
struct DaylightSavingTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var zone: String
        var start: String
        /// The starts of successive daily windows.
        var starts: [String]

        var testDescription: String { "\(start) \(zone)" }
    }

    static let cases = [
        // Berlin: forward on 2026-03-29 from 02:00 to 03:00, back on 2026-10-25 from 03:00 to 02:00.
        Case(
            zone: "Europe/Berlin", start: "2026-03-28T02:00",
            starts: ["2026-03-28T01:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"]),
        Case(
            zone: "Europe/Berlin", start: "2026-03-28T02:30",
            starts: ["2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]),
        Case(
            zone: "Europe/Berlin", start: "2026-03-28T03:00",
            starts: ["2026-03-28T02:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T01:00:00Z"]),
        Case(
            zone: "Europe/Berlin", start: "2026-10-24T02:30",
            starts: ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]),
        Case(
            zone: "Europe/Berlin", start: "2026-10-24T03:00",
            starts: ["2026-10-24T01:00:00Z", "2026-10-25T02:00:00Z", "2026-10-26T02:00:00Z"]),
        // New York: the two examples of RFC 5545 section 3.3.5.
        Case(
            zone: "America/New_York", start: "2007-03-10T02:30",
            starts: ["2007-03-10T07:30:00Z", "2007-03-11T07:30:00Z", "2007-03-12T06:30:00Z"]),
        Case(
            zone: "America/New_York", start: "2007-11-03T01:30",
            starts: ["2007-11-03T05:30:00Z", "2007-11-04T05:30:00Z", "2007-11-05T06:30:00Z"]),
        // Sydney: back on 2026-04-05 from 03:00 to 02:00, forward on 2026-10-04 from 02:00 to 03:00.
        Case(
            zone: "Australia/Sydney", start: "2026-04-04T02:30",
            starts: ["2026-04-03T15:30:00Z", "2026-04-04T15:30:00Z", "2026-04-05T16:30:00Z"]),
        Case(
            zone: "Australia/Sydney", start: "2026-10-03T02:30",
            starts: ["2026-10-02T16:30:00Z", "2026-10-03T16:30:00Z", "2026-10-04T15:30:00Z"]),
        // Lord Howe: by half an hour, between +10:30 and +11; on the same days at 02:00.
        Case(
            zone: "Australia/Lord_Howe", start: "2026-04-04T01:45",
            starts: ["2026-04-03T14:45:00Z", "2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"]),
        Case(
            zone: "Australia/Lord_Howe", start: "2026-10-03T02:15",
            starts: ["2026-10-02T15:45:00Z", "2026-10-03T15:45:00Z", "2026-10-04T15:15:00Z"]),
        // Kolkata: +05:30 all year.
        Case(
            zone: "Asia/Kolkata", start: "2026-03-28T02:00",
            starts: ["2026-03-27T20:30:00Z", "2026-03-28T20:30:00Z", "2026-03-29T20:30:00Z"]),
        // Rules of change that lie far ahead hold on.
        Case(
            zone: "Europe/Berlin", start: "2126-07-01T02:00",
            starts: ["2126-07-01T00:00:00Z", "2126-07-02T00:00:00Z", "2126-07-03T00:00:00Z"]),
    ]

    @Test(arguments: cases) func startsWhenTheClockShowsTheTime(example: Case) throws {
        let recurrence = try Recurrence(
            rule: "FREQ=DAILY;COUNT=3", timeZone: example.zone, localStart: example.start, duration: 7200)
        #expect(recurrence.windows(limit: 4).map { text($0.start) } == example.starts)
    }

    @Test func theSaturdayWindowIsAtTheSameWallClockTimeAllYear() throws {
        let recurrence = try Recurrence(
            rule: "FREQ=WEEKLY;BYDAY=SA", timeZone: "Europe/Berlin", localStart: "2026-01-03T02:00", duration: 7200)
        let windows = recurrence.windows(limit: 52)
        #expect(windows.count == 52)
        for window in windows {
            #expect(try wallClock(window.start, in: "Europe/Berlin").hasSuffix("T02:00"))
            #expect(try wallClock(window.end, in: "Europe/Berlin").hasSuffix("T04:00"))
        }
        #expect(windows.last.map { text($0.start) } == "2026-12-26T01:00:00Z")
    }

    @Test func aWindowOverTheChangeLastsItsLengthInRealTime() throws {
        let recurrence = try Recurrence(
            rule: "FREQ=WEEKLY;BYDAY=SU", timeZone: "Europe/Berlin", localStart: "2026-01-04T01:00", duration: 14_400)
        let spring = try #require(recurrence.window(atOrAfter: moment("2026-03-29T00:30:00Z")))
        #expect(text(spring.start) == "2026-03-29T00:00:00Z")
        #expect(text(spring.end) == "2026-03-29T04:00:00Z")
        #expect(try wallClock(spring.end, in: "Europe/Berlin") == "2026-03-29T06:00")
        let autumn = try #require(recurrence.window(atOrAfter: moment("2026-10-25T02:59:59Z")))
        #expect(text(autumn.start) == "2026-10-24T23:00:00Z")
        #expect(text(autumn.end) == "2026-10-25T03:00:00Z")
        #expect(try wallClock(autumn.end, in: "Europe/Berlin") == "2026-10-25T04:00")
    }

    /// Apia left out 2011-12-30, and the time of that day moves forward by 24 hours.
    @Test func aDayThatAZoneLeftOutFallsOnTheNext() throws {
        let recurrence = try Recurrence(
            rule: "FREQ=DAILY", timeZone: "Pacific/Apia", localStart: "2011-12-29T10:00", duration: 3600)
        #expect(
            recurrence.windows(limit: 3).map { text($0.start) } == [
                "2011-12-29T20:00:00Z", "2011-12-30T20:00:00Z", "2011-12-31T20:00:00Z",
            ])
    }

    static let zones = [
        "Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "America/St_Johns",
        "Antarctica/Troll", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Kwajalein", "UTC",
    ]

    /// Every quarter of an hour around the changes of two years, against a search through the moments nearby.
    @Test(arguments: zones) func everyTimeNearAChangeIsTheFirstMomentThatShowsIt(name: String) throws {
        let zone = try #require(TimeZone(identifier: name))
        func offset(_ instant: Int) -> Int { zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant))) }
        for begin in ["1993-08-01T00:00:00Z", "2011-06-01T00:00:00Z", "2026-01-01T00:00:00Z"] {
            let first = Int(try moment(begin).milliseconds / 1000)
            let changes = stride(from: first, to: first + 365 * 86_400, by: 3600).filter {
                offset($0) != offset($0 + 3600)
            }
            for change in changes {
                for local in stride(from: change - 36 * 3600, to: change + 36 * 3600, by: 900) {
                    let candidates = stride(from: local - 86_400, through: local + 86_400, by: 900)
                    let shown = candidates.first { $0 + offset($0) == local }
                    let expected = shown ?? local - offset(local - 2 * 86_400)
                    let start = Timestamp(milliseconds: Int64(local) * 1000)
                    let recurrence = try Recurrence(
                        rule: "FREQ=DAILY;COUNT=1", timeZone: name, localStart: String(text(start).dropLast()),
                        duration: 60)
                    let window = try #require(recurrence.window(atOrAfter: earliestMoment))
                    #expect(window.start.milliseconds == Int64(expected) * 1000)
                }
            }
        }
    }
}
