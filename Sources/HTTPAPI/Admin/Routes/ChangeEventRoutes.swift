import Alerting
import Store
import WireJSON

extension AdminCall {
    /// An incident is related to changes of its service in so many seconds before it was opened: a day.
    private static let relatedSeconds: Int64 = 86_400

    /// `GET /change_events` (rest-api.md section 5.9), and `GET /services/{id}/change_events`: those of a service.
    func listChangeEvents(
        of service: String? = nil, _ parameters: QueryParameters, _ times: TimeParameters
    ) throws(AdminError) {
        let page = try parameters.page()
        var filter = ChangeEventFilter(
            integrationIDs: parameters.numbers("integration_ids", .integration),
            occurred: try times.window(now: api.now(), isLastMonth: false))
        if let service { filter.serviceIDs = [try Identifiers.number(.service, service)] }
        read { [filter] connection in
            if let id = filter.serviceIDs?.first {
                let found = try ServiceQueries.services([id], connection)[id]
                guard let found, found.deletedAt == nil else { throw AdminError.notFound }
            }
            let changes = try ChangeEventQueries.list(filter, page: page, connection)
            var resources = Resources(connection)
            try resources.load(for: changes.elements)
            let writer = writer(resources, times)
            return AdminResponse(list: "change_events", changes, page) { writer.changeEvent($0) }
        }
    }

    /// `GET /incidents/{id}/related_change_events`: those of the incident's service in the day before it was opened, the
    /// newest first.
    func listRelatedChangeEvents(
        _ text: String, _ parameters: QueryParameters, _ times: TimeParameters
    ) throws(AdminError) {
        let id = try Identifiers.incident(text)
        let page = try parameters.page()
        read { connection in
            guard let incident = try IncidentQueries.incidents([id], connection)[id] else { throw AdminError.notFound }
            let since = incident.createdAt.adding(seconds: -AdminCall.relatedSeconds)
            let until = Timestamp(milliseconds: incident.createdAt.milliseconds + 1)
            let filter = ChangeEventFilter(
                serviceIDs: [incident.serviceID], occurred: TimeWindow(since: since, until: until))
            let changes = try ChangeEventQueries.list(filter, page: page, connection).elements
            var resources = Resources(connection)
            try resources.load(for: changes)
            let writer = writer(resources, times)
            return AdminResponse(json: ["change_events": .array(changes.map { writer.relatedChangeEvent($0) })])
        }
    }

    /// `GET /change_events/{id}`.
    func showChangeEvent(_ text: String, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.number(.changeEvent, text)
        read { connection in
            guard let change = try ChangeEventQueries.changeEvent(id, connection) else { throw AdminError.notFound }
            var resources = Resources(connection)
            try resources.load(for: [change])
            return AdminResponse(json: ["change_event": writer(resources, times).changeEvent(change)])
        }
    }
}
