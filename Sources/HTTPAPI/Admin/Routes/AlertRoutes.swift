import Alerting
import Store
import WireJSON

extension AdminCall {
    /// `GET /incidents/{id}/alerts` (rest-api.md section 5.4).
    func listAlerts(_ text: String, _ parameters: QueryParameters, _ times: TimeParameters) throws(AdminError) {
        let page = try parameters.page()
        let terms = try parameters.sorting(by: AlertFilter.Key.self)
        let filter = AlertFilter(
            incidentID: try Identifiers.incident(text),
            key: parameters.text("alert_key").map { DedupKey($0) },
            statuses: try parameters.set(
                "statuses", of: AlertStatus.self, otherwise: "Status must be a list of triggered or resolved."),
            order: terms.map { AlertFilter.Term($0.key, isDescending: $0.isDescending) })
        let includes = Includes(parameters)
        read { connection in
            try requireIncident(filter.incidentID, connection)
            let alerts = try AlertQueries.list(filter, page: page, connection)
            return try response(to: alerts, page, includes, times, connection)
        }
    }

    /// `GET /incidents/{id}/alerts/{alert_id}`: the alert has to be that incident's.
    func showAlert(
        _ text: String, of incident: String, _ includes: Includes, _ times: TimeParameters
    ) throws(AdminError) {
        let incidentID = try Identifiers.incident(incident)
        let id = try Identifiers.number(.alert, text)
        read { connection in
            guard let alert = try AlertQueries.alerts([id], connection)[id], alert.incidentID == incidentID else {
                throw AdminError.notFound
            }
            var resources = Resources(connection)
            try resources.load(for: [alert], includes)
            return AdminResponse(json: ["alert": writer(resources, times).alert(alert, includes)])
        }
    }

    /// `PUT /incidents/{id}/alerts` (rest-api.md section 5.4).
    func updateAlerts(of incident: String, _ includes: Includes, _ times: TimeParameters) throws(AdminError) {
        let incidentID = try Identifiers.incident(incident)
        let updates = try AlertChanges.list(request.body)
        guard !updates.isEmpty else {
            return read { connection in
                try requireIncident(incidentID, connection)
                return AdminResponse(json: ["alerts": []])
            }
        }
        try perform(.updateAlerts(incidentID, updates), path: [incidentID]) { _, connection in
            let objects = try alerts(updates.map(\.alertID), includes, times, connection)
            return AdminResponse(json: ["alerts": .array(objects)])
        }
    }

    /// `PUT /incidents/{id}/alerts/{alert_id}`.
    func updateAlert(
        _ text: String, of incident: String, _ includes: Includes, _ times: TimeParameters
    ) throws(AdminError) {
        let incidentID = try Identifiers.incident(incident)
        let id = try Identifiers.number(.alert, text)
        let update = try AlertChanges.single(id, request.body)
        try perform(.updateAlerts(incidentID, [update]), path: [incidentID]) { _, connection in
            AdminResponse(json: ["alert": try alerts([id], includes, times, connection).first ?? .null])
        }
    }

    /// A part of a list of alerts.
    func response(
        to alerts: Page<Alert>, _ page: PageRequest, _ includes: Includes, _ times: TimeParameters,
        _ connection: Connection
    ) throws -> AdminResponse {
        var resources = Resources(connection)
        try resources.load(for: alerts.elements, includes)
        let writer = writer(resources, times)
        return AdminResponse(list: "alerts", alerts, page) { writer.alert($0, includes) }
    }

    /// The alerts with these numbers in this order, wherever they are now.
    private func alerts(
        _ ids: [AlertID], _ includes: Includes, _ times: TimeParameters, _ connection: Connection
    ) throws -> [JSONValue] {
        let found = try AlertQueries.alerts(ids, connection)
        let alerts = ids.compactMap { found[$0] }
        var resources = Resources(connection)
        try resources.load(for: alerts, includes)
        let writer = writer(resources, times)
        return alerts.map { writer.alert($0, includes) }
    }
}
