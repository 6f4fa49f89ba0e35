import Alerting
import DequeModule
import Dispatch
import Logging
import Store
import Synchronization

/// The one gate through which everything is written, and the append half of the log.
///
/// Group commit: while one commit syncs, arriving events gather; the next transaction takes them all, up to a bound,
/// together with the worker's changes if there are any, commits once with `synchronous = FULL`, and only then hands out
/// the receipts. There is no timer: at low load an event is committed at once.
///
/// `@unchecked Sendable`: the connection and whatever is a `var` are used on `queue` alone; what callers share is in
/// `pending` and `probes`.
public final class EventLog: @unchecked Sendable {
    /// What happens to an event: its number once it is on disk, or why it is not.
    public typealias Receipt = @Sendable (Result<EventID, AppendError>) -> Void

    /// Bounds of what may wait, and of what one transaction takes.
    public struct Limits: Sendable {
        /// Events that may wait for the disk.
        public var waitingEvents = 8192
        /// Bytes of bodies that may wait for the disk.
        public var waitingBytes = 16 * 1024 * 1024
        /// Events in one transaction.
        public var eventsPerCommit = 1024
        /// Bytes of bodies in one transaction.
        public var bytesPerCommit = 4 * 1024 * 1024

        /// The usual bounds.
        public init() {}
    }

    private struct Waiting {
        var event: NewEvent
        var executor: (any ReceiptExecutor)?
        var receipt: Receipt
    }

    /// A closure in a structure of its own. A mutex over the bare closure type would wrap the closure once more at each
    /// access, converting it to and from the generic form, so that calls got slower and deeper with every commit.
    private struct Wake {
        var call: @Sendable () -> Void
    }

    private struct DisplacementHandler {
        var call: @Sendable (DatabaseFiles.Displacement) -> Void
    }

    private struct Pending {
        var events: Deque<Waiting> = []
        var bytes = 0
        var shares = FairShare()
        var job: WriteJob?
        var asides: [WriteJob] = []
        var isScheduled = false
        var isClosed = false
    }

    private let queue = DispatchQueue(label: "alertgate.writer", qos: .userInitiated)
    private let connection: Connection
    private let limits: Limits
    private let measurements: Measurements
    private let pending = Mutex(Pending())
    private let committedID: Atomic<Int64>
    private let isDiskLow = Atomic<Bool>(false)
    private let isDamaged = Atomic<Bool>(false)
    private let isDisplaced = Atomic<Bool>(false)
    /// What looks at the database's files; nil where nothing is known of them.
    private let files: DatabaseFiles?
    private var volumeLook: VolumeLook
    private var isConnectionClosed = false
    private var lastID: EventID
    private var dataVersion: Int64
    private var walBound: WriteAheadLogBound
    /// Whether the last commit failed: said once when it begins and once when it is over.
    private var isFailing = false
    private let logger: Logger?
    private let onCommit = Mutex<Wake?>(nil)
    private let onDisplacement = Mutex<DisplacementHandler?>(nil)
    private let recent = Mutex(RecentEvents())
    /// Who waits for the probe that is under way.
    private let probes = Mutex<[ProbeAnswer]>([])

    /// A log over the connection that writes, which nobody else uses from now on. With `files`, nothing is answered as
    /// stored while they are not those at their paths.
    public init(
        connection: Connection, limits: Limits = Limits(), measurements: Measurements, files: DatabaseFiles? = nil,
        logger: Logger? = nil
    ) throws {
        self.files = files
        volumeLook = VolumeLook(pageSize: try connection.pageSize())
        self.connection = connection
        self.limits = limits
        self.measurements = measurements
        self.logger = logger
        lastID = try EventRows.nextID(connection) - 1
        dataVersion = try connection.dataVersion()
        walBound = WriteAheadLogBound(path: try connection.path())
        committedID = Atomic(lastID)
        connection.onDamage = { [weak self] in self?.noteDamage($0) }
    }

    /// The newest event that is on disk.
    public var lastCommitted: EventID { committedID.load(ordering: .acquiring) }

    /// How many events wait for the disk.
    public var waitingCount: Int { pending.withLock { $0.events.count } }

    /// Calls the closure after each commit that took events in, on the writer's queue: it wakes the worker.
    func whenCommitted(_ wake: @escaping @Sendable () -> Void) {
        onCommit.withLock { $0 = Wake(call: wake) }
    }

    /// Calls the closure on the writer's queue after each 8 MiB written, before whoever waits for them is told: it looks
    /// at the volume.
    func whenMuchIsWritten(_ look: @escaping @Sendable () -> Void) {
        queue.sync { volumeLook.call = look }
    }

