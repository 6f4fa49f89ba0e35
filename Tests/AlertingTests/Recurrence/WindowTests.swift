import Alerting
import Testing

/// Which of the windows a moment gives.
struct WindowTests {
    static let saturdays = try? Recurrence(
        rule: "FREQ=WEEKLY;BYDAY=SA;UNTIL=20260117", timeZone: "UTC", localStart: "2026-01-03T02:00", duration: 7200)

    @Test(arguments: [
        ("2025-01-01T00:00:00Z", "2026-01-03T02:00:00Z"),
        ("2026-01-03T01:59:59Z", "2026-01-03T02:00:00Z"),
        ("2026-01-03T02:00:00Z", "2026-01-03T02:00:00Z"),
        ("2026-01-03T03:59:59Z", "2026-01-03T02:00:00Z"),
        ("2026-01-03T04:00:00Z", "2026-01-10T02:00:00Z"),
        ("2026-01-07T12:00:00Z", "2026-01-10T02:00:00Z"),
        ("2026-01-17T03:59:59Z", "2026-01-17T02:00:00Z"),
        ("2026-01-17T04:00:00Z", nil),
        ("2050-01-01T00:00:00Z", nil),
    ])
    func theOpenWindowOrTheNext(asked: String, start: String?) throws {
        let recurrence = try #require(Self.saturdays)
        let window = try recurrence.window(atOrAfter: moment(asked))
        #expect(window.map { text($0.start) } == start)
        #expect(window?.end == window?.start.adding(seconds: 7200))
    }

    @Test func aMillisecondBeforeTheEndIsStillInside() throws {
        let recurrence = try #require(Self.saturdays)
        let end = try moment("2026-01-03T04:00:00Z")
        let before = Timestamp(milliseconds: end.milliseconds - 1)
        #expect(recurrence.window(atOrAfter: before)?.end == end)
    }

    @Test func ofOverlappingWindowsTheFirstThatStillLasts() throws {
        let recurrence = try Recurrence(
            rule: "FREQ=DAILY;COUNT=10", timeZone: "UTC", localStart: "2026-01-01T00:00", duration: 604_800)
        for (asked, start) in [
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("2026-01-07T23:59:59Z", "2026-01-01T00:00:00Z"),
            ("2026-01-08T00:00:00Z", "2026-01-02T00:00:00Z"),
            ("2026-01-16T23:59:59Z", "2026-01-10T00:00:00Z"),
        ] {
            #expect(try recurrence.window(atOrAfter: moment(asked)).map { text($0.start) } == start)
        }
        #expect(try recurrence.window(atOrAfter: moment("2026-01-17T00:00:00Z")) == nil)
    }

    @Test func countEndsWithTheLastOfItsWindows() throws {
        let recurrence = try Recurrence(
            rule: "FREQ=DAILY;COUNT=10000", timeZone: "UTC", localStart: "2000-01-01T00:00", duration: 3600)
        // 9999 days after 2000-01-01.
        let last = try recurrence.window(atOrAfter: moment("2027-05-18T00:30:00Z"))
        #expect(last.map { text($0.start) } == "2027-05-18T00:00:00Z")
        #expect(try recurrence.window(atOrAfter: moment("2027-05-18T01:00:00Z")) == nil)
    }

    @Test(arguments: ["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=3", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;COUNT=10000"])
    func anyMomentIsAnswered(rule: String) throws {
        let recurrence = try Recurrence(
            rule: rule, timeZone: "Pacific/Kiritimati", localStart: "1970-01-01T00:00", duration: 604_800)
        let first = recurrence.window(atOrAfter: earliestMoment)
        #expect(first != nil)
        #expect(recurrence.window(atOrAfter: Timestamp(milliseconds: .min + 1)) == first)
        #expect(recurrence.window(atOrAfter: latestMoment) == nil)
        #expect(recurrence.window(atOrAfter: Timestamp(milliseconds: .max - 1)) == nil)
        #expect(try recurrence.window(atOrAfter: moment("1975-01-01T00:00:00Z")) != nil)
    }

    @Test func theLastWindowMayEndAfterTheLastYear() throws {
        let recurrence = try Recurrence(
            rule: "FREQ=DAILY", timeZone: "America/New_York", localStart: "9999-12-31T23:00", duration: 604_800)
        let window = try #require(recurrence.window(atOrAfter: earliestMoment))
        #expect(recurrence.window(atOrAfter: Timestamp(milliseconds: window.end.milliseconds - 1)) == window)
        #expect(recurrence.window(atOrAfter: window.end) == nil)
    }
}
