import Alerting
import WireJSON

extension Silence {
    /// Whether it is one of the maintenance windows: of a whole service, and not taken back before it began.
    var isMaintenanceWindow: Bool { isMaintenance && endedAt.map { $0 > window.start } ?? true }
}

extension ObjectWriter {
    /// A silence over a whole service, as PagerDuty's maintenance window.
    func maintenanceWindow(_ silence: Silence) -> JSONValue {
        let id = ExternalID.string(.silence, silence.id)
        var members = base(
            "maintenance_window", id: id, summary: silence.comment.isEmpty ? "maintenance" : silence.comment,
            path: "maintenance_windows/\(id)")
        func add(_ name: String, _ value: JSONValue) { members.append(JSONValue.Member(name, value)) }
        add("sequence_number", JSONValue(silence.id))
        add("start_time", time.json(silence.window.start))
        add("end_time", time.json(silence.endedAt.map { min($0, silence.window.end) } ?? silence.window.end))
        add("description", .string(silence.comment))
        add("created_by", reference(agent: silence.createdBy))
        add("services", .array([silence.serviceID].compactMap { $0.map { reference(service: $0) } }))
        add("teams", [])
        return .object(members)
    }
}
