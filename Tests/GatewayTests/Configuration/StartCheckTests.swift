import Foundation
import GatewayTesting
import Testing

@testable import Gateway

/// What `serve` and `check-config` refuse alike before anything is opened.
@Suite struct StartCheckTests {
    /// A folder with two certificates and their keys, one of the keys also encrypted, and files that are none of these.
    private static func withFiles(_ work: (String) throws -> Void) throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let folder = directory.url.path
        let script = """
            cd "$0" && mkdir folder && : > empty && echo hello > text
            for n in a b; do openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
            -subj "/CN=$n" -keyout "$n.key" -out "$n.pem" || exit 1; done
            openssl pkey -in a.key -aes256 -passout pass:x -out encrypted.key
            openssl ec -in a.key -aes256 -passout pass:x -out old.key
            """
        let made = try RunningProgram.run("/bin/sh", ["-c", script, folder])
        try #require(made.status == 0, "\(made.errors)")
        try work(folder)
    }

    private static func problems(_ environment: [String: String]) -> [ConfigurationError.Problem] {
        do throws(ConfigurationError) {
            _ = try SettingsLoader(environment: environment).loadForStart()
            return []
        } catch {
            return error.problems
        }
    }

    @Test func certificateAndKeyAreLoaded() throws {
        try Self.withFiles { folder in
            func problems(_ certificate: String, _ key: String) -> [ConfigurationError.Problem] {
                Self.problems([
                    "ALERTGATE_DB": folder + "/a.db", "ALERTGATE_TLS_CERTIFICATE": folder + "/" + certificate,
                    "ALERTGATE_TLS_KEY": folder + "/" + key,
                ])
            }
            #expect(problems("a.pem", "a.key").isEmpty)
            for (certificate, key, setting, words) in [
                ("a.pem", "b.key", "tls.key", "is not the private key"),
                ("folder", "a.key", "tls.certificate", "folder"),
                ("a.pem", "encrypted.key", "tls.key", "encrypted"), ("a.pem", "old.key", "tls.key", "encrypted"),
                ("a.pem", "folder", "tls.key", "folder"), ("text", "a.key", "tls.certificate", "no certificate"),
                ("empty", "a.key", "tls.certificate", "empty"), ("a.pem", "text", "tls.key", "no unencrypted"),
                ("a.pem", "empty", "tls.key", "empty"), ("a.key", "a.key", "tls.certificate", "private key"),
                ("a.pem", "a.pem", "tls.key", "certificate"), ("none", "a.key", "tls.certificate", "read"),
            ] {
                let found = problems(certificate, key)
                #expect(found.count == 1, "\(certificate) \(key)")
                #expect(found.first?.key == setting, "\(found)")
                #expect(found.first?.explanation.contains(words) == true, "\(found)")
            }
        }
    }

    @Test func theDatabaseNeedsItsFolder() throws {
        try Self.withFiles { folder in
            #expect(Self.problems(["ALERTGATE_DB": folder + "/new.db"]).isEmpty)
            for path in ["/nonexistent/a.db", "/text/a.db", "/folder"] {
                let found = Self.problems(["ALERTGATE_DB": folder + path])
                #expect(found.map(\.key) == ["database"], "\(path) \(found)")
            }
        }
    }

    /// Addresses that are not this machine's, names that nobody knows, and names of an address that is taken.
    @Test(arguments: [
        ("192.0.2.1:80", 1), ("no-such-host.invalid:80", 1), ("127.0.0.1:80,127.0.0.2:80", 0), ("127.0.0.1:1", 0),
    ])
    func addressesAreThisMachines(_ listen: String, count: Int) {
        let environment = ["ALERTGATE_DB": "/tmp/a.db", "ALERTGATE_LISTEN": listen]
        #expect(Self.problems(environment).map(\.key) == Array(repeating: "listen", count: count))
        // A service manager's sockets stand in for them.
        #expect(Self.problems(environment.merging(["LISTEN_FDS": "1"]) { $1 }).isEmpty)
    }

    /// A pipe is waited for, also before its writer has come; what is no file is not read a second time.
    @Test func aSlowPipeIsReadOnce() async throws {
        try await blocking {
            let directory = try TemporaryDirectory()
            defer { directory.remove() }
            let path = directory.url.appending(path: "pipe").path
            #expect(mkfifo(path, 0o600) == 0)
            let writer = try RunningProgram(
                "/bin/sh", ["-c", "exec > \"$0\"; echo 'log:'; echo '  level: debug'", path],
                directory: directory.url)
            #expect(try SettingsLoader(file: path).load().log.level == .debug)
            _ = try writer.result()
            let error = #expect(throws: ConfigurationError.self) { try SettingsLoader(file: path).load(again: true) }
            #expect(error?.description.contains("second time") == true)
        }
    }
}

extension StartCheckTests {
    /// A value that is a secret is shown nowhere.
    @Test func aSecretIsMasked() {
        let definition = SettingDefinition(
            "secret", expects: "a text", reloads: true, isSecret: true, type: .string, apply: { _, _ in true },
            show: { $0.database }, copy: { _, _ in })
        #expect(definition.value(in: Settings()) == "(secret)")
    }
}
