/// An integration: one way into a service, with one key.
public struct Integration: Hashable, Sendable {
    /// The event that created it.
    public var id: IntegrationID
    /// The service it reports on.
    public var serviceID: ServiceID
    /// Its name, 1 to 255 Unicode scalars.
    public var name: String
    /// Its key: 8 to 128 characters of `[A-Za-z0-9_-]`. Secret.
    public var key: String
    /// The key before the last rotation, as long as it is good.
    public var previousKey: String?
    /// Until when the previous key is good.
    public var previousKeyExpiresAt: Timestamp?
    /// What a V1 event, which has no severity, is taken for.
    public var defaultSeverity: Severity
    /// How many seconds there may be between two of its events; nil is any number.
    public var heartbeatInterval: Int64?
    /// When it was created.
    public var createdAt: Timestamp
    /// Since when it takes no events; nil where it does.
    public var disabledAt: Timestamp?
    /// Since when it is deleted, and only alerts of old have it; nil where it is not.
    public var deletedAt: Timestamp?

    /// An enabled integration.
    public init(
        id: IntegrationID, serviceID: ServiceID, name: String, key: String,
        defaultSeverity: Severity = .critical, createdAt: Timestamp
    ) {
        self.id = id
        self.serviceID = serviceID
        self.name = name
        self.key = key
        self.defaultSeverity = defaultSeverity
        self.createdAt = createdAt
    }

    /// Whether it shall send something every so often.
    public var expectsHeartbeat: Bool { heartbeatInterval != nil && disabledAt == nil && deletedAt == nil }

    /// Whether a text has the form of a key that may be imported (events-api.md section 2).
    public static func isWellFormed(key: String) -> Bool {
        (8...128).contains(key.utf8.count)
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
