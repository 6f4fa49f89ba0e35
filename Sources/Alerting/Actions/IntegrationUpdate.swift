/// A change of an integration: what is nil stays as it is.
public struct IntegrationUpdate: Hashable, Sendable {
    /// The name it shall have.
    public var name: String?
    /// What its V1 events, which have no severity, shall be taken for.
    public var defaultSeverity: Severity?
    /// Whether it shall take no events.
    public var isDisabled: Bool?

    /// How many seconds there may be between two of its events, within `Heartbeat.intervals`; 0 is any number.
    public var heartbeatInterval: Int64?

    /// A change of nothing.
    public init() {}
}
