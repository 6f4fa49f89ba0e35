import Alerting
import Store
import WireJSON

extension AdminCall {
    /// `POST /services` (rest-api.md section 5.8).
    func createService(_ includes: Includes, _ times: TimeParameters) throws(AdminError) {
        try perform(.createService(try ServiceChanges.settings(request.body)), path: []) { event, connection in
            try serviceResponse(event, status: 201, includes, times, connection)
        }
    }

    /// `PUT /services/{id}`.
    func updateService(_ text: String, _ includes: Includes, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.number(.service, text)
        let update = try ServiceChanges.update(request.body)
        try perform(.updateService(id, update), path: [id]) { _, connection in
            try serviceResponse(id, includes, times, connection)
        }
    }

    /// `DELETE /services/{id}`: with its integrations, as PagerDuty's clients expect, unless it has open incidents.
    func deleteService(_ text: String) throws(AdminError) {
        let id = try Identifiers.number(.service, text)
        try perform(.deleteService(id, withIntegrations: true), path: [id]) { _, _ in .noContent }
    }

    private func serviceResponse(
        _ id: ServiceID, status: Int = 200, _ includes: Includes, _ times: TimeParameters, _ connection: Connection
    ) throws -> AdminResponse {
        var resources = Resources(connection)
        try resources.load(services: [id], expanding: true)
        guard let service = resources.services[id] else { throw AdminError.notFound }
        return AdminResponse(
            json: ["service": writer(resources, times).service(service, includes)], status: status)
    }

    // MARK: Integrations

    /// `POST /services/{id}/integrations`.
    func createIntegration(of service: String, _ times: TimeParameters) throws(AdminError) {
        let serviceID = try Identifiers.number(.service, service)
        let new = try ServiceChanges.newIntegration(request.body)
        let command = Action.Command.createIntegration(
            service: serviceID, name: new.name, key: new.key ?? Secrets.integrationKey(),
            defaultSeverity: new.defaultSeverity, heartbeatInterval: new.heartbeatInterval)
        try perform(command, path: [serviceID]) { event, connection in
            try integrationResponse(event, status: 201, times, connection)
        }
    }

    /// `PUT /services/{id}/integrations/{integration_id}`.
    func updateIntegration(_ text: String, of service: String, _ times: TimeParameters) throws(AdminError) {
        let update = try ServiceChanges.integrationUpdate(request.body)
        try changeIntegration(text, of: service, { .updateIntegration($0, update) }) { id, connection in
            try integrationResponse(id, times, connection)
        }
    }

    /// `DELETE /services/{id}/integrations/{integration_id}`: only where it has no open alerts.
    func deleteIntegration(_ text: String, of service: String) throws(AdminError) {
        try changeIntegration(text, of: service, { .deleteIntegration($0) }) { _, _ in .noContent }
    }

    /// `POST /services/{id}/integrations/{integration_id}/rotate`: another key; the old one stays good for as long as the
    /// settings say.
    func rotateKey(of text: String, of service: String, _ times: TimeParameters) throws(AdminError) {
        let grace = api.configuration.keyRotationGraceSeconds
        let expiry = grace > 0 ? api.now().adding(seconds: grace) : nil
        let key = Secrets.integrationKey()
        try changeIntegration(
            text, of: service, { .rotateIntegrationKey($0, key: key, previousKeyExpiresAt: expiry) },
            { id, connection in try integrationResponse(id, times, connection) })
    }

    /// Has an integration changed that belongs to the service in the path. An integration never changes its service, so
    /// that looking before is as good as looking at the time.
    private func changeIntegration(
        _ text: String, of service: String, _ command: @escaping @Sendable (IntegrationID) -> Action.Command,
        _ answer: @escaping @Sendable (IntegrationID, Connection) throws -> AdminResponse
    ) throws(AdminError) {
        let serviceID = try Identifiers.number(.service, service)
        let id = try Identifiers.number(.integration, text)
        let requester = try requester()
        api.backend.read({ try ServiceQueries.integrations([id], $0)[id]?.serviceID }) { result in
            switch result {
            case .failure(let error): completion(AdminError(backend: error).response)
            case .success(serviceID):
                let action = Action(requester: requester, command: command(id))
                perform(action, path: [id]) { _, connection in try answer(id, connection) }
            case .success: completion(AdminError.notFound.response)
            }
        }
    }

    private func integrationResponse(
        _ id: IntegrationID, status: Int = 200, _ times: TimeParameters, _ connection: Connection
    ) throws -> AdminResponse {
        var resources = Resources(connection)
        try resources.load(integrations: [id])
        guard let integration = resources.integrations[id] else { throw AdminError.notFound }
        return AdminResponse(
            json: ["integration": writer(resources, times).integration(integration)], status: status)
    }
}

extension AdminResponse {
    /// The answer to a deletion.
    static let noContent = AdminResponse(status: 204, headers: [], body: [])
}