    /// Calls the closure once, on whatever thread finds out, when the database's files are not those at their paths.
    func whenDisplaced(_ handle: @escaping @Sendable (DatabaseFiles.Displacement) -> Void) {
        onDisplacement.withLock { $0 = DisplacementHandler(call: handle) }
    }

    /// Looks at the database's files, and refuses events until the next start where they are not those at their paths:
    /// what is written there is gone with the process. Throws `AppendError.displaced`, also while the system does not say.
    func lookAtFiles() throws(AppendError) {
        switch files?.look() ?? .inPlace {
        case .inPlace: return
        case .unknown(let reason): throw .displaced("its files cannot be looked at: \(reason)")
        case .displaced(let displacement):
            if !isDisplaced.exchange(true, ordering: .acquiringAndReleasing) {
                onDisplacement.withLock { $0 }?.call(displacement)
            }
            throw .displaced(displacement.description)
        }
    }

    /// Whether the file was found damaged since the start.
    public var isFoundDamaged: Bool { isDamaged.load(ordering: .acquiring) }

    /// What is wrong with the database's files, if a look has found anything.
    public var displacement: DatabaseFiles.Displacement? { files?.displacement }

    /// Runs a closure with the connection on the writer's queue, between two commits; not once it is closed.
    func use(_ body: @escaping @Sendable (Connection) -> Void) {
        queue.async {
            if !self.isConnectionClosed { body(self.connection) }
        }
    }

    /// Takes the events that follow one in the log, at most `limit`, where they were committed a moment ago and by this
    /// process; otherwise none, and they have to be read.
    func takeRecent(after cursor: EventID, limit: Int64) -> [Event] {
        recent.withLock { $0.take(after: cursor, limit: Int(limit)) }
    }

    /// Says whether the volume is below the watermark; events are refused as long as it is.
    func setDiskLow(_ isLow: Bool) {
        isDiskLow.store(isLow, ordering: .releasing)
    }

    /// Refuses events until the next start, because a command has met damage in the file.
    func noteReportedDamage() {
        noteDamage("a command has met damaged parts of it")
    }

    /// Refuses events until the next start where an error says that the file is damaged: what such a file takes in may be
    /// gone when somebody looks for it, and the senders try again.
    func noteDamage(_ error: any Error) {
        guard let error = error as? SQLiteError, error.isCorrupt else { return }
        noteDamage("\(error)")
    }

    private func noteDamage(_ reason: String) {
        guard !isDamaged.exchange(true, ordering: .acquiringAndReleasing) else { return }
        logger?.critical(
            """
            the database is damaged: events are answered 503. Stop the daemon, then restore a backup with \
            `alertgate restore BACKUP`, or save what the log still holds with `alertgate recover NEW-FILE`
            """, metadata: ["error": "\(reason)"])
    }

    /// Takes an event in. The receipt is handed out exactly once, on the executor if there is one, else on the writer's
    /// queue: with the event's number after the commit that holds it is synced, or with the reason why it is not stored.
    /// Throws, and hands out no receipt, when the event cannot even wait.
    public func append(
        _ event: NewEvent, executor: (any ReceiptExecutor)? = nil, receipt: @escaping Receipt
    ) throws(AppendError) {
        guard !isDiskLow.load(ordering: .acquiring) else { throw .diskLow }
        guard !isDamaged.load(ordering: .acquiring) else { throw .damaged }
        if isDisplaced.load(ordering: .acquiring) { throw displacedError }
        let claim = FairShare.Claim(event)
        let refusal: AppendError? = pending.withLock { pending in
            guard !pending.isClosed else { return .stopping }
            let free = FairShare.Amount(
                events: limits.waitingEvents - pending.events.count, bytes: limits.waitingBytes - pending.bytes)
            guard free.events > 0, event.body.count <= free.bytes else { return .overloaded }
            guard pending.shares.take(claim, ofFree: free) else { return .overShare }
            pending.events.append(Waiting(event: event, executor: executor, receipt: receipt))
            pending.bytes += event.body.count
            schedule(&pending)
            return nil
        }
        if let refusal { throw refusal }
    }

    private var displacedError: AppendError {
        .displaced(displacement?.description ?? "its files are not in place")
    }

    /// Hands in the worker's changes; they join the next commit. There is one job at a time: the next one comes after
    /// the completion of the last. Works until `close` returns, also while events are refused.
    func submit(_ job: WriteJob) {
        pending.withLock { pending in
            precondition(pending.job == nil, "the worker hands in one job at a time")
            pending.job = job
            schedule(&pending)
        }
    }

