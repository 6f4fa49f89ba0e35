import Alerting
import Dispatch
import GatewayTesting
import Logging
import Store
import Synchronization
import Testing

@testable import Pipeline

extension EventLog {
    /// Appends and waits for the receipt.
    func take(_ event: NewEvent) async throws -> EventID {
        try await withCheckedThrowingContinuation { continuation in
            do throws(AppendError) {
                try append(event) { continuation.resume(with: $0) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Whether the writer says that it is well.
    @discardableResult
    func probed() async throws -> Bool {
        try await withCheckedThrowingContinuation { continuation in
            probe { continuation.resume(with: $0.map { true }) }
        }
    }

    func finish() async {
        await withCheckedContinuation { continuation in drain { continuation.resume() } }
    }
}

extension Worker {
    func applied(through event: EventID) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            whenApplied(through: event, within: 60) { continuation.resume(with: $0.mapError { $0 }) }
        }
    }
}

extension Pipeline {
    static func open(
        _ database: Database, clock: any TimeSource = ManualClock(), settings: Settings = Settings()
    ) throws -> Pipeline {
        try Pipeline(
            database: database, settings: settings, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @discardableResult
    func carryOut(_ command: Action.Command) async throws -> (id: EventID, outcome: StoredOutcome) {
        let (id, outcome) = try await withCheckedThrowingContinuation { continuation in
            perform(Action(requester: .commandLine, command: command)) { continuation.resume(with: $0) }
        }
        return (id, outcome)
    }

    func look<Value: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            read(body) { continuation.resume(with: $0) }
        }
    }

    /// Makes a service and an integration, and gives the integration.
    func makeIntegration(
        acknowledgementTimeout: Int64? = nil, autoResolveTimeout: Int64? = nil, key: String = "abcdefgh"
    ) async throws -> IntegrationID {
        let service = try await carryOut(
            .createService(
                ServiceSettings(
                    name: "Shop", acknowledgementTimeout: acknowledgementTimeout,
                    autoResolveTimeout: autoResolveTimeout))
        ).id
        return try await carryOut(
            .createIntegration(service: service, name: "Prometheus", key: key, defaultSeverity: .critical)
        ).id
    }
}

/// An event with a body of its own.
func event(_ body: String, key: String = "disk", integration: IntegrationID = 1) -> NewEvent {
    var event = EventMaker.event(.trigger, key, integration: integration)
    event.body = Array(body.utf8)
    return event
}

/// Collects values from any thread, and lets a test wait until there are so many.
final class Collector<Value: Sendable>: Sendable {
    private struct Contents {
        var values: [Value] = []
        var waiting: (count: Int, continuation: CheckedContinuation<[Value], Never>)?
        var isCancelled = false
    }

    private let contents = Mutex(Contents())

    func add(_ value: Value) {
        let ready: (CheckedContinuation<[Value], Never>, [Value])? = contents.withLock { contents in
            contents.values.append(value)
            guard let waiting = contents.waiting, contents.values.count >= waiting.count else { return nil }
            contents.waiting = nil
            return (waiting.continuation, contents.values)
        }
        if let ready { ready.0.resume(returning: ready.1) }
    }

    var values: [Value] { contents.withLock { $0.values } }

    /// The values once there are so many; when the test is cancelled, as by its time limit, those there are.
    func collected(_ count: Int) async -> [Value] {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready: [Value]? = contents.withLock { contents in
                    if contents.values.count >= count || contents.isCancelled { return contents.values }
                    contents.waiting = (count, continuation)
                    return nil
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            let (waiting, values) = contents.withLock { contents in
                contents.isCancelled = true
                defer { contents.waiting = nil }
                return (contents.waiting, contents.values)
            }
            waiting?.continuation.resume(returning: values)
        }
    }
}

extension Connection {
    /// The rows of every table that the log decides, as texts.
    func everything() throws -> [String: [String]] {
        let tables = try all(
            """
            SELECT name FROM sqlite_schema
            WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migrations'
            """
        ) { $0.text(0) }
        var rows: [String: [String]] = [:]
        for table in tables {
            let columns = try all("SELECT name FROM pragma_table_info('\(table)')") { $0.text(0) }
            let line = columns.map { "quote(\"\($0)\")" }.joined(separator: " || ',' || ")
            rows[table] = try all("SELECT \(line) AS line FROM \(table) ORDER BY line") { $0.text(0) }
        }
        return rows
    }
}
