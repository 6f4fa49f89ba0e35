/// How the alerts of a service are brought together into incidents: PagerDuty's `alert_grouping_parameters`
/// (rest-api.md section 6.5).
public enum AlertGrouping: Hashable, Sendable, Codable {
    /// Alerts whose fields are equal. The next one may come so many seconds after the last; nil is for as long as the
    /// incident is open.
    case contentBased(fields: [Field], aggregate: Aggregate, timeWindow: Int64?)
    /// All alerts that come within so many seconds of the first; nil is for as long as the incident is open.
    case time(timeWindow: Int64?)

    /// What an alert is compared by.
    public enum Field: String, Sendable, Codable, CaseIterable {
        case summary, source, component, group, `class`, severity, client
    }

    /// How many of the fields have to be equal.
    public enum Aggregate: String, Sendable, Codable {
        case all, any
    }
}

/// What the alerts of a group have in common. Compared by bytes, as dedup keys are.
public struct AlertGroupKey: Hashable, Sendable {
    /// The service.
    public let serviceID: ServiceID
    /// UTF-8: the names of the fields with their values.
    public let value: [UInt8]

    /// A key with that value.
    public init(serviceID: ServiceID, value: [UInt8]) {
        self.serviceID = serviceID
        self.value = value
    }
}

/// An open incident that the next alert of a group may join. Several may wait for the alerts of one group: one whose time
/// is over, and the one that was opened after it. So each incident's row follows from its own alerts alone, and it makes no
/// difference to one whether retention has removed the other.
public struct AlertGroup: Hashable, Sendable {
    /// What its alerts have in common.
    public var key: AlertGroupKey
    /// The incident.
    public var incidentID: IncidentID

    /// A group's incident.
    public init(key: AlertGroupKey, incidentID: IncidentID) {
        self.key = key
        self.incidentID = incidentID
    }
}
