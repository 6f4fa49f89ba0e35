import Alerting
import Dispatch
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// docs/architecture.md, promises 2 and 5: everything in the log is applied once, in order, with an outcome.
@Suite(.timeLimit(.minutes(5))) struct WorkerTests {
    private let temporary: TemporaryDatabase
    private var database: Database { temporary.database }

    init() throws {
        temporary = try TemporaryDatabase()
    }

    private func requireClean(_ database: Database) throws {
        let report = try Verification.run(database)
        #expect(report.isClean, "\(report.differences) \(report.damage)")
    }

    /// Puts the events of a log into an empty one, in the caller's transaction.
    private func insert(_ log: RandomLog, into connection: Connection) throws {
        for (index, event) in log.events.enumerated() {
            try EventRows.insert(event, id: EventID(index + 1), into: connection)
        }
    }

    /// What one fold of the whole log into a new database gives.
    private func foldedAtOnce(_ log: RandomLog) throws -> [String: [String]] {
        let other = try TemporaryDatabase()
        let connection = try other.database.openWriter(creating: true)
        try connection.transaction(.immediate) {
            try insert(log, into: connection)
            try LogFold.run(on: connection, as: .first)
        }
        return try connection.everything()
    }

    /// Folds a log batch by batch, each with so many alerts at most, and gives how many events were in each.
    private func sizesOfBatches(
        _ log: RandomLog, upToAlerts maximum: Int, into connection: Connection
    ) throws -> [Int] {
        try connection.transaction(.immediate) {
            try insert(log, into: connection)
            var sizes: [Int] = []
            var base = try FoldReader.settings(connection)
            var cursor: EventID = 0
            while let batch = try Batch.next(after: cursor, upToAlerts: maximum, on: base, from: connection) {
                try batch.write(to: connection, as: .first)
                if batch.state.changes.touchesSettings { base = batch.state.settingsOnly() }
                cursor = batch.last
                sizes.append(batch.events.count)
            }
            return sizes
        }
    }

    /// A batch ends where enough alerts are at hand, and where it ends changes nothing.
    @Test(arguments: [1, 3, 20]) func batchesBoundedByAlertsGiveTheSameRows(maximum: Int) throws {
        let log = try RandomLog(seed: 11, count: 700)
        let connection = try database.openWriter(creating: true)
        let sizes = try sizesOfBatches(log, upToAlerts: maximum, into: connection)
        #expect(sizes.reduce(0, +) == log.events.count)
        #expect(try connection.everything() == foldedAtOnce(log))
        connection.close()
        try requireClean(database)

        let other = try TemporaryDatabase()
        let unbounded = try sizesOfBatches(
            log, upToAlerts: .max, into: try other.database.openWriter(creating: true))
        #expect(sizes.count > unbounded.count)
    }

    @Test func aBacklogIsCaughtUpWithAndEveryEventHasAnOutcome() async throws {
        let log = try RandomLog(seed: 7, count: 2000)
        let writer = try database.openWriter(creating: true)
        try writer.transaction(.immediate) {
            try insert(log, into: writer)
        }
        writer.close()
        let pipeline = try Pipeline.open(database)
        try await pipeline.worker.applied(through: EventID(log.events.count))
        let missing = try await pipeline.look {
            try $0.integer("SELECT count(*) FROM events WHERE id NOT IN (SELECT event_id FROM event_outcomes)")
        }
        #expect(missing == 0)
        let applied = pipeline.measurements.snapshot.applied.values.reduce(0, +)
        #expect(applied == Int64(log.events.count))
        await pipeline.stop()
        #expect(try database.openReader().everything() == foldedAtOnce(log))
        try requireClean(database)
    }

    @Test(arguments: 1...UInt64(4))
    func restartsInTheMiddleChangeNothing(seed: UInt64) async throws {
        let log = try RandomLog(seed: seed, count: 1200)
        var generator = SeededGenerator(seed: seed)
        var next = 0
        while next < log.events.count {
            let pipeline = try Pipeline.open(database)
            let count = min(log.events.count - next, Int.random(in: 1...150, using: &generator))
            let receipts = Collector<EventID>()
            for event in log.events[next..<(next + count)] {
                try pipeline.log.append(event) { result in
                    if case .success(let id) = result { receipts.add(id) }
                }
            }
            if Bool.random(using: &generator) { _ = await receipts.collected(count) }
            await pipeline.stop()
            #expect(receipts.values == Array(EventID(next + 1)...EventID(next + count)))
            next += count
        }
        let rows = try database.openReader().everything()
        let expected = try foldedAtOnce(log)
        for (table, lines) in expected {
            let same = rows[table] == lines
            #expect(same, "\(table) differs")
        }
        try requireClean(database)
    }

    @Test func concurrentSendersEndWithOneIncidentForEachKey() async throws {
        let pipeline = try Pipeline.open(database)
        let integration = try await pipeline.makeIntegration()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sender in 0..<16 {
                group.addTask {
                    for number in 0..<50 {
                        _ = try await pipeline.log.take(
                            EventMaker.event(.trigger, "key \(number)", integration: integration, digest: Int64(sender))
                        )
                    }
                }
            }
            try await group.waitForAll()
        }
        let counts = try await pipeline.look { connection in
            [
                try connection.integer("SELECT count(*) FROM alerts"),
                try connection.integer("SELECT count(DISTINCT dedup_key) FROM alerts"),
                try connection.integer("SELECT sum(trigger_count) FROM alerts"),
            ]
        }
        #expect(counts == [50, 50, 800])
        await pipeline.stop()
        try requireClean(database)
    }

    @Test func readsReflectEveryEventAnsweredBefore() async throws {
        let pipeline = try Pipeline.open(database)
        let integration = try await pipeline.makeIntegration()
        for round in 0..<60 {
            _ = try await pipeline.log.take(
                EventMaker.event(round % 2 == 0 ? .trigger : .resolve, "disk", integration: integration))
            let open = try await pipeline.look { try $0.integer("SELECT count(*) FROM open_incidents") }
            #expect(open == (round % 2 == 0 ? 1 : 0))
        }
        await pipeline.stop()
    }

    @Test func anActionAnswersWithItsOutcome() async throws {
        let pipeline = try Pipeline.open(database)
        let integration = try await pipeline.makeIntegration()
        let id = try await pipeline.log.take(EventMaker.event(.trigger, integration: integration))
        func put(_ status: IncidentStatus, on incident: IncidentID) async throws -> StoredOutcome {
            try await pipeline.carryOut(.updateIncidents([IncidentUpdate(incidentID: incident, status: status)]))
                .outcome
        }
        var outcome = try await put(.acknowledged, on: id)
        #expect(outcome.name == "applied" && outcome.incidentID == id && outcome.refusal == nil)
        outcome = try await put(.resolved, on: id)
        #expect(outcome.name == "applied")
        outcome = try await put(.resolved, on: id)
        #expect(outcome.name == "unchanged")
        outcome = try await put(.acknowledged, on: id)
        #expect(outcome.name == "refused" && outcome.refusal == .incidentResolved && outcome.subject == id)
        outcome = try await put(.resolved, on: 999)
        #expect(outcome.refusal == .unknownIncident && outcome.subject == 999)
        await pipeline.stop()
        await #expect(throws: (any Error).self) { _ = try await put(.resolved, on: id) }
    }

    // MARK: Timers

    @Test func timersFireOnceWhenTheirMomentHasCome() async throws {
        let clock = ManualClock()
        let pipeline = try Pipeline.open(database, clock: clock)
        let integration = try await pipeline.makeIntegration(acknowledgementTimeout: 30, autoResolveTimeout: 90)
        func send(_ action: EventAction) async throws -> EventID {
            try await pipeline.log.take(EventMaker.event(action, integration: integration, at: clock.now()))
        }
        func status(_ incident: IncidentID) async throws -> String? {
            try await pipeline.look {
                try $0.first("SELECT status FROM incidents WHERE id = \(incident)") { $0.text(0) }
            }
        }
        let incident = try await send(.trigger)
        let acknowledge = try await send(.acknowledge)
        try await pipeline.worker.applied(through: acknowledge)
        clock.advance(seconds: 29)
        for _ in 0..<5 { pipeline.tickNow() }
        #expect(try await status(incident) == "acknowledged")
        clock.advance(seconds: 1)
        for _ in 0..<5 { pipeline.tickNow() }
        try await pipeline.worker.applied(through: acknowledge + 1)
        #expect(try await status(incident) == "triggered")
        clock.advance(seconds: 60)
        for _ in 0..<5 { pipeline.tickNow() }
        try await pipeline.worker.applied(through: acknowledge + 2)
        #expect(try await status(incident) == "resolved")
        let next = try await send(.trigger)
        #expect(next == acknowledge + 3, "a timer was appended more than once")
        let timers = try await pipeline.look {
            try $0.all("SELECT kind || ' ' || due_at FROM timers") { $0.text(0) }
        }
        #expect(timers == ["auto_resolve \(clock.now().adding(seconds: 90).milliseconds)"])
        await pipeline.stop()
        try requireClean(database)
    }

    @Test func timersThatFellDueWhileStoppedFireAtTheNextStart() async throws {
        let clock = ManualClock()
        var pipeline = try Pipeline.open(database, clock: clock)
        let integration = try await pipeline.makeIntegration(autoResolveTimeout: 90)
        let incident = try await pipeline.log.take(EventMaker.event(.trigger, integration: integration))
        await pipeline.stop()
        clock.advance(seconds: 86_400)
        pipeline = try Pipeline.open(database, clock: clock)
        pipeline.tickNow()
        try await pipeline.worker.applied(through: incident + 1)
        let row = try await pipeline.look {
            try $0.first("SELECT status || ' ' || resolved_at FROM incidents") { $0.text(0) }
        }
        #expect(row == "resolved \(clock.now().milliseconds)")
        await pipeline.stop()
        try requireClean(database)
    }

    // MARK: Failures

    @Test func theWorkerGoesOnAfterTheDatabaseWasLocked() async throws {
        let pipeline = try Pipeline.open(database)
        let integration = try await pipeline.makeIntegration()
        let blocker = try database.openWriter(creating: false)
        try blocker.execute("BEGIN IMMEDIATE")
        await #expect(throws: AppendError.self) {
            _ = try await pipeline.log.take(EventMaker.event(.trigger, integration: integration))
        }
        try blocker.execute("ROLLBACK")
        let id = try await pipeline.log.take(EventMaker.event(.trigger, integration: integration))
        try await pipeline.worker.applied(through: id)
        #expect(pipeline.worker.failingSince == nil)
        await pipeline.stop()
        try requireClean(database)
    }

    @Test func aBacklogThatCouldNotBeWrittenIsWrittenLater() async throws {
        let pipeline = try Pipeline.open(database)
        let integration = try await pipeline.makeIntegration()
        let other = try database.openWriter(creating: false)
        let id = try other.transaction(.immediate) {
            let id = try EventRows.nextID(other)
            try EventRows.insert(EventMaker.event(.trigger, integration: integration), id: id, into: other)
            return id
        }
        try other.execute("BEGIN IMMEDIATE")
        pipeline.tickNow()
        await #expect(throws: AppendError.self) {
            _ = try await pipeline.log.take(EventMaker.event(.resolve, integration: integration))
        }
        try other.execute("ROLLBACK")
        try await pipeline.worker.applied(through: id)
        #expect(pipeline.worker.failingSince == nil)
        let opened = try await pipeline.look { try OutcomeRows.read(id, $0)?.name }
        #expect(opened == "opened")
        await pipeline.stop()
        try requireClean(database)
    }

    @Test func anEventThatCannotEvenBeSetAsideIsTriedAgainLater() async throws {
        let pipeline = try Pipeline.open(database)
        let integration = try await pipeline.makeIntegration()
        let other = try database.openWriter(creating: false)
        try other.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON event_outcomes BEGIN SELECT RAISE(ABORT, 'refused'); END")
        let id = try await pipeline.log.take(EventMaker.event(.trigger, integration: integration))
        while pipeline.worker.failingSince == nil {
            try Task.checkCancellation()
            await Task.yield()
        }
        try other.execute("DROP TRIGGER refuse")
        try await pipeline.worker.applied(through: id)
        #expect(try await pipeline.look { try OutcomeRows.read(id, $0)?.name } == "opened")
        await pipeline.stop()
        try requireClean(database)
    }

    private static let refusal = """
        CREATE TRIGGER refuse BEFORE INSERT ON alerts WHEN NEW.dedup_key = 'refused' BEGIN
            SELECT RAISE(ABORT, 'refused');
        END
        """

    /// Of many events that are folded together, the tables refuse one.
    @Test(arguments: [1, 40, 99, 100]) func theOneThatTheTablesRefuseIsSetAsideAlone(refused: Int) async throws {
        let setting = try Pipeline.open(database)
        let integration = try await setting.makeIntegration()
        await setting.stop()
        let writer = try database.openWriter(creating: false)
        try writer.execute(Self.refusal)
        let first = try writer.transaction(.immediate) {
            let first = try EventRows.nextID(writer)
            for number in 1...100 {
                let key = number == refused ? "refused" : "key \(number)"
                try EventRows.insert(
                    EventMaker.event(.trigger, key, integration: integration), id: first + EventID(number) - 1,
                    into: writer)
            }
            return first
        }
        let pipeline = try Pipeline.open(database)
        try await pipeline.worker.applied(through: first + 99)
        let outcomes = try await pipeline.look { connection in
            try (first..<(first + 100)).map { try OutcomeRows.read($0, connection) }
        }
        for (number, outcome) in zip(1..., outcomes) {
            #expect(outcome?.name == (number == refused ? "dropped" : "opened"), "\(number)")
        }
        #expect(outcomes[refused - 1]?.reason == DropReason.inapplicable.rawValue)
        // Halved until it was found, not taken one by one.
        #expect(pipeline.measurements.snapshot.failedBatches < 20)
        await pipeline.stop()
        let live = try writer.everything()
        writer.close()

        // Folded again beside the live tables, by what verifies them, the same comes out.
        let scratch = try database.openScratch()
        try scratch.execute(Self.refusal)
        try scratch.transaction(.deferred) { _ = try LogFold.run(on: scratch, as: .first) }
        for table in ["alerts", "incidents", "log_entries", "event_outcomes"] {
            let count = try scratch.integer("SELECT count(*) FROM main.\(table)")
            #expect(count == Int64(live[table]?.count ?? -1), "\(table)")
        }
        scratch.close()
    }

    @Test func anUnreadableRowHoldsNobodyUp() async throws {
        let writer = try database.openWriter(creating: true)
        try writer.execute(
            "INSERT INTO events (id, received_at, kind, action, body) VALUES (1, 1, 'action', 'from_the_future', x'7b7d')"
        )
        writer.close()
        let pipeline = try Pipeline.open(database)
        let integration = try await pipeline.makeIntegration()
        let id = try await pipeline.log.take(EventMaker.event(.trigger, integration: integration))
        let outcomes = try await pipeline.look { connection in
            [try OutcomeRows.read(1, connection)?.reason, try OutcomeRows.read(id, connection)?.name]
        }
        #expect(outcomes == ["unreadable event", "opened"])
        await pipeline.stop()
        try requireClean(database)
    }

    // MARK: Starting and stopping

    @Test func onlyOnePipelineFoldsAFile() async throws {
        let pipeline = try Pipeline.open(database)
        let error = #expect(throws: StoreError.self) { _ = try Pipeline.open(database) }
        guard case .locked = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await pipeline.stop()
    }

    @Test func oncePipelineHasStoppedTheNextMayStart() async throws {
        var stopped: [Pipeline] = []
        for _ in 0..<3 {
            let pipeline = try Pipeline.open(database)
            await pipeline.stop()
            stopped.append(pipeline)
        }
        withExtendedLifetime(stopped) {}
    }

    @Test func stoppingAppliesWhatWasAccepted() async throws {
        let pipeline = try Pipeline.open(database)
        let integration = try await pipeline.makeIntegration()
        let receipts = Collector<EventID>()
        for number in 0..<700 {
            try pipeline.log.append(EventMaker.event(.trigger, "key \(number)", integration: integration)) { result in
                if case .success(let id) = result { receipts.add(id) }
            }
        }
        await pipeline.stop()
        #expect(receipts.values.count == 700)
        let reader = try database.openReader()
        #expect(try reader.integer("SELECT count(*) FROM incidents") == 700)
        #expect(try FoldReader.cursor(reader) == receipts.values.last)
        await #expect(throws: AppendError.self) {
            _ = try await pipeline.log.take(EventMaker.event(.trigger, integration: integration))
        }
    }

    @Test func belowTheWatermarkEventsAndActionsAreRefusedAndReadsGoOn() async throws {
        var settings = Pipeline.Settings()
        settings.minimumFreeBytes = .max
        let pipeline = try Pipeline.open(database, settings: settings)
        #expect(pipeline.disk.isBelowWatermark)
        #expect((pipeline.disk.freeBytes ?? 0) > 0)
        let refusal = await #expect(throws: AppendError.self) {
            _ = try await pipeline.log.take(EventMaker.event(.resolve, integration: 1))
        }
        guard case .diskLow = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        await #expect(throws: AppendError.self) {
            _ = try await pipeline.carryOut(.createService(ServiceSettings(name: "Shop")))
        }
        #expect(try await pipeline.look { try $0.integer("SELECT count(*) FROM events") } == 0)
        await pipeline.stop()
    }
}
