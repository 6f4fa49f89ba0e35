/// How many seconds something may last. Each front (REST, command line, log) asks the same rule.
public struct DurationLimit: Sendable, CustomStringConvertible {
    /// What lasts, for messages: "timeout".
    public let subject: String
    /// The seconds that are allowed.
    public let seconds: ClosedRange<Int64>

    /// Whether the number of seconds keeps to the rule.
    public func allows(_ seconds: Int64) -> Bool { self.seconds.contains(seconds) }

    /// The rule in words: "1 to 604800 seconds".
    public var description: String { "\(seconds.lowerBound) to \(seconds.upperBound) seconds" }

    /// After which an acknowledged incident of a service is triggered again, or an open one resolves by itself; up to a year.
    public static let timeout = DurationLimit(subject: "timeout", seconds: 1...31_536_000)
    /// How long an incident is snoozed; up to a week (rest-api.md section 5.7).
    public static let snooze = DurationLimit(subject: "snooze", seconds: 1...604_800)
    /// How long a silence lasts; up to a leap year.
    public static let silence = DurationLimit(subject: "silence", seconds: 1...31_622_400)

    /// How long a silence of an incident lasts unless its maker says otherwise, in seconds.
    public static let usualIncidentSilence: Int64 = 86_400
    /// Of how long ago alerts are counted in the preview of a silence, in seconds.
    public static let silencePreview: Int64 = 86_400
}
