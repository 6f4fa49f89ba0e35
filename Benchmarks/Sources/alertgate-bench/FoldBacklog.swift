import ArgumentParser
import Glibc
import Logging
import Pipeline
import Store

/// Folds what waits in a database, as the daemon does after a start.
struct FoldBacklog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fold", abstract: "Fold the events that wait in a database, and tell how long it took.")

    @Option(name: .customLong("db"), help: "The database.")
    var database: String

    func run() async throws {
        let file = Database(path: database)
        let reader = try file.openReader()
        let last = try reader.integer("SELECT max(id) FROM events") ?? 0
        let first = try reader.integer("SELECT event_id FROM worker_cursor") ?? 0
        reader.close()
        let start = monotonicSeconds()
        let startProcessor = processorSeconds()
        let pipeline = try Pipeline(database: file, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        // The worker tells nobody when it is done with a backlog that was there at the start; a look each 2 ms is fine
        // enough for seconds of work.
        while pipeline.worker.applied < last { usleep(2000) }
        let seconds = monotonicSeconds() - start
        let processor = processorSeconds() - startProcessor
        await pipeline.stop()
        report(["events": Double(last - first), "seconds": seconds, "cpu": processor])
    }
}