    /// Hands in a write that has nothing to do with the log; it joins the next commit. Not taken while stopping.
    func submitAside(_ job: WriteJob) {
        pending.withLock { pending in
            guard !pending.isClosed else { return }
            pending.asides.append(job)
            schedule(&pending)
        }
    }

    /// Tries whether the writer can begin a transaction, and calls back with what came of it, once: also when the writer
    /// does not answer within five seconds.
    ///
    /// However many ask, one transaction is tried at a time and answers them all: where another process holds the lock
    /// each try waits for it, and events would wait behind all of them.
    public func probe(_ completion: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        let answer = ProbeAnswer(completion)
        let isFirst = probes.withLock { probes in
            probes.append(answer)
            return probes.count == 1
        }
        if isFirst {
            queue.async {
                let result = Result { try self.tryWriting() }
                let answers = self.probes.withLock { probes in
                    defer { probes = [] }
                    return probes
                }
                for answer in answers { answer.give(result) }
            }
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(5)) {
            answer.give(.failure(AppendError.silent))
        }
    }

    /// Begins and ends a transaction; after a commit that failed, one that writes: a disk that is full or broken lets a
    /// transaction begin all the same, and without events nothing else would find out that it is well again.
    ///
    /// A damaged file may well let it write; nothing is taken in all the same.
    private func tryWriting() throws {
        measurements.probed()
        // First, for what was written over looks damaged, too.
        try lookAtFiles()
        guard !isDamaged.load(ordering: .acquiring) else { throw AppendError.damaged }
        try connection.transaction(.immediate) {
            guard isFailing else { return }
            try connection.writeWithoutChange()
        }
        noteSuccess()
    }

    private func noteSuccess() {
        guard isFailing, !isDamaged.load(ordering: .acquiring) else { return }
        isFailing = false
        logger?.notice("the database takes writes again")
    }

    private func noteFailure(_ reason: String) {
        guard !isFailing else { return }
        isFailing = true
        logger?.error("the database refuses writes: events are answered 503", metadata: ["error": "\(reason)"])
    }

    /// Refuses events from now on, commits those that wait, and calls back on the writer's queue.
    public func drain(_ completion: @escaping @Sendable () -> Void) {
        pending.withLock { $0.isClosed = true }
        queue.async {
            self.finish()
            completion()
        }
    }

    /// Closes the connection, after everything handed in so far.
    public func close() {
        pending.withLock { $0.isClosed = true }
        queue.sync {
            finish()
            files?.close()
            isConnectionClosed = true
            connection.close()
        }
    }

    private func schedule(_ pending: inout Pending) {
        guard !pending.isScheduled else { return }
        pending.isScheduled = true
        queue.async { self.run() }
    }

    /// One commit of what waits, and then the next in its turn: under steady load something always waits, and whoever
    /// probes the writer must not wait for the end of that.
    private func run() {
        dispatchPrecondition(condition: .onQueue(queue))
        guard let (events, jobs) = next() else { return }
        commit(events, jobs)
        walBound.keep(connection)
        queue.async { self.run() }
    }

    /// Commits all that waits, before the end.
    private func finish() {
        dispatchPrecondition(condition: .onQueue(queue))
        while let (events, jobs) = next() { commit(events, jobs) }
    }

    /// What the next transaction takes; nil ends the busy period.
    private func next() -> (events: [Waiting], jobs: [WriteJob])? {
        pending.withLock { pending in
            guard !pending.events.isEmpty || pending.job != nil || !pending.asides.isEmpty else {
                pending.isScheduled = false
                return nil
            }
            var count = 0
            var bytes = 0
            while count < min(pending.events.count, limits.eventsPerCommit), bytes < limits.bytesPerCommit {
                bytes += pending.events[count].event.body.count
                count += 1
            }
            let events = Array(pending.events.prefix(count))
            pending.events.removeFirst(count)
            if pending.events.isEmpty {
                pending.shares.giveAllBack()
            } else {
                for waiting in events { pending.shares.giveBack(FairShare.Claim(waiting.event)) }
            }
            pending.bytes -= bytes
            let jobs = (pending.job.map { [$0] } ?? []) + pending.asides
            pending.job = nil
            pending.asides = []
            return (events, jobs)
        }
    }

