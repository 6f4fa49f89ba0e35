import ArgumentParser
import Pipeline
import Store
import WireJSON

/// Puts a backup in the place of the database.
struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Restore a backup in place of the database. The daemon must be stopped.",
        discussion: """
            Checks the backup first, moves the files that are there aside (NAME.replaced-TIME), gives the new file their \
            owner and mode, and verifies it. Where the check fails nothing is changed. Never copy a file over the \
            database by hand: the write-ahead log of the former one would be mixed into it.

            Exit code 1 where the restored tables are not what its log gives, 69 where nothing was restored.

            Example: alertgate restore /backup/alertgate.db --db /var/lib/alertgate/alertgate.db
            """)

    @Argument(help: "The file that `alertgate backup` wrote; it is not changed.", completion: .file())
    var backup: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: DatabaseOptions

    func run() throws {
        let database = options.database
        let report: Restoration.Report
        do {
            report = try Restoration.run(Database(path: backup), into: database)
        } catch let error as StoreError {
            if case .missing(backup) = error { throw Failure.unavailable("\(backup): there is no such backup") }
            if case .taken(backup) = error { throw Failure.unavailable("\(backup): this is the database itself") }
            throw error
        }
        let contents = report.restored.contents
        if json {
            Output.json([
                "database": .string(database.path), "file": .string(backup),
                "last_event": JSONValue(contents.lastEvent), "ok": .bool(report.verification.isClean),
                "moved_aside": .array(report.restored.movedAside.map { .string($0) }),
            ])
        } else {
            for path in report.restored.movedAside { Output.line("moved aside: \(path)") }
            Output.line("\(database.path): restored from \(backup), up to event \(contents.lastEvent)")
        }
        guard report.verification.isClean else {
            throw Failure.refused(
                "the backup is restored, but its tables are not what its log gives; see `alertgate verify`")
        }
    }
}
