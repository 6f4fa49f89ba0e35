import Foundation
import GatewayTesting
import Glibc
import Testing

extension Faults {
    /// Clients that mean harm, or were written without care, at the real daemon: others are served on, and memory stays
    /// under its bound.
    @Suite(.timeLimit(.minutes(60))) struct HostileClients {
        /// MiB that a debug build may hold at most, whatever comes; about 45 of them are there at rest.
        private static let bound = 104

        /// A daemon without rate limits while the work does its worst, and after it the proof that nothing came of that.
        /// Where thousands of connections or large bodies are held on purpose it may take that many MiB more.
        static func withDaemon(
            unknownKeysPerMinute: Int = 0, timeouts: [String] = ["body_timeout: 2"], holding more: Int = 0,
            _ work: @escaping @Sendable (DaemonProcess) throws -> Void
        ) async throws {
            try await blocking {
                raiseFileLimit()
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                try daemon.configure(
                    """
                    events:
                      rate_limit: 0
                      rate_limit_per_second: 0
                      unknown_keys_per_minute: \(unknownKeysPerMinute)
                    http:
                      max_connections: 16000

                    """ + timeouts.map { "  \($0)\n" }.joined())
                try daemon.start()
                try work(daemon)
                let peak = try memory(of: daemon)
                #expect(peak < bound + more, "\(peak) MiB")
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

        /// How many descriptors this process may have, and the daemon, to which the limit is handed on.
        @discardableResult
        static func raiseFileLimit() -> Int {
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            return Int(clamping: limit.rlim_cur)
        }

        /// A sender that does everything right, as often as said: each of its events is taken.
        static func sendWell(_ daemon: DaemonProcess, _ name: String, count: Int) throws {
            let connection = try RawConnection(port: daemon.port)
            for number in 0..<count {
                let body = Array(Site.trigger("\(name) \(number)", routingKey: daemon.key).utf8)
                let reply = try connection.exchange(daemon.request("/v2/enqueue", body))
                #expect(reply.status == 202, "\(reply.text)")
            }
        }
    }
}
