/// From when on an alert counts as flapping: so many changes between open and resolved, of alerts of one key, within a
/// time. Then its incident stays open, whatever the alert does, until it has been quiet for a while.
public struct FlapDetection: Hashable, Sendable {
    /// How many changes, an opening and a resolve each being one: within `changeCounts`.
    public var changes: Int64
    /// Within how many seconds: within `windows`.
    public var window: Int64
    /// For how many seconds nothing may change until the incident is let go: within `windows`.
    public var quiet: Int64

    /// How many changes there may be.
    public static let changeCounts: ClosedRange<Int64> = 2...100
    /// How many seconds the times may have: a minute to a day.
    public static let windows: ClosedRange<Int64> = 60...86_400

    /// The usual: four changes within an hour, and half an hour of quiet.
    public init(changes: Int64 = 4, window: Int64 = 3600, quiet: Int64 = 1800) {
        self.changes = changes
        self.window = window
        self.quiet = quiet
    }
}
