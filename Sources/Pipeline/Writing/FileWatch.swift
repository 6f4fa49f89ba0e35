import Dispatch
import Glibc
import Logging
import Store
import Synchronization

/// Looks once a second whether the database's files and its lock still are those at their paths, and whether a command has
/// reported damage; the writer looks at the files besides, before it answers a commit. Where they are not, it says so in
/// the log and to other processes, and saves what the open connections still reach.
final class FileWatch: Sendable {
    private let database: Database
    private let files: DatabaseFiles
    private let log: EventLog
    private let retention: Retention
    private let logger: Logger
    private let minimumFreeBytes: Int64
    /// Let go at the stop, so that the lock is.
    private let lock: Mutex<DatabaseLock?>
    private let queue = DispatchQueue(label: "alertgate.files", qos: .utility)
    private let timer = Mutex<Ticker?>(nil)

    init(
        database: Database, files: DatabaseFiles, lock: DatabaseLock, log: EventLog, retention: Retention,
        minimumFreeBytes: Int64, logger: Logger
    ) {
        self.database = database
        self.files = files
        self.log = log
        self.retention = retention
        self.minimumFreeBytes = minimumFreeBytes
        self.logger = logger
        self.lock = Mutex(lock)
    }

    func start() {
        lock.withLock { $0?.record(files) }
        log.whenDisplaced { [weak self] in self?.displaced($0) }
        let ticker = Ticker(every: .seconds(1), on: queue) { [weak self] in self?.look() }
        timer.withLock { $0 = ticker }
    }

    /// Stops with a last look. What is to be saved has its place in the queues of the connections then.
    func stop() {
        timer.withLock { $0?.stop() }
        queue.sync { look() }
        queue.sync {}
    }

    /// Lets the lock go, after the connections are closed. Its file forgets which files were open, unless they were not in
    /// place.
    func release() {
        let lock = lock.withLock { lock in
            defer { lock = nil }
            return lock
        }
        if files.displacement == nil { lock?.forgetFiles() }
    }

    private func look() {
        if let lock = lock.withLock({ $0 }) {
            if lock.hasReportOfDamage { log.noteReportedDamage() }
            if !lock.isInPlace {
                files.note(
                    .init(
                        description: "\(DatabaseLock.path(for: database.path)) was removed or replaced",
                        reach: .databaseInPlace))
            }
        }
        // What is found is in the log and in `/readyz`; a look that tells nothing is repeated.
        try? log.lookAtFiles()
    }

    private func displaced(_ displacement: DatabaseFiles.Displacement) {
        logger.critical(
            """
            the database was changed under the running gateway: events are answered 503, and this process still has the \
            former files open. Do not copy files over it. Wait for the next line, which says where the data is, then stop \
            the daemon
            """, metadata: ["what": "\(displacement)", "database": "\(database.path)"])
        queue.async {
            self.lock.withLock { lock in
                lock?.record(self.files)
            }
            self.rescue(displacement)
        }
    }

    // MARK: Saving

    private func rescue(_ displacement: DatabaseFiles.Displacement) {
        switch displacement.reach {
        case .databaseInPlace: log.use { self.bringIn($0, displacement) }
        case .databaseUnnamed:
            log.use { $0.keepLogAtClose() }
            retention.use { self.copy($0) }
        case .overwritten:
            log.use { $0.keepLogAtClose() }
            logger.critical(
                """
                what was written over cannot be saved by this process. Stop the daemon, then restore a backup with \
                `alertgate restore BACKUP`, which moves the files aside
                """, metadata: ["database": "\(database.path)"])
        }
    }

    /// Brings what the log holds into the database's own file, which is in place, unless another process has begun a log of
    /// its own: the two would mix.
    private func bringIn(_ connection: Connection, _ displacement: DatabaseFiles.Displacement) {
        defer { connection.keepLogAtClose() }
        guard files.isLogFreeForUse else { return retention.use { self.copy($0) } }
        do {
            guard try connection.checkpointWriteAheadLog() == 0 else { return retention.use { self.copy($0) } }
            logger.critical(
                "everything that was answered as stored is in the database's own file. Restart the daemon",
                metadata: ["database": "\(database.path)"])
        } catch {
            logger.error("the write-ahead log could not be brought into the file", metadata: ["error": "\(error)"])
            retention.use { self.copy($0) }
        }
    }

    /// Copies all that the open connections see into a new file beside the database.
    private func copy(_ connection: Connection) {
        let path = database.path + ".rescued-" + FileStamp.now()
        do {
            let size = try connection.databaseBytes()
            guard let free = DiskWatch.freeBytes(at: folder), free - size > minimumFreeBytes else {
                return logger.critical(
                    """
                    there is no room for a copy of what was answered as stored. Copy it before the daemon is stopped: \
                    /proc/PID/fd has the database and its log
                    """, metadata: ["bytes": "\(size)", "process": "\(getpid())"])
            }
            let contents = try database.copy(connection, to: path)
            logger.critical(
                """
                a copy of everything that was answered as stored is beside the database. Stop the daemon; to go on with \
                it: `alertgate restore` with that file
                """, metadata: ["file": "\(path)", "last_event": "\(contents.lastEvent)"])
        } catch {
            logger.critical(
                """
                what was answered as stored could not be copied. Copy it before the daemon is stopped: /proc/PID/fd has \
                the database and its log
                """, metadata: ["error": "\(error)", "process": "\(getpid())"])
        }
    }

    private var folder: String {
        database.path.lastIndex(of: "/").map { String(database.path[...$0]) } ?? "."
    }
}
