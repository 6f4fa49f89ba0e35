/// A silence that somebody sets.
public struct SilenceDraft: Hashable, Sendable {
    /// The service whose alerts it holds back; nil is all.
    public var serviceID: ServiceID?
    /// What an alert has to be like; all have to hold. Empty for a service that is under maintenance.
    public var matchers: [LabelMatcher]
    /// When it is in force; of one that comes back, its first window.
    public var window: Recurrence.Window
    /// How it comes back; nil is not at all.
    public var recurrence: Recurrence?
    /// Why, at most 1024 Unicode scalars.
    public var comment: String
    /// Whether the requester said that all alerts of the service are meant. Nil in logs from before it had to be said.
    public var isMaintenance: Bool?

    /// A silence to set. One without matchers is refused unless `isMaintenance` is true.
    public init(
        serviceID: ServiceID? = nil, matchers: [LabelMatcher], window: Recurrence.Window,
        recurrence: Recurrence? = nil, comment: String = "", isMaintenance: Bool = false
    ) {
        self.serviceID = serviceID
        self.matchers = matchers
        self.window = window
        self.recurrence = recurrence
        self.comment = comment
        self.isMaintenance = isMaintenance
    }
}

extension SilenceDraft {
    /// Why no such silence can be set at a moment, as far as that hangs on nothing else; nil where it can.
    public func refusal(at now: Timestamp) -> Refusal? {
        guard matchers.allSatisfy({ Alert.labels.contains($0.label) }), let set = try? MatcherSet(matchers) else {
            return .invalidMatchers
        }
        // What matches an alert without any labels matches nearly all there are: more likely a slip than a wish.
        guard serviceID != nil || !set.matches({ _ in nil }) else { return .matchersTooWide }
        guard window.start < window.end, now < window.end else { return .invalidWindow }
        // Matchers that got lost on the way here shall not hold back a whole service.
        guard !matchers.isEmpty || isMaintenance != false else { return .matchersMissing }
        return nil
    }
}

/// A change of a silence: what is nil stays as it is.
public struct SilenceUpdate: Hashable, Sendable {
    /// When the window that is in force, or comes next, shall end.
    public var end: Timestamp?
    /// The comment it shall have.
    public var comment: String?

    /// A change of a silence.
    public init(end: Timestamp? = nil, comment: String? = nil) {
        self.end = end
        self.comment = comment
    }
}
