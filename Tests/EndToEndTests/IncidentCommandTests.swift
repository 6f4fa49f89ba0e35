import Foundation
import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// `alertgate incidents`, on the database and over the network.
    @Suite struct IncidentCommandTests {
        /// How the commands reach the incidents.
        enum Way: CaseIterable, Sendable {
            case withDaemon, withoutDaemon, overURL
        }

        /// A daemon with incidents, and the commands on it.
        struct Site {
            let daemon: DaemonProcess
            let way: Way

            init(_ daemon: DaemonProcess, _ way: Way) {
                self.daemon = daemon
                self.way = way
            }

            /// Opens incidents with these dedup keys and gives their numbers; then the daemon goes, if it shall.
            func open(_ keys: String...) throws -> [Int64] {
                for key in keys {
                    let body =
                        #"{"routing_key":"\#(daemon.key)","event_action":"trigger","dedup_key":"\#(key)","#
                        + #""payload":{"summary":"\#(key) ☃","source":"db1","severity":"error"}}"#
                    #expect(try daemon.post("/v2/enqueue", body).status == 202)
                }
                let found = try keys.map { key in
                    try daemon.waitForIncidents("\(key)", key: key) { $0.count == 1 }[0]["incident_number"]?
                        .integerValue
                }
                if way == .withoutDaemon { try daemon.terminate() }
                return found.compactMap { $0 }
            }

            func run(_ arguments: [String]) throws -> ProgramResult {
                if way == .overURL {
                    return try RunningProgram.run(
                        DaemonProcess.executable,
                        ["incidents"] + arguments + ["--url", "http://127.0.0.1:\(daemon.port)"],
                        environment: ["ALERTGATE_TOKEN": daemon.token])
                }
                return try RunningProgram.run(
                    DaemonProcess.executable, ["incidents"] + arguments + ["--db", daemon.database])
            }

            func json(_ arguments: String...) throws -> JSONValue {
                let result = try run(arguments + ["--json"])
                #expect(result.status == 0 && result.errors.isEmpty, "\(arguments): \(result)")
                #expect(!result.output.contains(daemon.token))
                return try DaemonProcess.json(result.output)
            }

            func refusal(_ arguments: String...) throws -> String { try refusal(of: arguments) }

            func refusal(of arguments: [String]) throws -> String {
                let result = try run(arguments)
                #expect(result.status == 1 && result.output.isEmpty, "\(arguments): \(result)")
                #expect(result.errors.hasPrefix("alertgate: ") && result.errors.hasSuffix("\n"))
                #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
                #expect(!result.errors.contains(daemon.token))
                return result.errors
            }
        }

        private static func text(_ value: JSONValue?, _ name: String) -> String? { value?[name]?.stringValue }

        @Test(arguments: Way.allCases)
        func everyCommandChangesWhatItSays(_ way: Way) async throws {
            try await withDaemon { daemon in
                let site = Site(daemon, way)
                let ids = try site.open("a", "b", "c").map { "\($0)" }
                let listed = try site.json()
                #expect(listed.arrayValue?.compactMap { $0["incident_number"]?.numberValue } == ids.reversed())
                #expect(Self.text(listed[2], "title") == "a ☃")
                #expect(Self.text(listed[2], "service") == "monitoring")
                #expect(Self.text(listed[2], "incident_key") == "a")
                let id = try #require(Self.text(listed[2], "id"))
                #expect(try site.json("list", "--limit", "1").arrayValue?.count == 1)

                // Twice the same is once; a number is as good as an id.
                let acknowledged = try site.json("ack", id, ids[1], ids[0])
                #expect(statuses(acknowledged.arrayValue ?? []) == ["acknowledged", "acknowledged"])
                #expect(try site.json("--status", "triggered").arrayValue?.count == 1)
                #expect(statuses(try site.json("reopen", ids[0]).arrayValue ?? []) == ["triggered"])

                #expect(Self.text(try site.json("note", ids[0], "is looked at ☃"), "status") == "triggered")
                let snoozed = try site.json("snooze", ids[0], "--for", "1h30m")
                #expect(Self.text(snoozed, "status") == "acknowledged")
                #expect(Self.text(snoozed, "unacknowledges_at") != nil)
                let merged = try site.json("merge", ids[0], ids[1], ids[2])
                #expect(merged["alerts"]?.integerValue == 3)
                let resolved = try site.json("resolve", id, "--note", "disk replaced")
                #expect(statuses(resolved.arrayValue ?? []) == ["resolved"])
                #expect(resolved[0]?["open_alerts"]?.integerValue == 0)

                let shown = try site.json("show", id)
                #expect(Self.text(shown["incident"], "status") == "resolved")
                #expect(shown["alerts"]?.arrayValue?.compactMap { Self.text($0, "source") } == ["db1", "db1", "db1"])
                #expect(shown["notes"]?.arrayValue?.compactMap { Self.text($0, "content") } == ["is looked at ☃"])
                let agent = way == .overURL ? "tests" : "Command line"
                #expect(Self.text(shown["notes"]?[0], "user") == agent)
                let log = try #require(shown["log_entries"]?.arrayValue)
                #expect(
                    Set(log.compactMap { Self.text($0, "type") }).isSuperset(of: [
                        "trigger_log_entry", "acknowledge_log_entry", "unacknowledge_log_entry", "annotate_log_entry",
                        "snooze_log_entry", "merge_log_entry", "resolve_log_entry",
                    ]))
                #expect(log.contains { Self.text($0, "detail") == "disk replaced" && Self.text($0, "agent") == agent })
                #expect(log.contains { Self.text($0, "detail") == "#\(ids[2])" })
                let table = try site.run(["show", ids[0]])
                for text in ["disk replaced", "is looked at ☃", "db1", id] { #expect(table.output.contains(text)) }
                #expect(try daemon.run("verify").status == 0)
            }
        }

        /// What is shown of an incident does not depend on where it comes from.
        @Test func bothWaysShowTheSame() async throws {
            try await withDaemon { daemon in
                let local = Site(daemon, .withDaemon)
                let remote = Site(daemon, .overURL)
                let ids = try local.open("a", "b").map { "\($0)" }
                _ = try local.json("note", ids[0], "a note")
                _ = try remote.json("snooze", ids[0], "--for", "2d")
                _ = try remote.json("merge", ids[0], ids[1])
                for arguments in [["show", ids[0]], ["show", ids[1]], ["list", "--status", "resolved"], []] {
                    for form in [[], ["--json"]] {
                        let here = try local.run(arguments + form)
                        let there = try remote.run(arguments + form)
                        #expect(here.status == 0 && here.output == there.output, "\(arguments)")
                    }
                }
            }
        }

        @Test(arguments: Way.allCases)
        func aRefusalIsOneLineAndChangesNothing(_ way: Way) async throws {
            try await withDaemon { daemon in
                let site = Site(daemon, way)
                let ids = try site.open("a", "b", "c").map { "\($0)" }
                #expect(try site.refusal("ack", ids[0], "999999").contains("999999"))
                #expect(statuses(try site.json().arrayValue ?? []) == ["triggered", "triggered", "triggered"])
                for command in [["show", "999999"], ["note", "999999", "x"], ["snooze", "999999", "--for", "1s"]] {
                    #expect(try site.refusal(of: command).contains("incident 999999: there is no such"))
                }
                #expect(try site.refusal("merge", ids[0], ids[0]).contains("into itself"))
                _ = try site.json("resolve", ids[1])
                for command in [["ack", ids[0], ids[1]], ["snooze", ids[1], "--for", "1m"]] {
                    #expect(try site.refusal(of: command).contains("resolved already"))
                }
                #expect(statuses(try site.json().arrayValue ?? []) == ["triggered", "triggered"])
                _ = try site.json("merge", ids[0], ids[2])
                #expect(try site.refusal("reopen", ids[2]).contains("merged"))
            }
        }

        @Test func aTokenIsKnownAndKept() async throws {
            try await withDaemon { daemon in
                let site = Site(daemon, .overURL)
                let number = "\(try site.open("a")[0])"
                let url = "http://127.0.0.1:\(daemon.port)"
                func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> ProgramResult {
                    try RunningProgram.run(
                        DaemonProcess.executable, ["incidents"] + arguments, environment: environment)
                }
                // Where, and with what, may stand in the environment.
                let environment = ["ALERTGATE_URL": url, "ALERTGATE_TOKEN": daemon.token]
                #expect(try run(["ack", number], environment).status == 0)
                #expect(
                    try run(["--db", daemon.database, "--json"], ["ALERTGATE_URL": "http://127.0.0.1:1"]).status == 0)
                let file = daemon.directory.url.appending(path: "token").path
                try Data((daemon.token + "\n").utf8).write(to: URL(filePath: file))
                #expect(
                    try run(["list", "--url", url, "--token-file", file], ["ALERTGATE_TOKEN": "wrong"]).status == 0)

                let unknown = try run(["list"], ["ALERTGATE_URL": url, "ALERTGATE_TOKEN": "ag_wrong"])
                #expect(unknown.status == 1 && unknown.errors.contains("token") && !unknown.errors.contains("ag_wrong"))
                let made = try daemon.run("token", "create", "reader", "--read-only", "--json")
                let reader = try #require(try DaemonProcess.json(made.output)["token"]?.stringValue)
                try daemon.program?.wait(for: "the token") {
                    try run(["list"], ["ALERTGATE_URL": url, "ALERTGATE_TOKEN": reader]).status == 0
                }
                let readOnly = try run(["resolve", number], ["ALERTGATE_URL": url, "ALERTGATE_TOKEN": reader])
                #expect(readOnly.status == 1 && readOnly.errors.contains("may only read"), "\(readOnly)")

                for (arguments, environment) in [
                    (["--url", url], [:]), (["--url", url, "--token", daemon.token], [:]),
                    (["--url", url, "--db", daemon.database], ["ALERTGATE_TOKEN": daemon.token]),
                    (["--url", "ftp://a"], ["ALERTGATE_TOKEN": daemon.token]),
                    (["--url", url], ["ALERTGATE_TOKEN": daemon.token + "\r\nX: y"]),
                    (["--url", url, "--token-file", "/nonexistent"], [:]), (["--token-file", file], [:]),
                ] as [([String], [String: String])] {
                    let result = try run(["list"] + arguments, environment)
                    #expect(result.status == 64, "\(arguments): \(result)")
                }
                #expect(try run(["list", "--url", "http://127.0.0.1:1"], environment).status == 69)
            }
        }

        /// A gateway that never answers holds the command up, so that the process list can be read.
        @Test func noTokenIsInTheProcessList() async throws {
            try await blocking {
                let port = try LoopbackPort.unused()
                let listener = try LoopbackPort.listening(port: port)
                defer { close(listener) }
                let directory = try TemporaryDirectory()
                defer { directory.remove() }
                let token = "ag_ThisIsNobodysBusinessThisIsNobodysBusiness"
                let program = try RunningProgram(
                    DaemonProcess.executable, ["incidents", "list", "--url", "http://127.0.0.1:\(port)"],
                    environment: ["ALERTGATE_TOKEN": token], directory: directory.url)
                let connection = accept(listener, nil, nil)
                var request = [UInt8](repeating: 0, count: 4096)
                let count = read(connection, &request, request.count)
                let head = String(decoding: request.prefix(max(0, count)), as: UTF8.self)
                #expect(head.contains("Authorization: Token token=\(token)\r\n"))
                let list = try RunningProgram.run("ps", ["-eo", "args"])
                #expect(list.output.contains("127.0.0.1:\(port)") && !list.output.contains(token))
                close(connection)
                let result = try program.result()
                #expect(result.status == 69 && !(result.output + result.errors).contains(token), "\(result)")
            }
        }

        @Test func theAuthorityOfACertificateCanBeGiven() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                let authority = try TestAuthority(directory: daemon.directory.url.appending(path: "tls"))
                try daemon.configure(DaemonProcess.withoutLimits + authority.settings)
                daemon.usesTLS = true
                try daemon.start()
                let environment = [
                    "ALERTGATE_TOKEN": daemon.token, "ALERTGATE_URL": "https://localhost:\(daemon.port)",
                ]
                func run(_ arguments: String...) throws -> ProgramResult {
                    try RunningProgram.run(
                        DaemonProcess.executable, ["incidents", "--json"] + arguments, environment: environment)
                }
                let trusted = try run("--ca", authority.authority)
                #expect(trusted.status == 0 && trusted.output == "[]\n", "\(trusted)")
                #expect(try run().status == 69)
            }
        }

        /// A terminal of 90 cells, as script(1) makes one.
        @Test func aTerminalGetsWhatFits() async throws {
            try await withDaemon { daemon in
                let body =
                    #"{"routing_key":"\#(daemon.key)","event_action":"trigger","dedup_key":"a","#
                    + #""payload":{"summary":"\u001b]0;owned\u0007 日本語日本語日本語日本語","source":"a","severity":"info"}}"#
                #expect(try daemon.post("/v2/enqueue", body).status == 202)
                try daemon.waitForIncidents("the incident", key: "a") { $0.count == 1 }
                func terminal(_ command: String, _ environment: [String: String] = [:]) throws -> String {
                    try RunningProgram.run(
                        "script",
                        [
                            "-qec",
                            "stty cols 90; \(DaemonProcess.executable) incidents \(command) --db \(daemon.database)",
                            "/dev/null",
                        ], environment: ["TERM": "xterm", "NO_COLOR": ""].merging(environment) { _, new in new }
                    ).output
                }
                let plain = try terminal("list", ["NO_COLOR": "1"])
                #expect(!plain.contains("\u{1B}") && !plain.contains("\u{7}"), "\(plain)")
                #expect(plain.contains("…") && plain.contains(#"\u{1b}]0;own"#), "\(plain)")
                #expect(!(try terminal("list", ["TERM": "dumb"])).contains("\u{1B}"))
                let coloured = try terminal("list")
                #expect(coloured.contains("\u{1B}[31mtriggered\u{1B}[0m"), "\(coloured)")
                #expect(coloured.split(separator: "\u{1B}").count == 3)
                #expect(try terminal("ack 4").contains("\u{1B}[33macknowledged") == true)
                #expect(!(try terminal("--json")).contains("\u{1B}"))
                let piped = try daemon.run("incidents").output
                #expect(!piped.contains("…") && !piped.contains("\u{1B}"), "\(piped)")
            }
        }
    }
}
