import Alerting
import Dispatch
import Logging
import Store
import Synchronization

/// Folds the log: reads the next events after the cursor, applies them in memory, and has the changes, the outcomes and
/// the cursor written in one transaction. Killed at any moment it goes on where the cursor stands.
///
/// The log wakes it after each commit; a slow tick notices events that another process appended.
///
/// `@unchecked Sendable`: everything that is not a `let` is used on `queue` alone; `waiters`, `failing` and `onAdvance`
/// have locks of their own.
public final class Worker: @unchecked Sendable {
    private struct AdvanceHandler: Sendable {
        var call: @Sendable () -> Void
    }

    private let queue = DispatchQueue(label: "alertgate.worker", qos: .userInitiated)
    private let connection: Connection
    private let log: EventLog
    private let directory: SettingsDirectory
    private let clock: any TimeSource
    private let measurements: Measurements
    private let logger: Logger
    private let waiters: AppliedWaiters
    private let failing = Mutex<UInt64?>(nil)
    private let onAdvance = Mutex<AdvanceHandler?>(nil)
    /// Which incidents each commit changes.
    public let changes = ChangeFeed()
    private let isScheduled = Atomic<Bool>(false)

    private var base: FoldState
    private var isWriting = false
    private var isStopped = false
    private var isClosed = false
    /// Whether a failed batch waits to be tried again.
    private var isBackingOff = false
    /// How many events the next batch may have.
    private var limit = Batch.size
    private var failures = 0
    private var dataVersion: Int64 = 0
    private let ticker = Mutex<Ticker?>(nil)
    private var whenIdle: [@Sendable () -> Void] = []
    /// A job that has nothing to do with a batch and waits for its turn, and when it has waited enough.
    private var maintenance: (job: WriteJob, deadline: UInt64)?

    private var waiting: WaitingEvents
    /// When the last batch was begun, in monotonic nanoseconds.
    private var lastStart: UInt64 = 0
    /// Whether a batch waits for more events.
    private var isPausing = false

    /// Between the beginnings of two batches there are so many nanoseconds, unless half a batch waits, or somebody waits
    /// for one: while events come all the time each batch writes the last page of a dozen tables and indexes anew, and a
    /// batch of a few events hardly costs less than one of hundreds.
    private static let pace: UInt64 = 3_000_000

    /// How long maintenance waits at most for a moment when nothing is to be folded.
    private static let maintenancePatience: UInt64 = 1_000_000_000

    /// How often other processes' events are looked for.
    static let tickInterval = DispatchTimeInterval.milliseconds(200)

    /// A worker that reads on a connection of its own.
    init(
        connection: Connection, log: EventLog, directory: SettingsDirectory, clock: any TimeSource,
        measurements: Measurements, logger: Logger
    ) throws {
        self.connection = connection
        self.log = log
        self.directory = directory
        self.clock = clock
        self.measurements = measurements
        self.logger = logger
        waiting = WaitingEvents(log: log, connection: connection)
        base = try FoldReader.settings(connection)
        waiters = AppliedWaiters(applied: try FoldReader.cursor(connection))
        directory.publish(base)
    }

    /// The last event applied.
    public var applied: EventID { waiters.applied }

    /// Since when batches fail, in monotonic nanoseconds; nil if they do not.
    public var failingSince: UInt64? { failing.withLock { $0 } }

    /// Starts folding.
    func start() {
        log.whenCommitted { [weak self] in self?.wake() }
        let ticker = Ticker(every: Worker.tickInterval, on: queue) { [weak self] in self?.tick() }
        self.ticker.withLock { $0 = ticker }
        wake()
    }

    /// Folds what is there, soon.
    func wake() {
        guard !isScheduled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        queue.async { self.run() }
    }

    /// Calls the closure on the worker's queue after each commit of a batch.
    func whenAdvanced(_ call: @escaping @Sendable () -> Void) {
        onAdvance.withLock { $0 = AdvanceHandler(call: call) }
    }

    /// Looks for other processes' events now.
    func tickNow() {
        queue.async { self.tick() }
    }

    /// Calls back once the event is applied, or after `seconds`. At once if it is by now.
    func whenApplied(
        through event: EventID, within seconds: Int, _ completion: @escaping @Sendable (Result<Void, WaitError>) -> Void
    ) {
        guard let waiter = waiters.add(for: event, completion) else { return completion(.success(())) }
        wake()
        queue.asyncAfter(deadline: .now() + .seconds(seconds)) { [waiters] in waiters.expire(waiter) }
    }

    /// Has a job written between two batches, so that no batch that was read before it is written after it: as soon as
    /// nothing is to be folded, and after a second in any case. There is one such job at a time; its completion is called
    /// once, with a `CancellationError` where the worker stops before.
    func maintain(_ job: WriteJob) {
        queue.async {
            precondition(self.maintenance == nil, "there is one job of maintenance at a time")
            guard !self.isStopped else { return job.completion(.failure(CancellationError())) }
            self.maintenance = (job, monotonicNanoseconds() + Worker.maintenancePatience)
            self.run()
        }
    }

    /// Gives up a job of maintenance that has not begun.
    func cancelMaintenance() {
        queue.async { self.dropMaintenance() }
    }