    private func commit(_ events: [Waiting], _ jobs: [WriteJob]) {
        let start = monotonicNanoseconds()
        do {
            if isDisplaced.load(ordering: .acquiring) { throw displacedError }
            let (first, jobErrors) = try write(events, jobs)
            if !events.isEmpty { FailPoint.afterCommit.reach() }
            lastID += Int64(events.count)
            committedID.store(lastID, ordering: .releasing)
            tell(events, from: first, start: start)
            for (job, error) in zip(jobs, jobErrors) { job.completion(error.map { .failure($0) } ?? .success(())) }
            if !events.isEmpty, let wake = onCommit.withLock({ $0 }) {
                recent.withLock { $0.add(events.lazy.map(\.event), from: first) }
                wake.call()
            }
        } catch {
            let refusal = error as? AppendError
            let reason = refusal?.description ?? (error as? SQLiteError)?.message ?? "\(error)"
            noteDamage(error)
            if refusal == nil { noteFailure(reason) }
            measurements.commitFailed()
            handOut(events) { _ in .failure(refusal ?? .failed(reason)) }
            // Not as it came: the worker would take a rule that an event broke for one that its own changes broke.
            for job in jobs { job.completion(.failure(refusal ?? .failed(reason))) }
        }
    }

    /// Hands out the receipts of a commit, once it is sure that it went into the files at their paths.
    private func tell(_ events: [Waiting], from first: EventID, start: UInt64) {
        do throws(AppendError) {
            try lookAtFiles()
            noteSuccess()
            measurements.committed(events: events.count, nanoseconds: monotonicNanoseconds() - start)
            volumeLook.wrote(connection)
            handOut(events) { .success(first + Int64($0)) }
        } catch {
            measurements.commitFailed()
            handOut(events) { [error] _ in .failure(error) }
        }
    }

    /// Writes events and jobs in one transaction. Gives the first event's number, and each job's failure.
    ///
    /// Jobs hardly ever fail: they are written with the events as one piece. Where one does all of it is undone, and done
    /// again with each job apart, so that its failure undoes it alone. The part of a transaction that can be undone by
    /// itself costs a copy of each page that changes. Some failures end the whole transaction: then the events are written
    /// without the jobs.
    private func write(
        _ events: [Waiting], _ jobs: [WriteJob]
    ) throws -> (first: EventID, jobErrors: [(any Error)?]) {
        do {
            return try connection.transaction(.immediate) {
                let first = try insert(events)
                for job in jobs {
                    do { try job.write(connection) } catch { throw JobFailure() }
                }
                return (first, jobs.map { _ in nil })
            }
        } catch is JobFailure {
            do {
                return try connection.transaction(.immediate) { (try insert(events), try jobs.map(perform)) }
            } catch let ended as TransactionEnded {
                let first = try connection.transaction(.immediate) { try insert(events) }
                return (first, jobs.map { _ in ended.cause })
            }
        }
    }

    private func insert(_ events: [Waiting]) throws -> EventID {
        try noticeOtherWriters()
        var id = lastID
        for waiting in events {
            id += 1
            try EventRows.insert(waiting.event, id: id, into: connection)
        }
        return lastID + 1
    }

    /// Another process, the command line, may have appended since: its numbers are taken.
    private func noticeOtherWriters() throws {
        let version = try connection.dataVersion()
        guard version != dataVersion else { return }
        lastID = try EventRows.nextID(connection) - 1
        dataVersion = version
    }

    /// Runs the worker's job so that its failure undoes it alone, not the events beside it.
    private func perform(_ job: WriteJob) throws -> (any Error)? {
        do {
            try connection.savepoint { try job.write(connection) }
            return nil
        } catch {
            guard connection.isInTransaction else { throw TransactionEnded(cause: error) }
            return error
        }
    }

    /// Hands out receipts, grouped by executor.
    private func handOut(
        _ events: [Waiting], _ result: @escaping @Sendable (Int) -> Result<EventID, AppendError>
    ) {
        var groups: [ObjectIdentifier: (executor: any ReceiptExecutor, receipts: [(Int, Receipt)])] = [:]
        for (index, waiting) in events.enumerated() {
            guard let executor = waiting.executor else {
                waiting.receipt(result(index))
                continue
            }
            groups[ObjectIdentifier(executor), default: (executor, [])].receipts.append((index, waiting.receipt))
        }
        for (executor, receipts) in groups.values {
            executor.execute {
                for (index, receipt) in receipts { receipt(result(index)) }
            }
        }
    }
}

/// That a job threw: which one and what is found out when it is done again.
private struct JobFailure: Error {}

/// That a job failed in a way that ended the transaction around it.
private struct TransactionEnded: Error {
    let cause: any Error
}

/// Changes that join a commit.
struct WriteJob: Sendable {
    /// Writes inside the transaction; what it throws undoes the job alone. It is called again where what it did was undone.
    var write: @Sendable (Connection) throws -> Void
    /// Called on the writer's queue once the job is on disk, or undone.
    var completion: @Sendable (Result<Void, any Error>) -> Void
}
