import Store

/// Keeps the write-ahead log from growing while readers overlap.
///
/// The automatic checkpoint is a passive one: it brings pages into the database, but the log starts again from its
/// beginning only when no reader is in it at that moment (https://www.sqlite.org/wal.html#avoiding_excessively_large_wal_files).
/// With queries coming all the time there is always one, and the log would grow for ever. So above a size the writer waits
/// a moment for the readers that are in the log; those that come meanwhile read the database itself.
struct WriteAheadLogBound {
    /// How long the writer waits for readers, in milliseconds.
    private static let patience: Int32 = 50
    /// How long it lets the log grow after it waited in vain, in nanoseconds.
    private static let pause: UInt64 = 2_000_000_000
    /// How many commits pass between two looks at the size.
    private static let interval = 64

    private let database: Database
    private var commits = 0
    private var nextTry: UInt64 = 0

    /// Looks at the log of the database at a path.
    init(path: String) {
        database = Database(path: path)
    }

    /// Looks now and then, and starts the log again if it is too large. Runs on the writer's queue, between
    /// transactions. A failure is no harm: the log stays as it is, and the size is in `/metrics`.
    mutating func keep(_ connection: Connection) {
        commits += 1
        guard commits % WriteAheadLogBound.interval == 0 else { return }
        let now = monotonicNanoseconds()
        guard now >= nextTry, database.writeAheadLogBytes > Database.largestWriteAheadLog else { return }
        nextTry = now + WriteAheadLogBound.pause
        connection.setBusyTimeout(milliseconds: WriteAheadLogBound.patience)
        defer { connection.setBusyTimeout(milliseconds: Database.busyTimeout) }
        do {
            try connection.restartWriteAheadLog()
        } catch {
            // A reader stayed longer than the writer waits, or the disk fails, which the next commit tells.
        }
    }
}