    /// Ends when everything committed so far is applied, or cannot be written, and calls back on the worker's queue.
    func stop(_ completion: @escaping @Sendable () -> Void) {
        queue.async {
            self.ticker.withLock { $0?.stop() }
            self.isStopped = true
            self.dropMaintenance()
            self.whenIdle.append(completion)
            if self.isBackingOff { self.becomeIdle() } else if !self.isWriting { self.run() }
        }
    }

    /// Closes the connection, after what is under way.
    func close() {
        queue.sync {
            isClosed = true
            connection.close()
        }
    }

    // MARK: On the queue

    private func run() {
        dispatchPrecondition(condition: .onQueue(queue))
        isScheduled.store(false, ordering: .releasing)
        guard !isWriting, !isBackingOff, !isClosed else { return }
        let now = monotonicNanoseconds()
        if let maintenance, now >= maintenance.deadline { return maintain() }
        guard now >= lastStart + Worker.pace || isPressed else { return pause(until: lastStart + Worker.pace) }
        do {
            let cursor = applied
            let batch = try connection.transaction(.deferred) {
                try Batch.next(of: try waiting.next(after: cursor, limit: limit), on: base, from: connection)
            }
            if let batch {
                lastStart = now
                write(batch)
                return waiting.readAhead(behind: batch)
            }
            isWell()
            if maintenance != nil { maintain() } else { becomeIdle() }
        } catch {
            failed(error)
        }
    }

    /// Whether there is no sense in waiting for more events.
    private var isPressed: Bool {
        guard !isStopped, maintenance == nil, waiters.isEmpty else { return true }
        let waiting = log.lastCommitted - waiters.applied
        return waiting <= 0 || waiting >= Batch.size / 2
    }

    private func pause(until moment: UInt64) {
        guard !isPausing else { return }
        isPausing = true
        queue.asyncAfter(deadline: DispatchTime(uptimeNanoseconds: moment)) {
            self.isPausing = false
            self.run()
        }
    }

    /// The log can be read and what came of it is written: whatever failed before is over.
    private func isWell() {
        failures = 0
        failing.withLock { $0 = nil }
    }

    private func maintain() {
        guard let (job, _) = maintenance else { return }
        maintenance = nil
        isWriting = true
        log.submit(
            WriteJob(
                write: job.write,
                completion: { result in
                    self.queue.async {
                        self.isWriting = false
                        job.completion(result)
                        self.run()
                    }
                }))
    }

    private func dropMaintenance() {
        guard let (job, _) = maintenance else { return }
        maintenance = nil
        job.completion(.failure(CancellationError()))
    }

    private func becomeIdle() {
        let completions = whenIdle
        whenIdle = []
        for completion in completions { completion() }
    }

    private func write(_ batch: Batch, isSetAside: Bool = false) {
        isWriting = true
        FailPoint.beforeApply.reach()
        log.submit(
            WriteJob(
                write: { connection in
                    try batch.write(to: connection, as: .first)
                    FailPoint.insideApply.reach()
                },
                completion: { result in
                    self.queue.async { self.written(batch, isSetAside: isSetAside, result) }
                }))
    }

    private func written(_ batch: Batch, isSetAside: Bool, _ result: Result<Void, any Error>) {
        isWriting = false
        switch result {
        case .success:
            measurements.applied(zip(batch.events, batch.outcomes))
            if batch.state.changes.touchesSettings {
                base = batch.settings(after: base)
                directory.publish(base)
            }
            isWell()
            limit = min(Batch.size, limit * 2)
            waiters.advance(to: batch.last)
            changes.publish(applied: batch.last, incidents: batch.state.changes.incidents(in: batch.state))
            onAdvance.withLock { $0 }?.call()
            run()
        case .failure(let error as SQLiteError) where error.isConstraint && !isSetAside:
            refused(batch, error)
        case .failure(let error):
            failed(error)
        }
    }

    /// The tables refuse what a batch would do: a fault of the program. The batch is halved until one event is left that
    /// cannot be applied; it is set aside with an outcome that says so, so that it holds up nobody else's alarm.
    private func refused(_ batch: Batch, _ error: SQLiteError) {
        measurements.batchFailed()
        guard batch.events.count == 1 else {
            limit = Int64(batch.events.count / 2)
            return run()
        }
        logger.critical(
            "an event could not be applied and is set aside",
            metadata: ["event": "\(batch.last)", "error": "\(error)"])
        write(batch.setAside(on: base), isSetAside: true)
    }

    /// A batch that could not be read or written stays in the log and is folded again a little later: nothing is lost,
    /// and whoever waits is told by `/readyz`.
    private func failed(_ error: any Error) {
        failures += 1
        measurements.batchFailed()
        failing.withLock { $0 = $0 ?? monotonicNanoseconds() }
        log.noteDamage(error)
        logger.error("the worker could not apply a batch; it tries again", metadata: ["error": "\(error)"])
        if isStopped { return becomeIdle() }
        isBackingOff = true
        let delay = min(5000, 100 << min(failures, 6))
        queue.asyncAfter(deadline: .now() + .milliseconds(delay)) {
            self.isBackingOff = false
            self.run()
        }
    }

    private func tick() {
        guard !isStopped else { return }
        do {
            let version = try connection.dataVersion()
            if version != dataVersion {
                dataVersion = version
                wake()
            }
        } catch {
            log.noteDamage(error)
            logger.error("the worker could not look for work", metadata: ["error": "\(error)"])
        }
    }
}
