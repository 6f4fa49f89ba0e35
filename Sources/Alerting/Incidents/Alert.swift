/// The states of an alert. Acknowledging acts on the incident: an alert has no such state. The names stand in the
/// log and in the tables, and do not change.
public enum AlertStatus: String, Sendable, CaseIterable {
    case triggered = "triggered"
    case resolved = "resolved"
}

/// An alert: what the events of one dedup key on one integration say, from the trigger that opened it to its resolve.
public struct Alert: Hashable, Sendable {
    /// The event that opened it.
    public var id: AlertID
    /// What it is deduplicated by.
    public var key: AlertKey
    /// The service of its integration.
    public var serviceID: ServiceID
    /// The incident it belongs to; nil while it is held back, and for good where it recovered meanwhile.
    public var incidentID: IncidentID?
    /// What holds it back, or held it back to the last where it recovered meanwhile. Nil in an incident.
    public var suppression: Suppression?
    /// Whether it is open.
    public var status: AlertStatus = .triggered
    /// What the newest trigger said, with what a resolve filled in. `summary` and `source` are never nil here.
    public var data: AlertData
    /// The severity of the newest trigger, or the integration's default.
    public var severity: Severity
    /// The gravest it ever had.
    public var highestSeverity: Severity
    /// The event whose body holds the details; nil if there are none.
    public var detailsEventID: EventID?
    /// The event whose body holds the links.
    public var linksEventID: EventID?
    /// The event whose body holds the images.
    public var imagesEventID: EventID?
    /// The event that brought it into an incident first: its own, unless it was held back; nil as long as it is.
    public var placedEventID: EventID?
    /// When it was opened.
    public var createdAt: Timestamp
    /// When anything about it changed last.
    public var updatedAt: Timestamp
    /// When it was resolved; nil while open.
    public var resolvedAt: Timestamp?
    /// The event that resolved it; nil while open.
    public var resolvedEventID: EventID?
    /// How many triggers it took, the first included.
    public var triggerCount: Int64 = 1
    /// The newest trigger's digest.
    public var lastTriggerDigest: Int64
    /// The log entry that counts repeats of the newest content; 0 where no incident has one.
    public var lastTriggerLogEntryID: LogEntryID
    /// How many identical triggers followed the one of that log entry.
    public var repeatCount: Int64 = 0

    /// Whether it is open and in no incident, because something holds it back.
    public var isHeldBack: Bool { status == .triggered && incidentID == nil }

    /// An alert just opened by the trigger with that number.
    public init(
        id: AlertID, key: AlertKey, serviceID: ServiceID, incidentID: IncidentID?, data: AlertData, severity: Severity,
        createdAt: Timestamp, lastTriggerDigest: Int64, lastTriggerLogEntryID: LogEntryID
    ) {
        self.id = id
        self.key = key
        self.serviceID = serviceID
        self.incidentID = incidentID
        self.data = data
        self.severity = severity
        self.highestSeverity = severity
        self.createdAt = createdAt
        self.updatedAt = createdAt
        self.lastTriggerDigest = lastTriggerDigest
        self.lastTriggerLogEntryID = lastTriggerLogEntryID
    }
}
