/// PagerDuty's four levels, the gravest first. The names stand in the log and in the tables, and do not change.
public enum Severity: String, Sendable, CaseIterable {
    case critical = "critical"
    case error = "error"
    case warning = "warning"
    case info = "info"

    /// How grave: 3 for critical down to 0 for info.
    public var rank: Int {
        switch self {
        case .critical: 3
        case .error: 2
        case .warning: 1
        case .info: 0
        }
    }

    /// The urgency that an open alert of this severity asks for (events-api.md section 10).
    public var urgency: Urgency {
        switch self {
        case .critical, .error: .high
        case .warning, .info: .low
        }
    }
}

/// How urgent an incident is. The names stand in the log and in the tables, and do not change.
public enum Urgency: String, Sendable, CaseIterable {
    case high = "high"
    case low = "low"
}
