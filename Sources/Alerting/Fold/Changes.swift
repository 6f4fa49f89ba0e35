/// What a batch of events changed, for the store to write in one transaction. The rows themselves stand in the state.
public struct Changes: Sendable {
    /// Alerts that were opened, in order.
    public internal(set) var insertedAlerts: [AlertID] = []
    /// Alerts that were changed, some of which may have been opened in the same batch.
    public internal(set) var updatedAlerts: Set<AlertID> = []
    /// Incidents that were opened, in order.
    public internal(set) var insertedIncidents: [IncidentID] = []
    /// Incidents that were changed, some of which may have been opened in the same batch.
    public internal(set) var updatedIncidents: Set<IncidentID> = []
    /// New log entries, in order.
    public internal(set) var logEntries: [LogEntry] = []
    /// Log entries that counted repeats, some of which may be new.
    public internal(set) var repeats: [LogEntryID: Repeat] = [:]
    /// New notes, in order.
    public internal(set) var notes: [Note] = []
    /// What persons told of incidents when they opened them, in order.
    public internal(set) var incidentDetails: [(incident: IncidentID, details: String)] = []
    /// Incidents that persons opened, in order.
    public internal(set) var manualIncidents: [IncidentID] = []
    /// Groups that an alert joined or opened: those that the state still has are to be written.
    public internal(set) var groups: Set<AlertGroup> = []
    /// Incidents that no group leads to any more.
    public internal(set) var endedGroups: Set<IncidentID> = []
    /// Services that none of their groups is left of.
    public internal(set) var clearedGroups: Set<ServiceID> = []
    /// New change events, in order.
    public internal(set) var changeEvents: [RecordedChange] = []
    /// What became of each event, in order.
    public internal(set) var outcomes: [(event: EventID, outcome: Outcome)] = []
    /// Services set.
    public internal(set) var services: Set<ServiceID> = []
    /// Integrations set.
    public internal(set) var integrations: Set<IntegrationID> = []
    /// Tokens set.
    public internal(set) var tokens: Set<TokenID> = []

    /// No change.
    public init() {}

    /// Whether a service, integration or token changed: then those who look keys and tokens up must look anew.
    public var touchesSettings: Bool { !services.isEmpty || !integrations.isEmpty || !tokens.isEmpty }

    /// How often a log entry's trigger was repeated.
    public struct Repeat: Sendable, Hashable {
        /// Identical triggers after the first.
        public var count: Int64
        /// When the last came.
        public var lastAt: Timestamp
    }
}

/// A change event with the service it concerns.
public struct RecordedChange: Hashable, Sendable {
    /// The event itself.
    public var id: EventID
    /// What it says.
    public var change: ChangeEvent
    /// The service of its integration.
    public var serviceID: ServiceID
    /// When it was received.
    public var createdAt: Timestamp

    /// When the change happened: as the sender says, else when it was received.
    public var occurredAt: Timestamp { change.sentAt ?? createdAt }
}
