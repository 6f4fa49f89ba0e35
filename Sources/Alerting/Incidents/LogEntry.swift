/// The kinds of log entry, by their names on the wire without `_log_entry` (rest-api.md section 6.3).
public enum LogEntryKind: String, Sendable, CaseIterable {
    case trigger = "trigger"
    case acknowledge = "acknowledge"
    case unacknowledge = "unacknowledge"
    case resolve = "resolve"
    case reopen = "reopen"
    case urgencyChange = "urgency_change"
    case titleChange = "title_change"
    case annotate = "annotate"
    case snooze = "snooze"
    case merge = "merge"
    case alertMove = "alert_move"
}

/// One line of an incident's history.
public struct LogEntry: Hashable, Sendable {
    /// `event * 4096 + place`.
    public var id: LogEntryID
    /// The incident it tells of.
    public var incidentID: IncidentID
    /// That incident's service.
    public var serviceID: ServiceID
    /// The alert it tells of, where it is about one.
    public var alertID: AlertID?
    /// What happened.
    public var kind: LogEntryKind
    /// When.
    public var createdAt: Timestamp
    /// Who did it.
    public var agent: Agent
    /// The resolution that came with a resolve, or the text of a note.
    public var note: String?
    /// The new urgency, of a change of urgency.
    public var urgency: Urgency?
    /// The new title, of a change of title.
    public var title: String?
    /// Seconds until the acknowledgement runs out, of an acknowledge; 0 is never.
    public var acknowledgementTimeout: Int64?
    /// When the snooze ends, of a snooze.
    public var snoozedUntil: Timestamp?
    /// The other side of a merge or of an alert's move.
    public var otherIncidentID: IncidentID?
    /// How many identical triggers were counted into this entry after the first.
    public var repeatCount: Int64 = 0
    /// When the last of them came.
    public var lastRepeatedAt: Timestamp?

    /// An entry.
    public init(
        id: LogEntryID, incidentID: IncidentID, serviceID: ServiceID, alertID: AlertID? = nil, kind: LogEntryKind,
        createdAt: Timestamp, agent: Agent
    ) {
        self.id = id
        self.incidentID = incidentID
        self.serviceID = serviceID
        self.alertID = alertID
        self.kind = kind
        self.createdAt = createdAt
        self.agent = agent
    }

    /// How many entries one event can write.
    public static let placesPerEvent: Int64 = 4096

    /// The id of the entry at that place among those of an event.
    public static func id(event: EventID, place: Int64) -> LogEntryID {
        precondition((0..<placesPerEvent).contains(place), "one event writes at most 4096 log entries")
        return event * placesPerEvent + place
    }

    /// The event that wrote the entry with that id.
    public static func event(of id: LogEntryID) -> EventID { id / placesPerEvent }
}
