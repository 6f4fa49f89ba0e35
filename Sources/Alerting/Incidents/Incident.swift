/// The states of an incident. The names stand in the log and in the tables, and do not change.
public enum IncidentStatus: String, Sendable, CaseIterable {
    case triggered = "triggered"
    case acknowledged = "acknowledged"
    case resolved = "resolved"
}

/// That somebody has taken an incident on.
public struct Acknowledgement: Hashable, Sendable {
    /// When.
    public var at: Timestamp
    /// Who: a user, or the service for an acknowledge by event.
    public var agent: Agent

    /// An acknowledgement.
    public init(at: Timestamp, agent: Agent) {
        self.at = at
        self.agent = agent
    }
}

/// An incident: what a person is called for. It holds one or more alerts of one service.
public struct Incident: Hashable, Sendable {
    /// The event that opened it; its number.
    public var id: IncidentID
    /// The service it belongs to.
    public var serviceID: ServiceID
    /// The dedup key of the first alert, or the key of one that a person opened.
    public var incidentKey: DedupKey
    /// The summary of the first trigger, unless somebody changed it.
    public var title: String
    /// Where it stands.
    public var status: IncidentStatus = .triggered
    /// How urgent it is.
    public var urgency: Urgency
    /// Whether a person set the urgency: then it stands until the next new alert or change of severity.
    public var isUrgencySetByHand = false
    /// When it was opened.
    public var createdAt: Timestamp
    /// When anything about it changed last.
    public var updatedAt: Timestamp
    /// When its status changed last.
    public var lastStatusChangeAt: Timestamp
    /// Who changed its status last.
    public var lastStatusChangeBy: Agent
    /// When it was resolved; nil while open.
    public var resolvedAt: Timestamp?
    /// The event that resolved it; nil while open. Its alerts with the same one come back when it is reopened.
    public var resolvedEventID: EventID?
    /// Who acknowledged it, one per agent, oldest first; empty unless acknowledged.
    public var acknowledgements: [Acknowledgement] = []
    /// The incident it was merged into; such an incident cannot be reopened.
    public var mergedInto: IncidentID?
    /// How many alerts it holds.
    public var alertCount: Int64 = 0
    /// How many of them are open.
    public var openAlertCount: Int64 = 0
    /// How many of the open ones ask for high urgency.
    public var openHighUrgencyCount: Int64 = 0
    /// When it turns triggered again unless it is acknowledged anew.
    public var acknowledgementExpiresAt: Timestamp?
    /// When it turns triggered again because it was snoozed; then no acknowledgement expires before.
    public var snoozedUntil: Timestamp?
    /// When it resolves by itself.
    public var autoResolveAt: Timestamp?

    /// Until when it stays open because an alert of it flaps, unless something changes before.
    public var flappingUntil: Timestamp?
    /// How many changes were counted while it flaps.
    public var flapChanges: Int64 = 0
    /// The storm whose alerts it takes, or took; nil where it is of none.
    public var storm: Storm?

    /// An incident just opened by the event with that number, without alerts yet.
    public init(
        id: IncidentID, serviceID: ServiceID, incidentKey: DedupKey, title: String, urgency: Urgency,
        createdAt: Timestamp, openedBy agent: Agent
    ) {
        self.id = id
        self.serviceID = serviceID
        self.incidentKey = incidentKey
        self.title = title
        self.urgency = urgency
        self.createdAt = createdAt
        self.updatedAt = createdAt
        self.lastStatusChangeAt = createdAt
        self.lastStatusChangeBy = agent
    }

    /// Whether it still needs somebody: triggered or acknowledged.
    public var isOpen: Bool { status != .resolved }

    /// Whether it takes the alerts of a storm at a moment. One that should be over, and is not yet, takes none: whoever was
    /// called for it may long be asleep again.
    func isInStorm(at moment: Timestamp) -> Bool { storm?.until.map { moment < $0 } ?? false }

    /// How many alerts may be in it.
    var alertCapacity: Int64 { storm == nil ? Incident.maximumAlertCount : Storm.maximumAlertCount }

    /// Whether it stays open when no alert of it is.
    var isKeptOpen: Bool { flappingUntil != nil || storm?.until != nil }

    /// How many alerts a merge or a move may bring together in one (rest-api.md section 5.7).
    public static let maximumAlertCount: Int64 = 1000
}
