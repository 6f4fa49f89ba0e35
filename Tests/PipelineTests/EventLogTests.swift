import Alerting
import GatewayTesting
import Store
import Synchronization
import Testing

@testable import Pipeline

/// docs/architecture.md, promises 1 and 7: accepted means on disk; overload is refused.
@Suite(.timeLimit(.minutes(5))) struct EventLogTests {
    private let temporary: TemporaryDatabase
    private let measurements = Measurements()

    init() throws {
        temporary = try TemporaryDatabase()
    }

    private func makeLog(_ change: (inout EventLog.Limits) -> Void = { _ in }) throws -> EventLog {
        var limits = EventLog.Limits()
        change(&limits)
        return try EventLog(
            connection: try temporary.database.openWriter(creating: true), limits: limits, measurements: measurements)
    }

    private func bodies() throws -> [EventID: [UInt8]] {
        let reader = try temporary.database.openReader()
        let rows = try reader.all("SELECT id, body FROM events") { ($0.integer(0), $0.bytes(1)) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    @Test func everyReceiptsNumberHoldsItsBody() async throws {
        let log = try makeLog { $0.eventsPerCommit = 37 }
        let (callers, each) = (32, 40)
        let taken = try await withThrowingTaskGroup(of: [(EventID, [UInt8])].self) { group in
            for caller in 0..<callers {
                group.addTask {
                    var taken: [(EventID, [UInt8])] = []
                    for number in 0..<each {
                        let event = event("\(caller)/\(number)/" + String(repeating: "\u{0}x", count: number * 7))
                        taken.append((try await log.take(event), event.body))
                    }
                    return taken
                }
            }
            return try await group.reduce(into: [[(EventID, [UInt8])]]()) { $0.append($1) }
        }
        let stored = try bodies()
        #expect(stored.count == callers * each)
        #expect(Set(stored.keys) == Set(1...EventID(callers * each)))
        for caller in taken {
            #expect(caller.map(\.0) == caller.map(\.0).sorted())
            for (id, body) in caller { #expect(stored[id] == body) }
        }
        #expect(log.lastCommitted == EventID(callers * each))
        #expect(measurements.snapshot.committedEvents == Int64(callers * each))
        log.close()
    }

    @Test func numbersFollowTheOrderOfAppending() async throws {
        let log = try makeLog()
        let receipts = Collector<(Int, EventID)>()
        for number in 0..<500 {
            try log.append(event("\(number)")) { result in
                if case .success(let id) = result { receipts.add((number, id)) }
            }
        }
        let all = await receipts.collected(500)
        #expect(all.map(\.0) == Array(0..<500))
        #expect(all.map(\.1) == Array(1...500))
        log.close()
    }

    @Test func aReceiptIsNeverHandedOutBeforeTheRowIsReadable() async throws {
        let log = try makeLog { $0.eventsPerCommit = 8 }
        let reader = try temporary.database.openReader()
        let found = Collector<Bool>()
        for number in 0..<300 {
            let event = event("body \(number)")
            // Receipts without an executor come on the writer's queue, one after the other, so they may share a reader.
            try log.append(event) { result in
                guard case .success(let id) = result else { return found.add(false) }
                do {
                    let body = try reader.first("SELECT body FROM events WHERE id = ?", { $0.add(id) }, { $0.bytes(0) })
                    found.add(body == event.body)
                } catch {
                    found.add(false)
                }
            }
        }
        let all = await found.collected(300)
        #expect(all.allSatisfy { $0 })
        log.close()
    }

    /// Counts how often it is woken.
    private final class CountingExecutor: ReceiptExecutor {
        let executions = Atomic<Int>(0)
        func execute(_ work: @escaping @Sendable () -> Void) {
            executions.wrappingAdd(1, ordering: .relaxed)
            work()
        }
    }

    @Test func anExecutorIsWokenOncePerCommit() async throws {
        let log = try makeLog()
        let blocker = try temporary.database.openWriter(creating: false)
        try blocker.execute("BEGIN IMMEDIATE")
        let executors = [CountingExecutor(), CountingExecutor()]
        let receipts = Collector<EventID>()
        for number in 0..<200 {
            try log.append(event("\(number)"), executor: executors[number % 2]) { result in
                if case .success(let id) = result { receipts.add(id) }
            }
        }
        try blocker.execute("COMMIT")
        let all = await receipts.collected(200)
        #expect(Set(all) == Set(1...200))
        let commits = measurements.snapshot.commits
        #expect(commits < 50, "\(commits) commits for 200 events that waited together")
        for executor in executors {
            let count = executor.executions.load(ordering: .relaxed)
            #expect(count >= 1 && count <= commits)
        }
        log.close()
    }

    @Test func aSingleExecutorIsWokenAsOftenAsThereAreCommits() async throws {
        let log = try makeLog { $0.eventsPerCommit = 10 }
        let executor = CountingExecutor()
        let receipts = Collector<EventID>()
        for number in 0..<100 {
            try log.append(event("\(number)"), executor: executor) { result in
                if case .success(let id) = result { receipts.add(id) }
            }
        }
        _ = await receipts.collected(100)
        await log.finish()
        #expect(Int64(executor.executions.load(ordering: .relaxed)) == measurements.snapshot.commits)
        #expect(measurements.snapshot.commits >= 10)
        log.close()
    }

    @Test(arguments: [true, false])
    func overloadIsAnsweredAndPasses(byCount: Bool) async throws {
        let log = try makeLog { limits in
            limits.eventsPerCommit = 4
            if byCount { limits.waitingEvents = 4 } else { limits.waitingBytes = 1000 }
        }
        let blocker = try temporary.database.openWriter(creating: false)
        try blocker.execute("BEGIN IMMEDIATE")
        let receipts = Collector<EventID>()
        var accepted: [String] = []
        var refusals: [AppendError] = []
        for number in 0..<30 {
            let text = "\(number) " + String(repeating: "x", count: 246)
            do throws(AppendError) {
                // Each from another sender: none has more than its share.
                try log.append(event(text, integration: IntegrationID(number + 1))) { result in
                    if case .success(let id) = result { receipts.add(id) }
                }
                accepted.append(text)
            } catch {
                refusals.append(error)
            }
        }
        #expect((4...8).contains(accepted.count))
        #expect(refusals.count == 30 - accepted.count)
        for refusal in refusals {
            guard case .overloaded = refusal else {
                Issue.record("\(refusal)")
                continue
            }
        }
        #expect(log.waitingCount <= 4)
        try blocker.execute("COMMIT")
        #expect(await receipts.collected(accepted.count).count == accepted.count)
        let id = try await log.take(event("after"))
        #expect(id == EventID(accepted.count) + 1)
        let expected = accepted + ["after"]
        #expect(try bodies() == Dictionary(uniqueKeysWithValues: zip(1..., expected.map { Array($0.utf8) })))
        log.close()
    }

    @Test func aLockedDatabaseFailsEventsAndServiceComesBack() async throws {
        let log = try makeLog()
        #expect(try await log.take(event("before")) == 1)
        let blocker = try temporary.database.openWriter(creating: false)
        try blocker.execute("BEGIN IMMEDIATE")
        for _ in 0..<2 {
            let error = await #expect(throws: AppendError.self) { _ = try await log.take(event("while locked")) }
            guard case .failed(let reason) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(!reason.isEmpty && !reason.contains("while locked"))
        }
        #expect(measurements.snapshot.failedCommits == 2)
        try blocker.execute("ROLLBACK")
        #expect(try await log.take(event("after")) == 2)
        #expect(try bodies().mapValues { String(decoding: $0, as: UTF8.self) } == [1: "before", 2: "after"])
        log.close()
    }

    @Test func afterDrainingNothingIsTakenAndNothingIsLost() async throws {
        let log = try makeLog { $0.eventsPerCommit = 16 }
        let receipts = Collector<EventID>()
        for number in 0..<200 {
            try log.append(event("\(number)")) { result in
                if case .success(let id) = result { receipts.add(id) }
            }
        }
        await log.finish()
        #expect(receipts.values.count == 200)
        #expect(try bodies().count == 200)
        let error = await #expect(throws: AppendError.self) { _ = try await log.take(event("late")) }
        guard case .stopping = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        log.close()
        #expect(try bodies().count == 200)
    }

    @Test func aFailingJobTakesNoEventDownWithIt() async throws {
        let log = try makeLog()
        struct Failure: Error {}
        for statement in ["INSERT INTO worker_cursor (id, event_id) VALUES (2, 0)", nil] {
            let results = Collector<Bool>()
            let receipts = Collector<EventID>()
            let before = log.lastCommitted
            let blocker = try temporary.database.openWriter(creating: false)
            try blocker.execute("BEGIN IMMEDIATE")
            for number in 0..<20 {
                try log.append(event("\(number)")) { result in
                    if case .success(let id) = result { receipts.add(id) }
                }
            }
            log.submit(
                WriteJob(
                    write: { connection in
                        try connection.execute("INSERT INTO services (id, name, created_at) VALUES (1, 'half', 1)")
                        if let statement { try connection.execute(statement) }
                        throw Failure()
                    },
                    completion: { result in
                        if case .failure = result { results.add(true) } else { results.add(false) }
                    }))
            try blocker.execute("COMMIT")
            #expect(await receipts.collected(20).sorted() == Array((before + 1)...(before + 20)))
            #expect(await results.collected(1) == [true])
            #expect(try bodies().count == Int(before) + 20)
            let reader = try temporary.database.openReader()
            #expect(try reader.integer("SELECT count(*) FROM services") == 0)
        }
        let done = Collector<Bool>()
        log.submit(
            WriteJob(
                write: { try $0.execute("INSERT INTO services (id, name, created_at) VALUES (1, 'whole', 1)") },
                completion: { result in
                    if case .success = result { done.add(true) } else { done.add(false) }
                }))
        #expect(await done.collected(1) == [true])
        log.close()
    }

    @Test func numbersOfAnotherProcessAreRespected() async throws {
        let log = try makeLog()
        let other = try temporary.database.openWriter(creating: false)
        func appendElsewhere(_ text: String) throws -> EventID {
            try other.transaction(.immediate) {
                let id = try EventRows.nextID(other)
                try EventRows.insert(event(text), id: id, into: other)
                return id
            }
        }
        var expected: [EventID: String] = [:]
        for round in 0..<20 {
            let here = try await log.take(event("here \(round)"))
            expected[here] = "here \(round)"
            for number in 0...(round % 3) {
                let id = try appendElsewhere("there \(round) \(number)")
                #expect(expected[id] == nil)
                expected[id] = "there \(round) \(number)"
            }
        }
        #expect(try bodies().mapValues { String(decoding: $0, as: UTF8.self) } == expected)
        #expect(Set(expected.keys) == Set(1...EventID(expected.count)))
        log.close()
    }

    @Test func numbersGoOnAfterReopening() async throws {
        let first = try makeLog()
        #expect(try await first.take(event("a")) == 1)
        #expect(try await first.take(event("b")) == 2)
        first.close()
        let second = try makeLog()
        #expect(second.lastCommitted == 2)
        #expect(try await second.take(event("c")) == 3)
        second.close()
    }

    @Test func belowTheWatermarkNothingIsTaken() async throws {
        let log = try makeLog()
        log.setDiskLow(true)
        let error = await #expect(throws: AppendError.self) { _ = try await log.take(event("a")) }
        guard case .diskLow = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        log.setDiskLow(false)
        #expect(try await log.take(event("b")) == 1)
        log.close()
    }

    /// What an event broke is not taken for something that the worker's changes broke: it would set an event aside.
    @Test func anEventThatCannotBeWrittenIsNoFaultOfTheJobBesideIt() async throws {
        let log = try makeLog()
        let other = try temporary.database.openWriter(creating: false)
        try other.execute(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON events WHEN NEW.id > 1
            BEGIN SELECT RAISE(ABORT, 'refused'); END
            """)
        let failures = Collector<any Error>()
        // The receipt of the first one comes on the writer's queue: what is handed in there shares the next commit.
        try log.append(event("first")) { result in
            if case .failure(let error) = result { failures.add(error) }
            do throws(AppendError) {
                try log.append(event("a")) { result in
                    if case .failure(let error) = result { failures.add(error) }
                }
            } catch {
                Issue.record(error)
            }
            log.submit(
                WriteJob(
                    write: { try $0.execute("INSERT INTO services (id, name, created_at) VALUES (1, 'half', 1)") },
                    completion: { result in
                        if case .failure(let error) = result { failures.add(error) }
                    }))
        }
        let errors = await failures.collected(2)
        #expect(errors.count == 2)
        #expect(errors.allSatisfy { $0 is AppendError })
        try other.execute("DROP TRIGGER refuse")
        #expect(try await log.take(event("b")) == 2)
        log.close()
    }

    @Test func aTransactionIsBoundedByBytesToo() async throws {
        let log = try makeLog { $0.bytesPerCommit = 10_000 }
        let blocker = try temporary.database.openWriter(creating: false)
        try blocker.execute("BEGIN IMMEDIATE")
        let receipts = Collector<EventID>()
        let big = String(repeating: "x", count: 6000)
        for _ in 0..<40 {
            try log.append(event(big)) { result in
                if case .success(let id) = result { receipts.add(id) }
            }
        }
        try blocker.execute("COMMIT")
        _ = await receipts.collected(40)
        await log.finish()
        #expect(measurements.snapshot.commits >= 20)
        log.close()
    }

    @Test func theProbeTellsWhetherTheWriterCanWrite() async throws {
        let log = try makeLog()
        func probe() async throws {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                log.probe { continuation.resume(with: $0) }
            }
        }
        try await probe()
        let blocker = try temporary.database.openWriter(creating: false)
        try blocker.execute("BEGIN IMMEDIATE")
        await #expect(throws: (any Error).self) { try await probe() }
        try blocker.execute("ROLLBACK")
        try await probe()
        log.close()
    }

    @Test func manyProbesHoldEventsUpNoLongerThanOne() async throws {
        let log = try makeLog()
        let blocker = try temporary.database.openWriter(creating: false)
        try blocker.execute("BEGIN IMMEDIATE")
        let answers = Collector<Bool>()
        for _ in 0..<20 {
            log.probe { result in
                if case .failure = result { answers.add(false) } else { answers.add(true) }
            }
        }
        await #expect(throws: AppendError.self) { _ = try await log.take(event("a")) }
        #expect(measurements.snapshot.probes == 1, "one transaction answers them all")
        #expect(await answers.collected(20).allSatisfy { !$0 })
        try blocker.execute("ROLLBACK")
        log.close()
    }

    /// A full disk, or an error of reading, may have SQLite undo the whole transaction and not the statement alone
    /// (https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction).
    @Test func aJobThatEndsTheTransactionLosesNoEventBesideIt() async throws {
        struct Broken: Error {}
        let log = try makeLog()
        defer { log.close() }
        let outcome = Mutex<Result<Void, any Error>?>(nil)
        let other = try temporary.database.openWriter(creating: false)
        try other.execute("BEGIN IMMEDIATE")
        // Both wait for the lock, and so stand in one commit.
        async let taken = log.take(event("beside"))
        log.submit(
            WriteJob(
                write: { connection in
                    try connection.execute("UPDATE worker_cursor SET event_id = 77")
                    connection.rollBack()
                    throw Broken()
                }, completion: { result in outcome.withLock { $0 = result } }))
        try other.execute("ROLLBACK")
        let id = try await taken
        await log.finish()
        #expect(try bodies()[id] == Array("beside".utf8))
        let result = try #require(outcome.withLock { $0 })
        #expect(throws: Broken.self) { try result.get() }
        #expect(try other.integer("SELECT event_id FROM worker_cursor") == 0)
        try await log.probed()
    }
}
