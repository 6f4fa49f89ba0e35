import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// `alertgate inhibition`, on a database whose daemon runs and on one whose daemon does not.
    @Suite struct InhibitionCommandTests {
        /// A daemon, and the commands on its database.
        struct Site {
            let daemon: DaemonProcess

            init(_ daemon: DaemonProcess) {
                self.daemon = daemon
            }

            /// Sends a trigger.
            func trigger(_ key: String, source: String = "db-1", severity: String, kind: String) throws {
                let body =
                    #"{"routing_key":"\#(daemon.key)","event_action":"trigger","dedup_key":"\#(key)","#
                    + #""payload":{"summary":"\#(key) ☃","source":"\#(source)","severity":"\#(severity)","#
                    + #""class":"\#(kind)"}}"#
                #expect(try daemon.post("/v2/enqueue", body).status == 202)
            }

            func run(_ arguments: [String]) throws -> ProgramResult {
                try RunningProgram.run(
                    DaemonProcess.executable, ["inhibition"] + arguments + ["--db", daemon.database])
            }

            func text(_ arguments: String...) throws -> String {
                let result = try run(arguments)
                #expect(result.status == 0 && result.errors.isEmpty, "\(arguments): \(result)")
                return result.output
            }

            func json(_ arguments: String...) throws -> JSONValue {
                let result = try run(arguments + ["--json"])
                #expect(result.status == 0 && result.errors.isEmpty, "\(arguments): \(result)")
                return try DaemonProcess.json(result.output)
            }

            func refusal(_ arguments: String...) throws -> String {
                let result = try run(arguments)
                #expect(result.status == 1 && result.output.isEmpty, "\(arguments): \(result)")
                #expect(result.errors.hasPrefix("alertgate: ") && result.errors.hasSuffix("\n"))
                #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
                return result.errors
            }

            /// The rule that the help shows, and its id.
            func create() throws -> String {
                let made = try json(
                    "create", "--source", #"class="host down""#, "--target", #"severity=~"warning|error""#, "--equal",
                    "source")
                return try #require(made["id"]?.stringValue)
            }
        }

        private static func text(_ value: JSONValue?, _ name: String) -> String? { value?[name]?.stringValue }

        private static func texts(_ value: JSONValue?, _ name: String) -> [String] {
            value?.arrayValue?.compactMap { text($0, name) } ?? []
        }

        @Test(arguments: [true, false])
        func everyCommandChangesWhatItSays(isRunning: Bool) async throws {
            try await withDaemon { daemon in
                let site = Site(daemon)
                if !isRunning { try daemon.terminate() }
                let made = try site.json(
                    "create", "--service", "monitoring", "--source", #"class="host down", source=~"db-.*""#, "--source",
                    "group!=test", "--target", #"severity=~"warning|error""#, "--equal", "source, component", "--equal",
                    "group", "--comment", "one is enough ☃")
                let id = try #require(Self.text(made, "id"))
                #expect(id.count == 7 && id.hasPrefix("P"))
                #expect(Self.text(made, "service") == "monitoring")
                #expect(Self.text(made, "comment") == "one is enough ☃")
                #expect(Self.text(made, "created_by") == "Command line")
                #expect(made["deleted_at"]?.isNull == true)
                #expect(made["alert_counts"]?["suppressed"]?.integerValue == 0)
                #expect(Self.texts(made["source_matchers"], "label") == ["class", "source", "group"])
                #expect(Self.texts(made["source_matchers"], "comparison") == ["=", "=~", "!="])
                #expect(Self.texts(made["source_matchers"], "value") == ["host down", "db-.*", "test"])
                #expect(Self.texts(made["target_matchers"], "value") == ["warning|error"])
                #expect(made["equal"]?.arrayValue?.compactMap(\.stringValue) == ["source", "component", "group"])

                let other = try site.create()
                #expect(Self.texts(try site.json("list"), "id") == [other, id])
                let table = try site.text("list")
                for text in [
                    "HELD BACK", id, other, "monitoring", "(any)", #"class="host down""#, "source, component, group",
                    "one is enough ☃",
                ] {
                    #expect(table.contains(text), "\(table)")
                }
                let shown = try site.text("show", id)
                for text in [id, "monitoring", #"source=~"db-.*""#, #"severity=~"warning|error""#, "Command line"] {
                    #expect(shown.contains(text), "\(shown)")
                }

                let deleted = try site.json("delete", id, id)
                #expect(Self.texts(deleted, "id") == [id])
                #expect(Self.text(deleted[0], "deleted_at") != nil)
                #expect(Self.texts(try site.json("list"), "id") == [other])
                #expect(Self.text(try site.json("show", id)["inhibition_rule"], "deleted_at") != nil)
                #expect(try site.text("show", id).contains("deleted"))
                #expect(try site.text("delete", other) == "\(other): deleted\n")
                #expect(try site.json("list").arrayValue?.isEmpty == true)
                #expect(try daemon.run("verify").status == 0)
            }
        }

        @Test func whatIsHeldBackIsShownAndComesBack() async throws {
            try await withDaemon { daemon in
                let site = Site(daemon)
                let program = try #require(daemon.program)
                let id = try site.create()
                try site.trigger("host", severity: "critical", kind: "host down")
                try daemon.waitForIncidents("the cause", key: "host") { statuses($0) == ["triggered"] }
                try site.trigger("ping", severity: "warning", kind: "ping")
                try site.trigger("elsewhere", source: "db-2", severity: "warning", kind: "ping")
                try program.wait(for: "the alert to be held back") {
                    try site.json("show", id)["alerts"]?.arrayValue?.count == 1
                }
                // What is elsewhere is another source, so nothing holds it back.
                try daemon.waitForIncidents("the other", key: "elsewhere") { statuses($0) == ["triggered"] }
                let shown = try site.json("show", id)
                #expect(Self.texts(shown["alerts"], "summary") == ["ping ☃"])
                #expect(Self.text(shown["alerts"]?[0], "severity") == "warning")
                #expect(Self.text(shown["alerts"]?[0], "created_at") != nil)
                let holder = shown["alerts"]?[0]?["held_back_by"]
                #expect(Self.text(holder, "summary") == "host ☃" && Self.text(holder, "alert_key") == "host")
                #expect(shown["inhibition_rule"]?["alert_counts"]?["suppressed"]?.integerValue == 1)
                #expect(try site.json("list")[0]?["alert_counts"]?["suppressed"]?.integerValue == 1)
                let table = try site.text("show", id)
                for text in ["1 now", "HELD BACK BY", "ping ☃", "host ☃", try #require(Self.text(holder, "id"))] {
                    #expect(table.contains(text), "\(table)")
                }
                #expect(try daemon.incidents(key: "ping").isEmpty)

                #expect(try site.text("delete", id) == "\(id): deleted\n")
                try daemon.waitForIncidents("the incident", key: "ping") { statuses($0) == ["triggered"] }
                let after = try site.json("show", id)
                #expect(after["alerts"]?.arrayValue?.isEmpty == true)
                #expect(after["inhibition_rule"]?["alert_counts"]?["suppressed"]?.integerValue == 0)
                #expect(try daemon.run("verify").status == 0)
            }
        }

        @Test func aRefusalIsOneLineAndChangesNothing() async throws {
            try await withDaemon { daemon in
                let site = Site(daemon)
                try daemon.terminate()
                let id = try site.create()
                let unknown = try site.refusal(
                    "create", "--service", "none", "--source", "class=x", "--target", "class=y")
                #expect(unknown.contains("no service none"))
                for command in ["show", "delete"] {
                    #expect(try site.refusal(command, "P00ZZZZ").contains("no inhibition rule P00ZZZZ"))
                    #expect(try site.refusal(command, "999999").contains("`alertgate inhibition list`"))
                }
                // All or none.
                #expect(try site.refusal("delete", id, "P00ZZZZ").contains("P00ZZZZ"))
                #expect(Self.texts(try site.json("list"), "id") == [id])
                _ = try site.json("delete", id)
                #expect(try site.refusal("delete", id).contains("\(id) has been deleted already"))
                #expect(try daemon.run("verify").status == 0)
            }
        }

        @Test func wrongUsageEndsWith64() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                let site = Site(daemon)
                let source = ["create", "--source", "class=x"]
                let target = ["--target", "severity=info"]
                let whole = source + target
                for arguments in [
                    ["create"], source, ["create"] + target, source + ["--target", ""],
                    source + ["--target", "severity"], source + ["--target", "colour=red"],
                    source + ["--target", #"source=~"(""#], source + ["--target", "source=~.*"],
                    ["create", "--source", "group!=test"] + target,
                    whole + ["--equal", ""], whole + ["--equal", "source,"], whole + ["--equal", "colour"],
                    whole + ["--equal", "summary,source,severity,component,group,class"],
                    whole + ["--comment", String(repeating: "x", count: 1025)],
                    ["list", "x"], ["show"], ["show", "x"], ["show", "0"], ["delete"], ["delete", "x"],
                ] {
                    let result = try site.run(arguments)
                    #expect(result.status == 64 && result.output.isEmpty, "\(arguments): \(result)")
                }
                #expect(try site.json("list").arrayValue?.isEmpty == true)
            }
        }
    }
}
