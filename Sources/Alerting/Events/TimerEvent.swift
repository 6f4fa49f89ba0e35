/// What a timer does when it falls due.
public enum TimerKind: String, Sendable, CaseIterable, Codable {
    /// An acknowledged incident turns triggered again.
    case acknowledgementTimeout = "acknowledgement_timeout"
    /// An open incident resolves by itself.
    case autoResolve = "auto_resolve"
    /// A snoozed incident turns triggered again.
    case snooze
}

/// A timer that fell due. The fold decides whether it still applies: it does if the incident still waits for just
/// this moment.
public struct TimerEvent: Hashable, Sendable, Codable {
    /// What falls due.
    public var kind: TimerKind
    /// The incident it was set on.
    public var incidentID: IncidentID
    /// The moment it was set for.
    public var dueAt: Timestamp

    /// A timer of an incident.
    public init(kind: TimerKind, incidentID: IncidentID, dueAt: Timestamp) {
        self.kind = kind
        self.incidentID = incidentID
        self.dueAt = dueAt
    }
}
