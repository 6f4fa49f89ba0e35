import Foundation
import GatewayTesting
import Testing

extension EndToEnd {
    /// Databases that cannot be used: one line that says what and what to do, an exit code, and the file as it was.
    @Suite struct DatabaseFaultTests {
        /// What is wrong with a file, made with the `sqlite3` shell or as bytes.
        enum Fault: CaseIterable {
            case newer, foreignDatabase, noDatabase, damaged, truncated

            /// What the line says, among other things.
            var words: String {
                switch self {
                case .newer: "schema version 9999"
                case .foreignDatabase, .noDatabase: "not an alertgate database"
                case .damaged, .truncated: "damaged"
                }
            }

            func make(at path: String) throws {
                switch self {
                case .newer: try Self.sqlite(path, "PRAGMA user_version = 9999")
                case .foreignDatabase:
                    try FileManager.default.removeItem(atPath: path)
                    try Self.sqlite(path, "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')")
                case .noDatabase: try Data("These are my notes.\n".utf8).write(to: URL(filePath: path))
                case .damaged:
                    var bytes = try Data(contentsOf: URL(filePath: path))
                    for index in 4096..<bytes.count { bytes[index] = 0xA5 }
                    try bytes.write(to: URL(filePath: path))
                case .truncated:
                    let bytes = try Data(contentsOf: URL(filePath: path))
                    try bytes.prefix(6000).write(to: URL(filePath: path))
                }
            }

            private static func sqlite(_ path: String, _ sql: String) throws {
                let result = try RunningProgram.run("sqlite3", [path, sql])
                guard result.status == 0 else { throw ProgramFailure(result.errors) }
            }
        }

        @Test(arguments: Fault.allCases)
        func isRefusedAndLeftAlone(fault: Fault) async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                try fault.make(at: daemon.database)
                let before = try Self.contents(daemon)
                let serve = try daemon.spawn().result()
                Self.check(serve, words: fault.words, name: "serve")
                for command in [
                    ["service", "list"], ["service", "create", "another"], ["incidents"], ["verify"], ["migrate"],
                ] {
                    let result = try RunningProgram.run(
                        DaemonProcess.executable, command + ["--db", daemon.database])
                    Self.check(result, words: fault.words, name: command.joined(separator: " "))
                }
                #expect(try Self.contents(daemon) == before)
            }
        }

        @Test func aMissingOneIsNamed() async throws {
            try await blocking {
                let directory = try TemporaryDirectory()
                defer { directory.remove() }
                let path = directory.url.appending(path: "none.db").path
                for command in [
                    ["verify"], ["explain", "1"], ["rebuild"], ["backup", path + ".copy"], ["status"], ["incidents"],
                    ["service", "list"], ["service", "create", "a"], ["token", "create", "a"],
                ] {
                    let result = try RunningProgram.run(DaemonProcess.executable, command + ["--db", path])
                    Self.check(result, words: "there is no database", name: command[0])
                    #expect(!FileManager.default.fileExists(atPath: path), "\(command)")
                }
            }
        }

        @Test func aSecondDaemonIsRefused() async throws {
            try await withDaemon { daemon in
                let port = try LoopbackPort.unused()
                let second = try RunningProgram.run(
                    DaemonProcess.executable,
                    ["serve", "--db", daemon.database, "--listen", "127.0.0.1:\(port)"])
                Self.check(second, words: "another alertgate", name: "serve")
                let rebuild = try daemon.run("rebuild")
                Self.check(rebuild, words: "another alertgate", name: "rebuild")
                #expect(try daemon.get("/readyz").status == 200)
                let body = #"{"routing_key":"\#(daemon.key)","event_action":"trigger","dedup_key":"after","#
                let payload = #""payload":{"summary":"disk full","source":"db1","severity":"critical"}}"#
                #expect(try daemon.post("/v2/enqueue", body + payload).status == 202)
                let verified = try daemon.run("verify")
                #expect(verified.status == 0, "\(verified)")
                #expect(try daemon.query("PRAGMA integrity_check") == ["ok"])
            }
        }

        @Test func aTakenPortIsNamed() async throws {
            try await withDaemon { daemon in
                let other = try DaemonProcess()
                defer { other.remove() }
                let result = try RunningProgram.run(
                    DaemonProcess.executable,
                    ["serve", "--db", other.database, "--listen", "127.0.0.1:\(daemon.port)"])
                Self.check(result, words: "\(daemon.port)", name: "serve")
            }
        }

        @Test func wrongSettingsEndWith78() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                for (text, words) in [
                    ("events:\n  rate_limit: many\n", ["events.rate_limit", "many"]),
                    ("events:\n  rate_limits: 5\n", ["events.rate_limits"]),
                    ("http:\n  idle_timeout: 0\n", ["http.idle_timeout", "0", "1"]),
                ] {
                    try daemon.configure(text)
                    let result = try daemon.spawn().result()
                    #expect(result.status == 78, "\(result)")
                    for word in words { #expect(result.errors.contains(word), "\(word): \(result.errors)") }
                }
            }
        }

        /// The database and the log beside it, where there is one; to read a database in WAL mode SQLite makes an empty one.
        private static func contents(_ daemon: DaemonProcess) throws -> [String: Data] {
            var contents: [String: Data] = [:]
            for name in ["", "-wal", "-journal"] {
                let path = daemon.database + name
                guard FileManager.default.fileExists(atPath: path) else { continue }
                let data = try Data(contentsOf: URL(filePath: path))
                if !data.isEmpty { contents[name] = data }
            }
            return contents
        }

        private static func check(_ result: ProgramResult, words: String, name: String) {
            #expect(result.status == 69, "\(name): \(result)")
            #expect(result.errors.contains(words), "\(name): \(result)")
            let lines = result.errors.split(separator: "\n")
            #expect(lines.count == 1, "\(name): \(result.errors)")
        }
    }
}
