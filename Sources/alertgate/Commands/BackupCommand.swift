import ArgumentParser
import Store
import WireJSON

/// Copies the database.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database into a new file, while the daemon runs, and check the copy.",
        discussion:
            "`alertgate restore` puts a copy in the database's place. Example: alertgate backup /backup/alertgate.db"
    )

    @Argument(help: "The file to create; it must not exist.", completion: .file())
    var file: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        let contents = try options.reportingDamage { try $0.backUp(to: file) }
        if json {
            Output.json([
                "database": .string(options.database.path), "file": .string(file),
                "last_event": JSONValue(contents.lastEvent),
            ])
        } else {
            Output.line("\(file): copied and checked, up to event \(contents.lastEvent)")
        }
    }
}
