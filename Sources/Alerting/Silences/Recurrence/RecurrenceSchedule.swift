import CivilCalendar
import TimeZones

/// A ``Recurrence`` as values: checked, and ready to be asked for windows.
struct RecurrenceSchedule: Sendable {
    /// The lengths that a window may have, in seconds.
    static let durations: ClosedRange<Int64> = 60...604_800
    /// How many starts may be left out.
    static let maximumExdates = 1000

    /// The rule as it was written.
    let rule: RecurrenceRule
    /// The first start.
    let localStart: LocalTime
    /// The time of day at which windows end; nil if they have a duration.
    let untilTime: ClockTime?
    /// The starts that are left out, each once and in order.
    let exdates: [CalendarTime]

    private let completeRule: RecurrenceRule
    private let clock: ZoneClock
    private let duration: Int
    private let exceptions: Set<CalendarTime>

    /// Reads the members of a recurrence.
    init(_ recurrence: Recurrence) throws(RecurrenceError) {
        rule = try RecurrenceRule(recurrence.rule)
        clock = try ZoneClock(named: recurrence.timeZone)
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
        untilTime = try recurrence.untilTime.map { text throws(RecurrenceError) in
            guard let time = ClockTime(text) else {
                throw RecurrenceError(
                    member: .untilTime,
                    expectation: "must be a time of day as HH:MM[:SS], not \(RecurrenceError.quoted(text))")
            }
            return time
        }
        exceptions = try Self.exceptions(recurrence.exdates ?? [])
        exdates = exceptions.sorted { $0.extendedText < $1.extendedText }
        self.localStart = localStart
        duration = Int(recurrence.duration)
        completeRule = rule.completed(from: localStart.date)
    }

    private static func exceptions(_ texts: [String]) throws(RecurrenceError) -> Set<CalendarTime> {
        guard texts.count <= maximumExdates else {
            throw RecurrenceError(
                member: .exdates, expectation: "must be at most \(maximumExdates), not \(texts.count)")
        }
        var exceptions: Set<CalendarTime> = []
        for text in texts {
            guard let time = CalendarTime(text) else {
                let found = RecurrenceError.quoted(text)
                throw RecurrenceError(
                    member: .exdates,
                    expectation:
                        "must be dates YYYY-MM-DD or times YYYY-MM-DDTHH:MM[:SS], with Z for UTC, from 1970 to 9999, "
                        + "not \(found)")
            }
            exceptions.insert(time)
        }
        return exceptions
    }

    /// The earliest window that ends after a moment.
    func window(atOrAfter moment: Timestamp) -> Recurrence.Window? {
        let firstDay = localStart.date.dayNumber
        let today = floorDivision(floorDivision(Int(moment.milliseconds), 1000).quotient, 86_400).quotient
        // A day to spare for each of: the offset of the zone, the longest gap (24 hours, Pacific/Apia in 2011), the part
        // of the duration that is no whole day, the time of day.
        let earliest = today - duration / 86_400 - 4
        // COUNT counts from the first start on, so that no day before can be left out.
        let starts = RuleStarts(of: completeRule, from: localStart, onOrAfter: isCounted ? firstDay : earliest)
        var found: (window: Recurrence.Window, local: Int)?
        for (position, local) in starts.enumerated() {
            if case .count(let count) = rule.end, position >= count { break }
            // A time that the clock skips is moved behind others of its day: the next ones may start before it.
            if let found, local >= found.local + 86_400 { break }
            if floorDivision(local, 86_400).quotient < earliest { continue }
            let start = clock.instant(ofLocalSeconds: local)
            if isAfterEnd(local, start) { break }
            guard let window = window(at: local, start), window.end > moment, !isLeftOut(local, start) else { continue }
            if found.map({ window.start < $0.window.start }) ?? true { found = (window, found?.local ?? local) }
        }
        return found?.window
    }

    /// The window of a start; nil where the clock skips all of it.
    private func window(at local: Int, _ start: Int) -> Recurrence.Window? {
        let end = untilTime.map { clock.instant(ofLocalSeconds: $0.end(ofWindowAt: local)) } ?? start + duration
        guard start < end else { return nil }
        return Recurrence.Window(
            start: Timestamp(milliseconds: Int64(start) * 1000), end: Timestamp(milliseconds: Int64(end) * 1000))
    }

    private var isCounted: Bool {
        if case .count = rule.end { true } else { false }
    }

    private func isAfterEnd(_ local: Int, _ start: Int) -> Bool {
        switch rule.end {
        case .never, .count: false
        case .date(let last): floorDivision(local, 86_400).quotient > last.dayNumber
        case .local(let last): local > last.localSecond
        case .utc(let last): start > last.localSecond
        }
    }

    private func isLeftOut(_ local: Int, _ start: Int) -> Bool {
        guard !exceptions.isEmpty else { return false }
        let time = LocalTime(localSecond: local)
        return exceptions.contains(.local(time)) || exceptions.contains(.date(time.date))
            || exceptions.contains(.utc(LocalTime(localSecond: start)))
    }
}
