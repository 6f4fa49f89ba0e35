import Foundation
import GatewayTesting
import Glibc
import Synchronization
import Testing

extension Faults {
    /// Clients that mean harm, or were written without care, at the real daemon: others are served on, and memory stays
    /// under its bound.
    @Suite(.timeLimit(.minutes(60))) struct HostileClients {
        /// MiB that a debug build may hold at most, whatever comes.
        private static let bound = 160

        private static func withDaemon(_ work: @escaping @Sendable (DaemonProcess) throws -> Void) async throws {
            try await blocking {
                raiseFileLimit()
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                try daemon.configure(
                    """
                    events:
                      rate_limit: 0
                      rate_limit_per_second: 0
                      unknown_keys_per_minute: 0
                    http:
                      max_connections: 16000
                      body_timeout: 2

                    """)
                try daemon.start()
                try work(daemon)
                let peak = try memory(of: daemon)
                #expect(peak < bound, "\(peak) MiB")
                try daemon.terminate()
                let verified = try RunningProgram.run(
                    DaemonProcess.executable, ["verify", "--db", daemon.database], limit: 1800)
                #expect(verified.status == 0, "\(verified)")
                #expect(try daemon.query("PRAGMA integrity_check") == ["ok"])
            }
        }

        /// The most that the daemon has held in memory, in MiB.
        private static func memory(of daemon: DaemonProcess) throws -> Int {
            let program = try #require(daemon.program)
            let status = try String(contentsOfFile: "/proc/\(program.processID)/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
            return try #require(line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first) / 1024
        }

        /// Both ends of every connection are ours.
        private static func raiseFileLimit() {
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }

        /// A sender that does everything right, as often as said: each of its events is taken.
        private static func sendWell(_ daemon: DaemonProcess, _ name: String, count: Int) throws {
            let connection = try RawConnection(port: daemon.port)
            for number in 0..<count {
                let body = Array(Site.trigger("\(name) \(number)", routingKey: daemon.key).utf8)
                let reply = try connection.exchange(daemon.request("/v2/enqueue", body))
                #expect(reply.status == 202, "\(reply.text)")
            }
        }

        @Test func slowAndSilentConnectionsHoldUpNobody() async throws {
            try await Self.withDaemon { daemon in
                var idle: [RawConnection] = []
                for _ in 0..<Effort.of(2000, soak: 9000) { idle.append(try RawConnection(port: daemon.port)) }
                var dripping: [RawConnection] = []
                for number in 0..<200 {
                    let connection = try RawConnection(port: daemon.port)
                    let start = number % 2 == 0 ? "POST /v2/enqueue HTTP/1.1\r\nHost: " : Self.halfRequest
                    try connection.send(Array(start.utf8))
                    dripping.append(connection)
                }
                for round in 0..<Effort.of(20, soak: 600) {
                    // The gateway closes those that take too long: sending to them fails then.
                    for connection in dripping { try? connection.send([UInt8(ascii: "x")]) }
                    try Self.sendWell(daemon, "normal \(round)", count: 10)
                    #expect(try daemon.get("/readyz").status == 200)
                }
                for connection in idle + dripping { connection.close() }
                try Self.sendWell(daemon, "afterwards", count: 10)
            }
        }

        private static let halfRequest =
            "POST /v2/enqueue HTTP/1.1\r\nHost: gateway\r\nContent-Length: 400000\r\n\r\n{\"routing_key\":"

        /// A request that must not be taken: how it begins, and what goes on without end.
        struct Attack: CustomTestStringConvertible, Sendable {
            var testDescription: String
            var start: String
            var endless = ""
        }

        private static let post = "POST /v2/enqueue HTTP/1.1\r\nHost: gateway\r\n"

        static let attacks = [
            Attack(testDescription: "announced too large", start: "\(post)Content-Length: 10000000000\r\n\r\n"),
            Attack(
                testDescription: "endless body", start: "\(post)Content-Length: 10000000000\r\n\r\n",
                endless: String(repeating: "x", count: 65_536)),
            Attack(
                testDescription: "endless chunks", start: "\(post)Transfer-Encoding: chunked\r\n\r\n",
                endless: "10000\r\n\(String(repeating: "x", count: 65_536))\r\n"),
            Attack(
                testDescription: "endless small chunks", start: "\(post)Transfer-Encoding: chunked\r\n\r\n",
                endless: String(repeating: "1\r\nx\r\n", count: 10_000)),
            Attack(
                testDescription: "endless extension of a chunk", start: "\(post)Transfer-Encoding: chunked\r\n\r\n1;",
                endless: String(repeating: "x", count: 65_536)),
            Attack(
                testDescription: "endless trailers", start: "\(post)Transfer-Encoding: chunked\r\n\r\n0\r\n",
                endless: String(repeating: "X-Trailer: x\r\n", count: 1000)),
            Attack(testDescription: "no chunk", start: "\(post)Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
            Attack(
                testDescription: "a chunk of more than 64 bits",
                start: "\(post)Transfer-Encoding: chunked\r\n\r\n1FFFFFFFFFFFFFFFFF\r\nx"),
            Attack(testDescription: "a negative length", start: "\(post)Content-Length: -1\r\n\r\n"),
            Attack(
                testDescription: "two lengths", start: "\(post)Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
            Attack(
                testDescription: "length and chunks",
                start: "\(post)Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            Attack(
                testDescription: "endless headers", start: post,
                endless: String(repeating: "X-Header: x\r\n", count: 1000)),
            Attack(
                testDescription: "an endless header", start: "\(post)X-Header: ",
                endless: String(repeating: "x", count: 65_536)),
            Attack(
                testDescription: "an endless target", start: "GET /", endless: String(repeating: "x", count: 65_536)),
            Attack(testDescription: "a handshake", start: "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\r\n\r\n"),
            Attack(testDescription: "zeros", start: "\u{0}", endless: String(repeating: "\u{0}", count: 65_536)),
        ]

        @Test func whatIsNoRequestIsEnded() async throws {
            try await Self.withDaemon { daemon in
                for attack in Self.attacks {
                    for round in 0..<Effort.of(2, soak: 200) {
                        try Self.expectRefused(attack, daemon)
                        try Self.sendWell(daemon, "\(attack.testDescription) \(round)", count: 2)
                    }
                }
            }
        }

        /// Answered with a status of 400 or above, or closed: at the latest when the time for a body is over, since what stands
        /// beside the data of a chunk is skipped and counts for nothing else.
        private static func expectRefused(_ attack: Attack, _ daemon: DaemonProcess) throws {
            let connection = try RawConnection(port: daemon.port, limit: 60)
            do {
                try connection.send(Array(attack.start.utf8))
                let part = Array(attack.endless.utf8)
                let end = Date().addingTimeInterval(20)
                while !part.isEmpty {
                    try connection.send(part)
                    guard Date() < end else {
                        Issue.record("\(attack.testDescription) goes on and on")
                        return
                    }
                }
            } catch is RawConnectionError {
                return  // Closed while it was still sending.
            }
            do {
                let reply = try connection.receive()
                #expect((400..<600).contains(reply.status), "\(attack.testDescription): \(reply.status)")
            } catch let error as RawConnectionError {
                guard case .system(_, let code) = error else { return }
                #expect(code == ECONNRESET, "\(attack.testDescription): \(error)")
            }
        }

        /// So many different dedup keys that nothing in memory may grow with them.
        @Test func manyDedupKeys() async throws {
            try await Self.withDaemon { daemon in
                let count = Effort.of(20_000, soak: 1_000_000)
                try Self.flood(daemon, count: count, expecting: [202]) { number in
                    Site.trigger("key \(number)", routingKey: daemon.key)
                }
                try Self.sendWell(daemon, "normal", count: 10)
                let stored = try daemon.query("SELECT count(*) FROM events WHERE dedup_key LIKE 'key %'")
                #expect(stored == ["\(count)"])
            }
        }

        /// So many different unknown keys that nothing in memory may grow with them; a sender with a good key goes on.
        @Test func manyUnknownKeys() async throws {
            try await Self.withDaemon { daemon in
                try Self.flood(daemon, count: Effort.of(50_000, soak: 1_000_000), expecting: [400]) { number in
                    let digits = String(number, radix: 16)
                    let key = String(repeating: "f", count: 32 - digits.count) + digits
                    return Site.trigger("k", routingKey: key)
                }
                try Self.sendWell(daemon, "normal", count: 10)
                #expect(try daemon.query("SELECT count(*) FROM events WHERE dedup_key = 'k'") == ["0"])
            }
        }

        /// Four connections, each with many requests under way. What comes too fast is sent again, as a sender does.
        private static func flood(
            _ daemon: DaemonProcess, count: Int, expecting statuses: Set<Int>,
            _ body: @escaping @Sendable (Int) -> String
        ) throws {
            let wrong = Mutex<[String]>([])
            let group = DispatchGroup()
            for sender in 0..<4 {
                DispatchQueue.global().async(group: group) {
                    do {
                        let connection = try RawConnection(port: daemon.port, limit: 120)
                        for start in stride(from: sender * 50, to: count, by: 200) {
                            let numbers = start..<min(start + 50, count)
                            try connection.send(
                                numbers.flatMap { daemon.request("/v2/enqueue", Array(body($0).utf8)) })
                            for _ in numbers {
                                let reply = try connection.receive()
                                if !statuses.contains(reply.status) {
                                    wrong.withLock { $0.append("\(reply.status) \(reply.text)") }
                                }
                            }
                        }
                    } catch {
                        wrong.withLock { $0.append("\(error)") }
                    }
                }
            }
            group.wait()
            let list = wrong.withLock { $0 }
            #expect(list.isEmpty, "\(list.count): \(list.prefix(3))")
        }
    }
}
