/// An incident that a person opens (`POST /incidents`, rest-api.md section 5).
public struct IncidentDraft: Hashable, Sendable {
    /// The service it belongs to.
    public var serviceID: ServiceID
    /// Its title, 1 to 1024 Unicode scalars.
    public var title: String
    /// How urgent it is; nil is high.
    public var urgency: Urgency?
    /// What it is found by, 1 to 255 Unicode scalars. While an open incident of the service has the same, no other is
    /// opened.
    public var key: String
    /// What is told of it besides; nil is nothing.
    public var details: String?

    /// An incident to open.
    public init(
        serviceID: ServiceID, title: String, key: String, urgency: Urgency? = nil, details: String? = nil
    ) {
        self.serviceID = serviceID
        self.title = title
        self.urgency = urgency
        self.key = key
        self.details = details
    }
}
