import Alerting
import Store
import WireJSON

extension AdminCall {
    /// `GET /log_entries`, which by default goes back a month, and `GET /incidents/{id}/log_entries`, which has all of
    /// them (rest-api.md section 5.5).
    func listLogEntries(
        of incident: String?, _ parameters: QueryParameters, _ times: TimeParameters
    ) throws(AdminError) {
        let page = try parameters.page()
        var filter = LogEntryFilter(
            created: try times.window(now: api.now(), isLastMonth: incident == nil),
            isOverview: try parameters.flag("is_overview"))
        if let incident { filter.incidentID = try Identifiers.incident(incident) }
        let includes = Includes(parameters)
        read { [filter] connection in
            if let id = filter.incidentID { try requireIncident(id, connection) }
            let entries = try LogEntryQueries.list(filter, page: page, connection)
            var resources = Resources(connection)
            try resources.load(for: entries.elements, includes)
            let writer = writer(resources, times)
            return AdminResponse(list: "log_entries", entries, page) { writer.logEntry($0, includes) }
        }
    }

    /// `GET /log_entries/{id}`.
    func showLogEntry(_ text: String, _ includes: Includes, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.number(.logEntry, text)
        read { connection in
            guard let entry = try LogEntryQueries.entries([id], connection)[id] else { throw AdminError.notFound }
            var resources = Resources(connection)
            try resources.load(for: [entry], includes)
            return AdminResponse(json: ["log_entry": writer(resources, times).logEntry(entry, includes)])
        }
    }
}
