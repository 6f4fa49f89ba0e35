import Alerting

/// Where incidents are read and changed: a database, or a gateway that runs somewhere.
protocol IncidentDesk {
    /// The incidents of these statuses, the newest first, at most so many.
    func list(_ statuses: [IncidentStatus], limit: Int) throws -> [IncidentSummary]
    /// One incident with all that belongs to it.
    func details(of id: IncidentID) throws -> IncidentDetails
    /// Changes incidents, all or none of them, and gives them as they are then.
    func update(_ updates: [IncidentUpdate]) throws -> [IncidentSummary]
    /// Merges the sources into an incident, and gives it as it is then.
    func merge(_ sources: [IncidentID], into target: IncidentID) throws -> IncidentSummary
    /// Snoozes an incident, and gives it as it is then.
    func snooze(_ id: IncidentID, seconds: Int64) throws -> IncidentSummary
    /// Writes a note on an incident, and gives it as it is then.
    func addNote(_ content: String, to id: IncidentID) throws -> IncidentSummary
}
