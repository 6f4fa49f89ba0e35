import Alerting
import Foundation
import GatewayTesting
import HTTPAPI
import HTTPServer
import Logging
import Pipeline
import Store
import WireJSON

/// A gateway that answers on a free port of 127.0.0.1, over a real database in a temporary folder, by a clock that
/// stands still until a test moves it. It has two integrations.
final class RunningGateway: Sendable {
    static let key = "0123456789abcdef0123456789abcdef"
    static let otherKey = "fedcba9876543210fedcba9876543210"
    /// Of the right shape, and nobody's.
    static let unknownKey = "5c5a8e9d7f3b4c6aa1b2c3d4e5f60718"

    let temporary: TemporaryDatabase
    let clock: ManualClock
    let pipeline: Pipeline
    let responder: GatewayResponder
    let port: Int
    let integration: IntegrationID
    let otherIntegration: IntegrationID

    /// Runs a gateway while the work goes on.
    static func run<Value>(
        settings: GatewayResponder.Settings = .init(), pipelineSettings: Pipeline.Settings = .init(),
        on surface: Surface = .everything, log: KeptLog? = nil, _ work: (RunningGateway) async throws -> Value
    ) async throws -> Value {
        let temporary = try TemporaryDatabase()
        let clock = ManualClock()
        let logger = log?.logger ?? Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let pipeline = try Pipeline(
            database: temporary.database, settings: pipelineSettings, clock: clock, logger: logger)
        let build = BuildInfo(version: "9.8.7", commit: "abc1234", sqlite: "3.99.0")
        let responder = GatewayResponder(pipeline: pipeline, settings: settings, build: build, logger: logger)
        let listener = HTTPListener(
            configuration: .patient([.init(.address(host: "127.0.0.1", port: 0), surface: surface)]),
            responder: responder)
        try await listener.start()
        responder.show(listener)
        let result: Result<Value, any Error>
        do {
            let gateway = try await RunningGateway(
                temporary, clock, pipeline, responder, port: listener.boundAddresses.first?.port ?? 0)
            result = .success(try await work(gateway))
        } catch {
            result = .failure(error)
        }
        await listener.stop(gracePeriod: .zero)
        await pipeline.stop()
        return try result.get()
    }

    private init(
        _ temporary: TemporaryDatabase, _ clock: ManualClock, _ pipeline: Pipeline, _ responder: GatewayResponder,
        port: Int
    ) async throws {
        self.temporary = temporary
        self.clock = clock
        self.pipeline = pipeline
        self.responder = responder
        self.port = port
        let service = try await Self.carryOut(.createService(ServiceSettings(name: "Shop")), pipeline)
        integration = try await Self.carryOut(
            .createIntegration(service: service, name: "Prometheus", key: Self.key, defaultSeverity: .critical),
            pipeline)
        otherIntegration = try await Self.carryOut(
            .createIntegration(service: service, name: "Zabbix", key: Self.otherKey, defaultSeverity: .warning),
            pipeline)
    }

    /// Carries out an action of the operator and gives its number.
    @discardableResult
    func act(_ command: Action.Command) async throws -> EventID {
        try await Self.carryOut(command, pipeline)
    }

    private static func carryOut(_ command: Action.Command, _ pipeline: Pipeline) async throws -> EventID {
        try await withCheckedThrowingContinuation { continuation in
            pipeline.perform(Action(requester: .commandLine, command: command)) { result in
                continuation.resume(with: result.map(\.0))
            }
        }
    }

    /// Reads from the database what everything answered so far has come to.
    func look<Value: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            pipeline.read(body) { continuation.resume(with: $0) }
        }
    }

    // MARK: Events

    /// An event of a sender as it stands in the log.
    struct Stored: Equatable, Sendable {
        var kind: String
        var action: String
        var integration: IntegrationID
        var dedupKey: String?
        var body: [UInt8]
    }

    /// The events of senders in the log, oldest first.
    func stored() async throws -> [Stored] {
        try await look { connection in
            try connection.all(
                """
                SELECT kind, action, integration_id, dedup_key, body FROM events
                WHERE kind IN ('v1', 'v2', 'change') ORDER BY id
                """
            ) { row in
                Stored(
                    kind: row.text(0), action: row.text(1), integration: row.integer(2), dedupKey: row.optionalText(3),
                    body: row.bytes(4))
            }
        }
    }

    /// Locks the database against every other writer until the work is done.
    func whileLocked<Value>(_ work: () async throws -> Value) async throws -> Value {
        let blocker = try temporary.database.openWriter(creating: false)
        try blocker.execute("BEGIN IMMEDIATE")
        defer { blocker.close() }
        let value = try await work()
        try blocker.execute("ROLLBACK")
        return value
    }
}

