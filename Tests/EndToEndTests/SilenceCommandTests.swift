import Foundation
import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// `alertgate silence`, on a database whose daemon runs and on one whose daemon does not.
    @Suite struct SilenceCommandTests {
        /// A daemon, and the commands on its database.
        struct Site {
            let daemon: DaemonProcess

            init(_ daemon: DaemonProcess) {
                self.daemon = daemon
            }

            /// Sends a trigger.
            func trigger(_ key: String, source: String = "db-1", severity: String = "warning") throws {
                let body =
                    #"{"routing_key":"\#(daemon.key)","event_action":"trigger","dedup_key":"\#(key)","#
                    + #""payload":{"summary":"\#(key) ☃","source":"\#(source)","severity":"\#(severity)"}}"#
                #expect(try daemon.post("/v2/enqueue", body).status == 202)
            }

            /// Sends a trigger, and gives the number of the incident that it opens.
            func open(_ key: String) throws -> Int64 {
                try trigger(key)
                let found = try daemon.waitForIncidents(key, key: key) { $0.count == 1 }
                return try #require(found[0]["incident_number"]?.integerValue)
            }

            func run(_ arguments: [String]) throws -> ProgramResult {
                try RunningProgram.run(
                    DaemonProcess.executable, ["silence"] + arguments + ["--db", daemon.database])
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
        }

        private static func text(_ value: JSONValue?, _ name: String) -> String? { value?[name]?.stringValue }

        /// How many seconds the window of a silence has.
        private static func seconds(_ silence: JSONValue) throws -> Double {
            let start = try Date(#require(text(silence, "starts_at")), strategy: .iso8601)
            return try Date(#require(text(silence, "ends_at")), strategy: .iso8601).timeIntervalSince(start)
        }

        @Test(arguments: [true, false])
        func everyCommandChangesWhatItSays(isRunning: Bool) async throws {
            try await withDaemon { daemon in
                let site = Site(daemon)
                if !isRunning { try daemon.terminate() }
                let made = try site.json(
                    "create", "--service", "monitoring", "--matcher", #"severity="warning", source=~"db-.*""#,
                    "--matcher", "group!=test", "--for", "2h", "--comment", "new disks ☃")
                let id = try #require(Self.text(made, "id"))
                #expect(id.count == 7 && id.hasPrefix("P"))
                #expect(Self.text(made, "status") == "active")
                #expect(Self.text(made, "service") == "monitoring")
                #expect(Self.text(made, "comment") == "new disks ☃")
                #expect(made["recurrence"]?.isNull == true)
                #expect(try Self.seconds(made) == 7200)
                let matchers = try #require(made["matchers"]?.arrayValue)
                #expect(matchers.compactMap { Self.text($0, "label") } == ["severity", "source", "group"])
                #expect(matchers.compactMap { Self.text($0, "comparison") } == ["=", "=~", "!="])
                #expect(matchers.compactMap { Self.text($0, "value") } == ["warning", "db-.*", "test"])

                let later = try site.json(
                    "create", "--matcher", "severity=info", "--starts", "2100-01-01", "--until", "2100-01-01T01:00Z")
                #expect(Self.text(later, "status") == "pending" && later["service"]?.isNull == true)
                #expect(Self.text(later, "starts_at") == "2100-01-01T00:00:00Z")
                #expect(Self.text(later, "ends_at") == "2100-01-01T01:00:00Z")
                let listed = try site.json("list").arrayValue ?? []
                #expect(listed.compactMap { Self.text($0, "id") } == [Self.text(later, "id"), id])

                let updated = try site.json("update", id, "--for", "12m", "--comment", "")
                #expect(updated["changed"]?.boolValue == true && Self.text(updated, "comment") == "")
                #expect(try site.json("update", id, "--comment", "")["changed"]?.boolValue == false)
                let table = try site.text("list")
                for text in ["active, ends in 12 min", id, "monitoring", "Command line", "(all)", "severity=\"info\""] {
                    #expect(table.contains(text), "\(table)")
                }
                let shown = try site.text("show", id)
                for text in [id, "monitoring", #"source=~"db-.*""#, "ends in 12 min", "Command line"] {
                    #expect(shown.contains(text), "\(shown)")
                }

                let ended = try site.json("end", id, id).arrayValue ?? []
                #expect(ended.compactMap { Self.text($0, "status") } == ["expired"])
                #expect(Self.text(ended.first, "ended_by") == "Command line")
                #expect(try site.json("list").arrayValue?.count == 1)
                #expect(try site.json("list", "--all").arrayValue?.count == 2)
                #expect(Self.text(try site.json("show", id)["silence"], "status") == "expired")
                #expect(try daemon.run("verify").status == 0)
            }
        }

        @Test func whatIsHeldBackIsShownAndComesBack() async throws {
            try await withDaemon { daemon in
                let site = Site(daemon)
                let program = try #require(daemon.program)
                let id = try #require(
                    Self.text(try site.json("create", "--service", "monitoring", "--all", "--for", "1d"), "id"))
                try site.trigger("held")
                try program.wait(for: "the alert to be held back") {
                    try site.json("show", id)["alerts"]?.arrayValue?.count == 1
                }
                let shown = try site.json("show", id)
                #expect(Self.text(shown["alerts"]?[0], "summary") == "held ☃")
                #expect(Self.text(shown["alerts"]?[0], "severity") == "warning")
                #expect(Self.text(shown["alerts"]?[0], "created_at") != nil)
                #expect(try site.json("list")[0]?["alert_counts"]?["suppressed"]?.integerValue == 1)
                #expect(try site.text("show", id).contains("held ☃"))
                #expect(try daemon.incidents().isEmpty)

                #expect(try site.text("end", id) == "\(id): ended\n")
                try daemon.waitForIncidents("the incident", key: "held") { statuses($0) == ["triggered"] }
                let after = try site.json("show", id)
                #expect(after["alerts"]?.arrayValue?.isEmpty == true)
                #expect(after["silence"]?["alert_counts"]?["all"]?.integerValue == 1)
                #expect(try daemon.run("verify").status == 0)
            }
        }

        @Test func anIncidentTellsWhatToHoldBack() async throws {
            try await withDaemon { daemon in
                let site = Site(daemon)
                let number = try site.open("disk")
                let made = try site.json("create", "--incident", "\(number)", "--for", "2h")
                #expect(Self.text(made, "service") == "monitoring")
                #expect(Self.text(made["matchers"]?[0], "label") == "dedup_key")
                #expect(Self.text(made["matchers"]?[0], "value") == "disk")
                #expect(made["matchers"]?.arrayValue?.count == 1)
                #expect(try Self.seconds(made) == 7200)
                let incident = try #require(Self.text(try daemon.incidents(key: "disk").first, "id"))
                let other = try site.json("create", "--incident", incident, "--matcher", "source=db-1")
                #expect(Self.text(other, "service") == "monitoring")
                #expect(Self.text(other["matchers"]?[0], "label") == "source")
                #expect(try Self.seconds(other) == 86_400)
                #expect(try site.refusal("create", "--incident", "999999", "--for", "2h").contains("999999"))
            }
        }

        @Test(arguments: [true, false])
        func aPreviewCountsAndChangesNothing(isRunning: Bool) async throws {
            try await withDaemon { daemon in
                let site = Site(daemon)
                for key in ["a", "b"] { _ = try site.open(key) }
                try site.trigger("c", source: "web-1", severity: "critical")
                try daemon.waitForIncidents("the third", key: "c") { $0.count == 1 }
                if !isRunning { try daemon.terminate() }
                let before = try daemon.query("SELECT max(id) FROM events")
                let arguments = ["create", "--matcher", #"source=~"db-.*""#, "--for", "2h", "--preview"]
                let result = try site.run(arguments)
                #expect(result.status == 0, "\(result)")
                #expect(
                    result.output.hasPrefix("this would have held back 2 of the 3 alerts of the last 24 hours\n"),
                    "\(result)")
                for text in ["monitoring", "warning", "a ☃", "b ☃"] { #expect(result.output.contains(text)) }
                #expect(!result.output.contains("c ☃"))
                let preview = try DaemonProcess.json(try site.run(arguments + ["--json"]).output)
                #expect(preview["examined"]?.integerValue == 3 && preview["matched"]?.integerValue == 2)
                #expect(preview["open"]?.integerValue == 2 && preview["is_cut"]?.boolValue == false)
                #expect(preview["samples"]?.arrayValue?.compactMap { Self.text($0, "summary") } == ["b ☃", "a ☃"])
                #expect(Self.text(preview["samples"]?[0], "service") == "monitoring")
                #expect(try site.json("list", "--all").arrayValue?.isEmpty == true)
                #expect(try daemon.query("SELECT max(id) FROM events") == before)
            }
        }

        @Test func aSilenceComesBack() async throws {
            try await withDaemon { daemon in
                let site = Site(daemon)
                let made = try site.json(
                    "create", "--service", "monitoring", "--all", "--repeat", "freq=weekly;byday=SU", "--time-zone",
                    "Europe/Berlin", "--at", "2100-01-03T02:00", "--for", "3h")
                #expect(Self.text(made, "status") == "pending")
                // It is winter: one hour east of Greenwich.
                #expect(Self.text(made, "starts_at") == "2100-01-03T01:00:00Z")
                #expect(try Self.seconds(made) == 10_800)
                #expect(Self.text(made["recurrence"], "rule") == "FREQ=WEEKLY;BYDAY=SU")
                #expect(Self.text(made["recurrence"], "time_zone") == "Europe/Berlin")
                #expect(Self.text(made["recurrence"], "local_start") == "2100-01-03T02:00")
                #expect(made["recurrence"]?["duration"]?.integerValue == 10_800)
                #expect(try site.text("show", Self.text(made, "id") ?? "").contains("FREQ=WEEKLY;BYDAY=SU"))
                let over = try site.refusal(
                    "create", "--service", "monitoring", "--all", "--repeat", "FREQ=DAILY;COUNT=1", "--at",
                    "2020-01-01T02:00",
                    "--for", "1h")
                #expect(over.contains("--repeat"))
            }
        }

        @Test func aRefusalIsOneLineAndChangesNothing() async throws {
            try await withDaemon { daemon in
                let site = Site(daemon)
                try daemon.terminate()
                let id = try #require(
                    Self.text(try site.json("create", "--service", "monitoring", "--all", "--for", "1h"), "id"))
                #expect(try site.refusal("create", "--service", "none", "--all", "--for", "1h").contains("none"))
                let wide = try site.refusal("create", "--matcher", "source=~.*", "--for", "1h")
                #expect(wide.contains("match alerts that have no labels"))
                let past = try site.refusal("create", "--service", "monitoring", "--all", "--until", "2020-01-01")
                #expect(past.contains("ends after it starts"))
                for command in ["show", "end"] {
                    #expect(try site.refusal(command, "P00ZZZZ").contains("no silence P00ZZZZ"))
                }
                #expect(try site.refusal("update", "999999", "--for", "1h").contains("no silence"))
                // All or none.
                #expect(try site.refusal("end", id, "P00ZZZZ").contains("P00ZZZZ"))
                #expect(try site.json("list").arrayValue?.count == 1)
                _ = try site.json("end", id)
                #expect(try site.refusal("end", id).contains("\(id) has ended already"))
                #expect(try site.refusal("update", id, "--for", "1h").contains("\(id) has ended already"))
                #expect(try daemon.run("verify").status == 0)
            }
        }

        @Test func wrongUsageEndsWith64() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                let site = Site(daemon)
                let some = ["create", "--service", "monitoring", "--for", "1h"]
                let whole = ["create", "--service", "monitoring", "--all"]
                let weekly = whole + ["--repeat", "FREQ=WEEKLY", "--at", "2100-01-01T02:00"]
                for arguments in [
                    some, ["create", "--all", "--for", "1h"],
                    ["create", "--matcher", "source=x", "--all", "--for", "1h"],
                    some + ["--all", "--incident", "1"], some + ["--matcher", "source=x", "--all"],
                    ["create"], ["create", "--for", "1h"], whole, whole + ["--for", "367d"], whole + ["--for", "0s"],
                    whole + ["--for", "90"], whole + ["--for", "1h", "--until", "2100-01-01"],
                    whole + ["--until", "tomorrow"], whole + ["--for", "1h", "--starts", "25:00"],
                    whole + ["--for", "1h", "--at", "2100-01-01T02:00"], whole + ["--for", "1h", "--time-zone", "UTC"],
                    some + ["--matcher", ""], some + ["--matcher", "severity"], some + ["--matcher", "colour=red"],
                    some + ["--matcher", #"source=~"(""#],
                    whole + ["--for", "1h", "--incident", "x"],
                    whole + ["--for", "1h", "--comment", String(repeating: "x", count: 1025)],
                    weekly, weekly + ["--for", "8d"], weekly + ["--for", "59s"], weekly + ["--until", "2100-01-02"],
                    weekly + ["--for", "1h", "--starts", "2100-01-01"],
                    weekly + ["--for", "1h", "--time-zone", "Mars/Olympus"],
                    whole + ["--repeat", "FREQ=HOURLY", "--at", "2100-01-01T02:00", "--for", "1h"],
                    whole + ["--repeat", "FREQ=DAILY", "--at", "02:00", "--for", "1h"],
                    whole + ["--repeat", "FREQ=DAILY", "--for", "1h"],
                    ["show"], ["show", "x"], ["end"], ["end", "0"], ["update", "P000009"], ["update", "--for", "1h"],
                    ["update", "P000009", "--for", "1h", "--until", "2100-01-01"],
                ] {
                    let result = try site.run(arguments)
                    #expect(result.status == 64 && result.output.isEmpty, "\(arguments): \(result)")
                }
                #expect(try site.json("list", "--all").arrayValue?.isEmpty == true)
            }
        }
    }
}
