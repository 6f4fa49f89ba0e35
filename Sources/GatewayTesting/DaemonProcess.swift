import Foundation
import WireJSON

/// The real daemon with a database of its own, a service, an integration and a token, as an operator sets it up: every
/// step is a command of the program that was built beside the tests.
///
/// Everything here blocks; run it off the cooperative pool. Calls come from one thread at a time, but for `post`, `url`
/// and the constants.
public final class DaemonProcess: @unchecked Sendable {
    // Mutable state (`program`) is touched by the one thread that starts and stops the daemon.

    /// The program under test: `ALERTGATE_BINARY`, or the one built beside the test bundle.
    public static let executable: String = {
        if let path = ProcessInfo.processInfo.environment["ALERTGATE_BINARY"] { return path }
        let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appending(path: "alertgate").path
    }()

    /// The key that the corpus was recorded with; the integration has it unless told otherwise.
    public static let recordedKey = "0123456789abcdef0123456789abcdef"

    /// Settings without any rate limit: tests send and ask faster than anybody should. Those that look at limits set
    /// their own.
    public static let withoutLimits =
        "events:\n  rate_limit: 0\n  rate_limit_per_second: 0\napi:\n  rate_limit_per_minute: 0\n"

    /// Where everything of this daemon lies.
    public let directory: TemporaryDirectory
    /// The database file.
    public let database: String
    /// The port it listens on, the same at every start.
    public let port: Int
    /// The integration key.
    public let key: String
    /// A token that may write.
    public let token: String
    /// The daemon, while it was started and until it is stopped.
    public private(set) var program: RunningProgram?
    /// Whether the listener speaks TLS; what this class itself asks goes through curl then.
    public var usesTLS = false
    /// What is set in the environment of the daemon that is started next, besides that of the tests.
    public var environment: [String: String] = [:]

    private let configuration: URL

