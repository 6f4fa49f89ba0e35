/// That an incident takes the new alerts of its service, because there were too many, or that it once did.
public struct Storm: Hashable, Sendable {
    /// How many of the service's thresholds have been passed; 1 and more.
    public var level: Int64
    /// Until when it takes them, unless there are too many again before; nil when it is over.
    public var until: Timestamp?
    /// Since when new alerts are counted for the next level.
    public var countedSince: Timestamp
    /// How many have come since then.
    public var count: Int64

    /// How many alerts the incident of a storm takes; then a new one opens.
    public static let maximumAlertCount: Int64 = 10_000

    /// A storm that has reached a level.
    public init(level: Int64, until: Timestamp?, countedSince: Timestamp, count: Int64) {
        self.level = level
        self.until = until
        self.countedSince = countedSince
        self.count = count
    }
}
