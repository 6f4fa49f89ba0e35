/// The things that can be asked of the admin API (rest-api.md section 5), with what the path names.
enum AdminRoute: Sendable, Hashable {
    case listIncidents
    case createIncident
    case updateIncidents
    case incident(String)
    case updateIncident(String)
    case incidentAlerts(String)
    case incidentAlert(String, alert: String)
    case incidentLogEntries(String)
    case incidentNotes(String)
    case updateAlerts(String)
    case updateAlert(String, alert: String)
    case addNote(String)
    case mergeIncidents(String)
    case snoozeIncident(String)
    case listLogEntries
    case logEntry(String)
    case listServices
    case service(String)
    case createService
    case updateService(String)
    case deleteService(String)
    case integration(String, service: String)
    case createIntegration(service: String)
    case updateIntegration(String, service: String)
    case deleteIntegration(String, service: String)
    case rotateKey(String, service: String)
    case listMaintenanceWindows
    case createMaintenanceWindow
    case maintenanceWindow(String)
    case updateMaintenanceWindow(String)
    case deleteMaintenanceWindow(String)
    case listSilences
    case createSilence
    case previewSilence
    case silence(String)
    case updateSilence(String)
    case endSilence(String)
    case silenceAlerts(String)
    case listInhibitionRules
    case createInhibitionRule
    case inhibitionRule(String)
    case deleteInhibitionRule(String)
    case inhibitionRuleAlerts(String)
    case listChangeEvents
    case changeEvent(String)
    case serviceChangeEvents(String)
    case relatedChangeEvents(String)
    case listEscalationPolicies
    case escalationPolicy(String)
    case listOnCalls
    case emptyList(EmptyList, of: String?)
    case listAbilities
    case ability(String)
    case listUsers
    case currentUser
    case user(String)

    /// The first segments of the API's paths.
    static let roots = Set<String>([
        "incidents", "log_entries", "services", "maintenance_windows", "silences", "inhibition_rules", "change_events",
        "escalation_policies", "oncalls", "abilities", "users",
    ]).union(EmptyList.roots)

    /// Those of them that PagerDuty does not have: what is unknown there is refused rather than ignored.
    static let ownRoots: Set<String> = ["silences", "inhibition_rules"]

    /// The methods that a path takes; empty where nothing is there.
    static func methods(of path: AdminPath) -> [String] {
        ["GET", "POST", "PUT", "DELETE"].filter { AdminRoute(method: $0, path: path) != nil }
    }

    /// The route of a request; nil where the path, or the path with that method, has none.
    init?(method: String, path: AdminPath) {
        let segments = path.segments
        guard let route = AdminRoute.route(method, segments) else { return nil }
        self = route
    }

    /// Whether a read-only token may use it.
    func changesNothing(method: String) -> Bool { method == "GET" || self == .previewSilence }

    private static func route(_ method: String, _ segments: [String]) -> AdminRoute? {
        if let (list, owner) = EmptyList.list(at: segments) {
            return method == "GET" ? .emptyList(list, of: owner) : nil
        }
        return switch (segments[0], segments.count) {
        case ("incidents", 1...): incidentRoute(method, segments)
        case ("services", 1...): serviceRoute(method, segments)
        case ("maintenance_windows", 1...): maintenanceWindowRoute(method, segments)
        case ("silences", 1...): silenceRoute(method, segments)
        case ("inhibition_rules", 1...): inhibitionRuleRoute(method, segments)
        case ("log_entries", 1) where method == "GET": .listLogEntries
        case ("log_entries", 2) where method == "GET": .logEntry(segments[1])
        case ("change_events", 1) where method == "GET": .listChangeEvents
        case ("change_events", 2) where method == "GET": .changeEvent(segments[1])
        case ("escalation_policies", 1) where method == "GET": .listEscalationPolicies
        case ("escalation_policies", 2) where method == "GET": .escalationPolicy(segments[1])
        case ("oncalls", 1) where method == "GET": .listOnCalls
        case ("abilities", 1) where method == "GET": .listAbilities
        case ("abilities", 2) where method == "GET": .ability(segments[1])
        case ("users", 1) where method == "GET": .listUsers
        case ("users", 2) where method == "GET": segments[1] == "me" ? .currentUser : .user(segments[1])
        default: nil
        }
    }

