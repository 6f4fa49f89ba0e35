import Alerting
import Store
import WireJSON

extension AdminCall {
    /// The order of services has one key.
    private enum SortKey: String, CaseIterable {
        case name
    }

    /// `GET /services` (rest-api.md section 5.8).
    func listServices(_ parameters: QueryParameters, _ times: TimeParameters) throws(AdminError) {
        let page = try parameters.page()
        let filter = ServiceFilter(
            query: parameters.text("query"), name: parameters.text("name"),
            isDescending: try parameters.sorting(by: SortKey.self).first?.isDescending ?? false)
        let includes = Includes(parameters)
        read { connection in
            let services = try ServiceQueries.list(filter, page: page, connection)
            var resources = Resources(connection)
            try resources.load(services: services.elements.map(\.id), expanding: true)
            let writer = writer(resources, times)
            return AdminResponse(list: "services", services, page) { writer.service($0, includes) }
        }
    }

    /// `GET /services/{id}`.
    func showService(_ text: String, _ includes: Includes, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.number(.service, text)
        read { connection in
            var resources = Resources(connection)
            try resources.load(services: [id], expanding: true)
            guard let service = resources.services[id], service.deletedAt == nil else { throw AdminError.notFound }
            return AdminResponse(json: ["service": writer(resources, times).service(service, includes)])
        }
    }

    /// `GET /services/{id}/integrations/{integration_id}`: the integration has to be that service's.
    func showIntegration(_ text: String, of service: String, _ times: TimeParameters) throws(AdminError) {
        let serviceID = try Identifiers.number(.service, service)
        let id = try Identifiers.number(.integration, text)
        read { connection in
            var resources = Resources(connection)
            try resources.load(integrations: [id])
            guard let integration = resources.integrations[id], integration.serviceID == serviceID,
                integration.deletedAt == nil
            else { throw AdminError.notFound }
            return AdminResponse(json: ["integration": writer(resources, times).integration(integration)])
        }
    }
}
