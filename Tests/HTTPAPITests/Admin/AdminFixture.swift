import Alerting
import Cryptography
import Dispatch
import EventsAPI
import Foundation
import HTTPAPI
import Store
import Synchronization
import WireJSON

@testable import Pipeline

/// The admin API over a real database in a temporary folder, filled by real requests of senders through the fold.
///
/// `@unchecked Sendable`: everything but `failure`, `clock` and `tokens`, which have locks, is touched on `queue` only.
final class AdminFixture: AdminBackend, @unchecked Sendable {
    static let fullSecret = "full-secret-0001"
    static let readOnlySecret = "read-secret-0001"

    private let queue = DispatchQueue(label: "admin-fixture")
    private let writer: Connection
    private let reader: Connection
    private let folder: URL
    private var lastID: EventID = 0
    private let clock = Mutex(Timestamp(milliseconds: 1_715_392_800_000))
    private let failure = Mutex<(any Error)?>(nil)
    /// As the last event left them: asked for on whatever queue, that of an answer included.
    private let tokens = Mutex<[APIToken]>([])

    /// Empty but for a full token, number 1, and a read-only one, number 2.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("admin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let database = Database(path: folder.appendingPathComponent("test.db").path)
        writer = try database.openWriter(creating: true)
        try writer.execute("PRAGMA synchronous = OFF")
        reader = try database.openReader()
        try act(.createToken(name: "ops", hash: Self.hash(Self.fullSecret), isReadOnly: false))
        try act(.createToken(name: "viewer", hash: Self.hash(Self.readOnlySecret), isReadOnly: true))
    }

    deinit {
        writer.close()
        reader.close()
        // What is left of a temporary folder harms nobody.
        try? FileManager.default.removeItem(at: folder)
    }

    // MARK: Time

    /// 2024-05-11T02:00:00Z, unless moved.
    var now: Timestamp {
        get { clock.withLock { $0 } }
        set { clock.withLock { $0 = newValue } }
    }

    // MARK: The log

    private func appendNow(_ contents: [(content: EventContent, body: [UInt8])], at now: Timestamp) throws -> EventID {
        try writer.transaction(.immediate) {
            for (content, body) in contents {
                lastID += 1
                let event =
                    if case .action(let action) = content {
                        EventBodyCoding.event(action, receivedAt: now)
                    } else if case .timer(let timer) = content {
                        EventBodyCoding.event(timer, receivedAt: now)
                    } else {
                        NewEvent(receivedAt: now, content: content, body: body)
                    }
                try EventRows.insert(event, id: lastID, into: writer)
            }
            try LogFold.run(on: writer, as: .first)
        }
        let known = try Array(FoldReader.settings(writer).tokens.values)
        tokens.withLock { $0 = known }
        return lastID
    }

    /// Appends an action of the operator; gives its number.
    @discardableResult
    func act(_ command: Action.Command) throws -> EventID {
        let action = Action(requester: .commandLine, command: command)
        return try queue.sync { try appendNow([(.action(action), [])], at: now) }
    }

    /// What became of the last event.
    func lastOutcome() throws -> String? {
        try queue.sync {
            try writer.first("SELECT outcome FROM event_outcomes ORDER BY event_id DESC LIMIT 1") { $0.text(0) }
        }
    }

    /// Appends actions of the operator in one transaction.
    func act(_ commands: [Action.Command]) throws {
        for start in stride(from: 0, to: commands.count, by: 500) {
            let contents = commands[start..<min(start + 500, commands.count)].map { command in
                (content: EventContent.action(Action(requester: .commandLine, command: command)), body: [UInt8]())
            }
            _ = try queue.sync { try appendNow(contents, at: now) }
        }
    }

    /// Appends a timer that fell due.
    @discardableResult
    func fire(_ timer: TimerEvent) throws -> EventID {
        try queue.sync { try appendNow([(.timer(timer), [])], at: now) }
    }

    /// The next timer of a kind; nil if none is set.
    func nextTimer(_ kind: TimerKind) throws -> TimerEvent? {
        try queue.sync {
            guard let due = try TimerRows.nextDue(of: [kind], writer) else { return nil }
            return try TimerRows.due(of: [kind], at: due, writer).first
        }
    }

    /// Appends the body of a sender's request; gives its number.
    @discardableResult
    func send(_ json: String, to endpoint: Endpoint = .v2, by integration: IntegrationID) throws -> EventID {
        let document = try EventDocument(body: Array(json.utf8), endpoint: endpoint)
        let event = try document.accept(integrationID: integration) { Array(repeating: 7, count: 16) }
        return try queue.sync { try appendNow([(event.content, event.body)], at: now) }
    }

    /// Appends a V2 event with that key; gives its number.
    @discardableResult
    func event(
        _ action: String, _ key: String, by integration: IntegrationID, severity: String = "critical"
    ) throws -> EventID {
        let payload =
            #"{"summary":"summary of \#(key)","source":"host","severity":"\#(severity)"}"#
        return try send(
            #"{"event_action":"\#(action)","dedup_key":"\#(key)","payload":\#(payload)}"#, by: integration)
    }

    /// Triggers that many incidents in one transaction, a millisecond apart from now back.
    func triggerMany(_ count: Int, by integration: IntegrationID) throws {
        for start in stride(from: 0, to: count, by: 500) {
            let contents = try (start..<min(start + 500, count)).map { number in
                let json =
                    #"{"event_action":"trigger","dedup_key":"k\#(number)","payload":{"summary":"s","source":"h","severity":"info"}}"#
                let document = try EventDocument(body: Array(json.utf8), endpoint: .v2)
                let event = try document.accept(integrationID: integration) { [] }
                return (content: event.content, body: event.body)
            }
            _ = try queue.sync { try appendNow(contents, at: now) }
        }
    }

    /// A service with an integration; gives both numbers.
    func service(
        _ name: String, acknowledgementTimeout: Int64? = nil, autoResolveTimeout: Int64? = nil
    ) throws -> (service: ServiceID, integration: IntegrationID) {
        let service = try act(
            .createService(
                ServiceSettings(
                    name: name, acknowledgementTimeout: acknowledgementTimeout,
                    autoResolveTimeout: autoResolveTimeout)))
        let integration = try act(
            .createIntegration(
                service: service, name: "\(name) events", key: "key-of-\(name)-abcd", defaultSeverity: .critical))
        return (service, integration)
    }

    /// Runs SQL that no event can bring about yet.
    func execute(_ sql: String) throws {
        try queue.sync { try writer.execute(sql) }
    }

    /// How many events the log holds.
    var eventCount: EventID { queue.sync { lastID } }

    /// Makes the backend fail from now on; nil ends it.
    func fail(with error: (any Error)?) {
        failure.withLock { $0 = error }
    }

    // MARK: AdminBackend

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value,
        completion: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        queue.async { [self] in
            completion(
                Result {
                    if let error = failure.withLock({ $0 }) { throw error }
                    return try reader.transaction(.deferred) { try body(reader) }
                })
        }
    }

    func perform(
        _ action: Action, completion: @escaping @Sendable (Result<(EventID, StoredOutcome), any Error>) -> Void
    ) {
        queue.async { [self] in
            completion(
                Result {
                    if let error = failure.withLock({ $0 }) { throw error }
                    let id = try appendNow([(.action(action), [])], at: now)
                    guard let outcome = try OutcomeRows.read(id, writer) else { throw FixtureError.noOutcome }
                    return (id, outcome)
                })
        }
    }

    enum FixtureError: Error { case noOutcome, overloaded }

    func knows(email: String) -> Bool {
        tokens.withLock { $0.contains { $0.email?.lowercased() == email.lowercased() } }
    }

    func token(for secret: [UInt8]) -> APIToken? {
        let hash = SHA256.digest(of: secret)
        return tokens.withLock { $0.first { $0.hash == hash && $0.revokedAt == nil } }
    }

    private static func hash(_ secret: String) -> [UInt8] { SHA256.digest(of: secret) }
}

