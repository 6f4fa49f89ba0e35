import Dispatch
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// docs/architecture.md, promise 7: reads are bounded.
@Suite(.timeLimit(.minutes(5))) struct ReadPoolTests {
    private let temporary: TemporaryDatabase

    init() throws {
        temporary = try TemporaryDatabase()
        try temporary.database.openWriter(creating: true).close()
    }

    private static let endless = """
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT count(*) FROM numbers
        """

    @Test func aQueryThatTakesTooLongIsEndedAndTheReaderGoesOn() async throws {
        let pool = try ReadPool(temporary.database, count: 1, secondsPerRead: 1)
        let answers = Collector<Bool>()
        pool.read({ try $0.integer(Self.endless) }) { result in
            if case .failure = result { answers.add(true) } else { answers.add(false) }
        }
        #expect(await answers.collected(1) == [true])
        let next = Collector<Result<Int64?, any Error>>()
        pool.read({ try $0.integer("SELECT 42") }) { next.add($0) }
        #expect(try await #require(next.collected(1).first).get() == 42)
        pool.close()
    }

    /// An interrupt that comes between two statements ends neither.
    @Test func aReadIsEndedAlsoWhereItsTimeIsOverBetweenTwoStatements() async throws {
        let pool = try ReadPool(temporary.database, count: 1, secondsPerRead: 0)
        let answers = Collector<Bool>()
        pool.read({ connection in
            // Its time is over by then, on the queue on which that is found out.
            let later = DispatchSemaphore(value: 0)
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) { later.signal() }
            later.wait()
            return try connection.integer(Self.endless)
        }) { result in
            if case .failure = result { answers.add(true) } else { answers.add(false) }
        }
        #expect(await answers.collected(1) == [true])
        pool.close()
    }

    @Test func tooManyWaitingReadsAreRefusedAtOnce() async throws {
        let pool = try ReadPool(temporary.database, count: 1, maximumWaiting: 3, secondsPerRead: 1)
        let answers = Collector<String>()
        // The first is under way until the others have come.
        let gate = DispatchSemaphore(value: 0)
        for number in 0..<5 {
            pool.read({ connection in
                if number == 0 { gate.wait() }
                return try connection.integer(Self.endless)
            }) { result in
                switch result {
                case .failure(let error): answers.add(error is ReadOverload ? "overload" : "interrupted")
                case .success: answers.add("done")
                }
            }
        }
        #expect(answers.values == ["overload", "overload"])
        gate.signal()
        #expect(
            await answers.collected(5).sorted() == [
                "interrupted", "interrupted", "interrupted", "overload", "overload",
            ])
        pool.close()
    }

    @Test func aSlowReadHoldsUpNoOtherReaderAndNoWriter() async throws {
        let pool = try ReadPool(temporary.database, count: 2, secondsPerRead: 50)
        let gate = DispatchSemaphore(value: 0)
        let slow = Collector<Bool>()
        pool.read({ connection in
            _ = try connection.integer("SELECT count(*) FROM change_events")
            gate.wait()
        }) { _ in slow.add(true) }
        let writer = try temporary.database.openWriter(creating: false)
        for _ in 0..<20 {
            let quick = Collector<Bool>()
            try writer.execute("INSERT INTO change_events VALUES (NULL, 1, 1, 's', NULL, 1, 1)")
            pool.read({ try $0.integer("SELECT count(*) FROM change_events") }) { _ in quick.add(true) }
            _ = await quick.collected(1)
        }
        #expect(slow.values.isEmpty)
        gate.signal()
        _ = await slow.collected(1)
        pool.close()
    }

    @Test func oneReadSeesOneSnapshot() async throws {
        let pool = try ReadPool(temporary.database, count: 1)
        let writer = try temporary.database.openWriter(creating: false)
        let counts = Collector<Result<[Int64?], any Error>>()
        pool.read({ connection in
            let before = try connection.integer("SELECT count(*) FROM change_events")
            try writer.execute("INSERT INTO change_events VALUES (NULL, 1, 1, 's', NULL, 1, 1)")
            return [before, try connection.integer("SELECT count(*) FROM change_events")]
        }) { counts.add($0) }
        #expect(try await #require(counts.collected(1).first).get() == [0, 0])
        pool.close()
    }
}

@Suite struct HistogramTests {
    @Test func aValueOnABoundBelongsToIt() {
        var histogram = Histogram(bounds: [1, 2, 4])
        for value in [0.5, 1, 1.5, 2, 4, 4.5, 100] { histogram.observe(value) }
        #expect(histogram.counts == [2, 2, 1, 2])
        #expect(histogram.total == 7 && histogram.sum == 113.5)
    }
}
