import Alerting
import Dispatch
import Logging
import Store
import Synchronization

/// Folds the log: reads the next events after the cursor, applies them in memory, and has the changes, the outcomes and
/// the cursor written in one transaction. Killed at any moment it goes on where the cursor stands.
///
/// Woken by the log after each commit; a slow tick besides notices events that another process appended, and timers
/// that fall due.
///
/// `@unchecked Sendable`: everything that is not a `let` is used on `queue` alone; what others ask for is in `progress`.
public final class Worker: @unchecked Sendable {
    private struct Progress {
        var applied: EventID
        var waiters: [(event: EventID, completion: @Sendable (Result<Void, WaitError>) -> Void, id: UInt64)] = []
        var nextWaiter: UInt64 = 0
        var failingSince: UInt64?
    }

    private let queue = DispatchQueue(label: "alertgate.worker", qos: .userInitiated)
    private let connection: Connection
    private let log: EventLog
    private let directory: SettingsDirectory
    private let clock: any TimeSource
    private let measurements: Measurements
    private let logger: Logger
    private let progress: Mutex<Progress>
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
    /// Timers for which an event is in the log, or on the way there, and not applied yet.
    private var timersInFlight: Set<TimerEvent> = []
    /// Those of them whose event is in the log.
    private var timersToApply: [EventID: TimerEvent] = [:]
    /// How many are on the way to the log.
    private var timersBeingAppended = 0
    /// Whether more timers were due at the last tick than it took.
    private var areMoreTimersDue = false
    private var heartbeats = HeartbeatWatch()
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

    /// How many seconds an event may have waited to be applied while heartbeats are judged.
    private static let patience: Int64 = 2

