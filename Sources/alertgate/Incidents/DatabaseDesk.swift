import Alerting
import Store

/// The incidents of a database, with a daemon that runs on it and without one.
struct DatabaseDesk: IncidentDesk {
    let options: DatabaseOptions

    /// More than an incident has of anything that is listed.
    private static let everything = PageRequest(limit: 100_000)

    func list(_ statuses: [IncidentStatus], limit: Int) throws -> [IncidentSummary] {
        try options.read { connection in
            let page = try IncidentQueries.list(
                IncidentFilter(statuses: Set(statuses)),
                order: IncidentOrder([.init(.createdAt, isDescending: true)]),
                page: PageRequest(limit: Int64(limit)), connection)
            return try summaries(page.elements, connection)
        }
    }

    func details(of id: IncidentID) throws -> IncidentDetails {
        try options.read { connection in
            guard let incident = try IncidentQueries.incidents([id], connection)[id] else {
                throw Failure.refused(Refusal.unknownIncident.explanation(subject: id))
            }
            let alerts = try AlertQueries.list(
                AlertFilter(incidentID: id), page: DatabaseDesk.everything, connection
            ).elements
            let notes = try NoteQueries.notes(of: id, connection)
            let log = try LogEntryQueries.list(
                LogEntryFilter(incidentID: id), page: DatabaseDesk.everything, connection
            ).elements
            let names = try AgentNames(of: notes.map(\.agent) + log.map(\.agent), connection)
            return IncidentDetails(
                incident: try summaries([incident], connection)[0], alerts: alerts.map { AlertLine($0) },
                notes: notes.map { NoteLine($0, agent: names[$0.agent]) },
                log: log.map { LogLine($0, agent: names[$0.agent]) })
        }
    }

    func update(_ updates: [IncidentUpdate]) throws -> [IncidentSummary] {
        _ = try Change.perform(.updateIncidents(updates), in: options)
        return try incidents(updates.map(\.incidentID))
    }

    func merge(_ sources: [IncidentID], into target: IncidentID) throws -> IncidentSummary {
        try perform(.mergeIncidents(into: target, sources), on: target)
    }

    func snooze(_ id: IncidentID, seconds: Int64) throws -> IncidentSummary {
        try perform(.snoozeIncident(id, seconds: seconds), on: id)
    }

    func addNote(_ content: String, to id: IncidentID) throws -> IncidentSummary {
        try perform(.addNote(id, content: content), on: id)
    }

    private func perform(_ command: Action.Command, on id: IncidentID) throws -> IncidentSummary {
        _ = try Change.perform(command, in: options)
        return try incidents([id])[0]
    }

    /// The incidents with these numbers, in this order.
    private func incidents(_ ids: [IncidentID]) throws -> [IncidentSummary] {
        try options.read { connection in
            let found = try IncidentQueries.incidents(ids, connection)
            let incidents = try ids.map { id in
                // Retention may have been faster.
                guard let incident = found[id] else {
                    throw Failure.refused("incident \(id): it was changed, and is not there any more")
                }
                return incident
            }
            return try summaries(incidents, connection)
        }
    }

    private func summaries(_ incidents: [Incident], _ connection: Connection) throws -> [IncidentSummary] {
        let services = try ServiceQueries.services(Set(incidents.map(\.serviceID)), connection)
        return incidents.map { IncidentSummary($0, service: services[$0.serviceID]?.name) }
    }
}
