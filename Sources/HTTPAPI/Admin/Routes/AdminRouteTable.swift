extension AdminRoute {
    /// Every route of the REST API, one line each.
    static let all: [AdminRoute] = incidents + services + suppression + others + emptyLists

    private static let incidents: [AdminRoute] = [
        AdminRoute(.get, "incidents", .read) { try $0.listIncidents($1.parameters, $1.times) },
        AdminRoute(.post, "incidents", .write) { try $0.createIncident($1.includes, $1.times) },
        AdminRoute(.put, "incidents", .write) { try $0.updateIncidents($1.parameters, $1.times) },
        AdminRoute(.get, "incidents/:id", .read) { try $0.showIncident($1.id, $1.includes, $1.times) },
        AdminRoute(.put, "incidents/:id", .write) { try $0.updateIncident($1.id, $1.includes, $1.times) },
        AdminRoute(.get, "incidents/:id/alerts", .read) { try $0.listAlerts($1.id, $1.parameters, $1.times) },
        AdminRoute(.put, "incidents/:id/alerts", .write) { try $0.updateAlerts(of: $1.id, $1.includes, $1.times) },
        AdminRoute(.get, "incidents/:id/alerts/:child", .read) {
            try $0.showAlert($1.child, of: $1.id, $1.includes, $1.times)
        },
        AdminRoute(.put, "incidents/:id/alerts/:child", .write) {
            try $0.updateAlert($1.child, of: $1.id, $1.includes, $1.times)
        },
        AdminRoute(.get, "incidents/:id/log_entries", .read) {
            try $0.listLogEntries(of: $1.id, $1.parameters, $1.times)
        },
        AdminRoute(.get, "incidents/:id/notes", .read) { try $0.listNotes($1.id, $1.times) },
        AdminRoute(.post, "incidents/:id/notes", .write) { try $0.addNote($1.id, $1.times) },
        AdminRoute(.get, "incidents/:id/related_change_events", .read) {
            try $0.listRelatedChangeEvents($1.id, $1.parameters, $1.times)
        },
        AdminRoute(.put, "incidents/:id/merge", .write) { try $0.mergeIncidents($1.id, $1.includes, $1.times) },
        AdminRoute(.post, "incidents/:id/snooze", .write) { try $0.snoozeIncident($1.id, $1.includes, $1.times) },
        AdminRoute(.get, "log_entries", .read) { try $0.listLogEntries(of: nil, $1.parameters, $1.times) },
        AdminRoute(.get, "log_entries/:id", .read) { try $0.showLogEntry($1.id, $1.includes, $1.times) },
    ]

    private static let services: [AdminRoute] = [
        AdminRoute(.get, "services", .read) { try $0.listServices($1.parameters, $1.times) },
        AdminRoute(.post, "services", .write) { try $0.createService($1.includes, $1.times) },
        AdminRoute(.get, "services/:id", .read) { try $0.showService($1.id, $1.includes, $1.times) },
        AdminRoute(.put, "services/:id", .write) { try $0.updateService($1.id, $1.includes, $1.times) },
        AdminRoute(.delete, "services/:id", .write) { try $0.deleteService($1.id) },
        AdminRoute(.get, "services/:id/change_events", .read) {
            try $0.listChangeEvents(of: $1.id, $1.parameters, $1.times)
        },
        AdminRoute(.post, "services/:id/integrations", .write) { try $0.createIntegration(of: $1.id, $1.times) },
        AdminRoute(.get, "services/:id/integrations/:child", .read) {
            try $0.showIntegration($1.child, of: $1.id, $1.times)
        },
        AdminRoute(.put, "services/:id/integrations/:child", .write) {
            try $0.updateIntegration($1.child, of: $1.id, $1.times)
        },
        AdminRoute(.delete, "services/:id/integrations/:child", .write) {
            try $0.deleteIntegration($1.child, of: $1.id)
        },
        AdminRoute(.post, "services/:id/integrations/:child/rotate", .write) {
            try $0.rotateKey(of: $1.child, of: $1.id, $1.times)
        },
    ]

    private static let suppression: [AdminRoute] = [
        AdminRoute(.get, "maintenance_windows", .read) { try $0.listMaintenanceWindows($1.parameters, $1.times) },
        AdminRoute(.post, "maintenance_windows", .write) { try $0.createMaintenanceWindow($1.times) },
        AdminRoute(.get, "maintenance_windows/:id", .read) { try $0.showMaintenanceWindow($1.id, $1.times) },
        AdminRoute(.put, "maintenance_windows/:id", .write) { try $0.updateMaintenanceWindow($1.id, $1.times) },
        AdminRoute(.delete, "maintenance_windows/:id", .write) { try $0.deleteMaintenanceWindow($1.id) },
        AdminRoute(.get, "silences", .read) { try $0.listSilences($1.parameters, $1.times) },
        AdminRoute(.post, "silences", .write) { try $0.createSilence($1.times) },
        AdminRoute(.post, "silences/preview", .read) { try $0.previewSilence($1.times) },
        AdminRoute(.get, "silences/:id", .read) { try $0.showSilence($1.id, $1.times) },
        AdminRoute(.put, "silences/:id", .write) { try $0.updateSilence($1.id, $1.times) },
        AdminRoute(.delete, "silences/:id", .write) { try $0.endSilence($1.id) },
        AdminRoute(.get, "silences/:id/alerts", .read) {
            try $0.listAlerts(heldBackBy: $1.id, $1.parameters, $1.times)
        },
        AdminRoute(.get, "inhibition_rules", .read) { try $0.listInhibitionRules($1.parameters, $1.times) },
        AdminRoute(.post, "inhibition_rules", .write) { try $0.createInhibitionRule($1.times) },
        AdminRoute(.get, "inhibition_rules/:id", .read) { try $0.showInhibitionRule($1.id, $1.times) },
        AdminRoute(.delete, "inhibition_rules/:id", .write) { try $0.deleteInhibitionRule($1.id) },
        AdminRoute(.get, "inhibition_rules/:id/alerts", .read) {
            try $0.listAlerts(inhibitedBy: $1.id, $1.parameters, $1.times)
        },
    ]

    private static let others: [AdminRoute] = [
        AdminRoute(.get, "change_events", .read) { try $0.listChangeEvents($1.parameters, $1.times) },
        AdminRoute(.get, "change_events/:id", .read) { try $0.showChangeEvent($1.id, $1.times) },
        AdminRoute(.get, "escalation_policies", .read) { try $0.listEscalationPolicies($1.parameters, $1.times) },
        AdminRoute(.get, "escalation_policies/:id", .read) { try $0.showEscalationPolicy($1.id, $1.times) },
        AdminRoute(.get, "oncalls", .read) { try $0.listOnCalls($1.parameters, $1.times) },
        AdminRoute(.get, "abilities", .read) { call, _ in call.completion(Abilities.list) },
        AdminRoute(.get, "abilities/:id", .read) { $0.completion(Abilities.response(to: $1.id)) },
        AdminRoute(.get, "users", .read) { try $0.listUsers($1.parameters, $1.times) },
        AdminRoute(.get, "users/me", .read) { $0.showCurrentUser($1.times) },
        AdminRoute(.get, "users/:id", .read) { try $0.showUser($1.id, $1.times) },
    ]

    private static let emptyLists: [AdminRoute] = EmptyList.allCases.map { list in
        AdminRoute(.get, list.path, .read) { try $0.listNothing(list, of: $1.names.first, $1.parameters) }
    }
}
