/// The things that can be asked of the admin API (rest-api.md section 5), with what the path names.
enum AdminRoute: Sendable, Hashable {
    case listIncidents
    case updateIncidents
    case incident(String)
    case updateIncident(String)
    case incidentAlerts(String)
    case incidentAlert(String, alert: String)
    case incidentLogEntries(String)
    case incidentNotes(String)
    case listLogEntries
    case logEntry(String)
    case listServices
    case service(String)
    case integration(String, service: String)
    case listChangeEvents
    case changeEvent(String)
    case listAbilities
    case ability(String)
    case listUsers
    case currentUser

    /// The first segments of the API's paths.
    static let roots: Set<String> = [
        "incidents", "log_entries", "services", "change_events", "abilities", "users",
    ]

    /// The methods that a path takes; empty where nothing is there.
    static func methods(of path: AdminPath) -> [String] {
        ["GET", "POST", "PUT", "DELETE"].filter { AdminRoute(method: $0, path: path) != nil }
    }

    /// The route of a request; nil where the path, or the path with that method, has none.
    init?(method: String, path: AdminPath) {
        let segments = path.segments
        switch (method, segments[0], segments.count) {
        case ("GET", "incidents", 1): self = .listIncidents
        case ("PUT", "incidents", 1): self = .updateIncidents
        case ("GET", "incidents", 2): self = .incident(segments[1])
        case ("PUT", "incidents", 2): self = .updateIncident(segments[1])
        case ("GET", "incidents", 3) where segments[2] == "alerts": self = .incidentAlerts(segments[1])
        case ("GET", "incidents", 3) where segments[2] == "log_entries": self = .incidentLogEntries(segments[1])
        case ("GET", "incidents", 3) where segments[2] == "notes": self = .incidentNotes(segments[1])
        case ("GET", "incidents", 4) where segments[2] == "alerts":
            self = .incidentAlert(segments[1], alert: segments[3])
        case ("GET", "log_entries", 1): self = .listLogEntries
        case ("GET", "log_entries", 2): self = .logEntry(segments[1])
        case ("GET", "services", 1): self = .listServices
        case ("GET", "services", 2): self = .service(segments[1])
        case ("GET", "services", 4) where segments[2] == "integrations":
            self = .integration(segments[3], service: segments[1])
        case ("GET", "change_events", 1): self = .listChangeEvents
        case ("GET", "change_events", 2): self = .changeEvent(segments[1])
        case ("GET", "abilities", 1): self = .listAbilities
        case ("GET", "abilities", 2): self = .ability(segments[1])
        case ("GET", "users", 1): self = .listUsers
        case ("GET", "users", 2) where segments[1] == "me": self = .currentUser
        default: return nil
        }
    }
}
