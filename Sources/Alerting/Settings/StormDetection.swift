/// From how many new incidents a minute on a service is in a storm: then its new alerts join one incident, until it has been
/// quieter for a while.
public struct StormDetection: Hashable, Sendable {
    /// How many new incidents there may be within `window`, for each level: ascending, each within `thresholdRange`. What
    /// comes above the first starts the storm; each further one is announced when it is passed.
    public var thresholds: [Int64]
    /// For how many seconds there may be no more than the first threshold a minute until the storm is over: within `quiets`.
    public var quiet: Int64

    /// How many thresholds there may be.
    public static let thresholdCounts = 1...5
    /// What a threshold may be. The incidents below the first are kept as long as the storm's.
    public static let thresholdRange: ClosedRange<Int64> = 2...1000
    /// How many seconds the quiet may have: a minute to a day.
    public static let quiets: ClosedRange<Int64> = 60...86_400
    /// Within how many seconds new incidents are counted.
    public static let window: Int64 = 60

    /// The usual: more than 20, 100 and 500 a minute, and five minutes of quiet.
    public init(thresholds: [Int64] = [20, 100, 500], quiet: Int64 = 300) {
        self.thresholds = thresholds
        self.quiet = quiet
    }

    /// Whether it keeps to all limits.
    public var isValid: Bool {
        StormDetection.thresholdCounts.contains(thresholds.count)
            && thresholds.allSatisfy(StormDetection.thresholdRange.contains)
            && zip(thresholds, thresholds.dropFirst()).allSatisfy { $0 < $1 } && StormDetection.quiets.contains(quiet)
    }
}
