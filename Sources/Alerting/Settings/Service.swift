/// A service: one or more integrations report on it, and its incidents belong to it.
public struct Service: Hashable, Sendable {
    /// The event that created it.
    public var id: ServiceID
    /// Its name, unique among those not deleted, 1 to 255 Unicode scalars.
    public var name: String
    /// What it is, free text.
    public var description: String
    /// When it was created.
    public var createdAt: Timestamp
    /// Seconds after which an acknowledged incident turns triggered again; nil is never.
    public var acknowledgementTimeout: Int64?
    /// Seconds after which an open incident resolves by itself; nil is never.
    public var autoResolveTimeout: Int64?
    /// How its alerts are brought together; nil is not at all.
    public var alertGrouping: AlertGrouping?
    /// From when on its alerts count as flapping; nil is never.
    public var flapDetection: FlapDetection?
    /// From how many new incidents on its alerts join one; nil is never.
    public var stormDetection: StormDetection?
    /// Since when it takes no events; nil where it does.
    public var disabledAt: Timestamp?
    /// Since when it is deleted, and only incidents of old have it; nil where it is not.
    public var deletedAt: Timestamp?

    /// Whether an alert of it may join an incident that is open.
    var bringsAlertsTogether: Bool { alertGrouping != nil || flapDetection != nil || stormDetection != nil }

    /// A service without timeouts.
    public init(
        id: ServiceID, name: String, description: String = "", createdAt: Timestamp,
        acknowledgementTimeout: Int64? = nil, autoResolveTimeout: Int64? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.createdAt = createdAt
        self.acknowledgementTimeout = acknowledgementTimeout
        self.autoResolveTimeout = autoResolveTimeout
    }
}
