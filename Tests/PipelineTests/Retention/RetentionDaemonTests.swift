import Alerting
import Dispatch
import GatewayTesting
import Logging
import Store
import Testing

@testable import Pipeline

/// Retention beside the daily work.
@Suite(.timeLimit(.minutes(5))) struct RetentionDaemonTests {
    private let temporary: TemporaryDatabase
    private let clock = ManualClock()

    init() throws {
        temporary = try TemporaryDatabase()
    }

    private func pass(_ pipeline: Pipeline) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            pipeline.retention.passNow { continuation.resume() }
        }
    }

    private func open() throws -> Pipeline {
        var settings = Pipeline.Settings()
        settings.retention = RetentionPolicy(days: 1)
        return try Pipeline.open(temporary.database, clock: clock, settings: settings)
    }

    /// So many incidents, resolved.
    private func resolveIncidents(_ count: Int, _ pipeline: Pipeline, _ integration: IntegrationID) async throws {
        let receipts = Collector<EventID>()
        for number in 0..<count {
            for action in [EventAction.trigger, .resolve] {
                try pipeline.log.append(
                    EventMaker.event(action, "old \(number)", integration: integration, at: clock.now())
                ) { result in
                    if case .success(let id) = result { receipts.add(id) }
                }
            }
        }
        _ = await receipts.collected(2 * count)
        try await pipeline.worker.applied(through: pipeline.log.lastCommitted)
    }

    @Test func aPassRemovesWhileEventsArrive() async throws {
        let pipeline = try open()
        let integration = try await pipeline.makeIntegration()
        try await resolveIncidents(400, pipeline, integration)
        clock.advance(seconds: 2 * 86_400)
        async let passed: Void = pass(pipeline)
        for number in 0..<300 {
            _ = try await pipeline.log.take(
                EventMaker.event(
                    number % 3 == 2 ? .resolve : .trigger, "new \(number / 3)", integration: integration,
                    at: clock.now()))
        }
        await passed
        let counts = pipeline.measurements.snapshot.retention
        #expect(counts.incidents == 400 && counts.events == 800)
        #expect(pipeline.measurements.snapshot.lastRetentionPass == clock.now())
        let left = try await pipeline.look { try $0.integer("SELECT count(*) FROM incidents") }
        #expect(left == 100)
        await pipeline.stop()
        #expect(try Verification.run(temporary.database).isClean)
    }

    /// What is logged, as it comes.
    private struct LogCollector: LogHandler {
        let messages: Collector<String>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { messages.add(event.message.description) }
    }

    /// Nobody asks for a pass: the first one comes a while after the start, further ones at an interval.
    @Test(arguments: [true, false]) func passesBeginByThemselves(isFirst: Bool) async throws {
        let before = try open()
        let integration = try await before.makeIntegration()
        try await resolveIncidents(3, before, integration)
        await before.stop()
        clock.advance(seconds: 2 * 86_400)
        var settings = Pipeline.Settings()
        settings.retention = RetentionPolicy(days: 1)
        settings.retentionSchedule.firstDelay = isFirst ? .milliseconds(1) : .never
        settings.retentionSchedule.interval = isFirst ? .seconds(86_400) : .milliseconds(1)
        let messages = Collector<String>()
        let pipeline = try Pipeline(
            database: temporary.database, settings: settings, clock: clock,
            logger: Logger(label: "test") { _ in LogCollector(messages: messages) })
        let said = await messages.collected(isFirst ? 1 : 3)
        #expect(said.allSatisfy { $0 == "retention has removed what is too old" }, "\(said)")
        #expect(pipeline.measurements.snapshot.retention.incidents == 3)
        #expect(pipeline.measurements.snapshot.lastRetentionPass == clock.now())
        await pipeline.stop()
        #expect(try Verification.run(temporary.database).isClean)
    }

    /// Nothing of a pass is lost or left half when the daemon stops in its middle.
    @Test(arguments: [0, 1, 40]) func stoppingEndsAPassAfterAnyStep(receipts: Int) async throws {
        var pipeline = try open()
        let integration = try await pipeline.makeIntegration()
        try await resolveIncidents(300, pipeline, integration)
        clock.advance(seconds: 2 * 86_400)
        pipeline.retention.passNow {}
        for number in 0..<receipts {
            _ = try await pipeline.log.take(
                EventMaker.event(.trigger, "new \(number)", integration: integration, at: clock.now()))
        }
        await pipeline.stop()
        #expect(try Verification.run(temporary.database).isClean)
        pipeline = try open()
        await pass(pipeline)
        let left = try await pipeline.look { try $0.integer("SELECT count(*) FROM incidents") }
        #expect(left == Int64(receipts))
        await pipeline.stop()
        #expect(try Verification.run(temporary.database).isClean)
    }

    @Test func anotherPolicyIsGoodFromTheNextPassOn() async throws {
        let pipeline = try open()
        let integration = try await pipeline.makeIntegration()
        try await resolveIncidents(1, pipeline, integration)
        clock.advance(seconds: 2 * 86_400)
        pipeline.retention.policy = RetentionPolicy(days: 0)
        await pass(pipeline)
        #expect(pipeline.measurements.snapshot.retention.incidents == 0)
        pipeline.retention.policy = RetentionPolicy(days: 1)
        await pass(pipeline)
        #expect(pipeline.measurements.snapshot.retention.incidents == 1)
        await pipeline.stop()
    }

    @Test func pruningNeedsTheDaemonStoppedAndADryRunChangesNothing() async throws {
        let pipeline = try open()
        let integration = try await pipeline.makeIntegration()
        try await resolveIncidents(30, pipeline, integration)
        #expect(throws: StoreError.self) {
            _ = try Pruning.run(temporary.database, policy: RetentionPolicy(days: 1), clock: clock)
        }
        await pipeline.stop()
        clock.advance(seconds: 2 * 86_400)
        let before = try temporary.database.openReader().everything()
        let trial = try Pruning.run(
            temporary.database, policy: RetentionPolicy(days: 1), clock: clock, isDryRun: true)
        #expect(trial.incidents == 30 && trial.events == 60)
        #expect(try temporary.database.openReader().everything() == before)
        let counts = try Pruning.run(temporary.database, policy: RetentionPolicy(days: 1), clock: clock)
        #expect(counts.incidents == 30 && counts.events == 60)
        #expect(try temporary.database.openReader().everything()["incidents"] == [])
        #expect(try Verification.run(temporary.database).isClean)
    }
}
