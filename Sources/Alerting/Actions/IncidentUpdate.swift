/// One element of `PUT /incidents`: what is nil stays as it is.
public struct IncidentUpdate: Hashable, Sendable {
    /// The incident to change.
    public var incidentID: IncidentID
    /// The status it shall have; `triggered` on a resolved incident reopens it.
    public var status: IncidentStatus?
    /// The title it shall have, 1 to 1024 Unicode scalars.
    public var title: String?
    /// The urgency it shall have, until the next new alert or change of severity.
    public var urgency: Urgency?
    /// The note of the resolve log entry.
    public var resolution: String?

    /// A change of one incident.
    public init(
        incidentID: IncidentID, status: IncidentStatus? = nil, title: String? = nil, urgency: Urgency? = nil,
        resolution: String? = nil
    ) {
        self.incidentID = incidentID
        self.status = status
        self.title = title
        self.urgency = urgency
        self.resolution = resolution
    }
}
