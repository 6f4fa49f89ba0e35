import Alerting
import Store

/// The events that the worker folds next. In step with the senders they were committed a moment ago and are in memory;
/// of a backlog the next ones are read while the last batch is written, and those that a batch left over are kept.
struct WaitingEvents {
    private let log: EventLog
    private let connection: Connection
    private var cursor: EventID = 0
    private var ahead: ArraySlice<Event> = []

    /// Events of a log, read over the worker's connection.
    init(log: EventLog, connection: Connection) {
        self.log = log
        self.connection = connection
    }

    /// At most `limit` events that follow one in the log, in order; none where it is the last.
    mutating func next(after cursor: EventID, limit: Int64) throws(SQLiteError) -> ArraySlice<Event> {
        if cursor != self.cursor || ahead.isEmpty {
            let recent = log.takeRecent(after: cursor, limit: limit)
            ahead = try (recent.isEmpty ? EventRows.read(after: cursor, limit: limit, from: connection) : recent)[...]
            self.cursor = cursor
        }
        return ahead.prefix(Int(limit))
    }

    /// Keeps what a batch left over, and reads what follows a full one, which need not be written yet: events never change
    /// once they are in the log. What hangs on the tables is read when its turn comes.
    mutating func readAhead(behind batch: Batch) {
        ahead = cursor < batch.events[0].id ? ahead.drop { $0.id <= batch.last } : []
        cursor = batch.last
        guard ahead.isEmpty, batch.events.count >= Batch.size else { return }
        do {
            ahead = try EventRows.read(after: cursor, limit: Batch.size, from: connection)[...]
        } catch {
            // They are read when their turn comes, and that tells of what is wrong.
        }
    }
}