// MARK: - Requests

/// A request as bytes.
struct WireRequest: Sendable {
    var method = "POST"
    var target: String
    var headers: [String] = []
    var body: [UInt8] = []
    /// What is told of the body's length, where that is not the truth.
    var announcedLength: Int?

    static func post(_ target: String, _ body: String, headers: [String] = []) -> WireRequest {
        WireRequest(target: target, headers: headers, body: Array(body.utf8))
    }

    static func get(_ target: String, headers: [String] = []) -> WireRequest {
        WireRequest(method: "GET", target: target, headers: headers)
    }

    var bytes: [UInt8] {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: gateway"] + headers
        if method == "POST" { lines.append("Content-Length: \(announcedLength ?? body.count)") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }
}

extension RunningGateway {
    /// Sends requests one after another over one connection.
    func send(_ requests: [WireRequest]) async throws -> [RawClient.Response] {
        try await blocking { [port] in
            let client = try RawClient(port: port)
            return try requests.map { request in
                client.sendPart(request.bytes)
                return try client.readResponse(hasBody: request.method != "HEAD")
            }
        }
    }

    /// Sends a request over a connection of its own.
    func send(_ request: WireRequest) async throws -> RawClient.Response {
        try await send([request])[0]
    }
}

extension RawClient.Response {
    /// The body as JSON; null where it is none.
    var json: JSONValue {
        // What is no JSON fails the comparison that follows.
        (try? JSONValue(parsing: Array(body.utf8))) ?? .null
    }

    /// Whether it has what every answer has (events-api.md section 7).
    var hasUsualFields: Bool {
        self["Content-Type"] == "application/json; charset=utf-8" && self["Content-Length"] == "\(body.utf8.count)"
            && self["X-Request-Id"]?.isEmpty == false
    }

    /// The whole seconds that a client is asked to wait.
    var retryAfter: Int? { self["Retry-After"].flatMap(Int.init) }
}

// MARK: - Bodies

/// Bodies of the three kinds of events.
enum Body {
    /// V2, with a `routing_key` unless it is nil.
    static func v2(
        _ action: String = "trigger", key: String? = RunningGateway.key, dedupKey: String? = "disk"
    ) -> String {
        let members = [
            key.map { #""routing_key":"\#($0)""# }, dedupKey.map { #""dedup_key":"\#($0)""# },
            #""event_action":"\#(action)""#,
            #""payload":{"summary":"disk full","source":"db1","severity":"critical"}"#,
        ]
        return "{" + members.compactMap { $0 }.joined(separator: ",") + "}"
    }

    /// V1, with a `service_key` unless it is nil.
    static func v1(
        _ type: String = "trigger", key: String? = RunningGateway.key, incidentKey: String? = "disk"
    ) -> String {
        let members = [
            key.map { #""service_key":"\#($0)""# }, incidentKey.map { #""incident_key":"\#($0)""# },
            #""event_type":"\#(type)""#, #""description":"disk full""#,
        ]
        return "{" + members.compactMap { $0 }.joined(separator: ",") + "}"
    }

    /// A change event, with a `routing_key` unless it is nil.
    static func change(key: String? = RunningGateway.key) -> String {
        let members = [key.map { #""routing_key":"\#($0)""# }, #""payload":{"summary":"deployed"}"#]
        return "{" + members.compactMap { $0 }.joined(separator: ",") + "}"
    }

    static let v1Answer = #"{"status":"success","message":"Event processed","incident_key":"disk"}"#
    static let v2Answer = #"{"status":"success","message":"Event processed","dedup_key":"disk"}"#
    static let changeAnswer = #"{"status":"success","message":"Change event processed"}"#

    static func invalid(_ errors: String...) -> JSONValue {
        ["status": "invalid event", "message": "Event object is invalid", "errors": .array(errors.map { .string($0) })]
    }

    static let throttled: JSONValue = [
        "status": "throttle exceeded",
        "message": "Requests for this service are arriving too quickly.  Please retry later.",
    ]
    static let unavailable: JSONValue = ["status": "error", "message": "Service unavailable, please retry"]
    static let parseError: JSONValue = [
        "status": "Unrecognized object", "message": "Event object format is unrecognized",
        "errors": ["JSON parse error"],
    ]
}
