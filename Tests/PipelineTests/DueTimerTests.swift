import Alerting
import GatewayTesting
import Store
import Synchronization
import Testing

@testable import Pipeline

/// Timers that are due, more of them than one batch takes.
@Suite(.timeLimit(.minutes(5))) struct DueTimerTests {
    /// A clock that counts how often it is looked at.
    private final class CountingClock: TimeSource {
        private let clock = ManualClock()
        private let looks = Atomic(0)

        var count: Int { looks.load(ordering: .relaxed) }

        func now() -> Timestamp {
            looks.add(1, ordering: .relaxed)
            return clock.now()
        }

        func advance(seconds: Int64) { clock.advance(seconds: seconds) }
    }

    private let temporary: TemporaryDatabase
    private let clock = CountingClock()

    init() throws {
        temporary = try TemporaryDatabase()
    }

    /// A pipeline with so many incidents, each of which is to resolve by itself after a minute.
    private func pipeline(incidents: Int) async throws -> Pipeline {
        let pipeline = try Pipeline.open(temporary.database, clock: clock)
        let integration = try await pipeline.makeIntegration(autoResolveTimeout: 60)
        var last: EventID = 0
        for number in 0..<incidents {
            last = try await pipeline.log.take(
                EventMaker.event(.trigger, "key \(number)", integration: integration))
        }
        try await pipeline.worker.applied(through: last)
        return pipeline
    }

    private func untilAllAreResolved(_ pipeline: Pipeline) async throws {
        let open = "SELECT count(*) FROM incidents WHERE status <> 'resolved'"
        while try await pipeline.look({ try $0.integer(open) }) != 0 {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    @Test func allOfThemAreAppliedAndEachOnce() async throws {
        let pipeline = try await pipeline(incidents: 1300)
        clock.advance(seconds: 61)
        try await untilAllAreResolved(pipeline)
        let events = try await pipeline.look {
            try $0.integer("SELECT count(*) FROM events WHERE kind = 'timer'")
        }
        #expect(events == 1300)
        await pipeline.stop()
        #expect(try Verification.run(temporary.database).isClean)
    }

    /// While no event is taken, they are not all tried in vain: they stay due, and the next tick comes by itself.
    @Test func whileEventsAreRefusedTheyTakeNoTime() async throws {
        await (try pipeline(incidents: 600)).stop()
        clock.advance(seconds: 61)
        var settings = Pipeline.Settings()
        settings.minimumFreeBytes = .max
        let refusing = try Pipeline.open(temporary.database, clock: clock, settings: settings)
        let before = clock.count
        refusing.tickNow()
        refusing.tickNow()
        // The scheduler stops after both looks.
        await refusing.stop()
        #expect(clock.count - before < 500)

        let pipeline = try Pipeline.open(temporary.database, clock: clock)
        #expect(try await pipeline.look { try $0.integer("SELECT count(*) FROM events WHERE kind = 'timer'") } == 0)
        try await untilAllAreResolved(pipeline)
        await pipeline.stop()
    }
}
