import Alerting
import Foundation
import GatewayTesting
import Logging
@testable import Pipeline
import Store
import Synchronization
import Testing

/// Faults, one after the other: some fill disks or take the machine for themselves.
@Suite(.serialized) enum Faults {}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

extension Pipeline {
    static func open(
        _ database: Database, clock: any TimeSource = ManualClock(), settings: Settings = Settings()
    ) throws -> Pipeline {
        try Pipeline(database: database, settings: settings, clock: clock, logger: quiet)
    }

    @discardableResult
    func carryOut(_ command: Action.Command) async throws -> EventID {
        try await withCheckedThrowingContinuation { continuation in
            perform(Action(requester: .commandLine, command: command)) { continuation.resume(with: $0.map(\.0)) }
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
                    autoResolveTimeout: autoResolveTimeout)))
        return try await carryOut(
            .createIntegration(service: service, name: "Prometheus", key: key, defaultSeverity: .critical))
    }

    /// Runs the body in a snapshot that shows everything answered so far.
    func look<Value: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            read(body) { continuation.resume(with: $0) }
        }
    }

    /// Waits until everything on disk is applied.
    func caughtUp() async throws {
        let last = log.lastCommitted
        try await withCheckedThrowingContinuation { continuation in
            worker.whenApplied(through: last, within: 60) { continuation.resume(with: $0) }
        }
    }
}

extension EventLog {
    /// Appends and waits for the receipt.
    func take(_ event: NewEvent) async throws(AppendError) -> EventID {
        let result: Result<EventID, AppendError> = await withCheckedContinuation { continuation in
            do throws(AppendError) {
                try append(event) { continuation.resume(returning: $0) }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }
}

/// What senders were told: the body behind every number that was given out.
final class Receipts: Sendable {
    private struct Contents {
        var bodies: [EventID: [UInt8]] = [:]
        var failures: [AppendError] = []
    }

    private let contents = Mutex(Contents())

    func add(_ id: EventID, _ body: [UInt8]) {
        contents.withLock { contents in
            if contents.bodies.updateValue(body, forKey: id) != nil { Issue.record("number \(id) was given out twice") }
        }
    }

    func add(_ failure: AppendError) { contents.withLock { $0.failures.append(failure) } }

    var bodies: [EventID: [UInt8]] { contents.withLock { $0.bodies } }
    var failures: [AppendError] { contents.withLock { $0.failures } }

    /// The numbers that were given out and whose body is not just so in the log.
    func missing(in connection: Connection) throws -> [EventID] {
        let rows = try connection.all("SELECT id, body FROM events") { ($0.integer(0), $0.bytes(1)) }
        let stored = Dictionary(uniqueKeysWithValues: rows)
        return bodies.filter { stored[$0.key] != $0.value }.keys.sorted()
    }
}

/// Senders that post one event after the other, each after the answer to the last.
struct Senders {
    var count = 8
    var integration: IntegrationID
    var seed: UInt64

    /// Sends until the condition says enough, or until `each` events a sender.
    func send(
        to log: EventLog, each: Int = .max, receipts: Receipts, until isEnough: @escaping @Sendable () -> Bool
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for sender in 0..<count {
                group.addTask {
                    var generator = SeededGenerator(seed: seed &* 1009 &+ UInt64(sender))
                    var number = 0
                    while number < each, !isEnough() {
                        let event = event(sender, number, &generator)
                        do throws(AppendError) {
                            receipts.add(try await log.take(event), event.body)
                        } catch {
                            receipts.add(error)
                        }
                        number += 1
                    }
                }
            }
        }
    }

    private func event(_ sender: Int, _ number: Int, _ generator: inout SeededGenerator) -> NewEvent {
        let actions: [EventAction] = [.trigger, .trigger, .trigger, .acknowledge, .resolve]
        let action = actions.randomElement(using: &generator) ?? .trigger
        let key = "key \(Int.random(in: 0..<20, using: &generator))"
        var event = EventMaker.event(action, key, integration: integration, summary: "\(sender)/\(number)")
        // Some fit on a page with others, some fill several pages of their own.
        let filling = Int.random(in: 0..<10, using: &generator) == 0 ? 12_000 : 300
        let padding = String(repeating: "x", count: Int.random(in: 0..<filling, using: &generator))
        event.body = Array(#"{"sender":\#(sender),"number":\#(number),"seed":\#(seed),"padding":"\#(padding)"}"#.utf8)
        return event
    }
}

/// That the tables are what the log gives, that the file is whole, and that the numbers ascend without a gap.
func expectSound(_ database: Database, _ comment: Comment? = nil, gaps: Bool = false) throws {
    let report = try Verification.run(database)
    #expect(report.isClean, "\(report.differences) \(report.damage) \(comment?.rawValue ?? "")")
    let connection = try database.openReader()
    defer { connection.close() }
    let verdict = try connection.first("PRAGMA integrity_check") { $0.text(0) }
    #expect(verdict == "ok", comment)
    let broken = try connection.all("PRAGMA foreign_key_check") { $0.text(0) }
    #expect(broken.isEmpty, comment)
    if !gaps {
        let count = try connection.integer("SELECT count(*) FROM events")
        let last = try connection.integer("SELECT coalesce(max(id), 0) FROM events")
        #expect(count == last, "numbers have gaps \(comment?.rawValue ?? "")")
    }
}

/// Makes a folder.
func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
}
