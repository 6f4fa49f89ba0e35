import ArgumentParser
import Store

/// Copies the database.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database into a new file, while the daemon runs, and check the copy.",
        discussion:
            "To restore, stop the daemon and put the file in the database's place. Example: alertgate backup /backup/alertgate.db"
    )

    @Argument(help: "The file to make; it must not be there yet.")
    var file: String

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        try options.database.backUp(to: file)
        print("\(file): copied and checked")
    }
}