    /// How often other processes' events and due timers are looked for.
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
        progress = Mutex(Progress(applied: try FoldReader.cursor(connection)))
        directory.publish(base)
    }

    /// The last event applied.
    public var applied: EventID { progress.withLock { $0.applied } }

    /// Since when batches fail, in monotonic nanoseconds; nil while they do not.
    public var failingSince: UInt64? { progress.withLock { $0.failingSince } }

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

    /// Looks for other processes' events and due timers now.
    func tickNow() {
        queue.async { self.tick() }
    }

    /// Calls back once the event is applied, or after `seconds`. At once if it is by now.
    func whenApplied(
        through event: EventID, within seconds: Int, _ completion: @escaping @Sendable (Result<Void, WaitError>) -> Void
    ) {
        let waiter: UInt64? = progress.withLock { progress in
            guard progress.applied < event else { return nil }
            progress.nextWaiter += 1
            progress.waiters.append((event, completion, progress.nextWaiter))
            return progress.nextWaiter
        }
        guard let waiter else { return completion(.success(())) }
        wake()
        queue.asyncAfter(deadline: .now() + .seconds(seconds)) { [weak self] in
            let late = self?.progress.withLock { progress in
                progress.waiters.firstIndex { $0.id == waiter }.map { progress.waiters.remove(at: $0).completion }
            }
            late?(.failure(WaitError()))
        }
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
        guard !isStopped, maintenance == nil else { return true }
        return progress.withLock { progress in
            let waiting = log.lastCommitted - progress.applied
            return !progress.waiters.isEmpty || waiting <= 0 || waiting >= Batch.size / 2
        }
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
        progress.withLock { $0.failingSince = nil }
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
                    try batch.write(to: connection)
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
                base = batch.state.settingsOnly()
                directory.publish(base)
            }
            isWell()
            limit = min(Batch.size, limit * 2)
            advance(to: batch.last)
            run()
        case .failure(let error as SQLiteError) where error.isConstraint && !isSetAside:
            refused(batch, error)
        case .failure(let error):
            failed(error)
        }
    }

    private func advance(to event: EventID) {
        defer { releaseTimers() }
        let ready = progress.withLock { progress in
            progress.applied = event
            let ready = progress.waiters.filter { $0.event <= event }
            progress.waiters.removeAll { $0.event <= event }
            return ready
        }
        for waiter in ready { waiter.completion(.success(())) }
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
        progress.withLock { $0.failingSince = $0.failingSince ?? monotonicNanoseconds() }
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
            let version = try connection.integer("PRAGMA data_version") ?? 0
            if version != dataVersion {
                dataVersion = version
                wake()
            }
            try appendDueTimers()
        } catch {
            log.noteDamage(error)
            logger.error("the worker could not look for work", metadata: ["error": "\(error)"])
        }
    }

    /// Appends an event for each timer that is due, and for each heartbeat that is missed or came back.
    private func appendDueTimers() throws {
        let now = clock.now()
        let limit = Int(Batch.size) + timersInFlight.count
        let due = try TimerRows.due(at: now, limit: Int64(limit), connection)
        for timer in due {
            guard append(timer) else { return }
        }
        areMoreTimersDue = due.count == limit
        // What waits to be applied may be just what is missed.
        guard try !isBehind(at: now) else { return }
        for heartbeat in try HeartbeatRows.all(connection) {
            guard let timer = heartbeats.timer(for: heartbeat, at: now, settings: base) else { continue }
            guard append(timer) else { return }
        }
    }

    /// Whether something has waited for a while to be applied.
    private func isBehind(at now: Timestamp) throws -> Bool {
        let oldest = try connection.first(
            "SELECT received_at FROM events WHERE id > ? ORDER BY id LIMIT 1", { $0.add(applied) }, { $0.time(0) })
        return oldest.map { $0.adding(seconds: Worker.patience) < now } ?? false
    }

    /// Appends an event for what is due. While that waits to be applied, it is not appended again. False where the log
    /// takes no events now: the timer is still due at the next tick.
    private func append(_ timer: TimerEvent) -> Bool {
        guard !timersInFlight.contains(timer) else { return true }
        let event = EventBodyCoding.event(withNextWindow(timer), receivedAt: clock.now())
        do {
            try log.append(event) { result in
                self.queue.async { self.appended(timer, result) }
            }
        } catch {
            return false
        }
        timersInFlight.insert(timer)
        timersBeingAppended += 1
        return true
    }

    private func appended(_ timer: TimerEvent, _ result: Result<EventID, AppendError>) {
        timersBeingAppended -= 1
        switch result {
        case .success(let id):
            timersToApply[id] = timer
        case .failure:
            timersInFlight.remove(timer)
            areMoreTimersDue = false
        }
        releaseTimers()
    }

    /// A silence that comes back has its next window said in the log: time zones are none of the fold's business.
    private func withNextWindow(_ timer: TimerEvent) -> TimerEvent {
        guard timer.kind == .silenceEnd, let silence = base.silences[timer.subjectID] else { return timer }
        var timer = timer
        timer.nextWindow = silence.nextWindow(at: clock.now())
        return timer
    }

    /// Lets the timers be appended again whose events are applied. One that was set aside stays due, and is left alone
    /// until the next start: it would be set aside again, five times a second.
    private func releaseTimers() {
        guard !timersToApply.isEmpty, !isClosed else { return }
        let applied = applied
        for (id, timer) in timersToApply where id <= applied {
            timersToApply[id] = nil
            if !isSetAside(id) { timersInFlight.remove(timer) }
        }
        // Where there are more, they need not wait for the next tick.
        guard areMoreTimersDue, timersToApply.isEmpty, timersBeingAppended == 0 else { return }
        areMoreTimersDue = false
        tick()
    }

    private func isSetAside(_ event: EventID) -> Bool {
        do {
            return try OutcomeRows.read(event, connection)?.reason == DropReason.inapplicable.rawValue
        } catch {
            return false
        }
    }
}

/// That the worker has not come to an event in time.
public struct WaitError: Error, Sendable, CustomStringConvertible {
    /// What happened.
    public var description: String { "the worker has not applied the event in time" }
}
