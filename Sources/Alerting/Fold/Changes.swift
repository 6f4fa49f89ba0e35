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
    /// Timers set, with the moment they fall due, or taken back.
    public internal(set) var timers: [TimerKey: Timestamp?] = [:]
    /// Silences that ended before their time, and since when what they hold back is to be looked at again.
    public internal(set) var endedSilences: [SilenceID: Timestamp] = [:]
    /// Alerts that no longer hold others back, and since when those are to be looked at again.
    public internal(set) var endedInhibitions: [AlertID: Timestamp] = [:]
    /// Inhibition rules that were deleted, and since when what they hold back is to be looked at again.
    public internal(set) var endedInhibitionRules: [InhibitionRuleID: Timestamp] = [:]
    /// Services that were deleted with their integrations, and since when what is held back of them is to be looked at
    /// again.
    public internal(set) var releasedServices: [ServiceID: Timestamp] = [:]
    /// Alerts that hold others back otherwise than before.
    public internal(set) var inhibitionSources: Set<AlertID> = []
    /// Earlier alerts that made one count as flapping, in order.
    public internal(set) var flapLinks: [(alert: AlertID, earlier: AlertID)] = []
    /// Earlier incidents with which one was too many, in order.
    public internal(set) var stormLinks: [(incident: IncidentID, earlier: IncidentID)] = []
    /// What has held alerts back, in order.
    public internal(set) var holds: [(alert: AlertID, by: Suppression)] = []
    /// Integrations that are expected to send something every so often, and what they last did.
    public internal(set) var heartbeats: [IntegrationID: HeartbeatNote] = [:]
    /// New log entries, in order.
    public internal(set) var logEntries: [LogEntry] = []
    /// Log entries that counted repeats, some of which may be new.
    public internal(set) var repeats: [LogEntryID: Repeat] = [:]
    /// New notes, in order.
    public internal(set) var notes: [Note] = []
    /// What persons told of incidents when they opened them, in order.
    public internal(set) var incidentDetails: [(incident: IncidentID, details: String)] = []
    /// Incidents whose key no alert of the same number has, in order.
    public internal(set) var keyedIncidents: [IncidentID] = []
    /// Groups that an alert joined or opened: those that the state still has are to be written.
    public internal(set) var groups: Set<AlertGroup> = []
    /// Incidents that no group leads to any more.
    public internal(set) var endedGroups: Set<IncidentID> = []
    /// Groups of which none is left.
    public internal(set) var clearedGroups: Set<ServiceGroups> = []
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
    /// Silences set.
    public internal(set) var silences: Set<SilenceID> = []
    /// Inhibition rules set.
    public internal(set) var inhibitionRules: Set<InhibitionRuleID> = []

    /// No change.
    public init() {}

    /// Makes room for what that many events change at the least.
    mutating func reserve(forEvents count: Int) {
        logEntries.reserveCapacity(count)
        outcomes.reserveCapacity(count)
    }

    /// Whether what is always at hand changed: then those who look keys and tokens up must look anew.
    public var touchesSettings: Bool {
        !services.isEmpty || !integrations.isEmpty || !tokens.isEmpty || !silences.isEmpty
            || !inhibitionRules.isEmpty
    }

    /// The incidents that were opened or changed in a state: their rows, alerts, log entries or notes.
    public func incidents(in state: FoldState) -> Set<IncidentID> {
        var all = updatedIncidents
        all.formUnion(insertedIncidents)
        for entry in logEntries { all.insert(entry.incidentID) }
        for note in notes { all.insert(note.incidentID) }
        for alert in insertedAlerts + updatedAlerts {
            if let incident = state.alerts[alert]?.incidentID { all.insert(incident) }
        }
        return all
    }

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

/// That an integration of which something is expected every so often has its time from a moment on.
public struct HeartbeatNote: Hashable, Sendable {
    /// The event with which it began.
    public var eventID: EventID
    /// When that was.
    public var at: Timestamp
    /// The last event that the integration sent itself; nil where somebody did something about it.
    public var sentEventID: EventID?
}
