/// What a person wrote on an incident.
public struct Note: Hashable, Sendable {
    /// The event that wrote it.
    public var id: EventID
    /// The incident it stands on.
    public var incidentID: IncidentID
    /// The text, byte for byte, 1 to 25,000 Unicode scalars.
    public var content: String
    /// When it was written.
    public var createdAt: Timestamp
    /// Who wrote it.
    public var agent: Agent

    /// A note.
    public init(id: EventID, incidentID: IncidentID, content: String, createdAt: Timestamp, agent: Agent) {
        self.id = id
        self.incidentID = incidentID
        self.content = content
        self.createdAt = createdAt
        self.agent = agent
    }

    /// How many an incident may have (rest-api.md section 5.6).
    public static let maximumCount: Int64 = 2000
}
