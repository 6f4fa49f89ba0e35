import Foundation
import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// SIGHUP.
    @Suite struct ReloadTests {
        private static let limited = "events:\n  rate_limit: 2\n  rate_limit_per_second: 0\n"
        private static let unlimited = "events:\n  rate_limit: 0\n  rate_limit_per_second: 0\n"

        @Test func readsTheRateLimitAgainAndRefusesABadFile() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                try daemon.configure(Self.limited)
                try daemon.start()
                let program = try #require(daemon.program)
                #expect(try Self.trigger(daemon) == 202)
                #expect(try Self.trigger(daemon) == 202)
                #expect(try Self.trigger(daemon) == 429)

                // A wrong value changes nothing, and the log says what is wrong with it.
                try daemon.configure("events:\n  rate_limit: many\n")
                program.send(SIGHUP)
                try program.wait(for: "word of the bad file") { daemon.log.contains("events.rate_limit") }
                #expect(daemon.log.contains("many"))
                #expect(try Self.trigger(daemon) == 429)

                try daemon.configure(Self.unlimited)
                program.send(SIGHUP)
                try program.wait(for: "the new limit") { try Self.trigger(daemon) == 202 }
                for _ in 0..<5 { #expect(try Self.trigger(daemon) == 202) }

                try daemon.configure(Self.limited)
                program.send(SIGHUP)
                try program.wait(for: "the old limit again") { try Self.trigger(daemon) == 429 }
                try daemon.terminate()
            }
        }

        /// An emptied file once turned `retention: 0`, for ever, into the defaults, and data was deleted.
        @Test(arguments: ["", "\n", "# events:\n#   rate_limit: 2\n", "---\n", "{}\n", "events:\n"])
        func aFileWithoutASettingChangesNothing(_ text: String) async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                try daemon.configure(Self.limited)
                try daemon.start()
                let program = try #require(daemon.program)
                try daemon.configure(text)
                program.send(SIGHUP)
                try program.wait(for: "word of the empty file") { daemon.log.contains("nothing was changed") }
                #expect(try Self.trigger(daemon) == 202)
                #expect(try Self.trigger(daemon) == 202)
                #expect(try Self.trigger(daemon) == 429)

                // What changes is said with the old and the new value.
                try daemon.configure(Self.limited.replacing("rate_limit: 2", with: "rate_limit: 5"))
                program.send(SIGHUP)
                try program.wait(for: "word of the change") {
                    daemon.log.split(separator: "\n").contains {
                        $0.contains("events.rate_limit") && $0.contains("2") && $0.contains("5")
                    }
                }
                try daemon.terminate()
            }
        }

        @Test func servesAReplacedCertificateToNewConnections() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                let folder = daemon.directory.url.appending(path: "tls")
                let authority = try TestAuthority(directory: folder)
                try daemon.configure(authority.settings)
                daemon.usesTLS = true
                try daemon.start()
                let program = try #require(daemon.program)
                let first = try Self.fingerprint(ofFile: authority.certificate)
                #expect(try Self.fingerprint(ofPort: daemon.port, authority: authority.authority) == first)

                _ = try TestAuthority(directory: folder)
                let second = try Self.fingerprint(ofFile: authority.certificate)
                #expect(second != first)
                #expect(try Self.fingerprint(ofPort: daemon.port, authority: authority.authority) == first)
                program.send(SIGHUP)
                try program.wait(for: "the new certificate") {
                    try Self.fingerprint(ofPort: daemon.port, authority: authority.authority) == second
                }

                // A certificate that cannot be read leaves the one in use.
                try Data("no certificate\n".utf8).write(to: URL(filePath: authority.certificate))
                let logged = daemon.log.utf8.count
                program.send(SIGHUP)
                try program.wait(for: "word of the bad certificate") { daemon.log.utf8.count > logged }
                #expect(try Self.fingerprint(ofPort: daemon.port, authority: authority.authority) == second)
                try daemon.terminate()
            }
        }

        /// Opens a connection that stays idle and one with half an event on it, has the daemon read its settings again,
        /// waits until new connections get another certificate, and then goes on with both.
        private static let client = """
            import os, signal, socket, ssl, sys

            port, process, authority, key = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
            trust = ssl.create_default_context(cafile=authority)

            def connect():
                plain = socket.create_connection(("127.0.0.1", port), timeout=60)
                return trust.wrap_socket(plain, server_hostname="localhost")

            def answer(connection):
                reader = connection.makefile("rb")
                status = reader.readline().split()[1].decode()
                length = 0
                while (line := reader.readline().strip()):
                    name, value = line.split(b":", 1)
                    if name.lower() == b"content-length":
                        length = int(value)
                reader.read(length)
                return status

            def ask(connection):
                connection.sendall(b"GET /healthz HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
                return answer(connection)

            idle, sending = connect(), connect()
            old = idle.getpeercert(True)
            print(ask(idle), ask(sending))
            body = ('{"routing_key":"%s","event_action":"trigger","dedup_key":"under way",'
                    '"payload":{"summary":"a","source":"b","severity":"info"}}' % key).encode()
            head = "POST /v2/enqueue HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body)
            sending.sendall(head.encode() + body[:40])
            os.kill(process, signal.SIGHUP)
            for _ in range(100000):
                if connect().getpeercert(True) != old:
                    break
            else:
                sys.exit("the certificate stays the same")
            sending.sendall(body[40:])
            print(answer(sending), ask(sending), ask(idle))
            """

        @Test func aReplacedCertificateDropsNoConnection() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                let folder = daemon.directory.url.appending(path: "tls")
                let authority = try TestAuthority(directory: folder)
                try daemon.configure(authority.settings)
                daemon.usesTLS = true
                try daemon.start()
                let program = try #require(daemon.program)
                _ = try TestAuthority(directory: folder)
                let client = try RunningProgram.run(
                    "python3",
                    ["-c", Self.client, "\(daemon.port)", "\(program.processID)", authority.authority, daemon.key])
                #expect(client.status == 0, "\(client.errors)")
                #expect(client.output == "200 200\n202 200 200\n")
                try daemon.waitForIncidents("the event under way") { $0.count == 1 }
                try daemon.terminate()
            }
        }

        private static func trigger(_ daemon: DaemonProcess) throws -> Int {
            try daemon.post(
                "/v2/enqueue",
                #"{"routing_key":"\#(daemon.key)","event_action":"trigger","dedup_key":"reload","#
                    + #""payload":{"summary":"reload","source":"a","severity":"info"}}"#
            ).status
        }

        private static func fingerprint(ofFile file: String) throws -> String {
            let result = try RunningProgram.run("openssl", ["x509", "-noout", "-fingerprint", "-sha256", "-in", file])
            guard result.status == 0 else { throw ProgramFailure(result.errors) }
            return result.output
        }

        private static func fingerprint(ofPort port: Int, authority: String) throws -> String {
            let script =
                "openssl s_client -connect 127.0.0.1:\(port) -servername events.pagerduty.com -verify_return_error "
                + "-CAfile \"$0\" 2>/dev/null </dev/null | openssl x509 -noout -fingerprint -sha256"
            let result = try RunningProgram.run("/bin/sh", ["-c", script, authority])
            guard result.status == 0 else { throw ProgramFailure(result.errors) }
            return result.output
        }
    }
}
