/// How the alerts of a service are brought together into incidents: PagerDuty's `alert_grouping_parameters`
/// (rest-api.md section 6.5).
public enum AlertGrouping: Hashable, Sendable, Codable {
    /// Alerts whose fields are equal; within so many seconds, nil for as long as the incident is open.
    case contentBased(fields: [String], aggregate: Aggregate, timeWindow: Int64?)
    /// Alerts that come within so many seconds, nil for as long as the incident is open.
    case time(timeWindow: Int64?)

    /// How many of the fields have to be equal.
    public enum Aggregate: String, Sendable, Codable {
        case all, any
    }
}
