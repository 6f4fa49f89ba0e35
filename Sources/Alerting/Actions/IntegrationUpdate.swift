/// A change of an integration: what is nil stays as it is.
public struct IntegrationUpdate: Hashable, Sendable, Codable {
    /// The name it shall have.
    public var name: String?
    /// What its V1 events, which have no severity, shall be taken for.
    public var defaultSeverity: Severity?
    /// Whether it shall take no events.
    public var isDisabled: Bool?

    /// A change of nothing.
    public init() {}
}
