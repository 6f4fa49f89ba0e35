import Alerting
import ArgumentParser
import Pipeline
import Store

/// The third limit: SQLite alone, taking the rows that the gateway writes, with the gateway's settings of durability.
struct InsertAlone: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "insert", abstract: "Insert events into a new database, so many in each synced transaction.")

    @Option(name: .customLong("db"), help: "The database; it must not exist.")
    var database: String

    @Option(help: "The template of the body.")
    var template: String

    @Option(help: "Events in one transaction.")
    var perTransaction = 64

    @Option(help: "How long.")
    var seconds = 2.0

    func run() throws {
        let template = try EventTemplate(path: template)
        let clock = SystemClock()
        let event = try template.event(key: 1, number: 1, integration: 2, at: clock.now())
        let connection = try Database(path: database).openWriter(creating: true)
        defer { connection.close() }
        var id: EventID = 0
        let start = monotonicSeconds()
        let startProcessor = processorSeconds()
        while monotonicSeconds() - start < seconds {
            try connection.transaction(.immediate) {
                for _ in 0..<perTransaction {
                    id += 1
                    try EventRows.insert(event, id: id, into: connection)
                }
            }
        }
        report([
            "events": Double(id), "seconds": monotonicSeconds() - start, "cpu": processorSeconds() - startProcessor,
        ])
    }
}
