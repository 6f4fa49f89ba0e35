import Alerting
import Dispatch
import Logging
import Store
import Synchronization

/// Removes what is too old while the daemon runs: a pass each hour, in steps that are jobs of the worker's, so that none
/// comes between the reading and the writing of a batch. After each step the gate is left alone for nine times as long
/// as the step took.
///
/// `@unchecked Sendable`: everything that is not a `let` is used on `queue` alone.
public final class Retention: @unchecked Sendable {
    private let queue = DispatchQueue(label: "alertgate.retention", qos: .utility)
    private let connection: Connection
    private let worker: Worker
    private let log: EventLog
    private let clock: any TimeSource
    private let measurements: Measurements
    private let logger: Logger
    private let limits: RetentionLimits
    private let schedule: RetentionSchedule
    private let currentPolicy: Mutex<RetentionPolicy>
    private let isStopped = Atomic<Bool>(false)
    /// Signalled when it stops, so that no pause outlasts that.
    private let stopping = DispatchSemaphore(value: 0)
    private let ticker = Mutex<Ticker?>(nil)
    private var lookedThrough: EventID = 0
    private var isClosed = false

    /// How much longer than a step the pause after it is.
    private static let pauseFactor: UInt64 = 9
    private static let longestPause: UInt64 = 1_000_000_000

    init(
        connection: Connection, policy: RetentionPolicy, worker: Worker, log: EventLog, clock: any TimeSource,
        measurements: Measurements, logger: Logger, limits: RetentionLimits = RetentionLimits(),
        schedule: RetentionSchedule = RetentionSchedule()
    ) {
        self.connection = connection
        self.worker = worker
        self.log = log
        self.clock = clock
        self.measurements = measurements
        self.logger = logger
        self.limits = limits
        self.schedule = schedule
        currentPolicy = Mutex(policy)
    }

    /// How long things are kept. A change is good from the next pass on.
    public var policy: RetentionPolicy {
        get { currentPolicy.withLock { $0 } }
        set { currentPolicy.withLock { $0 = newValue } }
    }

    func start() {
        queue.asyncAfter(deadline: .now() + schedule.firstDelay) { [weak self] in self?.pass() }
        let ticker = Ticker(every: schedule.interval, on: queue) { [weak self] in self?.pass() }
        self.ticker.withLock { $0 = ticker }
    }

    /// Makes a pass now, or after the one under way, and calls back on retention's queue.
    public func passNow(_ completion: @escaping @Sendable () -> Void) {
        queue.async {
            self.pass()
            completion()
        }
    }

    /// Runs a closure with the connection on retention's queue, between two passes; not once it is closed.
    func use(_ body: @escaping @Sendable (Connection) -> Void) {
        queue.async {
            if !self.isClosed { body(self.connection) }
        }
    }

    /// Stops after the step under way, and calls back on retention's queue. The worker has to run until then.
    func stop(_ completion: @escaping @Sendable () -> Void) {
        isStopped.store(true, ordering: .releasing)
        ticker.withLock { $0?.stop() }
        stopping.signal()
        worker.cancelMaintenance()
        queue.async { completion() }
    }

    /// Closes the connection, after what is under way.
    func close() {
        queue.sync {
            isClosed = true
            connection.close()
        }
    }

    // MARK: On the queue

    private func pass() {
        guard !isStopped.load(ordering: .acquiring) else { return }
        let start = monotonicNanoseconds()
        var pass = RetentionPass(
            connection: connection, policy: policy, now: clock.now(), limits: limits, perform: perform)
        pass.lookedThrough = lookedThrough
        do {
            try pass.run()
            lookedThrough = pass.lookedThrough
            measurements.retentionPassed(at: clock.now())
            logger.info(
                "retention has removed what is too old",
                metadata: [
                    "incidents": "\(pass.counts.incidents)", "events": "\(pass.counts.events)",
                    "bytes": "\(pass.counts.bytes)", "steps": "\(pass.counts.steps)",
                    "seconds": "\((monotonicNanoseconds() - start) / 1_000_000_000)",
                ])
        } catch is CancellationError {
            // It stops; the next pass goes on with what is left.
        } catch {
            log.noteDamage(error)
            logger.error("retention could not go on; it tries again later", metadata: ["error": "\(error)"])
        }
    }

    /// Has the worker carry a step out, waits for it, and pauses.
    private func perform(_ step: RetentionStep) throws -> RetentionStep.Result {
        guard !isStopped.load(ordering: .acquiring) else { throw CancellationError() }
        // From where the step begins to where the worker hears that the commit with it is synced: rather too long by a hop
        // between queues than without the commit, for which the events that came meanwhile wait, too.
        let written = Mutex((result: RetentionStep.Result(), began: UInt64(0)))
        let outcome = Mutex<(result: Result<Void, any Error>, ended: UInt64)>((.failure(CancellationError()), 0))
        let done = DispatchSemaphore(value: 0)
        let nanoseconds = limits.nanoseconds
        worker.maintain(
            WriteJob(
                write: { connection in
                    let start = monotonicNanoseconds()
                    let result = try step.carryOut(on: connection, nanoseconds: nanoseconds)
                    written.withLock { $0 = (result, start) }
                },
                completion: { result in
                    outcome.withLock { $0 = (result, monotonicNanoseconds()) }
                    done.signal()
                }))
        if isStopped.load(ordering: .acquiring) { worker.cancelMaintenance() }
        done.wait()
        let (success, ended) = outcome.withLock { $0 }
        try success.get()
        let (result, began) = written.withLock { $0 }
        let taken = ended - began
        measurements.removed(result.counts, nanoseconds: taken)
        let pause = min(taken * Retention.pauseFactor, Retention.longestPause)
        if stopping.wait(timeout: .now() + .nanoseconds(Int(pause))) == .success {
            stopping.signal()
            throw CancellationError()
        }
        return result
    }
}
