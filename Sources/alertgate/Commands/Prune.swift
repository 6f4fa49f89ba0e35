import ArgumentParser
import FoundationEssentials
import Gateway
import Pipeline
import Store
import WireJSON

/// Removes what is too old.
struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove data older than the retention settings. The daemon does so by itself; it must be stopped.",
        discussion: """
            Resolved incidents go with all that belongs to them, events that changed nothing, and change events: after \
            the days that the settings retention.incidents_days, retention.events_days and \
            retention.change_events_days say.

            Example: alertgate prune --older-than 90 --dry-run
            """)

    @Option(
        name: .customLong("config"), help: "The configuration file, YAML. Default: ALERTGATE_CONFIG, else none.",
        completion: .file())
    var file: String?

    @Option(help: "Days after which data is removed, 1 to 36500, instead of the settings.")
    var olderThan: Int?

    @Flag(help: "Print what would be removed, and remove nothing.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        if let olderThan, !(1...36_500).contains(olderThan) {
            throw ValidationError("--older-than takes a whole number of days from 1 to 36500.")
        }
    }

    func run() throws {
        let counts = try removed()
        if json {
            Output.json([
                "dry_run": .bool(dryRun), "incidents": JSONValue(counts.incidents), "events": JSONValue(counts.events),
                "freed_bytes": JSONValue(counts.bytes),
            ])
        } else {
            let words = dryRun ? "would be removed" : "removed"
            Output.line(
                "\(counts.incidents) incidents and \(counts.events) events \(words), \(counts.bytes) bytes given back")
        }
    }

    private func removed() throws -> RetentionCounts {
        // The file that says how long things are kept says of which database, too. Where flags say both it is not read.
        let settings = olderThan == nil || options.path == nil ? try configured() : Settings()
        let database = options.path == nil ? Database(path: settings.database) : options.database
        let policy = olderThan.map { RetentionPolicy(days: $0) } ?? RetentionPolicy(settings)
        do {
            return try Pruning.run(database, policy: policy, isDryRun: dryRun)
        } catch let error as StoreError {
            guard case .locked = error else { throw error }
            throw Failure.unavailable("\(error)\na daemon that runs removes what is too old by itself")
        }
    }

    private func configured() throws -> Settings {
        try SettingsLoader(
            file: file ?? Environment["ALERTGATE_CONFIG"], environment: ProcessInfo.processInfo.environment, flags: [:]
        ).load()
    }
}
