import Alerting
import Dispatch
import Logging
import Store
import Synchronization

/// The moving parts between a request and the tables: the log, the worker and the readers, over one database file that
/// this process alone folds.
public final class Pipeline: Sendable {
    /// How it is set up.
    public struct Settings: Sendable {
        /// Bounds of the log.
        public var limits = EventLog.Limits()
        /// Connections that read.
        public var readers = 3
        /// Free bytes on the volume under which nothing is taken in; 0 is no watermark.
        public var minimumFreeBytes: Int64 = 0
        /// Bytes of the write-ahead log above which somebody has to know: it is reused at 4 MiB unless a reader keeps a
        /// snapshot open, and then grows with every commit. Events are taken on, as long as the volume has space.
        public var largeWriteAheadLogBytes: Int64 = 256 * 1024 * 1024
        /// How long things are kept.
        public var retention = RetentionPolicy()
        /// When what is older goes.
        var retentionSchedule = RetentionSchedule()

        /// The usual settings, without a watermark.
        public init() {}
    }

    /// The database file.
    public let database: Database
    /// Where events are appended.
    public let log: EventLog
    /// What folds them.
    public let worker: Worker
    /// Integrations and tokens.
    public let directory: SettingsDirectory
    /// When tokens were last used.
    public let tokenUses: TokenUses
    /// What is counted.
    public let measurements: Measurements
    /// What stamps events.
    public let clock: any TimeSource
    /// Free space of the volume.
    public let disk: DiskWatch
    /// What removes what is too old.
    public let retention: Retention

    /// Bytes of the write-ahead log above which somebody has to know.
    public let largeWriteAheadLogBytes: Int64

    private let scheduler: Scheduler
    private let readers: ReadPool
    private let fileWatch: FileWatch?
    /// Held until `stop` returns, however long somebody keeps this value.
    private let lock: Mutex<DatabaseLock?>

    /// How long an admin request waits for the worker, in seconds.
    private static let patience = 10

    /// Opens the database, making and migrating it as needed, and starts folding. Throws `StoreError`; nothing runs then.
    public init(
        database: Database, settings: Settings = Settings(), clock: any TimeSource = SystemClock(), logger: Logger
    ) throws {
        self.database = database
        self.clock = clock
        largeWriteAheadLogBytes = settings.largeWriteAheadLogBytes
        let lock = try DatabaseLock.take(for: database.path, patience: 2000)
        self.lock = Mutex(lock)
        measurements = Measurements()
        directory = SettingsDirectory()
        let writer = try database.openWriter(creating: true, holding: lock)
        let files = try DatabaseFiles(of: database, writer)
        log = try EventLog(
            connection: writer, limits: settings.limits, measurements: measurements, files: files, logger: logger)
        let noteDamage: @Sendable (SQLiteError) -> Void = { [log] in log.noteDamage($0) }
        func openReader() throws -> Connection {
            let connection = try database.openReader()
            connection.onDamage = noteDamage
            return connection
        }
        tokenUses = TokenUses(log: log)
        readers = try ReadPool(database, count: settings.readers, onDamage: noteDamage)
        worker = try Worker(
            connection: try openReader(), log: log, directory: directory, clock: clock, measurements: measurements,
            logger: logger)
        scheduler = Scheduler(
            connection: try openReader(), log: log, worker: worker, directory: directory, clock: clock, logger: logger)
        disk = DiskWatch(path: database.path, minimumFreeBytes: settings.minimumFreeBytes, log: log, logger: logger)
        retention = Retention(
            connection: try openReader(), policy: settings.retention, worker: worker, log: log, clock: clock,
            measurements: measurements, logger: logger, schedule: settings.retentionSchedule)
        fileWatch = files.map { [log, retention] files in
            FileWatch(
                database: database, files: files, lock: lock, log: log, retention: retention,
                minimumFreeBytes: settings.minimumFreeBytes, logger: logger)
        }
        // Each connection has opened the files by their names.
        if case .displaced(let displacement) = files?.look() {
            writer.keepLogAtClose()
            throw StoreError.displaced(path: database.path, reason: "\(displacement)")
        }
        fileWatch?.start()
        disk.start()
        worker.start()
        scheduler.start()
        retention.start()
    }

    /// Which incidents each commit of the worker changes.
    public var changes: ChangeFeed { worker.changes }

    /// Looks for other processes' events and for due timers now.
    func tickNow() {
        worker.tickNow()
        scheduler.lookNow()
    }

    /// Bytes of the write-ahead log's file; 0 while there is none.
    public var writeAheadLogBytes: Int64 { database.writeAheadLogBytes }

    /// Appends an action, waits until it is applied, and gives its number and what became of it. The completion is called on
    /// one of the pipeline's queues, or at once with a `LimitError` if the action breaks a limit.
    public func perform(
        _ action: Action, completion: @escaping @Sendable (Result<(EventID, StoredOutcome), any Error>) -> Void
    ) {
        do {
            try action.command.checkLimits()
            let event = EventBodyCoding.event(action, receivedAt: clock.now())
            try log.append(event) { result in
                switch result {
                case .failure(let error): completion(.failure(error))
                case .success(let id): self.outcome(of: id, completion: completion)
                }
            }
        } catch {
            completion(.failure(error))
        }
    }

    private func outcome(
        of id: EventID, completion: @escaping @Sendable (Result<(EventID, StoredOutcome), any Error>) -> Void
    ) {
        read({ try OutcomeRows.read(id, $0) }, after: id) { result in
            completion(
                result.flatMap { outcome in
                    outcome.map { .success((id, $0)) } ?? .failure(WaitError())
                })
        }
    }

    /// Runs the body in one snapshot that shows everything answered before this call. While the worker cannot write, on a
    /// full disk say, the snapshot shows how far it has come: who is called out then has to see something.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value,
        completion: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        guard worker.failingSince == nil else { return readNow(body, completion: completion) }
        read(body, after: log.lastCommitted, completion: completion)
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value, after event: EventID,
        completion: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        worker.whenApplied(through: event, within: Pipeline.patience) { result in
            switch result {
            case .failure(let error): completion(.failure(error))
            case .success: self.readers.read(body, completion: completion)
            }
        }
    }

    /// Runs the body in one snapshot now, whether or not the worker is behind: for health and metrics.
    public func readNow<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value,
        completion: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        readers.read(body, completion: completion)
    }

    /// Stops: what was accepted is committed, what was committed is applied, then the file is closed. Events are refused
    /// from the call on.
    public func stop() async {
        disk.stop()
        fileWatch?.stop()
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            retention.stop { continuation.resume() }
        }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            scheduler.stop { continuation.resume() }
        }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            log.drain { continuation.resume() }
        }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            worker.stop { continuation.resume() }
        }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            DispatchQueue.global().async {
                // The last commits may just have found out; what is to be saved is saved before the files are closed.
                self.fileWatch?.stop()
                self.retention.close()
                self.readers.close()
                self.worker.close()
                self.log.close()
                self.fileWatch?.release()
                self.lock.withLock { $0 = nil }
                continuation.resume()
            }
        }
    }
}
