import CivilCalendar
import TimeZones

/// A time of day by the clock of a zone, such as the end of a silence at 06:00.
public struct ClockTime: Hashable, Sendable, CustomStringConvertible {
    /// The seconds since midnight, 0 to 86399.
    let secondOfDay: Int

    /// Reads `HH:MM` or `HH:MM:SS`; nil for anything else.
    public init?(_ text: String) {
        let read = FixedText.numbers(text, pattern: "00:00") ?? FixedText.numbers(text, pattern: "00:00:00")
        guard let numbers = read, 0...23 ~= numbers[0], 0...59 ~= numbers[1] else { return nil }
        let second = numbers.count > 2 ? numbers[2] : 0
        guard 0...59 ~= second else { return nil }
        secondOfDay = numbers[0] * 3600 + numbers[1] * 60 + second
    }

    /// The canonical text: seconds that are 0 are left out.
    public var description: String {
        let clock = [secondOfDay / 3600, secondOfDay / 60 % 60] + (secondOfDay % 60 == 0 ? [] : [secondOfDay % 60])
        return clock.map { FixedText.padded($0, 2) }.joined(separator: ":")
    }

    /// The first moment after another at which the clock of a zone shows this time. On the day that the clock skips it,
    /// that is later by what is skipped; of a time that comes twice it is the first, or the second if the first is over.
    /// Throws `RecurrenceError` for an unknown zone.
    public func next(after moment: Timestamp, timeZone: String) throws(RecurrenceError) -> Timestamp {
        let clock = try ZoneClock(named: timeZone)
        let second = floorDivision(moment.milliseconds, 1000).quotient
        return Timestamp(milliseconds: clock.next(secondOfDay: secondOfDay, after: second) * 1000)
    }

    /// The local time at which a window ends that starts at one, both in seconds since 1970 as if they were UTC: this
    /// time on the same day if it is later, else on the next.
    func end(ofWindowAt local: Int) -> Int {
        let end = floorDivision(local, 86_400).quotient * 86_400 + secondOfDay
        return end > local ? end : end + 86_400
    }
}
