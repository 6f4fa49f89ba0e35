import Alerting
import Logging
import Pipeline
import Store
import Synchronization

/// A backend whose failures stand in the log: the client is told no more of them than whether to try again.
struct NotedBackend: AdminBackend {
    private let backend: any AdminBackend
    private let log: FailureLog

    /// Notes the failures of a backend. `now` gives the wall clock.
    init(_ backend: any AdminBackend, logger: Logger, now: @escaping @Sendable () -> Timestamp) {
        self.backend = backend
        log = FailureLog(logger: logger, now: now)
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value,
        completion: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        backend.read(body) { result in
            log.note(result)
            completion(result)
        }
    }

    func perform(
        _ action: Action, completion: @escaping @Sendable (Result<(EventID, StoredOutcome), any Error>) -> Void
    ) {
        backend.perform(action) { result in
            log.note(result)
            completion(result)
        }
    }

    func token(for secret: [UInt8]) -> APIToken? { backend.token(for: secret) }

    func knows(email: String) -> Bool { backend.knows(email: email) }
}

/// Says why requests of the REST API fail, each reason once a minute.
private final class FailureLog: Sendable {
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let reminders = Mutex(Reminders<String>(every: 60))

    init(logger: Logger, now: @escaping @Sendable () -> Timestamp) {
        self.logger = logger
        self.now = now
    }

    func note<Value>(_ result: Result<Value, any Error>) {
        // What the client did wrong, or asked for in vain, is none of it.
        guard case .failure(let error) = result, !(error is AdminError) else { return }
        let isDue = reminders.withLock { $0.isDue("\(error)", at: now()) }
        guard isDue else { return }
        let status = AdminError(backend: error).status
        logger.log(
            level: status == 500 ? .error : .warning, "a request of the REST API fails",
            metadata: ["status": "\(status)", "error": "\(error)"])
    }
}
