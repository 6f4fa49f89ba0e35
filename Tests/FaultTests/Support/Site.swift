import Alerting
import Foundation
import GatewayTesting
import Pipeline
import Store
import Testing
import WireJSON

@testable import HTTPAPI
@testable import HTTPServer

/// Listener, responder and pipeline in this process, over any database: what the daemon is made of.
final class Site: Sendable {
    static let key = "0123456789abcdef0123456789abcdef"
    static let token = "token"

    let pipeline: Pipeline
    let integration: IntegrationID
    let port: Int
    private let listener: HTTPListener

    init(
        _ database: Database, clock: any TimeSource = SystemClock(), settings: Pipeline.Settings = .init(),
        configure: (inout GatewayResponder.Settings, inout ListenerConfiguration) -> Void = { _, _ in }
    ) async throws {
        pipeline = try Pipeline.open(database, clock: clock, settings: settings)
        integration = try await pipeline.makeIntegration(key: Site.key)
        var answering = GatewayResponder.Settings()
        answering.rateLimits.perMinute = 0
        answering.rateLimits.perSecond = 0
        answering.rateLimits.unknownKeysPerMinute = 0
        var listening = ListenerConfiguration(endpoints: [.address(host: "127.0.0.1", port: 0)])
        configure(&answering, &listening)
        let build = BuildInfo(version: "9.8.7", commit: "abc1234", sqlite: "3.99.0")
        let responder = GatewayResponder(pipeline: pipeline, settings: answering, build: build, logger: quiet)
        listener = HTTPListener(configuration: listening, responder: responder)
        try await listener.start()
        let started = listener
        responder.show(started)
        port = try #require(listener.boundAddresses.first).port
    }

    func stop() async {
        await listener.stop(gracePeriod: .seconds(5))
        await pipeline.stop()
    }

    /// The body of a trigger.
    static func trigger(_ key: String, routingKey: String = Site.key) -> String {
        #"{"routing_key":"\#(routingKey)","event_action":"trigger","dedup_key":"\#(key)","#
            + #""payload":{"summary":"disk full","source":"db1","severity":"critical"}}"#
    }

    /// The bytes of a POST of an event.
    static func request(_ body: String, path: String = "/v2/enqueue") -> [UInt8] {
        Array("POST \(path) HTTP/1.1\r\nHost: gateway\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    }

    /// A POST of an event on a connection of its own.
    func post(_ body: String) async throws -> RawReply {
        try await blocking { [port] in try RawConnection(port: port, limit: 60).exchange(Site.request(body)) }
    }

    /// A GET on a connection of its own, with the token.
    func get(_ path: String) async throws -> RawReply {
        try await blocking { [port] in
            let head = "GET \(path) HTTP/1.1\r\nHost: gateway\r\nAuthorization: Token token=\(Site.token)\r\n\r\n"
            return try RawConnection(port: port, limit: 60).exchange(Array(head.utf8))
        }
    }

    /// Makes the token good.
    func makeToken() async throws {
        // SHA-256 of `Site.token`: all that is kept of one.
        let digits = "3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0"
        let hash = stride(from: 0, to: digits.count, by: 2).compactMap { place in
            UInt8(digits.dropFirst(place).prefix(2), radix: 16)
        }
        try await pipeline.carryOut(.createToken(name: "tests", hash: hash, isReadOnly: true))
    }

    /// Sends events until the write-ahead log has so many bytes: a reader has to hold a snapshot for it.
    func growWriteAheadLog(to bytes: Int64, _ receipts: Receipts) async throws {
        let padding = [UInt8](repeating: UInt8(ascii: "x"), count: 200_000)
        while pipeline.writeAheadLogBytes < bytes {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<16 {
                    group.addTask { [pipeline, integration] in
                        var event = EventMaker.event(.trigger, "key \(number)", integration: integration)
                        event.body = Array(#"{"padding":""#.utf8) + padding + Array(#""}"#.utf8)
                        receipts.add(try await pipeline.log.take(event), event.body)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Asks `/readyz` until it gives that status.
    func becomes(_ status: Int, limit: Int = 20) async throws {
        let port = port
        try await blocking {
            try eventually("/readyz \(status)", limit: limit) {
                try RawConnection(port: port).exchange(Array("GET /readyz HTTP/1.1\r\nHost: gateway\r\n\r\n".utf8))
                    .status == status
            }
        }
    }

    /// Expects what a sender may rely on while events are refused: 503, and when to try again.
    func expectUnavailable(_ key: String) async throws {
        let reply = try await post(Site.trigger(key))
        #expect(reply.status == 503, "\(reply.text)")
        let seconds = reply.header("Retry-After").flatMap { Int($0) }
        #expect((seconds ?? 0) > 0)
    }

    /// Sends an event that has to be taken.
    func expectTaken(_ key: String) async throws {
        let reply = try await post(Site.trigger(key))
        #expect(reply.status == 202, "\(reply.text)")
    }

    /// Expects every key to have an alert, once the worker has applied what was answered.
    func expectAlerts(_ keys: [String]) async throws {
        try await pipeline.caughtUp()
        let stored = try await pipeline.look { try $0.all("SELECT DISTINCT dedup_key FROM alerts") { $0.text(0) } }
        #expect(Set(keys).subtracting(stored) == [])
    }
}

/// Asks every 20 ms until it is so, and fails after `limit` seconds. Blocks.
func eventually(_ what: String, limit: Int = 60, _ condition: () throws -> Bool) throws {
    let end = Date().addingTimeInterval(Double(limit))
    while try !condition() {
        guard Date() < end else { throw SetupFailure("no \(what) in \(limit) s") }
        usleep(20_000)
    }
}
