import Alerting
import GatewayTesting
import Pipeline
import Store
import Testing

@testable import HTTPAPI

/// Why a request of the REST API fails stands in the log, since the client is not told.
@Suite(.timeLimit(.minutes(5))) struct FailureLogTests {
    /// Fails as it is told.
    private struct FailingBackend: AdminBackend {
        let error: any Error & Sendable
        func read<Value: Sendable>(
            _ body: @escaping @Sendable (Connection) throws -> Value,
            completion: @escaping @Sendable (Result<Value, any Error>) -> Void
        ) { completion(.failure(error)) }
        func perform(
            _ action: Action, completion: @escaping @Sendable (Result<(EventID, StoredOutcome), any Error>) -> Void
        ) { completion(.failure(error)) }
        func token(for secret: [UInt8]) -> APIToken? { nil }
        func knows(email: String) -> Bool { false }
    }

    private func lines(_ error: any Error & Sendable, times: Int = 1, secondsBetween: Int64 = 0) -> [String] {
        let log = KeptLog()
        let clock = ManualClock()
        let backend = NotedBackend(
            FailingBackend(error: error), logger: log.logger,
            now: { clock.now() })
        for _ in 0..<times {
            backend.read({ _ in 1 }) { _ in }
            clock.advance(seconds: secondsBetween)
        }
        return log.lines
    }

    @Test func theReasonIsLogged() {
        let found = lines(AppendError.failed("disk I/O error"))
        #expect(found.count == 1)
        #expect(found.first?.contains("disk I/O error") == true && found.first?.contains("503") == true, "\(found)")
    }

    @Test func theSameReasonIsSaidOnceAMinute() {
        #expect(lines(AppendError.overloaded, times: 100).count == 1)
        #expect(lines(AppendError.overloaded, times: 3, secondsBetween: 60).count == 3)
    }

    @Test func whatTheClientDidWrongIsNot() {
        #expect(lines(AdminError.notFound).isEmpty)
    }
}
