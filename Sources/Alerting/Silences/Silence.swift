/// A silence: alerts that match while it is in force are kept and marked, and open no incident.
public struct Silence: Hashable, Sendable {
    /// The event that created it.
    public var id: SilenceID
    /// The service whose alerts it holds back; nil is all.
    public var serviceID: ServiceID?
    /// What an alert has to be like.
    public var matchers: MatcherSet
    /// When it is in force: this window, or the next.
    public var window: Recurrence.Window
    /// How it comes back; nil is not at all.
    public var recurrence: Recurrence?
    /// Why.
    public var comment: String
    /// When it was set.
    public var createdAt: Timestamp
    /// Who set it.
    public var createdBy: Agent
    /// Since when it is over; nil while it may still hold something back.
    public var endedAt: Timestamp?
    /// Who ended it before its time; nil where the time did.
    public var endedBy: Agent?

    /// A silence that has not ended.
    public init(
        id: SilenceID, serviceID: ServiceID?, matchers: MatcherSet, window: Recurrence.Window, recurrence: Recurrence?,
        comment: String, createdAt: Timestamp, createdBy: Agent
    ) {
        self.id = id
        self.serviceID = serviceID
        self.matchers = matchers
        self.window = window
        self.recurrence = recurrence
        self.comment = comment
        self.createdAt = createdAt
        self.createdBy = createdBy
    }

    /// Whether it holds a whole service back, whatever its alerts are like.
    public var isMaintenance: Bool { serviceID != nil && matchers.matchers.isEmpty }

    /// Where it stands at a moment.
    public func status(at moment: Timestamp) -> SilenceStatus {
        // Of one that does not come back, the event that ends it may still be to come.
        if endedAt != nil || recurrence == nil && window.end <= moment { return .expired }
        return isInForce(at: moment) ? .active : .pending
    }

    /// The window after this one that is not over at a moment; nil where none comes any more.
    public func nextWindow(at moment: Timestamp) -> Recurrence.Window? {
        var next = recurrence?.window(atOrAfter: moment)
        // Somebody may have cut the present window short, so that it is over before its rule says so.
        while let found = next, found.start <= window.start { next = recurrence?.window(atOrAfter: found.end) }
        return next
    }

    /// Whether it is in force at a moment.
    public func isInForce(at moment: Timestamp) -> Bool {
        endedAt == nil && window.start <= moment && moment < window.end
    }
}

/// Where a silence stands.
public enum SilenceStatus: String, Sendable, CaseIterable {
    /// It waits for its window.
    case pending
    /// It is in force.
    case active
    /// It has ended for good.
    case expired
}