/// An answer, read.
struct Answer: Sendable {
    var status: Int
    var headers: [AdminResponse.Field]
    var body: [UInt8]

    /// The body as JSON; null where it is none.
    var json: JSONValue {
        guard !body.isEmpty, let value = try? JSONValue(parsing: body) else { return .null }
        return value
    }

    /// `error.code`.
    var code: Int64? { json["error"]?["code"]?.integerValue }
    /// `error.message`.
    var message: String? { json["error"]?["message"]?.stringValue }
    /// `error.errors`.
    var errors: [String]? { json["error"]?["errors"]?.arrayValue?.compactMap(\.stringValue) }

    /// The ids in a list.
    func ids(_ list: String) -> [String] { json[list]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? [] }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
}

extension AdminAPI {
    /// Sends a request and waits for its answer. `target` is path and query.
    func answer(
        _ method: String, _ target: String, _ body: String = "", secret: String? = AdminFixture.fullSecret,
        headers: [String: String] = [:]
    ) async -> Answer {
        var headers = Dictionary(uniqueKeysWithValues: headers.map { ($0.key.lowercased(), $0.value) })
        if let secret, headers["authorization"] == nil { headers["authorization"] = "Token token=\(secret)" }
        let fields = headers
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = AdminRequest(
            method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil,
            body: Array(body.utf8), scheme: "https", host: "gw.example"
        ) { fields[$0.lowercased()] }
        return await withCheckedContinuation { continuation in
            respond(to: request) { response in
                continuation.resume(
                    returning: Answer(status: response.status, headers: response.headers, body: response.body))
            }
        }
    }

    func get(_ target: String) async -> Answer { await answer("GET", target) }
}

extension AdminFixture {
    /// The API over this database.
    func api(_ configuration: AdminConfiguration = AdminConfiguration(requestsPerMinute: 0)) -> AdminAPI {
        AdminAPI(backend: self, configuration: configuration, now: { self.now })
    }
}

func incidentID(_ number: Int64) -> String { ExternalID.string(.incident, number) }
