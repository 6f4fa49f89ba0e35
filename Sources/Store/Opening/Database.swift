import CSQLite
import Glibc
import Migrations

/// A database file, and how connections to it are made.
public struct Database: Sendable, Hashable {
    /// Where the file is.
    public let path: String
    /// The registered VFS through which SQLite reaches the file (https://www.sqlite.org/vfs.html); nil is SQLite's own,
    /// which is what every program uses. Tests give one that fails and forgets like a broken machine.
    public let vfs: String?

    /// Marks the file as ours: "algt" (https://www.sqlite.org/pragma.html#pragma_application_id).
    static let applicationID: Int64 = 0x616C_6774

    /// Bytes of the header that every database begins with (https://www.sqlite.org/fileformat2.html#the_database_header).
    private static let headerSize: off_t = 100

    /// A database at a path. Nothing is opened yet.
    public init(path: String, vfs: String? = nil) {
        self.path = path
        self.vfs = vfs
    }

    /// Whether the file is there.
    public var exists: Bool { access(path, F_OK) == 0 }

    /// Bytes of the write-ahead log's file; 0 while there is none.
    public var writeAheadLogBytes: Int64 {
        var status = stat()
        return stat(path + "-wal", &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Opens the connection that writes: makes the file if `creating`, also where there is an empty one, brings its schema
    /// up to date, and sets it up so that a commit is on disk when it returns. On an error the file is as it was.
    ///
    /// - Parameter lock: the database's lock, if the caller has it. An older schema is brought up to date only under the
    ///   lock, here or there: a daemon that runs does not know the newer one.
    public func openWriter(creating: Bool, holding lock: DatabaseLock? = nil) throws(StoreError) -> Connection {
        if lock == nil { try requireInPlace() }
        try requireNoOrphanedLog()
        guard creating || exists else { throw .missing(path: path) }
        return try explaining {
            if exists { try inspectReading(orNew: creating, holding: lock) }
            let connection = try Connection(path: path, mode: creating ? .create : .write, vfs: vfs)
            connection.setBusyTimeout(milliseconds: Database.busyTimeout)
            guard !connection.isReadOnly else {
                throw StoreError.inaccessible(path: path, reason: "the file is read-only")
            }
            try requireOurs(connection, orNew: creating)
            try makeDurable(connection)
            let migrating = lock == nil ? try lockForMigrating(connection) : lock
            try withExtendedLifetime(migrating) {
                try Migrator(path: path, connection: connection).run(Migrations.all)
            }
            #if DEBUG
                connection.reachFailPointInCheckpoints()
            #endif
            return connection
        }
    }

    /// The lock where there is an older schema; nil where there is nothing to be brought up to date.
    private func lockForMigrating(_ connection: Connection) throws -> DatabaseLock? {
        let version = try connection.schemaVersion()
        guard version > 0, version < Database.schemaVersion else { return nil }
        do throws(StoreError) {
            return try DatabaseLock.take(for: path, patience: 2000)
        } catch {
            guard case .locked(_, let holder) = error else { throw error }
            throw StoreError.olderInUse(
                path: path, version: version, known: Database.schemaVersion, holder: holder)
        }
    }

    /// Removes the file and what lies beside it. Nobody may have it open.
    public func remove() {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }

    /// Opens a connection that reads. Its schema may be older than the program's only while nobody has opened it to
    /// write, so an older one is refused.
    public func openReader() throws(StoreError) -> Connection {
        guard exists else { throw .missing(path: path) }
        return try openReader(.read)
    }

    /// Opens a connection for one read of a command: refuses files that were changed under the daemon, and leaves no file
    /// beside a copy at rest.
    public func openBriefReader() throws(StoreError) -> Connection {
        try requireInPlace()
        guard exists else { throw .missing(path: path) }
        return try openReader(isAtRest ? .immutable : .read)
    }

    private func openReader(_ mode: Connection.Mode) throws(StoreError) -> Connection {
        try explaining {
            let connection = try Connection(path: path, mode: mode, vfs: vfs)
            connection.setBusyTimeout(milliseconds: Database.busyTimeout)
            try requireOurs(connection)
            try connection.execute("PRAGMA query_only = 1; PRAGMA cache_size = -4000; PRAGMA temp_store = MEMORY")
            let version = try connection.schemaVersion()
            guard version == Database.schemaVersion else {
                throw StoreError.older(path: path, version: version, known: Database.schemaVersion)
            }
            return connection
        }
    }

    /// The size of a page of a new database, in bytes (https://www.sqlite.org/pragma.html#pragma_page_size).
    public static let pageSize = 8192

    /// How long to wait for a lock that another process holds, in milliseconds: longer than any transaction of ours,
    /// shorter than the patience of the senders that wait behind it.
    public static let busyTimeout: Int32 = 2000

    /// The version of the schema that this program knows.
    private static let schemaVersion = Migrations.all.last?.version ?? 0

    /// How large the write-ahead log may stay, in bytes: above it the writer starts it again, and what is longer is cut off
    /// then (https://www.sqlite.org/pragma.html#pragma_journal_size_limit).
    public static let largestWriteAheadLog: Int64 = 32 * 1024 * 1024

    /// Refuses a file that is another program's or from a newer version, before anything is written to it.
    func requireOurs(_ connection: Connection, orNew: Bool = true) throws {
        let application = try connection.integer("PRAGMA application_id") ?? 0
        let version = try connection.schemaVersion()
        let objects = try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
        let isNew = application == 0 && version == 0 && objects == 0
        guard isNew && orNew || application == Database.applicationID else { throw StoreError.notOurs(path: path) }
        guard version <= Database.schemaVersion else {
            throw StoreError.newer(path: path, version: version, known: Database.schemaVersion)
        }
    }

    /// Looks whose file it is on a connection that cannot write: one that can would bring the log of a program that was
    /// killed into the file when it closes, and so change a file that is refused. Only ever through SQLite: closing any
    /// other descriptor of the file would drop the locks that this process holds on it
    /// (https://www.sqlite.org/howtocorrupt.html section 2.2), and the next process to close the database would take its
    /// log away under us.
    private func inspectReading(orNew: Bool, holding lock: DatabaseLock?) throws {
        var status = stat()
        // SQLite takes a file that is too short for its header for an empty one, and would write over it.
        guard stat(path, &status) == 0, status.st_size == 0 || status.st_size >= Database.headerSize else {
            throw StoreError.notOurs(path: path)
        }
        let connection = try Connection(path: path, mode: .read, vfs: vfs)
        defer { connection.close() }
        connection.setBusyTimeout(milliseconds: Database.busyTimeout)
        do {
            try requireOurs(connection, orNew: orNew)
            if isUnclean(holding: lock) {
                try inspectAfterUncleanStop(connection, lock.map(\.former) ?? DatabaseLock.last(path))
            }
        } catch let error as SQLiteError where error.isReadOnly {
            // A rollback journal, left while the file was being made, has to be rolled back by a writer first.
        }
    }

    /// Sets what durability and speed rest on, and reads it back.
    ///
    /// `synchronous = FULL` syncs the WAL at each commit (https://www.sqlite.org/pragma.html#pragma_synchronous). The
    /// checkpoint after each 500 pages, 4 MB, bounds the WAL, and a reused WAL syncs twice as fast as a growing one. Pages
    /// of 8 KiB waste less beside bodies of a kilobyte than SQLite's usual ones do; a file keeps the size it was made with.
    private func makeDurable(_ connection: Connection) throws {
        if try connection.schemaVersion() == 0 {
            try connection.execute(
                """
                PRAGMA page_size = \(Database.pageSize);
                PRAGMA auto_vacuum = INCREMENTAL;
                PRAGMA application_id = \(Database.applicationID);
                """)
        }
        try connection.execute(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 500;
            PRAGMA journal_size_limit = \(Database.largestWriteAheadLog);
            PRAGMA cache_size = -12000;
            PRAGMA temp_store = MEMORY;
            PRAGMA foreign_keys = ON;
            """)
        guard try connection.integer("PRAGMA synchronous") == 2 else {
            throw StoreError.unsafe(path: path, setting: "synchronous = FULL")
        }
        let mode = try connection.first("PRAGMA journal_mode") { $0.text(0) }
        guard mode == "wal" else {
            throw StoreError.unsafe(path: path, setting: "journal_mode = WAL")
        }
    }

    /// Runs the body and turns what SQLite says into what an operator can use.
    func explaining<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
        do {
            return try body()
        } catch let error as StoreError {
            throw error
        } catch let error as SQLiteError {
            switch error.primaryCode {
            case SQLITE_NOTADB: throw .notOurs(path: path)
            case SQLITE_CORRUPT: throw .corrupt(path: path, reason: error.message)
            case SQLITE_BUSY, SQLITE_LOCKED: throw .busy(path: path)
            default: throw .inaccessible(path: path, reason: error.message)
            }
        } catch {
            throw .inaccessible(path: path, reason: "\(error)")
        }
    }
}
