import Alerting
import Dispatch
import Logging
import Store
import Synchronization

/// Appends an event for each timer that is due, and for each heartbeat that is missed or arrives again.
///
/// Looks on a connection of its own, five times a second. What clocks and time zones decide enters the log here: the fold
/// knows neither.
///
/// `@unchecked Sendable`: everything that is not a `let` is used on `queue` alone.
final class Scheduler: @unchecked Sendable {
    private let queue = DispatchQueue(label: "alertgate.scheduler", qos: .userInitiated)
    private let connection: Connection
    private let log: EventLog
    private let worker: Worker
    private let directory: SettingsDirectory
    private let clock: any TimeSource
    private let logger: Logger

    private var isStopped = false
    /// Timers for which an event is in the log, or on the way there, and not applied yet.
    private var inFlight: Set<TimerEvent> = []
    /// Those of them whose event is in the log.
    private var toApply: [EventID: TimerEvent] = [:]
    /// How many are on the way to the log.
    private var beingAppended = 0
    /// Whether more timers were due at the last look than it took.
    private var areMoreDue = false
    private var heartbeats = HeartbeatWatch()
    private let ticker = Mutex<Ticker?>(nil)
    /// Whether `toApply` has events: the worker's commits are of interest then.
    private let waitsForWorker = Atomic<Bool>(false)

    /// How often due timers are looked for.
    static let interval = DispatchTimeInterval.milliseconds(200)

    /// How many seconds an event may have waited to be applied while heartbeats are judged.
    private static let patience: Int64 = 2

    init(
        connection: Connection, log: EventLog, worker: Worker, directory: SettingsDirectory, clock: any TimeSource,
        logger: Logger
    ) {
        self.connection = connection
        self.log = log
        self.worker = worker
        self.directory = directory
        self.clock = clock
        self.logger = logger
    }

    /// Starts to look.
    func start() {
        worker.whenAdvanced { [weak self] in self?.workerAdvanced() }
        let ticker = Ticker(every: Scheduler.interval, on: queue) { [weak self] in self?.look() }
        self.ticker.withLock { $0 = ticker }
    }

    /// Looks for due timers now.
    func lookNow() {
        queue.async { self.look() }
    }

    /// Appends nothing more, closes the connection, and calls back on the scheduler's queue. What is due stays due until
    /// the next start.
    func stop(_ completion: @escaping @Sendable () -> Void) {
        ticker.withLock { $0?.stop() }
        queue.async {
            if !self.isStopped {
                self.isStopped = true
                self.connection.close()
            }
            completion()
        }
    }

    // MARK: On the queue

    private func look() {
        dispatchPrecondition(condition: .onQueue(queue))
        guard !isStopped else { return }
        release()
        do {
            try appendDue()
        } catch {
            log.noteDamage(error)
            logger.error("due timers could not be read", metadata: ["error": "\(error)"])
        }
    }

    private func appendDue() throws {
        let now = clock.now()
        let limit = Int(Batch.size) + inFlight.count
        let due = try TimerRows.due(at: now, limit: Int64(limit), connection)
        let settings = directory.settings
        for timer in due {
            guard append(timer, settings) else { return }
        }
        areMoreDue = due.count == limit
        // What waits to be applied may be just what is missed.
        guard try !isBehind(at: now) else { return }
        for heartbeat in try HeartbeatRows.all(connection) {
            guard let timer = heartbeats.timer(for: heartbeat, at: now, settings: settings) else { continue }
            guard append(timer, settings) else { return }
        }
    }

    /// Whether something has waited for a while to be applied.
    private func isBehind(at now: Timestamp) throws -> Bool {
        let oldest = try EventRows.firstReceipt(after: worker.applied, connection)
        return oldest.map { $0.adding(seconds: Scheduler.patience) < now } ?? false
    }

    /// Appends an event for what is due. While that waits to be applied, it is not appended again. False if the log takes
    /// no events now: the timer is still due at the next look.
    private func append(_ timer: TimerEvent, _ settings: FoldState) -> Bool {
        guard !inFlight.contains(timer) else { return true }
        let event = EventBodyCoding.event(withNextWindow(timer, settings), receivedAt: clock.now())
        do {
            try log.append(event) { result in
                self.queue.async { self.appended(timer, result) }
            }
        } catch {
            return false
        }
        inFlight.insert(timer)
        beingAppended += 1
        return true
    }

    private func appended(_ timer: TimerEvent, _ result: Result<EventID, AppendError>) {
        beingAppended -= 1
        switch result {
        case .success(let id):
            toApply[id] = timer
            waitsForWorker.store(true, ordering: .sequentiallyConsistent)
        case .failure:
            inFlight.remove(timer)
            areMoreDue = false
        }
        // The worker may have applied it before it was known to be in the log.
        release()
    }

    /// The end of a recurring silence says its next window: time zones are none of the fold's business.
    private func withNextWindow(_ timer: TimerEvent, _ settings: FoldState) -> TimerEvent {
        guard timer.kind == .silenceEnd, let silence = settings.silences[timer.subjectID] else { return timer }
        var timer = timer
        timer.nextWindow = silence.nextWindow(at: clock.now())
        return timer
    }

    /// On the worker's queue, after each commit.
    private func workerAdvanced() {
        guard waitsForWorker.load(ordering: .sequentiallyConsistent) else { return }
        queue.async { self.release() }
    }

    /// Lets the timers be appended again whose events are applied. One that was set aside stays due, and is left alone
    /// until the next start: it would be set aside again, five times a second.
    private func release() {
        guard !toApply.isEmpty, !isStopped else { return }
        let applied = worker.applied
        for (id, timer) in toApply where id <= applied {
            toApply[id] = nil
            if !isSetAside(id) { inFlight.remove(timer) }
        }
        guard toApply.isEmpty else { return }
        waitsForWorker.store(false, ordering: .sequentiallyConsistent)
        // If there are more, they need not wait for the next look.
        guard areMoreDue, beingAppended == 0 else { return }
        areMoreDue = false
        look()
    }

    private func isSetAside(_ event: EventID) -> Bool {
        do {
            return try OutcomeRows.read(event, connection)?.reason == DropReason.inapplicable.rawValue
        } catch {
            log.noteDamage(error)
            return false
        }
    }
}
