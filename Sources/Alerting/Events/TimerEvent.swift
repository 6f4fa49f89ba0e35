/// What a timer does when it falls due. The names stand in the log and in the tables, and do not change.
public enum TimerKind: String, Sendable, CaseIterable {
    /// An acknowledged incident turns triggered again.
    case acknowledgementTimeout = "acknowledgement_timeout"
    /// An open incident resolves by itself.
    case autoResolve = "auto_resolve"
    /// A snoozed incident turns triggered again.
    case snooze = "snooze"
    /// An incident that flaps has been quiet for long enough.
    case flapRelease = "flap_release"
    /// A service with too many new incidents has been quieter for long enough.
    case stormEnd = "storm_end"
    /// What held an alert back is over: it is looked at again.
    case release = "release"
    /// A silence ends, or its next window begins to be waited for.
    case silenceEnd = "silence_end"
    /// An integration has sent nothing for too long.
    case heartbeat = "heartbeat"
    /// An integration that had sent nothing for too long has sent something again.
    case heartbeatEnd = "heartbeat_end"
}

/// A timer: what falls due, and on what.
public struct TimerKey: Hashable, Sendable {
    /// What falls due.
    public var kind: TimerKind
    /// The incident, alert, silence or integration it was set on.
    public var subjectID: Int64

    /// A timer of an incident, alert, silence or integration.
    public init(_ kind: TimerKind, _ subjectID: Int64) {
        self.kind = kind
        self.subjectID = subjectID
    }
}

/// A timer that fell due. The fold decides whether it still applies: it does if its subject still waits for just this
/// moment.
public struct TimerEvent: Hashable, Sendable {
    /// What falls due.
    public var kind: TimerKind
    /// The incident, alert, silence or integration it was set on.
    public var subjectID: Int64
    /// The moment it was set for.
    public var dueAt: Timestamp
    /// Of the end of a silence that comes back: its next window. Time zones are none of the fold's business, for what is
    /// known of them changes; so what they come to stands in the log.
    public var nextWindow: Recurrence.Window?

    /// A timer of an incident, alert, silence or integration.
    public init(kind: TimerKind, subjectID: Int64, dueAt: Timestamp, nextWindow: Recurrence.Window? = nil) {
        self.kind = kind
        self.subjectID = subjectID
        self.dueAt = dueAt
        self.nextWindow = nextWindow
    }

    /// What is due.
    public var key: TimerKey { TimerKey(kind, subjectID) }
}
