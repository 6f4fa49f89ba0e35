import CivilCalendar
import TimeZones

/// A ``Recurrence`` as values: checked, and ready to be asked for windows.
struct RecurrenceSchedule: Sendable {
    /// The lengths that a window may have, in seconds.
    static let durations: ClosedRange<Int64> = 60...604_800

    /// The rule as it was written.
    let rule: RecurrenceRule
    /// The first start.
    let localStart: LocalTime

    private let completeRule: RecurrenceRule
    private let clock: ZoneClock
    private let duration: Int

    /// Reads the members of a recurrence.
    init(_ recurrence: Recurrence) throws(RecurrenceError) {
        rule = try RecurrenceRule(recurrence.rule)
        guard let clock = ZoneClock(identifier: recurrence.timeZone) else {
            let found = RecurrenceError.quoted(recurrence.timeZone)
            let expectation =
                ZoneDatabase.system.isEmpty
                ? "must be UTC, as this machine has no time zone database; it has no zone \(found)"
                : "must be UTC or an IANA name such as Europe/Berlin; there is no zone \(found)"
            throw RecurrenceError(member: .timeZone, expectation: expectation)
        }
        guard let localStart = LocalTime(recurrence.localStart) else {
            let found = RecurrenceError.quoted(recurrence.localStart)
            throw RecurrenceError(
                member: .localStart,
                expectation: "must be a time of the years 1970 to 9999 as YYYY-MM-DDTHH:MM[:SS], not \(found)")
        }
        guard Self.durations.contains(recurrence.duration) else {
            throw RecurrenceError(
                member: .duration,
                expectation: "must be from 60 to 604800 seconds (7 days), not \(recurrence.duration)")
        }
        self.clock = clock
        self.localStart = localStart
        duration = Int(recurrence.duration)
        completeRule = rule.completed(from: localStart.date)
    }

    /// The earliest window that ends after a moment.
    func window(atOrAfter moment: Timestamp) -> Recurrence.Window? {
        let firstDay = localStart.date.dayNumber
        let today = floorDivision(floorDivision(Int(moment.milliseconds), 1000).quotient, 86_400).quotient
        // A day to spare for each of: the offset of the zone, the longest gap (24 hours, Pacific/Apia in 2011), the part
        // of the duration that is no whole day, the time of day.
        let earliest = today - duration / 86_400 - 4
        // COUNT counts from the first day on, so that no day before can be left out.
        let days = RuleDays(of: completeRule, startingOn: firstDay, from: isCounted ? firstDay : earliest)
        for (position, day) in days.enumerated() {
            if case .count(let count) = rule.end, position >= count { return nil }
            if day < earliest { continue }
            guard let start = start(on: day) else { return nil }
            let window = Recurrence.Window(
                start: Timestamp(milliseconds: Int64(start) * 1000),
                end: Timestamp(milliseconds: Int64(start + duration) * 1000))
            if window.end > moment { return window }
        }
        return nil
    }

    private var isCounted: Bool {
        if case .count = rule.end { true } else { false }
    }

    /// The second, since 1970 UTC, at which the window of a day starts; nil where that is after UNTIL.
    private func start(on day: Int) -> Int? {
        if case .date(let last) = rule.end, day > last.dayNumber { return nil }
        let start = clock.instant(ofLocalSeconds: day * 86_400 + localStart.secondOfDay)
        if case .utc(let last) = rule.end, start > last.date.dayNumber * 86_400 + last.secondOfDay { return nil }
        return start
    }
}
