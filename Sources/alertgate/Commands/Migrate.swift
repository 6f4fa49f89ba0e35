import ArgumentParser
import Store
import WireJSON

/// Brings the schema up to date.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create the database, or migrate its schema to this version.",
        discussion: "The daemon does the same at its start. Example: alertgate migrate --db ./alertgate.db")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        let database = try options.ensured()
        let version = try options.read { try $0.schemaVersion() }
        if json {
            Output.json(["database": .string(database.path), "schema_version": JSONValue(version)])
        } else {
            Output.line("\(database.path): schema version \(version)")
        }
    }
}
