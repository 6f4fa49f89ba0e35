import Foundation
import GatewayTesting
import Testing

extension EndToEnd {
    /// The command line over TLS: what goes wrong is said in words, with the remedy.
    @Suite struct CommandTLSTests {
        /// A self-signed certificate for a name, valid between two moments (`YYYYMMDDHHMMSSZ`).
        private static func selfSigned(
            for name: String, from start: String = "20200101000000Z", until end: String = "20991231000000Z",
            in folder: URL
        ) throws -> (certificate: String, key: String) {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let configuration = """
                [ca]
                default_ca = own
                [own]
                database = index
                serial = serial
                new_certs_dir = .
                default_md = sha256
                policy = any
                x509_extensions = names
                [any]
                commonName = supplied
                [names]
                subjectAltName = \(name)
                """
            try Data(configuration.utf8).write(to: folder.appending(path: "ca.conf"))
            let script = """
                cd "$0" && : >index && echo 01 >serial &&
                openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -subj /CN=test -out request &&
                openssl ca -batch -selfsign -notext -config ca.conf -keyfile key.pem -in request -out own.pem -startdate \(start) -enddate \(end)
                """
            let result = try RunningProgram.run("/bin/sh", ["-c", script, folder.path])
            guard result.status == 0 else { throw ProgramFailure(result.errors) }
            return (folder.appending(path: "own.pem").path, folder.appending(path: "key.pem").path)
        }

        /// Runs `alertgate incidents` against an address, and gives its status and what it says.
        private static func list(
            _ daemon: DaemonProcess, _ url: String, ca: String? = nil
        ) throws -> (status: Int32, errors: String) {
            let result = try RunningProgram.run(
                DaemonProcess.executable,
                ["incidents", "list", "--url", url] + (ca.map { ["--ca", $0] } ?? []),
                environment: ["ALERTGATE_TOKEN": daemon.token])
            return (result.status, result.errors)
        }

        @Test func whatIsWrongWithACertificateIsSaidWithTheRemedy() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                let folder = daemon.directory.url.appending(path: "tls")
                let authority = try TestAuthority(directory: folder)
                let other = try TestAuthority(directory: daemon.directory.url.appending(path: "other"))
                try daemon.configure(authority.settings)
                daemon.usesTLS = true
                try daemon.start()
                let url = "https://127.0.0.1:\(daemon.port)"

                #expect(try Self.list(daemon, url, ca: authority.authority).status == 0)
                #expect(try Self.list(daemon, "HTTPS://127.0.0.1:\(daemon.port)", ca: authority.authority).status == 0)
                let untrusted = try Self.list(daemon, url)
                #expect(
                    untrusted.status != 0 && untrusted.errors.contains("authority that this machine does not trust"))
                #expect(untrusted.errors.contains("--ca FILE"))
                let wrong = try Self.list(daemon, url, ca: other.authority)
                #expect(wrong.status != 0 && wrong.errors.contains("not from an authority in \(other.authority)"))

                // A file that holds no certificates is named as such, and nothing is asked.
                let empty = daemon.directory.url.appending(path: "empty.pem").path
                try Data().write(to: URL(filePath: empty))
                for file in ["/nowhere/ca.pem", folder.path, empty, authority.key] {
                    let refused = try Self.list(daemon, url, ca: file)
                    #expect(refused.status != 0 && refused.errors.contains(file), "\(refused.errors)")
                    #expect(!refused.errors.contains("NIOSSL"), "\(refused.errors)")
                }

                // Plain HTTP on this port gets one readable answer.
                let plain = try Self.list(daemon, "http://127.0.0.1:\(daemon.port)")
                #expect(plain.status != 0 && plain.errors.contains("this port speaks TLS; use https://"))
                try daemon.terminate()
            }
        }

        @Test(arguments: [
            (
                "DNS:localhost,IP:127.0.0.1", "20200101000000Z", "20991231000000Z", false,
                "its certificate is self-signed"
            ),
            (
                "DNS:localhost,IP:127.0.0.1", "20200101000000Z", "20200102000000Z", true,
                "its certificate expired on 2020-01-02"
            ),
            (
                "DNS:localhost,IP:127.0.0.1", "20980101000000Z", "20991231000000Z", true,
                "its certificate is valid from 2098-01-01"
            ),
            (
                "DNS:other.example", "20200101000000Z", "20991231000000Z", true,
                "is for other.example, and not for 127.0.0.1"
            ),
        ])
        func aCertificateOfOnesOwn(
            names: String, from start: String, until end: String, isGiven: Bool, said: String
        ) async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                let own = try Self.selfSigned(
                    for: names, from: start, until: end, in: daemon.directory.url.appending(path: "tls"))
                try daemon.configure("tls:\n  certificate: \(own.certificate)\n  key: \(own.key)\n")
                daemon.usesTLS = true
                try daemon.start()
                let refused = try Self.list(
                    daemon, "https://127.0.0.1:\(daemon.port)", ca: isGiven ? own.certificate : nil)
                #expect(refused.status != 0 && refused.errors.contains(said), "\(refused.errors)")
                try daemon.terminate()
            }
        }
    }
}
