import Alerting
import ArgumentParser
import Gateway
import HTTPAPI
import Store
import WireJSON

/// Tells how things stand.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the state of the database, and whether a daemon uses it.")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        let counts = try options.read { connection in
            [
                ("schema_version", try connection.schemaVersion()),
                ("last_event", try EventRows.lastID(connection)),
                ("last_applied_event", try FoldReader.cursor(connection)),
                ("triggered_incidents", try IncidentQueries.countOpen(.triggered, connection)),
                ("acknowledged_incidents", try IncidentQueries.countOpen(.acknowledged, connection)),
                ("services", try ServiceQueries.countServices(connection)),
                ("integrations", try ServiceQueries.countIntegrations(connection)),
                ("database_bytes", try connection.databaseBytes()),
            ]
        }
        // Of this program: the daemon's own are in its metrics and in its log.
        let build = [
            ("version", BuildInfo.current.version), ("commit", BuildInfo.current.commit),
            ("sqlite", BuildInfo.current.sqlite),
        ]
        let holder = DatabaseLock.holder(of: options.database.path)
        guard !json else {
            var members = build.map { JSONValue.Member($0.0, .string($0.1)) }
            members += [
                .init("database", .string(options.database.path)), .init("in_use_by", JSONValue(holder)),
            ]
            members += counts.map { JSONValue.Member($0.0, JSONValue($0.1)) }
            return Output.json(.object(members))
        }
        Output.table(
            ["", ""],
            build.map { [$0.0, $0.1] }
                + [["database", options.database.path], ["in use by", holder ?? "nobody"]]
                + counts.map { [$0.0.map { $0 == "_" ? " " : String($0) }.joined(), "\($0.1)"] })
    }
}
