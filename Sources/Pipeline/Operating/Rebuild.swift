import Alerting
import Store

/// Replaces what the fold wrote by what folding the whole log gives.
public enum Rebuild {
    /// Rebuilds a database that no daemon is using, in one transaction: it is done, or nothing is. Gives how many events
    /// were folded. What is left of incidents that retention is removing goes first. Blocks. Throws `StoreError`, `.locked`
    /// among them, `SQLiteError`, and `UnreadableEventsError` if the log has events whose effect would be lost.
    public static func run(_ database: Database) throws -> Int64 {
        guard database.exists else { throw StoreError.missing(path: database.path) }
        let lock = try DatabaseLock.take(for: database.path)
        let connection = try database.openWriter(creating: false, holding: lock)
        defer { connection.close() }
        return try withExtendedLifetime(lock) {
            try connection.transaction(.immediate) {
                // What tells their events from others is about to be dropped.
                try RetentionRows.finish(connection)
                let unreadable = try UnreadableEvents.all(in: "main", connection).filter(\.hadEffect)
                guard unreadable.isEmpty else { throw UnreadableEventsError(events: unreadable) }
                let applied = try FoldReader.cursor(connection)
                try FoldTable.emptyAll(connection)
                let count =
                    try LogFold.run(on: connection, through: applied, as: .again)
                    + LogFold.run(on: connection, as: .first)
                // Where retention has removed the newest events, their numbers stay used.
                try FoldTable.raiseCursor(to: applied, connection)
                return count
            }
        }
    }
}
