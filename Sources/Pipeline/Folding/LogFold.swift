import Alerting
import Store

/// Folds the log from where the cursor stands, on one connection and in the caller's transaction: what the commands use
/// that work without the daemon.
enum LogFold {
    /// Applies every event up to and including `last`. Gives how many there were.
    @discardableResult
    static func run(
        on connection: Connection, through last: EventID = .max, as application: Application
    ) throws -> Int64 {
        var cursor = try FoldReader.cursor(connection)
        var base = try FoldReader.settings(connection)
        var count: Int64 = 0
        var limit = Batch.size
        // Events that a batch left over are not read again: each change of the settings ends one.
        var waiting: ArraySlice<Event> = []
        while true {
            if waiting.isEmpty {
                waiting = try EventRows.read(after: cursor, through: last, limit: Batch.size, from: connection)[...]
            }
            guard let batch = try Batch.next(of: waiting.prefix(Int(limit)), on: base, from: connection) else { break }
            guard let written = try write(batch, on: base, as: application, to: connection) else {
                limit = Int64(batch.events.count / 2)
                continue
            }
            limit = min(Batch.size, limit * 2)
            base = written.settings(after: base)
            cursor = written.last
            waiting = waiting.dropFirst(written.events.count)
            count += Int64(written.events.count)
        }
        return count
    }

    /// Writes a batch and gives what was written. A batch that the tables refuse gives nil and is to be halved; a single
    /// event is set aside, as the worker does.
    private static func write(
        _ batch: Batch, on base: FoldState, as application: Application, to connection: Connection
    ) throws -> Batch? {
        do {
            try connection.savepoint { try batch.write(to: connection, as: application) }
            return batch
        } catch let error as SQLiteError where error.isConstraint {
            guard batch.events.count == 1 else { return nil }
            let aside = batch.setAside(on: base)
            try aside.write(to: connection, as: application)
            return aside
        }
    }
}
