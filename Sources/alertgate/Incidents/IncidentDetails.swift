import Alerting
import WireJSON

/// An incident with all that belongs to it.
struct IncidentDetails {
    var incident: IncidentSummary
    /// The oldest first.
    var alerts: [AlertLine]
    /// The newest first.
    var notes: [NoteLine]
    /// The newest first.
    var log: [LogLine]

    var json: JSONValue {
        [
            "incident": incident.json, "alerts": .array(alerts.map(\.json)), "notes": .array(notes.map(\.json)),
            "log_entries": .array(log.map(\.json)),
        ]
    }

    func print() {
        IncidentSummary.printTable([incident])
        var facts = [["id", ExternalID.string(.incident, incident.id)]]
        for (name, value) in [
            ("key", incident.key), ("resolved", incident.resolvedAt), ("triggers again", incident.unacknowledgesAt),
        ] {
            if let value { facts.append([name, value]) }
        }
        section(["", ""], facts)
        section(
            ["ALERT", "STATUS", "SEVERITY", "SINCE", "RESOLVED", "SOURCE", "KEY", "SUMMARY"],
            alerts.map {
                [$0.id, $0.status, $0.severity, $0.createdAt, $0.resolvedAt ?? "", $0.source ?? "", $0.key, $0.summary]
            })
        section(["NOTE", "BY", "TEXT"], notes.map { [$0.createdAt, $0.agent, $0.content] })
        section(["TIME", "LOG ENTRY", "BY", "DETAIL"], log.map { [$0.createdAt, $0.kind, $0.agent, $0.detail ?? ""] })
    }

    private func section(_ titles: [String], _ rows: [[String]]) {
        guard !rows.isEmpty else { return }
        Output.line("")
        Output.table(titles, rows, names: ["SERVICE", "SOURCE", "KEY", "BY"])
    }
}

/// An alert as a line tells it.
struct AlertLine {
    var id: String
    var status: String
    var severity: String
    var key: String
    var summary: String
    var source: String?
    var createdAt: String
    var resolvedAt: String?

    /// What the database has.
    init(_ alert: Alert) {
        id = ExternalID.string(.alert, alert.id)
        status = alert.status.rawValue
        severity = alert.severity.rawValue
        key = alert.key.dedupKey.text
        summary = alert.data.summary ?? ""
        source = alert.data.source
        createdAt = Output.time(alert.createdAt)
        resolvedAt = alert.resolvedAt.map { Output.time($0) }
    }

    /// What the REST API says (rest-api.md section 6.2).
    init(_ object: JSONValue) throws {
        guard let id = object["id"]?.stringValue, let status = object["status"]?.stringValue else {
            throw RESTClient.foreign
        }
        self.id = id
        self.status = status
        severity = object["severity"]?.stringValue ?? ""
        key = object["alert_key"]?.stringValue ?? ""
        summary = object["summary"]?.stringValue ?? ""
        source = object["body"]?["cef_details"]?["source_origin"]?.stringValue
        createdAt = object["created_at"]?.stringValue ?? ""
        resolvedAt = object["resolved_at"]?.stringValue
    }

    var members: [JSONValue.Member] {
        [
            .init("id", .string(id)), .init("status", .string(status)), .init("severity", .string(severity)),
            .init("alert_key", .string(key)), .init("summary", .string(summary)), .init("source", JSONValue(source)),
            .init("created_at", .string(createdAt)), .init("resolved_at", JSONValue(resolvedAt)),
        ]
    }

    var json: JSONValue { .object(members) }

    /// The columns of tables of alerts that are all open.
    static let openTitles = ["ALERT", "SEVERITY", "SINCE", "SOURCE", "KEY", "SUMMARY"]

    /// What stands in them.
    var openCells: [String] { [id, severity, createdAt, source ?? "", key, summary] }
}

/// A note as a line tells it.
struct NoteLine {
    var id: String
    var createdAt: String
    /// Who wrote it.
    var agent: String
    var content: String

    /// What the database has.
    init(_ note: Note, agent: String) {
        id = ExternalID.string(.note, note.id)
        createdAt = Output.time(note.createdAt)
        self.agent = agent
        content = note.content
    }

    /// What the REST API says (rest-api.md section 6.4).
    init(_ object: JSONValue) throws {
        guard let id = object["id"]?.stringValue, let content = object["content"]?.stringValue else {
            throw RESTClient.foreign
        }
        self.id = id
        createdAt = object["created_at"]?.stringValue ?? ""
        agent = object["user"]?["summary"]?.stringValue ?? ""
        self.content = content
    }

    var json: JSONValue {
        [
            "id": .string(id), "created_at": .string(createdAt), "user": .string(agent), "content": .string(content),
        ]
    }
}

/// A log entry as a line tells it.
struct LogLine {
    private static let suffix = "_log_entry"

    var id: String
    /// By its name on the wire, without `_log_entry`.
    var kind: String
    var createdAt: String
    /// Who did it.
    var agent: String
    /// The text of a note, the other side of a merge, the end of a snooze.
    var detail: String?

    /// What the database has.
    init(_ entry: LogEntry, agent: String) {
        id = ExternalID.string(.logEntry, entry.id)
        kind = entry.kind.rawValue
        createdAt = Output.time(entry.createdAt)
        self.agent = agent
        detail =
            entry.title.map { "Title changed to \($0)." } ?? entry.urgency.map { "Urgency changed to \($0.rawValue)." }
            ?? entry.note ?? entry.otherIncidentID.map { "#\($0)" } ?? entry.snoozedUntil.map { Output.time($0) }
    }

    /// What the REST API says (rest-api.md section 6.3).
    init(_ object: JSONValue) throws {
        guard let id = object["id"]?.stringValue, let type = object["type"]?.stringValue, type.hasSuffix(LogLine.suffix)
        else { throw RESTClient.foreign }
        self.id = id
        kind = String(type.dropLast(LogLine.suffix.count))
        createdAt = object["created_at"]?.stringValue ?? ""
        agent = object["agent"]?["summary"]?.stringValue ?? ""
        let saysItself = [LogEntryKind.titleChange, .urgencyChange].contains { $0.rawValue == kind }
        let other = object["linked_incident"]?["id"]?.stringValue.flatMap { ExternalID.number(.incident, $0) }
        detail =
            (saysItself ? object["summary"]?.stringValue : nil) ?? object["note"]?.stringValue
            ?? other.map { "#\($0)" } ?? object["changed_actions"]?[0]?["at"]?.stringValue
    }

    var json: JSONValue {
        [
            "id": .string(id), "type": .string(kind + LogLine.suffix), "created_at": .string(createdAt),
            "agent": .string(agent), "detail": JSONValue(detail),
        ]
    }
}
