import Alerting
import ArgumentParser
import EventsAPI
import FoundationEssentials
import Glibc
import HTTPAPI
import HTTPServer
import NIOHTTP1
import Pipeline
import Store
import Synchronization

/// A fixed amount of work, for tools that count instructions and allocations. What does not depend on `--times` falls
/// out when two runs are subtracted.
struct Count: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Do one thing so many times, for counting instructions.")

    /// What is done.
    enum Work: String, ExpressibleByArgument, CaseIterable {
        /// Parses and checks a body, and makes the answer.
        case parse
        /// Takes a whole request over a socket, and answers it from the listener, without storing.
        case request
        /// Inserts an event, 64 to a transaction.
        case append
        /// Folds an event that opens an incident.
        case foldNew
        /// Folds an event with new content on one key.
        case foldHot
        /// Answers a first page of 25 incidents.
        case page
    }

    @Option(help: "parse, request, append, foldNew, foldHot or page.")
    var work: Work

    @Option(help: "How many times.")
    var times: Int

    @Option(help: "The template of the body.")
    var template: String

    @Option(help: "A folder for databases.")
    var folder: String

    func run() async throws {
        let template = try EventTemplate(path: template)
        switch work {
        case .parse:
            let body = template.body(key: 1, number: 1)
            for _ in 0..<times { precondition(Answering.answer(body).status == 202) }
        case .request: try await answerRequests(template)
        case .append: try append(template)
        case .foldNew: try fold(template, .new)
        case .foldHot: try fold(template, .hot)
        case .page: try readPages()
        }
    }

    private func answerRequests(_ template: EventTemplate) async throws {
        var configuration = ListenerConfiguration(endpoints: [.address(host: "127.0.0.1", port: 0)])
        configuration.loops = 1
        let listener = HTTPListener(configuration: configuration, responder: Answering())
        try await listener.start()
        guard let port = listener.boundAddresses.first?.port else { return }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        precondition(connected == 0)
        let body = template.body(key: 1, number: 1)
        let head = [
            "POST /v2/enqueue HTTP/1.1", "Host: localhost", "Content-Type: application/json",
            "Content-Length: \(body.count)", "", "",
        ]
        let request = Array(head.joined(separator: "\r\n").utf8) + body
        var answer = [UInt8](repeating: 0, count: 4096)
        for _ in 0..<times {
            precondition(write(descriptor, request, request.count) == request.count)
            precondition(read(descriptor, &answer, answer.count) > 0)
        }
        close(descriptor)
        await listener.stop(gracePeriod: .seconds(1))
    }

    private func append(_ template: EventTemplate) throws {
        let event = try template.event(
            key: 1, number: 1, integration: 2, at: Timestamp(milliseconds: 1_700_000_000_000))
        let connection = try Database(path: folder + "/append-\(times).db").openWriter(creating: true)
        defer { connection.close() }
        var id: EventID = 0
        while id < times {
            try connection.transaction(.immediate) {
                for _ in 0..<min(64, times - Int(id)) {
                    id += 1
                    try EventRows.insert(event, id: id, into: connection)
                }
            }
        }
    }

    /// The database is prepared by `fill` beforehand, so that only the fold is counted.
    private func fold(_ template: EventTemplate, _ kind: Fill.Kind) throws {
        _ = try Rebuild.run(Database(path: folder + "/\(kind.rawValue)-\(times).db"))
    }

    /// The database is prepared by `fill` and folded beforehand.
    private func readPages() throws {
        let connection = try Database(path: folder + "/pages.db").openReader()
        let api = AdminAPI(
            backend: OneConnection(connection), configuration: AdminConfiguration(requestsPerMinute: 0),
            now: { SystemClock().now() })
        for _ in 0..<times {
            let request = AdminRequest(method: "GET", path: "/incidents", query: "date_range=all") {
                $0 == "Authorization" ? "Token token=bench" : nil
            }
            let status = Mutex(0)
            api.respond(to: request) { response in status.withLock { $0 = response.status } }
            precondition(status.withLock { $0 } == 200)
        }
    }
}

/// Answers from one connection, at once, to everybody.
private struct OneConnection: AdminBackend {
    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value,
        completion: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        completion(Result { try connection.transaction(.deferred) { try body(connection) } })
    }

    func perform(
        _ action: Action, completion: @escaping @Sendable (Result<(EventID, StoredOutcome), any Error>) -> Void
    ) {
        preconditionFailure("only reads are counted")
    }

    func knows(email: String) -> Bool { false }

    func token(for secret: [UInt8]) -> APIToken? {
        APIToken(
            id: 1, name: "bench", hash: [], isReadOnly: true, createdAt: Timestamp(milliseconds: 0))
    }
}
