import Alerting
import ArgumentParser
import Pipeline
import Store

/// Prepares a log: a service, an integration with the known key, and events that are not folded yet.
struct Fill: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a database with events that wait to be folded, quickly and without syncing.")

    /// What the events say.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        /// Each one opens an incident.
        case new
        /// All of one key, each with other content, so that each gets a log entry.
        case hot
        /// All of one key and content, counted into one log entry.
        case same
        /// 60 % new content on one of 5,000 keys, 20 % identical repeats of the last, 20 % recoveries.
        case mixed
        /// Each one opens an incident, and nine in ten are resolved.
        case history
    }

    @Option(name: .customLong("db"), help: "The database; it must not exist.")
    var database: String

    @Option(help: "The template of the body.")
    var template: String

    @Option(help: "How many events; with `history`, how many incidents.")
    var count: Int

    @Option(help: "new, hot, same, mixed or history.")
    var kind = Kind.new

    @Option(help: "Silences and inhibition rules beside them; with any, every stage that keeps noise down is on.")
    var rules = 0

    /// Over how long the events of a history are spread.
    private static let days: Int64 = 28

    func run() throws {
        let template = try EventTemplate(path: template)
        let now = SystemClock().now()
        let file = Database(path: database)
        try Fill.makeSettings(rules: rules, in: file)
        let connection = try file.openWriter(creating: false)
        defer { connection.close() }
        try connection.execute("PRAGMA synchronous = OFF")
        guard let integration = try connection.integer("SELECT id FROM integrations") else { return }
        let first = now.milliseconds - Fill.days * 86_400_000
        let step = Double(Fill.days * 86_400_000) / Double(max(count, 1))
        var id = try EventRows.nextID(connection) - 1
        var number = 0
        while number < count {
            try connection.transaction(.immediate) {
                for _ in 0..<min(10_000, count - number) {
                    let moment = Timestamp(milliseconds: first + Int64(Double(number) * step))
                    for event in try events(number, template, integration, moment) {
                        id += 1
                        try EventRows.insert(event, id: id, into: connection)
                    }
                    number += 1
                }
            }
        }
        report(["events": Double(id), "incidents": kind == .new || kind == .history ? Double(count) : 0])
    }

    private func events(
        _ number: Int, _ template: EventTemplate, _ integration: IntegrationID, _ moment: Timestamp
    ) throws -> [NewEvent] {
        func trigger(_ key: Int, _ content: Int) throws -> NewEvent {
            try template.event(key: key, number: content, integration: integration, at: moment)
        }
        switch kind {
        case .new: return [try trigger(number, number)]
        case .hot: return [try trigger(0, number)]
        case .same: return [try trigger(0, 0)]
        case .mixed:
            let block = number / 5
            let key = block &* 7919 % 5000
            switch number % 5 {
            case 0, 1, 2: return [try trigger(key, number)]
            case 3: return [try trigger(key, number - 1)]
            default: return [try EventTemplate.resolve(key: key, integration: integration, at: moment)]
            }
        case .history:
            let opening = try trigger(number, number)
            guard number % 10 != 0 else { return [opening] }
            return [
                opening,
                try EventTemplate.resolve(key: number, integration: integration, at: moment.adding(seconds: 1)),
            ]
        }
    }

    /// One service, and one integration with the known key.
    private static func makeSettings(rules: Int, in database: Database) throws {
        let hand = Operator(database: database, creating: true)
        let (service, _) = try hand.perform(
            Action(requester: .commandLine, command: .createService(ServiceSettings(name: "bench"))))
        let (integration, _) = try hand.perform(
            Action(
                requester: .commandLine,
                command: .createIntegration(
                    service: service, name: "bench", key: EventTemplate.routingKey, defaultSeverity: .critical)))
        if rules > 0 { try NoiseRules.make(rules, service: service, integration: integration, in: database) }
    }
}
