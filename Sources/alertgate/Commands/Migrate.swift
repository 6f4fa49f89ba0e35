import ArgumentParser
import Store
import WireJSON

/// Brings the schema up to date.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the database, or bring its schema up to date.",
        discussion: "The daemon does so by itself at its start. Example: alertgate migrate --db ./alertgate.db")

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        let database = try options.ensured()
        let version = try options.readExisting { try $0.integer("PRAGMA user_version") ?? 0 }
        print("\(database.path): schema version \(version)")
    }
}
