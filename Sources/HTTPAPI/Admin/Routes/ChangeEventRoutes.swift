import Alerting
import Store
import WireJSON

extension AdminCall {
    /// `GET /change_events` (rest-api.md section 5.9).
    func listChangeEvents(_ parameters: QueryParameters, _ times: TimeParameters) throws(AdminError) {
        let page = try parameters.page()
        let filter = ChangeEventFilter(
            integrationIDs: parameters.numbers("integration_ids", .integration),
            occurred: try times.window(now: api.now(), isLastMonth: false))
        read { connection in
            let changes = try ChangeEventQueries.list(filter, page: page, connection)
            var resources = Resources(connection)
            try resources.load(for: changes.elements)
            let writer = writer(resources, times)
            return AdminResponse(list: "change_events", changes, page) { writer.changeEvent($0) }
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
