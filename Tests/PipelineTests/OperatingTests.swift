import Alerting
import Dispatch
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// The commands of an operator at the machine, with the daemon running and without it.
@Suite(.timeLimit(.minutes(5))) struct OperatingTests {
    private let temporary: TemporaryDatabase
    private var database: Database { temporary.database }

    init() throws {
        temporary = try TemporaryDatabase()
    }

    /// Blocking work belongs on a Dispatch queue.
    private func operate(_ command: Action.Command) async throws -> (id: EventID, outcome: StoredOutcome) {
        let database = database
        let (id, outcome) = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        try Operator(database: database, creating: true, clock: ManualClock()).perform(
                            Action(requester: .commandLine, command: command))
                    })
            }
        }
        return (id, outcome)
    }

    @Test func withoutADaemonTheCommandFolds() async throws {
        let service = try await operate(.createService(ServiceSettings(name: "Shop")))
        #expect(service.outcome.name == "applied")
        let again = try await operate(.createService(ServiceSettings(name: "Shop")))
        #expect(again.outcome.refusal == .serviceNameTaken && again.outcome.subject == service.id)
        #expect(try Verification.run(database).isClean)
    }

    @Test func aDaemonSeesWhatACommandChanged() async throws {
        let pipeline = try Pipeline.open(database)
        let service = try await operate(.createService(ServiceSettings(name: "Shop")))
        let integration = try await operate(
            .createIntegration(service: service.id, name: "I", key: "abcdefgh", defaultSeverity: .critical))
        #expect(integration.outcome.name == "applied")
        try await pipeline.worker.applied(through: integration.id)
        let found = pipeline.directory.integration(forKey: "abcdefgh", at: pipeline.clock.now())
        #expect(found?.id == integration.id)
        let event = try await pipeline.log.take(EventMaker.event(.trigger, integration: integration.id))
        #expect(event == integration.id + 1)
        await pipeline.stop()
        #expect(try Verification.run(database).isClean)
    }

    /// Effects are written with the first application of an event alone.
    @Test func aRebuildWritesTheEffectsOfNewEventsOnly() async throws {
        let pipeline = try Pipeline.open(database)
        let integration = try await pipeline.makeIntegration()
        var update = IntegrationUpdate()
        update.heartbeatInterval = 60
        try await pipeline.carryOut(.updateIntegration(integration, update))
        let applied = try await pipeline.log.take(EventMaker.event(.trigger, integration: integration))
        try await pipeline.worker.applied(through: applied)
        await pipeline.stop()
        let connection = try database.openWriter(creating: false)
        defer { connection.close() }
        func heartbeats() throws -> [Int64] {
            try connection.all("SELECT last_event_id FROM heartbeats") { $0.integer(0) }
        }
        #expect(try heartbeats() == [applied])
        try connection.execute("DELETE FROM heartbeats")
        _ = try Rebuild.run(database)
        #expect(try heartbeats() == [], "an effect was written again")
        // One that nobody has applied yet.
        try EventRows.insert(
            EventMaker.event(.trigger, "b", integration: integration), id: applied + 1, into: connection)
        _ = try Rebuild.run(database)
        #expect(try heartbeats() == [applied + 1])
        #expect(try Verification.run(database).isClean)
    }

    @Test func verificationFindsWhatTheLogDoesNotGiveAndRebuildPutsItRight() async throws {
        let log = try RandomLog(seed: 11, count: 700)
        let pipeline = try Pipeline.open(database)
        let receipts = Collector<EventID>()
        for event in log.events {
            try pipeline.log.append(event) { result in
                if case .success(let id) = result { receipts.add(id) }
            }
        }
        _ = await receipts.collected(log.events.count)
        await pipeline.stop()
        let expected = try database.openReader().everything()
        for statement in [
            "UPDATE incidents SET title = 'forged' WHERE id = (SELECT max(id) FROM incidents)",
            "DELETE FROM alerts WHERE id = (SELECT min(id) FROM alerts)",
            "DELETE FROM event_outcomes WHERE event_id = 10",
            "INSERT INTO log_entries (id, incident_id, service_id, kind, created_at, agent) VALUES (1, 1, 1, 'resolve', 1, 'service:1')",
            "UPDATE services SET description = 'forged' WHERE id = 1",
        ] {
            let writer = try database.openWriter(creating: false)
            try writer.execute(statement)
            writer.close()
            let report = try Verification.run(database)
            #expect(!report.isClean, "not found: \(statement)")
            #expect(report.damage.isEmpty)
            #expect(try Rebuild.run(database) == Int64(log.events.count))
            #expect(try database.openReader().everything() == expected)
            #expect(try Verification.run(database).isClean)
        }
    }

    @Test func rebuildingIsRefusedWhileADaemonRunsOrWithoutAFile() async throws {
        let missing = #expect(throws: StoreError.self) { _ = try Rebuild.run(database) }
        guard case .missing = missing else {
            Issue.record("\(String(describing: missing))")
            return
        }
        #expect(throws: StoreError.self) { _ = try Verification.run(database) }
        #expect(!database.exists)
        let pipeline = try Pipeline.open(database)
        let locked = #expect(throws: StoreError.self) { _ = try Rebuild.run(database) }
        guard case .locked = locked else {
            Issue.record("\(String(describing: locked))")
            return
        }
        #expect(try Verification.run(database).isClean)
        await pipeline.stop()
    }

    @Test func aBackupHoldsEverythingAndTakesNoName() async throws {
        let pipeline = try Pipeline.open(database)
        let integration = try await pipeline.makeIntegration()
        for number in 0..<50 {
            _ = try await pipeline.log.take(EventMaker.event(.trigger, "key \(number)", integration: integration))
        }
        try await pipeline.worker.applied(through: pipeline.log.lastCommitted)
        let copy = temporary.path("copy.db")
        try database.backUp(to: copy)
        #expect(throws: StoreError.self) { try database.backUp(to: copy) }
        #expect(try Database(path: copy).openReader().everything() == database.openReader().everything())
        #expect(try Verification.run(Database(path: copy)).isClean)
        await pipeline.stop()
    }
}
