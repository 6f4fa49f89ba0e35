import Alerting
import ArgumentParser
import EventsAPI
import Store
import WireJSON

/// Tells what became of an event.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explain the outcome of an event.",
        discussion: "`SELECT * FROM recent_events` lists the numbers. Example: alertgate explain 4711")

    @Argument(help: "The event's number.")
    var event: Int64

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        let facts = try options.read { connection in
            guard let facts = try Facts.read(event, connection) else {
                throw Failure.refused("there is no event \(event); it may have been removed with its incident")
            }
            return facts
        }
        guard !json else { return Output.json(facts.json) }
        Output.table(["", ""], facts.trace.map { [$0.name, $0.value] })
        if !facts.labels.isEmpty { Output.table(["LABEL", ""], facts.labels.map { [$0.name, $0.value] }) }
        if !facts.entries.isEmpty {
            Output.table(
                ["LOG ENTRY", "KIND", "INCIDENT"],
                facts.entries.map { [ExternalID.string(.logEntry, $0.id), $0.kind, "\($0.incidentID)"] })
        }
    }
}

/// What is known of an event.
private struct Facts {
    /// Its row in the view `event_trace`: what is NULL there is left out.
    var trace: [(name: String, value: String)]
    /// The labels that rules would see.
    var labels: [Labels.Label]
    /// The log entries that it wrote.
    var entries: [EventTrace.Entry]

    /// The columns that are numbers.
    private static let numbers: Set<String> = [
        "event", "alert", "incident", "refused_over", "silence", "inhibiting_alert",
    ]

    static func read(_ event: EventID, _ connection: Connection) throws -> Facts? {
        guard let found = try EventTrace.read(event, connection) else { return nil }
        var trace = found.columns
        if let outcome = try OutcomeRows.read(event, connection), let subject = outcome.subject {
            trace.append((name: subjectName(of: outcome), value: "\(subject)"))
        }
        return Facts(trace: trace, labels: try labels(event, connection), entries: found.entries)
    }

    /// What an outcome's subject is: the silence or the alert that holds back, or what the action was refused over.
    private static func subjectName(of outcome: StoredOutcome) -> String {
        switch outcome.reason {
        case "silenced": "silence"
        case "inhibited": "inhibiting_alert"
        default: "refused_over"
        }
    }

    private static func labels(_ id: EventID, _ connection: Connection) throws -> [Labels.Label] {
        let events = try EventRows.read(after: id - 1, through: id, limit: 1, from: connection)
        guard case .alert(let alert)? = events.first?.content else { return [] }
        let details = try EventQueries.bodies([id], connection) { body in
            Result { try EventBody(body.bytes, version: alert.version == .v1 ? .v1 : .v2).detailsJSON() }
        }
        return try Labels.of(alert, detailsJSON: try details[id]?.get())
    }

    var json: JSONValue {
        var members = trace.map { fact in
            JSONValue.Member(fact.name, Facts.numbers.contains(fact.name) ? .number(fact.value) : .string(fact.value))
        }
        members.append(.init("labels", .object(labels.map { .init($0.name, .string($0.value)) })))
        members.append(
            .init(
                "log_entries",
                .array(
                    entries.map { entry in
                        [
                            "id": .string(ExternalID.string(.logEntry, entry.id)), "kind": .string(entry.kind),
                            "incident": JSONValue(entry.incidentID),
                        ]
                    })))
        return .object(members)
    }
}
