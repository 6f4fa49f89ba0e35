import Alerting
import Store

/// The events that the worker folds next. In step with the senders they were committed a moment ago and are in memory;
/// of a backlog the next ones are read while the last batch is written.
struct WaitingEvents {
    private let log: EventLog
    private let connection: Connection
    private var cursor: EventID = 0
    private var ahead: [Event] = []

    /// Events of a log, read over the worker's connection.
    init(log: EventLog, connection: Connection) {
        self.log = log
        self.connection = connection
    }

    /// At most `limit` events that follow one in the log, in order; none where it is the last.
    func next(after cursor: EventID, limit: Int64) throws(SQLiteError) -> [Event] {
        if cursor == self.cursor, !ahead.isEmpty { return Array(ahead.prefix(Int(limit))) }
        let recent = log.takeRecent(after: cursor, limit: limit)
        return recent.isEmpty ? try EventRows.read(after: cursor, limit: limit, from: connection) : recent
    }

    /// Reads what follows a full batch, which need not be written yet: events never change once they are in the log. What
    /// hangs on the tables is read when its turn comes.
    mutating func readAhead(behind batch: Batch) {
        (cursor, ahead) = (batch.last, [])
        guard batch.events.count >= Batch.size else { return }
        do {
            ahead = try EventRows.read(after: cursor, limit: Batch.size, from: connection)
        } catch {
            // They are read when their turn comes, and that tells of what is wrong.
        }
    }
}
