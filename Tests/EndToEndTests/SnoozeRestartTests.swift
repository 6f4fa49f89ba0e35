import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// A snooze is in the database, not in the process.
    @Suite struct SnoozeRestartTests {
        private static let seconds = 8

        @Test func aSnoozeThatRunsOutWhileTheDaemonIsDownEndsOnceItIsBack() async throws {
            try await withDaemon { daemon in
                let id = try Self.open("down", daemon)
                let snoozed = try daemon.write("POST", "/incidents/\(id)/snooze", #"{"duration":\#(Self.seconds)}"#)
                #expect(snoozed["incident"]?["status"] == "acknowledged")
                #expect(try daemon.terminate() == 0)
                let before = try daemon.query("SELECT status FROM incidents")
                #expect(before == ["acknowledged"], "the daemon took longer to stop than the snooze lasts")
                let timers = "SELECT count(*) FROM events WHERE kind = 'timer'"
                #expect(try daemon.query(timers) == ["0"])
                try Self.waitUntilDue(daemon)
                #expect(try daemon.query(timers) == ["0"], "nobody is there to fire it")

                try daemon.start()
                let incident = try daemon.waitForIncidents("the end of the snooze") { statuses($0) == ["triggered"] }[0]
                #expect(incident["pending_actions"] == [])
                #expect(incident["acknowledgements"] == [])
                #expect(incident["last_status_change_by"]?["type"] == "service_reference")
                let log = try daemon.list("log_entries", of: incident).compactMap { $0["type"]?.stringValue }
                #expect(
                    log == [
                        "unacknowledge_log_entry", "snooze_log_entry", "acknowledge_log_entry", "trigger_log_entry",
                    ])
                try daemon.terminate()
                #expect(try daemon.query(timers) == ["1"], "once, and not at each start")
                try daemon.start()
                #expect(statuses(try daemon.incidents()) == ["triggered"])
                try daemon.terminate()
                #expect(try daemon.query(timers) == ["1"])
                #expect(try daemon.run("verify").status == 0)
            }
        }

        @Test func aSnoozeThatHasNotRunOutGoesOnAfterARestart() async throws {
            try await withDaemon { daemon in
                let id = try Self.open("up", daemon)
                let other = try Self.open("long", daemon)
                try daemon.write("POST", "/incidents/\(other)/snooze", #"{"duration":604800}"#)
                let snoozed = try daemon.write("POST", "/incidents/\(id)/snooze", #"{"duration":\#(Self.seconds)}"#)
                try daemon.kill()
                try daemon.start()
                // It ends by itself, and not before its time.
                try daemon.waitForIncidents("the end of the snooze") { statuses($0) == ["triggered", "acknowledged"] }
                let isLate = try daemon.query(
                    "SELECT i.last_status_change_at >= l.snoozed_until FROM incidents i JOIN log_entries l "
                        + "ON l.incident_id = i.id AND l.kind = 'snooze' WHERE i.status = 'triggered'")
                #expect(isLate == ["1"])
                #expect(snoozed["incident"]?["pending_actions"]?.arrayValue?.count == 1)
                try daemon.terminate()
                #expect(try daemon.run("verify").status == 0)
            }
        }

        private static func open(_ key: String, _ daemon: DaemonProcess) throws -> String {
            let reply = try daemon.post(
                "/v2/enqueue",
                #"{"routing_key":"\#(daemon.key)","event_action":"trigger","dedup_key":"\#(key)","#
                    + #""payload":{"summary":"s","source":"h","severity":"error"}}"#)
            #expect(reply.status == 202)
            let opened = try daemon.waitForIncidents("the incident", key: key) { $0.count == 1 }
            return try #require(opened[0]["id"]?.stringValue)
        }

        /// Asks the clock of the machine, by way of the database.
        private static func waitUntilDue(_ daemon: DaemonProcess) throws {
            let isDue = "SELECT min(snoozed_until) <= (julianday('now') - 2440587.5) * 86400000 FROM incidents"
            for _ in 0..<10_000 {
                if try daemon.query(isDue) == ["1"] { return }
            }
            throw ProgramFailure("the snooze did not run out")
        }
    }
}