    private static func incidentRoute(_ method: String, _ segments: [String]) -> AdminRoute? {
        switch (method, segments.count, segments.count > 2 ? segments[2] : "") {
        case ("GET", 1, _): .listIncidents
        case ("POST", 1, _): .createIncident
        case ("PUT", 1, _): .updateIncidents
        case ("GET", 2, _): .incident(segments[1])
        case ("PUT", 2, _): .updateIncident(segments[1])
        case ("GET", 3, "alerts"): .incidentAlerts(segments[1])
        case ("PUT", 3, "alerts"): .updateAlerts(segments[1])
        case ("GET", 4, "alerts"): .incidentAlert(segments[1], alert: segments[3])
        case ("PUT", 4, "alerts"): .updateAlert(segments[1], alert: segments[3])
        case ("GET", 3, "log_entries"): .incidentLogEntries(segments[1])
        case ("GET", 3, "notes"): .incidentNotes(segments[1])
        case ("POST", 3, "notes"): .addNote(segments[1])
        case ("GET", 3, "related_change_events"): .relatedChangeEvents(segments[1])
        case ("PUT", 3, "merge"): .mergeIncidents(segments[1])
        case ("POST", 3, "snooze"): .snoozeIncident(segments[1])
        default: nil
        }
    }

    private static func serviceRoute(_ method: String, _ segments: [String]) -> AdminRoute? {
        if segments.count == 3, segments[2] == "change_events" {
            return method == "GET" ? .serviceChangeEvents(segments[1]) : nil
        }
        guard segments.count < 3 || segments[2] == "integrations" else { return nil }
        return switch (method, segments.count) {
        case ("GET", 1): .listServices
        case ("POST", 1): .createService
        case ("GET", 2): .service(segments[1])
        case ("PUT", 2): .updateService(segments[1])
        case ("DELETE", 2): .deleteService(segments[1])
        case ("POST", 3): .createIntegration(service: segments[1])
        case ("GET", 4): .integration(segments[3], service: segments[1])
        case ("PUT", 4): .updateIntegration(segments[3], service: segments[1])
        case ("DELETE", 4): .deleteIntegration(segments[3], service: segments[1])
        case ("POST", 5) where segments[4] == "rotate": .rotateKey(segments[3], service: segments[1])
        default: nil
        }
    }

    private static func maintenanceWindowRoute(_ method: String, _ segments: [String]) -> AdminRoute? {
        switch (method, segments.count) {
        case ("GET", 1): .listMaintenanceWindows
        case ("POST", 1): .createMaintenanceWindow
        case ("GET", 2): .maintenanceWindow(segments[1])
        case ("PUT", 2): .updateMaintenanceWindow(segments[1])
        case ("DELETE", 2): .deleteMaintenanceWindow(segments[1])
        default: nil
        }
    }

    private static func silenceRoute(_ method: String, _ segments: [String]) -> AdminRoute? {
        switch (method, segments.count) {
        case ("GET", 1): .listSilences
        case ("POST", 1): .createSilence
        case ("POST", 2) where segments[1] == "preview": .previewSilence
        case ("GET", 2) where segments[1] != "preview": .silence(segments[1])
        case ("PUT", 2) where segments[1] != "preview": .updateSilence(segments[1])
        case ("DELETE", 2) where segments[1] != "preview": .endSilence(segments[1])
        case ("GET", 3) where segments[2] == "alerts": .silenceAlerts(segments[1])
        default: nil
        }
    }

    private static func inhibitionRuleRoute(_ method: String, _ segments: [String]) -> AdminRoute? {
        switch (method, segments.count) {
        case ("GET", 1): .listInhibitionRules
        case ("POST", 1): .createInhibitionRule
        case ("GET", 2): .inhibitionRule(segments[1])
        case ("DELETE", 2): .deleteInhibitionRule(segments[1])
        case ("GET", 3) where segments[2] == "alerts": .inhibitionRuleAlerts(segments[1])
        default: nil
        }
    }
}
