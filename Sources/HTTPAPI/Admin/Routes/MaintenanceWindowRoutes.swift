import Alerting
import Store
import WireJSON

/// PagerDuty's maintenance windows: the silences over whole services (docs/rest-clients.md).
extension AdminCall {
    /// Which windows a list holds, by where they stand now.
    private enum WindowFilter: String, CaseIterable {
        case past, ongoing, future, open, all

        var statuses: Set<SilenceStatus>? {
            switch self {
            case .past: [.expired]
            case .ongoing: [.active]
            case .future: [.pending]
            case .open: [.active, .pending]
            case .all: nil
            }
        }
    }

    /// `GET /maintenance_windows`: the newest first.
    func listMaintenanceWindows(_ parameters: QueryParameters, _ times: TimeParameters) throws(AdminError) {
        let page = try parameters.page()
        var filter = SilenceFilter(serviceIDs: parameters.numbers("service_ids", .service), now: api.now())
        filter.isMaintenance = true
        filter.comment = parameters.text("query")
        if let text = parameters.text("filter") {
            guard let known = WindowFilter(rawValue: text) else {
                let names = WindowFilter.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalidInput("filter must be one of \(names).")
            }
            filter.statuses = known.statuses
        }
        // There are no teams, so that nothing is any team's.
        if parameters.set("team_ids") != nil { filter.statuses = [] }
        read { [filter] connection in
            let silences = try SilenceQueries.list(filter, page: page, connection)
            let writer = writer(try resources(for: silences.elements, connection), times)
            return AdminResponse(list: "maintenance_windows", silences, page) { writer.maintenanceWindow($0) }
        }
    }

    /// `GET /maintenance_windows/{id}`.
    func showMaintenanceWindow(_ text: String, _ times: TimeParameters) throws(AdminError) {
        let id = try Identifiers.number(.silence, text)
        read { try windowResponse(id, times, $0) }
    }

    /// `POST /maintenance_windows`.
    func createMaintenanceWindow(_ times: TimeParameters) throws(AdminError) {
        let draft = try MaintenanceWindowChanges.draft(request.body, at: api.now(), times)
        try perform(.createSilence(draft), path: []) { event, connection in
            try windowResponse(event, status: 201, times, connection)
        }
    }

    /// `PUT /maintenance_windows/{id}`: another end, another description.
    func updateMaintenanceWindow(_ text: String, _ times: TimeParameters) throws(AdminError) {
        let change = try MaintenanceWindowChanges.change(request.body, times)
        try changeWindow(
            text,
            { silence throws(AdminError) in
                .updateSilence(silence.id, try change.update(of: silence))
            }
        ) { id, connection in
            try windowResponse(id, times, connection)
        }
    }

    /// `DELETE /maintenance_windows/{id}`: ends it, or takes it back if it has not begun.
    func deleteMaintenanceWindow(_ text: String) throws(AdminError) {
        try changeWindow(text, { .endSilence($0.id) }) { _, _ in .noContent }
    }

    /// Has a window changed. What a silence is of never changes, so that looking before is as good as looking at the time.
    private func changeWindow(
        _ text: String, _ command: @escaping @Sendable (Silence) throws(AdminError) -> Action.Command,
        _ answer: @escaping @Sendable (SilenceID, Connection) throws -> AdminResponse
    ) throws(AdminError) {
        let id = try Identifiers.number(.silence, text)
        let requester = try requester()
        api.backend.read({ try command(try AdminCall.window(id, $0)) }) { result in
            switch result {
            case .failure(let error): completion(AdminError(backend: error).response)
            case .success(let command):
                perform(Action(requester: requester, command: command), path: [id]) { _, connection in
                    try answer(id, connection)
                }
            }
        }
    }

    private func windowResponse(
        _ id: SilenceID, status: Int = 200, _ times: TimeParameters, _ connection: Connection
    ) throws -> AdminResponse {
        let silence = try AdminCall.window(id, connection)
        let writer = writer(try resources(for: [silence], connection), times)
        return AdminResponse(json: ["maintenance_window": writer.maintenanceWindow(silence)], status: status)
    }

    /// The silence, if it is a maintenance window.
    private static func window(_ id: SilenceID, _ connection: Connection) throws -> Silence {
        guard let silence = try SilenceQueries.silences([id], connection)[id], silence.isMaintenanceWindow else {
            throw AdminError.notFound
        }
        return silence
    }
}