    /// Makes the database, with a service `monitoring`, an integration `senders` and a token `tests`. Starts nothing.
    ///
    /// - Throws: `ProgramFailure` if a command fails.
    public init(key: String = DaemonProcess.recordedKey) throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        let database = directory.url.appending(path: "alertgate.db").path
        self.database = database
        configuration = directory.url.appending(path: "alertgate.yaml")
        port = try LoopbackPort.unused()
        self.key = key
        func created(_ arguments: [String]) throws -> JSONValue {
            try Self.json(Self.checked(arguments + ["--json", "--db", database]).output)
        }
        _ = try created(["migrate"])
        _ = try created(["service", "create", "monitoring"])
        _ = try created(["integration", "create", "--service", "monitoring", "--name", "senders", "--key", key])
        guard let token = try created(["token", "create", "tests"])["token"]?.stringValue else {
            throw ProgramFailure("token create --json has no token")
        }
        self.token = token
        try configure(Self.withoutLimits)
    }

    /// Runs the program on this database.
    ///
    /// - Throws: what `RunningProgram.run` throws.
    public func run(_ arguments: String..., input: String? = nil) throws -> ProgramResult {
        try RunningProgram.run(Self.executable, arguments + ["--db", database], input: input)
    }

    /// Writes the configuration file.
    ///
    /// - Throws: what the file system throws.
    public func configure(_ text: String) throws {
        try Data(text.utf8).write(to: configuration, options: .atomic)
    }

    /// Starts the daemon and waits until `/readyz` says 200.
    ///
    /// - Throws: `ProgramFailure` with what the daemon said, if it does not get there.
    public func start() throws {
        let program = try spawn()
        try waitUntilReady(program)
    }

    /// Starts the daemon and does not wait.
    ///
    /// - Throws: what starting it throws.
    @discardableResult
    public func spawn() throws -> RunningProgram {
        let program = try RunningProgram(
            Self.executable, serveArguments, environment: environment, directory: logs)
        self.program = program
        return program
    }

    /// Starts the daemon on a listening socket that stays with the caller, in the way of sd_listen_fds(3).
    ///
    /// - Throws: what starting it throws.
    @discardableResult
    public func spawn(inheriting listener: Int32) throws -> RunningProgram {
        // Descriptors other than the standard ones are not handed on by Process: the shell moves it to where it belongs.
        let script = "exec 3<&0 0</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" \"$@\""
        let program = try RunningProgram(
            "/bin/sh", ["-c", script, Self.executable] + serveArguments,
            input: FileHandle(fileDescriptor: listener, closeOnDealloc: false), directory: logs)
        self.program = program
        return program
    }

    /// Waits until `/readyz` says 200.
    ///
    /// - Throws: `ProgramFailure`.
    public func waitUntilReady(_ program: RunningProgram) throws {
        try program.wait(for: "readiness") {
            do {
                return try get("/readyz").status == 200
            } catch is RawConnectionError {
                return false  // It does not listen yet.
            }
        }
    }

    /// SIGTERM, and its exit status.
    ///
    /// - Throws: `ProgramFailure` if it does not end.
    @discardableResult
    public func terminate() throws -> Int32 {
        guard let program else { throw ProgramFailure("the daemon was not started") }
        program.send(SIGTERM)
        self.program = nil
        let result = try program.result()
        if result.status != 0 { throw ProgramFailure("ended with \(result.status) on SIGTERM: \(result.errors)") }
        return result.status
    }

    /// SIGKILL, and waits until it is gone.
    ///
    /// - Throws: `ProgramFailure` if it does not end.
    public func kill() throws {
        program?.send(SIGKILL)
        _ = try program?.result()
        program = nil
    }

    /// Ends the daemon in whatever way, and removes its files.
    public func remove() {
        // What is wrong with its end was the test's to find.
        try? kill()
        directory.remove()
    }

    /// What the daemon last started wrote to standard error.
    public var log: String { program?.standardError ?? "" }

    /// A GET on a connection of its own, with the token.
    ///
    /// - Throws: `RawConnectionError`.
    public func get(_ target: String) throws -> RawReply {
        if usesTLS { return try getWithCurl(target) }
        return try RawConnection(port: port).exchange(
            Array(
                "GET \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Token token=\(token)\r\n\r\n".utf8)
        )
    }

    /// The bytes of a POST with a JSON body.
    public func request(_ target: String, _ body: [UInt8], headers: String = "") -> [UInt8] {
        Array(
            ("POST \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: application/json\r\n"
                + "\(headers)Content-Length: \(body.count)\r\n\r\n").utf8) + body
    }

    /// A POST on a connection of its own.
    ///
    /// - Throws: `RawConnectionError`.
    public func post(_ target: String, _ body: String) throws -> RawReply {
        try RawConnection(port: port).exchange(request(target, Array(body.utf8)))
    }

    /// All incidents, the oldest first, as `GET /incidents` shows them.
    ///
    /// - Throws: `ProgramFailure` if the answer is no list; `RawConnectionError`.
    public func incidents(key: String? = nil) throws -> [JSONValue] {
        let filter = key.map { key in "&incident_key=\(Self.percentEncoded(key))" } ?? ""
        var all: [JSONValue] = []
        while true {
            let reply = try get("/incidents?date_range=all&limit=100&offset=\(all.count)\(filter)")
            let page = try JSONValue(parsing: reply.body)
            guard reply.status == 200, let list = page["incidents"]?.arrayValue else {
                throw ProgramFailure("GET /incidents: \(reply.status) \(reply.text)")
            }
            all += list
            guard page["more"]?.boolValue == true, !list.isEmpty else { return all }
        }
    }

    /// A member of an incident: `alerts`, `log_entries` or `notes`.
    ///
    /// - Throws: `ProgramFailure` if the answer is no list; `RawConnectionError`.
    public func list(_ name: String, of incident: JSONValue) throws -> [JSONValue] {
        guard let id = incident["id"]?.stringValue else { throw ProgramFailure("an incident without an id") }
        let reply = try get("/incidents/\(id)/\(name)?limit=100")
        guard reply.status == 200, let list = try JSONValue(parsing: reply.body)[name]?.arrayValue else {
            throw ProgramFailure("GET \(name): \(reply.status) \(reply.text)")
        }
        return list
    }

    /// Waits until `GET /incidents` is as wanted: what an event changes is there soon after its answer, not with it.
    ///
    /// - Throws: `ProgramFailure` with the last list after `limit` seconds.
    @discardableResult
    public func waitForIncidents(
        _ what: String, key: String? = nil, limit: Int = 30, until condition: ([JSONValue]) throws -> Bool
    ) throws -> [JSONValue] {
        guard let program else { throw ProgramFailure("the daemon was not started") }
        var last: [JSONValue] = []
        do {
            try program.wait(for: what, limit: limit) {
                last = try incidents(key: key)
                return try condition(last)
            }
        } catch let failure as ProgramFailure {
            let list = String(decoding: JSONValue.array(last).serialized(), as: UTF8.self)
            throw ProgramFailure("\(failure.description)\nincidents: \(list)")
        }
        return last
    }

    /// Rows of a query as the `sqlite3` shell prints them, in a read-only connection.
    ///
    /// - Throws: `ProgramFailure` if the shell fails.
    public func query(_ sql: String) throws -> [String] {
        try DatabaseShell.lines(database, sql)
    }

    /// Runs a command of the program that has to succeed.
    ///
    /// - Throws: `ProgramFailure` if it does not.
    public static func checked(_ arguments: [String]) throws -> ProgramResult {
        let result = try RunningProgram.run(executable, arguments)
        guard result.status == 0 else {
            throw ProgramFailure("alertgate \(arguments.prefix(2)): \(result.status) \(result.errors)")
        }
        return result
    }

    /// What a command printed with `--json`.
    ///
    /// - Throws: `ProgramFailure` if that is no JSON.
    public static func json(_ output: String) throws -> JSONValue {
        do {
            return try JSONValue(parsing: Array(output.utf8))
        } catch {
            throw ProgramFailure("no JSON (\(error)): \(output)")
        }
    }

    private func getWithCurl(_ target: String) throws -> RawReply {
        let header = directory.url.appending(path: "authorization")
        try Data("Authorization: Token token=\(token)".utf8).write(to: header)
        let result = try RunningProgram.run(
            "curl",
            ["-sk", "-g", "-H", "@\(header.path)", "-w", "\n%{http_code}", "https://127.0.0.1:\(port)\(target)"])
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        guard result.status == 0, let status = lines.last.flatMap({ Int($0) }) else {
            throw RawConnectionError.system(call: "curl", errno: result.status)
        }
        return RawReply(status: status, headers: [], body: Array(lines.dropLast().joined(separator: "\n").utf8))
    }

    private var logs: URL { directory.url.appending(path: "logs") }

    private var serveArguments: [String] {
        ["serve", "--db", database, "--listen", "127.0.0.1:\(port)", "--config", configuration.path]
    }

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
        }.joined()
    }
}
