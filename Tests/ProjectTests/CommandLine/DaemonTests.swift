import Foundation
import Testing

/// `alertgate serve` as a process, with the commands beside it.
@Suite(.timeLimit(.minutes(5))) struct DaemonTests {
    private let folder: TemporaryFolder
    private var database: [String: String] { ["ALERTGATE_DB": folder.path("alertgate.db")] }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A service manager: the socket that a daemon tells how it is doing. A datagram each.
    private final class Manager: Sendable {
        let descriptor: Int32
        let name: String

        init(in folder: TemporaryFolder) throws {
            name = folder.path("notify")
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(name.utf8)) }
            let code = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            try #require(code == 0, "bind: \(String(cString: strerror(errno)))")
            var limit = timeval(tv_sec: 30, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }

        deinit { close(descriptor) }

        /// Waits for a message that begins so, and gives it; empty where none came in time.
        func next(_ beginning: String) async -> String {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    while true {
                        var buffer = [UInt8](repeating: 0, count: 4096)
                        let count = recv(self.descriptor, &buffer, buffer.count, 0)
                        let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
                        guard count > 0, !text.hasPrefix(beginning) else { return continuation.resume(returning: text) }
                    }
                }
            }
        }
    }

    /// Starts a daemon, waits until it is ready, and gives it with its manager and URL.
    private func start(
        _ arguments: [String] = [], environment: [String: String] = [:]
    ) async throws -> (daemon: Running, manager: Manager, url: String) {
        let manager = try Manager(in: folder)
        let variables = database.merging(["NOTIFY_SOCKET": manager.name]) { _, new in new }
            .merging(environment) { _, new in new }
        let daemon = try Running(
            try Project.program, ["serve", "--listen", "127.0.0.1:0"] + arguments, environment: variables)
        let ready = await manager.next("READY=1")
        let errors = try daemon.written("errors")
        let match = ready.firstMatch(of: /listening on (127\.0\.0\.1:\d+)/)
        let place = try #require(match, "\(ready) \(errors)")
        return (daemon, manager, "http://\(place.1)")
    }

    /// The key of a new integration.
    private func makeKey() async throws -> String {
        _ = try await alertgate("service", "create", "shop", environment: database)
        let made = try await alertgate(
            "integration", "create", "--service", "shop", "--json", environment: database
        ).object()
        return try #require(made["integration_key"] as? String)
    }

    @Test func anEventGoesFromSendToIncidents() async throws {
        let (daemon, manager, url) = try await start()
        // Made while the daemon runs: it has to know the key within a second, and the command waits for that.
        let key = try await makeKey()
        let variables = ["ALERTGATE_INTEGRATION_KEY": key, "ALERTGATE_URL": url]
        let sent = try await alertgate(
            "send", "--summary", "Disk full", "--dedup-key", "disk", "--severity", "warning", "--source", "db1",
            "--details", "free=0", "--details", "mount=/=a", "--json", environment: variables)
        #expect(sent.status == 0, "\(sent)")
        #expect(try sent.object()["http_status"] as? Int == 202)
        let body = #"{"routing_key":"\#(key)","event_action":"acknowledge","dedup_key":"disk"}"#
        let piped = try await alertgate("send", "-", environment: ["ALERTGATE_URL": url], input: body)
        #expect(piped.status == 0, "\(piped)")
        var incidents: [[String: Any]] = []
        // Reading beside the daemon shows what its worker has applied so far.
        for _ in 0..<500 where incidents.first?["status"] as? String != "acknowledged" {
            incidents = try await alertgate("incidents", "--json", environment: database).array()
        }
        #expect(incidents.count == 1)
        #expect(incidents.first?["title"] as? String == "Disk full")
        let refused = try await alertgate(
            "send", "--summary", "x",
            environment: ["ALERTGATE_INTEGRATION_KEY": String(repeating: "0", count: 32)]
                .merging(["ALERTGATE_URL": url]) { _, new in new })
        #expect(refused.status == 1 && refused.errors.contains("HTTP 400"), "\(refused)")
        daemon.signal(SIGTERM)
        #expect(await manager.next("STOPPING=1") == "STOPPING=1")
        let ended = try await daemon.end()
        #expect(ended.status == 0, "\(ended)")
        #expect(!ended.errors.contains(key))
        #expect(try await alertgate("verify", environment: database).status == 0)
    }

    /// With a certificate of one's own; a client that does not trust it sends nothing.
    @Test func anEventGoesOverTLS() async throws {
        let (certificate, privateKey) = (folder.path("certificate.pem"), folder.path("key.pem"))
        let made = try await run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2",
            "-subj", "/CN=gateway.test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", privateKey,
            "-out", certificate)
        try #require(made.status == 0, "\(made)")
        let (daemon, _, url) = try await start(environment: [
            "ALERTGATE_TLS_CERTIFICATE": certificate, "ALERTGATE_TLS_KEY": privateKey,
        ])
        let variables = [
            "ALERTGATE_INTEGRATION_KEY": try await makeKey(),
            "ALERTGATE_URL": url.replacing("http://", with: "https://"),
        ]
        let sent = try await alertgate(
            "send", "--summary", "x", "--ca-certificate", certificate, environment: variables)
        #expect(sent.status == 0, "\(sent)")
        let distrusted = try await alertgate("send", "--summary", "y", environment: variables)
        #expect(distrusted.status == 69, "\(distrusted)")
        daemon.signal(SIGTERM)
        #expect(try await daemon.end().status == 0)
        // What was accepted is applied before the end.
        #expect(try await alertgate("incidents", "--json", environment: database).array().count == 1)
    }

    @Test func oneDaemonForOneDatabase() async throws {
        let (daemon, _, _) = try await start()
        let second = try await alertgate("serve", "--listen", "127.0.0.1:0", environment: database)
        #expect(second.status == 69, "\(second)")
        #expect(second.errors.contains(folder.path("alertgate.db")), "\(second)")
        let rebuild = try await alertgate("rebuild", environment: database)
        #expect(rebuild.status == 69, "\(rebuild)")
        let prune = try await alertgate("prune", environment: database)
        #expect(prune.status == 69 && prune.errors.contains("by itself"), "\(prune)")
        daemon.signal(SIGINT)
        #expect(try await daemon.end().status == 0)
    }

    @Test func aReloadTakesGoodSettingsAndLeavesBadOnes() async throws {
        let file = try folder.write("log: {level: info}\n", to: "alertgate.yaml")
        let (daemon, manager, url) = try await start(["--config", file])
        _ = try folder.write("log: {level: loud}\n", to: "alertgate.yaml")
        daemon.signal(SIGHUP)
        // A reload that is refused says nothing to the manager, so the log is looked at.
        while !(try daemon.written("errors").contains("loud")) {
            try Task.checkCancellation()
            await Task.yield()
        }
        let health = try await run("curl", "-fsS", url + "/healthz")
        #expect(health.status == 0, "\(health)")
        _ = try folder.write("log: {level: debug}\n", to: "alertgate.yaml")
        daemon.signal(SIGHUP)
        #expect(await manager.next("RELOADING=1").hasPrefix("RELOADING=1"))
        #expect(await manager.next("READY=1").hasPrefix("READY=1"))
        daemon.signal(SIGTERM)
        #expect(try await daemon.end().status == 0)
    }

    @Test func theWatchdogIsFed() async throws {
        let (daemon, manager, _) = try await start(environment: ["WATCHDOG_USEC": "400000"])
        for _ in 0..<3 { #expect(await manager.next("WATCHDOG=1") == "WATCHDOG=1") }
        daemon.signal(SIGTERM)
        #expect(try await daemon.end().status == 0)
    }

    /// The journal takes the priority from the front of each line.
    @Test func underSystemdLinesHavePriorities() async throws {
        let (daemon, _, _) = try await start(environment: ["JOURNAL_STREAM": "8:1"])
        daemon.signal(SIGTERM)
        let ended = try await daemon.end()
        let lines = ended.errors.split(separator: "\n")
        #expect(!lines.isEmpty)
        for line in lines { #expect(line.prefixMatch(of: /<[2-7]>/) != nil, "\(line)") }
    }

    @Test func aPortInUseIsSaid() async throws {
        let (daemon, _, url) = try await start()
        let place = String(url.dropFirst("http://".count))
        let second = try await alertgate("serve", "--listen", place, "--db", folder.path("other.db"))
        #expect(second.status == 69, "\(second)")
        #expect(second.errors.contains(place.split(separator: ":")[1]), "\(second)")
        daemon.signal(SIGTERM)
        #expect(try await daemon.end().status == 0)
    }
}
