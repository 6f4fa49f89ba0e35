import Foundation
import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// The commands of the program, on a database whose daemon runs and on one whose daemon does not.
    @Suite struct CommandLineTests {
        /// "The daemon sees the change within a second"; the rest is for a busy machine.
        private static let limit = 5

        @Test(arguments: [true, false])
        func settingsChangeWithAndWithoutTheDaemon(isRunning: Bool) async throws {
            try await withDaemon { daemon in
                if !isRunning { try daemon.terminate() }
                func json(_ arguments: [String]) throws -> JSONValue {
                    try DaemonProcess.json(
                        DaemonProcess.checked(arguments + ["--json", "--db", daemon.database]).output)
                }
                let service = try json(["service", "create", "Datenbanken ☃"])
                let id = try #require(service["id"]?.stringValue)
                #expect(id.count == 7 && id.hasPrefix("P"))
                let integration = try json(["integration", "create", "--service", id, "--name", "second"])
                let key = try #require(integration["integration_key"]?.stringValue)
                #expect(key.count == 32)
                let token = try #require(try json(["token", "create", "reader", "--read-only"])["token"]?.stringValue)
                let names = try json(["service", "list"]).arrayValue?.compactMap { $0["name"]?.stringValue }
                #expect(Set(names ?? []) == ["monitoring", "Datenbanken ☃"])
                // Keys and tokens are shown once.
                for list in ["integration", "token"] {
                    let result = try daemon.run(list, "list", "--json")
                    #expect(!result.output.contains(key) && !result.output.contains(token))
                    #expect(!result.output.contains(daemon.key) && !result.output.contains(daemon.token))
                }
                #expect(try daemon.run("integration", "list").output.contains(key.suffix(4)))

                if !isRunning { try daemon.start() }
                let program = try #require(daemon.program)
                try program.wait(for: "the new key", limit: Self.limit) {
                    try Self.trigger(daemon, key: key, dedupKey: "cli") == 202
                }
                try daemon.waitForIncidents("the incident", key: "cli") { $0.count == 1 }
                let readOnly = try Self.get(daemon, "/incidents?incident_key=cli", token: token)
                let found = try JSONValue(parsing: readOnly.body)["incidents"]?[0]
                #expect(found?["service"]?["id"]?.stringValue == id)
                let incident = try #require(found?["id"]?.stringValue)
                let write = #"{"incident":{"type":"incident_reference","status":"resolved"}}"#
                #expect(try Self.put(daemon, "/incidents/\(incident)", write, token: token).status == 403)
                #expect(try Self.put(daemon, "/incidents/\(incident)", write, token: daemon.token).status == 200)

                #expect(try daemon.run("token", "revoke", "reader").status == 0)
                try program.wait(for: "the revocation", limit: Self.limit) {
                    try Self.get(daemon, "/incidents", token: token).status == 401
                }
            }
        }

        @Test func disableEnableAndRotate() async throws {
            try await withDaemon { daemon in
                let program = try #require(daemon.program)
                func count() throws -> String? {
                    try daemon.query("SELECT count(*) FROM events WHERE kind IN ('v1', 'v2')").first
                }
                #expect(try Self.trigger(daemon, key: daemon.key, dedupKey: "a") == 202)
                #expect(try daemon.run("integration", "disable", "senders").status == 0)
                // The daemon notices at its own pace: from then on events are answered and not recorded.
                try program.wait(for: "the key to be disabled", limit: Self.limit) {
                    let before = try count()
                    #expect(try Self.trigger(daemon, key: daemon.key, dedupKey: "a") == 202)
                    return try count() == before
                }
                #expect(try daemon.run("integration", "enable", "senders").status == 0)
                try program.wait(for: "the key to be enabled", limit: Self.limit) {
                    let before = try count()
                    #expect(try Self.trigger(daemon, key: daemon.key, dedupKey: "a") == 202)
                    return try count() != before
                }
                let rotated = try daemon.run("integration", "rotate", "senders", "--json")
                let key = try #require(try DaemonProcess.json(rotated.output)["integration_key"]?.stringValue)
                #expect(key != daemon.key)
                try program.wait(for: "the new key", limit: Self.limit) {
                    try Self.trigger(daemon, key: key, dedupKey: "a") == 202
                }
                #expect(try Self.trigger(daemon, key: daemon.key, dedupKey: "a") == 400)
            }
        }

        @Test func sendListExplainVerify() async throws {
            try await withDaemon { daemon in
                let url = "http://127.0.0.1:\(daemon.port)"
                func send(_ arguments: [String], input: String? = nil) throws -> ProgramResult {
                    try RunningProgram.run(
                        DaemonProcess.executable, ["send", "--url", url] + arguments,
                        environment: ["ALERTGATE_INTEGRATION_KEY": daemon.key], input: input)
                }
                let triggered = try send([
                    "--summary", "Disk full ☃", "--source", "db1", "--dedup-key", "disk", "--severity", "error",
                ])
                #expect(triggered.status == 0, "\(triggered.errors)")
                try daemon.waitForIncidents("the incident", key: "disk") { statuses($0) == ["triggered"] }
                let listed = try DaemonProcess.json(try daemon.run("incidents", "--json").output)
                #expect(listed[0]?["title"]?.stringValue == "Disk full ☃")
                #expect(listed[0]?["status"]?.stringValue == "triggered")
                let v1 = #"{"event_type":"acknowledge","incident_key":"disk","service_key":"\#(daemon.key)"}"#
                #expect(try send(["-"], input: v1).status == 0)
                try daemon.waitForIncidents("the acknowledgement", key: "disk") { statuses($0) == ["acknowledged"] }
                #expect(try send(["--action", "resolve", "--dedup-key", "disk"]).status == 0)
                try daemon.waitForIncidents("the end", key: "disk") { statuses($0) == ["resolved"] }
                #expect(
                    try DaemonProcess.json(try daemon.run("incidents", "--json").output).arrayValue?.isEmpty == true)

                let refused = try send(["--action", "resolve"])
                #expect(refused.status != 0)
                #expect(!(refused.output + refused.errors).contains(daemon.key))

                let event = try #require(try daemon.query("SELECT max(event) FROM event_trace").first)
                let explained = try DaemonProcess.json(try daemon.run("explain", event, "--json").output)
                #expect(explained["outcome"]?.stringValue == "resolved")
                #expect(try daemon.run("explain", "999999").status == 1)
                #expect(try daemon.run("verify").status == 0)

                // A backup of the running daemon's database is whole.
                let copy = daemon.directory.url.appending(path: "backup.db").path
                #expect(try daemon.run("backup", copy).status == 0)
                #expect(try RunningProgram.run(DaemonProcess.executable, ["verify", "--db", copy]).status == 0)
            }
        }

        @Test func theShellReadsWhileLoadRuns() async throws {
            try await withDaemon { daemon in
                let load = Load(
                    daemon: daemon, name: "shell", connections: 4, keys: 30, mode: .keepAlive, wanted: 200)
                try load.waitUntilReached()
                for _ in 0..<10 {
                    for view in ["open_incidents", "incident_timeline", "event_trace", "recent_events"] {
                        #expect(Int(try daemon.query("SELECT count(*) FROM \(view)").first ?? "") != nil)
                    }
                }
                #expect(try daemon.query("SELECT count(*) FROM recent_events") == ["100"])
                // A reader that stays in its snapshot does not hold up the writer.
                let reader = try RunningProgram(
                    "/bin/sh",
                    [
                        "-c",
                        "{ echo 'BEGIN; SELECT count(*) FROM events;'; exec tail -f /dev/null; } | sqlite3 -readonly \"$0\"",
                        daemon.database,
                    ], directory: daemon.directory.url)
                try reader.wait(for: "the snapshot") { !reader.standardOutput.isEmpty }
                let before = try daemon.query("SELECT max(id) FROM events")
                try daemon.program?.wait(for: "further events") {
                    try daemon.query("SELECT max(id) FROM events") != before
                }
                reader.send(SIGKILL)
                load.stop()
                let result = try load.finish()
                #expect(result.refusals.isEmpty && result.failures.isEmpty)
                try daemon.terminate()
                let stored = try daemon.query("SELECT count(*) FROM events WHERE kind IN ('v1', 'v2')")
                #expect(stored == ["\(result.answered.count)"])
                let views = try DatabaseShell.read(
                    daemon.database, "SELECT * FROM open_incidents ORDER BY number LIMIT 1", options: ["-json"])
                let row = try DaemonProcess.json(views.output)
                #expect(row[0]?["created_at"]?.stringValue?.hasSuffix("Z") == true)
            }
        }

        private static func trigger(_ daemon: DaemonProcess, key: String, dedupKey: String) throws -> Int {
            try daemon.post(
                "/v2/enqueue",
                #"{"routing_key":"\#(key)","event_action":"trigger","dedup_key":"\#(dedupKey)","#
                    + #""payload":{"summary":"a","source":"a","severity":"info"}}"#
            ).status
        }

        private static func get(_ daemon: DaemonProcess, _ target: String, token: String) throws -> RawReply {
            try RawConnection(port: daemon.port).exchange(
                Array("GET \(target) HTTP/1.1\r\nHost: a\r\nAuthorization: Token token=\(token)\r\n\r\n".utf8))
        }

        private static func put(
            _ daemon: DaemonProcess, _ target: String, _ body: String, token: String
        ) throws -> RawReply {
            try RawConnection(port: daemon.port).exchange(
                Array(
                    ("PUT \(target) HTTP/1.1\r\nHost: a\r\nAuthorization: Token token=\(token)\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8))
        }
    }
}
