import Alerting
import Store
import WireJSON

/// One admitted request on its way to an answer.
struct AdminCall: Sendable {
    let api: AdminAPI
    let request: AdminRequest
    let token: APIToken
    let parameters: QueryParameters
    /// Whether the path is of a resource that PagerDuty does not have.
    let isOfOwnResource: Bool
    /// What `self` URLs begin with.
    let baseURL: String
    /// Called once.
    let completion: @Sendable (AdminResponse) -> Void

    /// Answers.
    func run(_ route: AdminRoute) {
        do throws(AdminError) {
            try start(route, parameters, try TimeParameters(parameters))
        } catch {
            completion(error.response)
        }
    }

    private func start(
        _ route: AdminRoute, _ parameters: QueryParameters, _ times: TimeParameters
    ) throws(AdminError) {
        let includes = Includes(parameters)
        switch route {
        case .listIncidents: try listIncidents(parameters, times)
        case .createIncident: try createIncident(includes, times)
        case .updateIncidents: try updateIncidents(parameters, times)
        case .incident(let id): try showIncident(id, includes, times)
        case .updateIncident(let id): try updateIncident(id, includes, times)
        case .incidentAlerts(let id): try listAlerts(id, parameters, times)
        case .incidentAlert(let id, let alert): try showAlert(alert, of: id, includes, times)
        case .incidentLogEntries(let id): try listLogEntries(of: id, parameters, times)
        case .incidentNotes(let id): try listNotes(id, times)
        case .updateAlerts(let id): try updateAlerts(of: id, includes, times)
        case .updateAlert(let id, let alert): try updateAlert(alert, of: id, includes, times)
        case .addNote(let id): try addNote(id, times)
        case .mergeIncidents(let id): try mergeIncidents(id, includes, times)
        case .snoozeIncident(let id): try snoozeIncident(id, includes, times)
        case .listLogEntries: try listLogEntries(of: nil, parameters, times)
        case .logEntry(let id): try showLogEntry(id, includes, times)
        case .listServices: try listServices(parameters, times)
        case .service(let id): try showService(id, includes, times)
        case .createService: try createService(includes, times)
        case .updateService(let id): try updateService(id, includes, times)
        case .deleteService(let id): try deleteService(id)
        case .createIntegration(let service): try createIntegration(of: service, times)
        case .updateIntegration(let id, let service): try updateIntegration(id, of: service, times)
        case .deleteIntegration(let id, let service): try deleteIntegration(id, of: service)
        case .rotateKey(let id, let service): try rotateKey(of: id, of: service, times)
        case .integration(let id, let service): try showIntegration(id, of: service, times)
        case .listMaintenanceWindows: try listMaintenanceWindows(parameters, times)
        case .createMaintenanceWindow: try createMaintenanceWindow(times)
        case .maintenanceWindow(let id): try showMaintenanceWindow(id, times)
        case .updateMaintenanceWindow(let id): try updateMaintenanceWindow(id, times)
        case .deleteMaintenanceWindow(let id): try deleteMaintenanceWindow(id)
        case .listSilences: try listSilences(parameters, times)
        case .createSilence: try createSilence(times)
        case .previewSilence: try previewSilence(times)
        case .silence(let id): try showSilence(id, times)
        case .updateSilence(let id): try updateSilence(id, times)
        case .endSilence(let id): try endSilence(id)
        case .silenceAlerts(let id): try listAlerts(heldBackBy: id, parameters, times)
        case .listInhibitionRules: try listInhibitionRules(parameters, times)
        case .createInhibitionRule: try createInhibitionRule(times)
        case .inhibitionRule(let id): try showInhibitionRule(id, times)
        case .deleteInhibitionRule(let id): try deleteInhibitionRule(id)
        case .inhibitionRuleAlerts(let id): try listAlerts(inhibitedBy: id, parameters, times)
        case .listChangeEvents: try listChangeEvents(parameters, times)
        case .changeEvent(let id): try showChangeEvent(id, times)
        case .serviceChangeEvents(let id): try listChangeEvents(of: id, parameters, times)
        case .relatedChangeEvents(let id): try listRelatedChangeEvents(id, parameters, times)
        case .listEscalationPolicies: try listEscalationPolicies(parameters, times)
        case .escalationPolicy(let id): try showEscalationPolicy(id, times)
        case .listOnCalls: try listOnCalls(parameters, times)
        case .emptyList(let list, let owner): try listNothing(list, of: owner, parameters)
        case .listAbilities: completion(Abilities.list)
        case .ability(let name): completion(Abilities.response(to: name))
        case .listUsers: try listUsers(parameters, times)
        case .user(let id): try showUser(id, times)
        case .currentUser: showCurrentUser(times)
        }
    }

    /// Runs the body on a snapshot of the database, and answers with what it gives or with its error.
    ///
    /// A list is refused instead where its query has a name that is misspelt.
    func read(_ body: @escaping @Sendable (Connection) throws -> AdminResponse) {
        if let refusal = parameters.refusal(isOwnList: isOfOwnResource) { return completion(refusal.response) }
        api.backend.read(body) { [completion] result in
            switch result {
            case .success(let response): completion(response)
            case .failure(let error): completion(AdminError(backend: error).response)
            }
        }
    }

    /// Writes the objects of this answer.
    func writer(_ resources: Resources, _ times: TimeParameters) -> ObjectWriter {
        ObjectWriter(
            baseURL: baseURL, time: TimeFormat(zone: times.zone), showsKeys: !token.isReadOnly, now: api.now(),
            resources: resources)
    }
}
