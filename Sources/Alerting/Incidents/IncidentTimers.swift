/// When each of an incident's timers falls due; nil where it is not set.
public struct IncidentTimers: Hashable, Sendable {
    var acknowledgementTimeout: Timestamp?
    var autoResolve: Timestamp?
    var snooze: Timestamp?
    var flapRelease: Timestamp?
    var stormEnd: Timestamp?

    /// When a timer of that kind falls due; nil where none is set, or incidents have none of that kind.
    public subscript(kind: TimerKind) -> Timestamp? {
        switch kind {
        case .acknowledgementTimeout: acknowledgementTimeout
        case .autoResolve: autoResolve
        case .snooze: snooze
        case .flapRelease: flapRelease
        case .stormEnd: stormEnd
        case .release, .silenceEnd, .heartbeat, .heartbeatEnd: nil
        }
    }
}

extension Incident {
    /// The timers that an incident may have.
    public static let timerKinds: [TimerKind] = [
        .acknowledgementTimeout, .autoResolve, .snooze, .flapRelease, .stormEnd,
    ]

    /// When each of its timers falls due.
    public var timers: IncidentTimers {
        IncidentTimers(
            acknowledgementTimeout: acknowledgementExpiresAt, autoResolve: autoResolveAt, snooze: snoozedUntil,
            flapRelease: flappingUntil, stormEnd: storm?.until)
    }
}
