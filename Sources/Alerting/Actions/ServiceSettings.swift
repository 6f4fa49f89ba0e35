/// What can be set on a service.
public struct ServiceSettings: Hashable, Sendable {
    /// Its name, unique, 1 to 255 Unicode scalars.
    public var name: String
    /// Free text.
    public var description: String
    /// Seconds, or nil for never. Zero and less is never, too.
    public var acknowledgementTimeout: Int64?
    /// Seconds, or nil for never. Zero and less is never, too.
    public var autoResolveTimeout: Int64?
    /// How its alerts are brought together into incidents; nil is not at all.
    public var alertGrouping: AlertGrouping?
    /// From when on its alerts count as flapping; nil is never.
    public var flapDetection: FlapDetection?
    /// From how many new incidents on its alerts join one; nil is never.
    public var stormDetection: StormDetection?

    /// The settings of a service.
    public init(
        name: String, description: String = "", acknowledgementTimeout: Int64? = nil, autoResolveTimeout: Int64? = nil,
        alertGrouping: AlertGrouping? = nil
    ) {
        self.name = name
        self.description = description
        self.acknowledgementTimeout = acknowledgementTimeout
        self.autoResolveTimeout = autoResolveTimeout
        self.alertGrouping = alertGrouping
    }
}

/// A change of a service: what is nil stays as it is.
public struct ServiceUpdate: Hashable, Sendable {
    /// The name it shall have.
    public var name: String?
    /// The description it shall have.
    public var description: String?
    /// Seconds; zero and less is never.
    public var acknowledgementTimeout: Int64?
    /// Seconds; zero and less is never.
    public var autoResolveTimeout: Int64?
    /// How its alerts are brought together, or that they are no more.
    public var alertGrouping: SettingChange<AlertGrouping>?
    /// From when on its alerts count as flapping, or that they never do.
    public var flapDetection: SettingChange<FlapDetection>?
    /// From how many new incidents on its alerts join one, or that they never do.
    public var stormDetection: SettingChange<StormDetection>?
    /// Whether it shall take no events.
    public var isDisabled: Bool?

    /// A change of nothing.
    public init() {}
}

/// A setting that a service may lack, or that it shall lack it: an absent one could not be told from one that is kept.
public enum SettingChange<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The service shall lack it.
    case off
    /// It is so from then on.
    case on(Value)

    /// What the setting is then.
    public var value: Value? {
        switch self {
        case .off: nil
        case .on(let value): value
        }
    }
}
