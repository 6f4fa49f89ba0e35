import Alerting
import Testing

/// The texts of a recurrence: their canonical form, what is refused and in which words.
struct TextTests {
    @Test(arguments: [
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU"),
        ("byday=su,sa,sa;wkst=mo;interval=2;freq=weekly", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU"),
        ("FREQ=DAILY;INTERVAL=1", "FREQ=DAILY"),
        ("INTERVAL=007;FREQ=DAILY", "FREQ=DAILY;INTERVAL=7"),
        ("WKST=SU;INTERVAL=2;FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2;WKST=SU"),
        (
            "COUNT=3;BYDAY=FR,-1MO,+1MO,02MO;BYMONTHDAY=-1,-31,31,+1,01;FREQ=MONTHLY",
            "FREQ=MONTHLY;BYMONTHDAY=1,31,-31,-1;BYDAY=1MO,2MO,-1MO,FR;COUNT=3"
        ),
        ("FREQ=DAILY;UNTIL=20301231", "FREQ=DAILY;UNTIL=20301231"),
        ("freq=daily;until=20301231t235959z", "FREQ=DAILY;UNTIL=20301231T235959Z"),
        ("FREQ=DAILY;UNTIL=20300102T030405Z", "FREQ=DAILY;UNTIL=20300102T030405Z"),
        ("FREQ=DAILY;COUNT=10000;INTERVAL=1000", "FREQ=DAILY;INTERVAL=1000;COUNT=10000"),
    ])
    func theRuleBecomesCanonical(rule: String, canonical: String) throws {
        let recurrence = try Recurrence(
            rule: rule, timeZone: "Europe/Berlin", localStart: "2026-01-03T02:00", duration: 7200)
        #expect(recurrence.rule == canonical)
        let again = try Recurrence(
            rule: recurrence.rule, timeZone: "Europe/Berlin", localStart: "2026-01-03T02:00", duration: 7200)
        #expect(again == recurrence)
    }

    @Test(arguments: [
        ("2026-01-03T02:00", "2026-01-03T02:00"), ("2026-01-03t02:00:00", "2026-01-03T02:00"),
        ("2026-01-03T02:00:05", "2026-01-03T02:00:05"), ("9999-12-31T23:59:59", "9999-12-31T23:59:59"),
    ])
    func theStartBecomesCanonical(start: String, canonical: String) throws {
        let recurrence = try Recurrence(rule: "FREQ=DAILY", timeZone: "UTC", localStart: start, duration: 60)
        #expect(recurrence.localStart == canonical)
    }

    static let knownParts =
        "FREQ, INTERVAL, BYMONTH, BYMONTHDAY, BYDAY, BYHOUR, BYMINUTE, BYSETPOS, UNTIL, COUNT and WKST"

    @Test(arguments: [
        ("", #"rule must have parts of the form NAME=VALUE with one ; between them, not """#),
        ("FREQ=DAILY;;COUNT=1", #"rule must have parts of the form NAME=VALUE with one ; between them, not """#),
        ("FREQ", #"rule must have parts of the form NAME=VALUE with one ; between them, not "FREQ""#),
        ("FREQ=DAILY;BYSECOND=2", #"rule must have no other parts than \#(knownParts), not "BYSECOND""#),
        ("FREQ=YEARLY;BYWEEKNO=1", #"rule must have no other parts than \#(knownParts), not "BYWEEKNO""#),
        ("FREQ=YEARLY;BYYEARDAY=1", #"rule must have no other parts than \#(knownParts), not "BYYEARDAY""#),
        ("FREQ=DAILY;FREQ=DAILY", "rule must have FREQ once"),
        ("INTERVAL=2", "rule must have FREQ as DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=HOURLY", #"rule must have FREQ as DAILY, WEEKLY, MONTHLY or YEARLY, not "HOURLY""#),
        ("FREQ=DAILY;INTERVAL=0", #"rule must have INTERVAL as a whole number from 1 to 1000, not "0""#),
        ("FREQ=DAILY;INTERVAL=1001", #"rule must have INTERVAL as a whole number from 1 to 1000, not "1001""#),
        ("FREQ=DAILY;INTERVAL=+1", #"rule must have INTERVAL as a whole number from 1 to 1000, not "+1""#),
        ("FREQ=DAILY;INTERVAL=٣", #"rule must have INTERVAL as a whole number from 1 to 1000, not "٣""#),
        (
            "FREQ=DAILY;INTERVAL=99999999999999999999",
            #"rule must have INTERVAL as a whole number from 1 to 1000, not "99999999999999999999""#
        ),
        ("FREQ=DAILY;COUNT=0", #"rule must have COUNT as a whole number from 1 to 10000, not "0""#),
        ("FREQ=DAILY;COUNT=10001", #"rule must have COUNT as a whole number from 1 to 10000, not "10001""#),
        ("FREQ=DAILY;COUNT=1;UNTIL=20300101", "rule must have UNTIL or COUNT, not both"),
        (
            "FREQ=DAILY;BYDAY=MO,,TU",
            #"rule must have BYDAY as MO, TU, WE, TH, FR, SA or SU with commas between them, not """#
        ),
        (
            "FREQ=DAILY;BYDAY=ſa",
            #"rule must have BYDAY as MO, TU, WE, TH, FR, SA or SU with commas between them, not "ſA""#
        ),
        ("FREQ=WEEKLY;BYDAY=1MO", #"rule must have BYDAY without numbers where FREQ is WEEKLY, not "1MO""#),
        (
            "FREQ=MONTHLY;BYDAY=0MO",
            #"rule must have numbers from 1 to 5 or -1 to -5 before the weekdays of BYDAY, not "0MO""#
        ),
        (
            "FREQ=MONTHLY;BYDAY=-6MO",
            #"rule must have numbers from 1 to 5 or -1 to -5 before the weekdays of BYDAY, not "-6MO""#
        ),
        (
            "FREQ=WEEKLY;BYMONTHDAY=1",
            "rule must have BYMONTHDAY with FREQ=DAILY, MONTHLY or YEARLY only, not with FREQ=WEEKLY"
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=32",
            #"rule must have BYMONTHDAY as days from 1 to 31 or -1 to -31 with commas between them, not "32""#
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=--1",
            #"rule must have BYMONTHDAY as days from 1 to 31 or -1 to -31 with commas between them, not "--1""#
        ),
        (
            "FREQ=DAILY;UNTIL=20260230",
            """
            rule must have UNTIL as a date YYYYMMDD or a time YYYYMMDDTHHMMSS, with Z for UTC, from 1970 to 9999, \
            not "20260230"
            """
        ),
        (
            "FREQ=DAILY;UNTIL=20300101T250000",
            """
            rule must have UNTIL as a date YYYYMMDD or a time YYYYMMDDTHHMMSS, with Z for UTC, from 1970 to 9999, \
            not "20300101T250000"
            """
        ),
        ("FREQ=WEEKLY;WKST=XX", #"rule must have WKST as MO, TU, WE, TH, FR, SA or SU, not "XX""#),
        // No window at all: no such day, or none any more.
        (
            "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31",
            "rule must give at least one window on or after localStart, but no day matches it"
        ),
        (
            "FREQ=DAILY;INTERVAL=7;BYDAY=SA",
            "rule must give at least one window on or after localStart, but no day matches it"
        ),
        (
            "FREQ=DAILY;UNTIL=20260131",
            "rule must give at least one window on or after localStart, but no day matches it"
        ),
    ])
    func aWrongRuleIsRefused(rule: String, message: String) {
        let error = #expect(throws: RecurrenceError.self) {
            try Recurrence(rule: rule, timeZone: "UTC", localStart: "2026-02-01T02:00", duration: 7200)
        }
        #expect(error?.description == message)
        #expect(error?.member == .rule)
    }

    @Test(arguments: [
        "", "Mars/Base", "europe/berlin", "utc", "IST", "GMT+2", " Europe/Berlin", "Europe/Berlin\0x", "Europe/", "/",
        "Europe/../Europe/Berlin", "/etc/localtime", "Europe/Berlin;",
    ])
    func anUnknownZoneIsRefusedByName(zone: String) {
        let error = #expect(throws: RecurrenceError.self) {
            try Recurrence(rule: "FREQ=DAILY", timeZone: zone, localStart: "2026-02-01T02:00", duration: 7200)
        }
        let shown = zone.replacingOccurrences(of: "\0", with: "\u{FFFD}")
        #expect(
            error?.description
                == "timeZone must be UTC or an IANA name such as Europe/Berlin; there is no zone \"\(shown)\"")
        #expect(error?.member == .timeZone)
    }

    @Test(arguments: [
        "UTC", "Etc/UTC", "Europe/Berlin", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "Etc/GMT+5",
        "America/Port-au-Prince",
    ])
    func aKnownZoneIsTaken(zone: String) throws {
        let recurrence = try Recurrence(
            rule: "FREQ=DAILY", timeZone: zone, localStart: "2026-02-01T02:00", duration: 7200)
        #expect(recurrence.timeZone == zone)
    }

    @Test(arguments: [
        "", "2026-02-01", "2026-02-01 02:00", "2026-02-01T02:00Z", "2026-02-01T02:00:60", "2026-02-01T24:00",
        "2026-02-29T02:00", "2026-13-01T02:00", "2026-00-01T02:00", "2026-01-00T02:00", "1969-12-31T02:00",
        "10000-01-01T00:00", "2026-2-1T02:00", "2026-02-01T02:00:00.5", "2026-02-01T02:60", "+026-02-01T02:00",
    ])
    func aWrongStartIsRefused(start: String) {
        let error = #expect(throws: RecurrenceError.self) {
            try Recurrence(rule: "FREQ=DAILY", timeZone: "UTC", localStart: start, duration: 7200)
        }
        #expect(
            error?.description
                == "localStart must be a time of the years 1970 to 9999 as YYYY-MM-DDTHH:MM[:SS], not \"\(start)\"")
        #expect(error?.member == .localStart)
    }

    @Test(arguments: [Int64.min, -60, 0, 59, 604_801, Int64.max])
    func aWrongDurationIsRefused(duration: Int64) {
        let error = #expect(throws: RecurrenceError.self) {
            try Recurrence(rule: "FREQ=DAILY", timeZone: "UTC", localStart: "2026-02-01T02:00", duration: duration)
        }
        #expect(error?.description == "duration must be from 60 to 604800 seconds (7 days), not \(duration)")
        #expect(error?.member == .duration)
    }

    @Test func longRefusedTextIsCut() {
        let error = #expect(throws: RecurrenceError.self) {
            try Recurrence(
                rule: "FREQ=" + String(repeating: "X", count: 1000), timeZone: "UTC", localStart: "2026-02-01T02:00",
                duration: 60)
        }
        let shown = String(repeating: "X", count: 40)
        #expect(error?.description == "rule must have FREQ as DAILY, WEEKLY, MONTHLY or YEARLY, not \"\(shown)…\"")
    }

    @Test(arguments: [
        ("FREQ=HOURLY", "UTC", "2026-01-03T02:00", 7200), ("", "", "", 0),
        ("FREQ=DAILY", "Mars/Base", "2026-01-03T02:00", 7200), ("FREQ=DAILY", "UTC", "tomorrow", 7200),
        ("FREQ=DAILY", "UTC", "2026-01-03T02:00", Int64.max), ("FREQ=DAILY", "UTC", "2026-01-03T02:00", -1),
        ("FREQ=MONTHLY;INTERVAL=12", "UTC", "2026-02-31T02:00", 7200),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30", "UTC", "2026-02-01T02:00", 7200),
    ])
    func aStoredInvalidValueHasNoWindow(rule: String, zone: String, start: String, duration: Int64) {
        let recurrence = Recurrence(asStored: rule, timeZone: zone, localStart: start, duration: duration)
        #expect(recurrence.window(atOrAfter: earliestMoment) == nil)
        #expect(recurrence.window(atOrAfter: Timestamp(milliseconds: 1_800_000_000_000)) == nil)
        #expect(recurrence.window(atOrAfter: latestMoment) == nil)
    }
}
