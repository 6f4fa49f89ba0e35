import Foundation
import GatewayTesting
import Synchronization
import Testing
import WireJSON

extension EndToEnd {
    /// The daemon stopped and restarted under load, in the ways of systemd.
    @Suite struct StopTests {
        @Test func sigtermAnswersWhatWasTaken() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                var answered: [Load.Answered] = []
                for (round, mode) in [Load.Mode.keepAlive, .closing, .keepAlive, .closing].enumerated() {
                    try daemon.start()
                    let load = Load(
                        daemon: daemon, name: "stop\(round)", connections: 8, keys: 20, mode: mode, wanted: 150)
                    try load.waitUntilReached()
                    #expect(try daemon.terminate() == 0)
                    let result = try load.finish()
                    // 503 is an answer: the sender knows that it has to come again.
                    #expect(result.refusals.allSatisfy { $0.hasPrefix("503") }, "\(result.refusals.prefix(3))")
                    answered += result.answered
                    // What is in the log and what was answered are the same: nothing taken was left without its answer,
                    // nothing answered was lost.
                    let stored = try daemon.query("SELECT hex(body) FROM events WHERE kind IN ('v1', 'v2')")
                    let sent = answered.map { $0.body.map { String(format: "%02X", $0) }.joined() }
                    #expect(Set(stored) == Set(sent), "round \(round)")
                    #expect(stored.count == sent.count, "round \(round)")
                }
                #expect(try daemon.run("verify").status == 0)
            }
        }

        /// The socket stays open while the daemon is away: connections wait, and none is refused.
        @Test func restartsOnAnInheritedSocketRefuseNobody() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                let listener = try LoopbackPort.listening(port: daemon.port)
                defer { close(listener) }
                var program = try daemon.spawn(inheriting: listener)
                try daemon.waitUntilReady(program)
                let load = Load(
                    daemon: daemon, name: "restart", connections: 8, keys: 50, mode: .closing, wanted: 100)
                try load.waitUntilReached()
                for restart in 1...5 {
                    #expect(try daemon.terminate() == 0, "restart \(restart)")
                    program = try daemon.spawn(inheriting: listener)
                    try daemon.waitUntilReady(program)
                }
                load.stop()
                let result = try load.finish()
                #expect(result.failures.isEmpty, "\(result.failures)")
                #expect(result.refusals.isEmpty, "\(result.refusals.prefix(3))")
                try daemon.terminate()
                let stored = try daemon.query("SELECT count(*) FROM events WHERE kind IN ('v1', 'v2')")
                #expect(stored == ["\(result.answered.count)"])
                #expect(try daemon.run("verify").status == 0)
            }
        }

        @Test func aRestartKeepsEverything() async throws {
            try await withDaemon { daemon in
                let event =
                    #"{"routing_key":"\#(daemon.key)","event_action":"trigger","dedup_key":"kept","#
                    + #""payload":{"summary":"kept","source":"a","severity":"info"}}"#
                #expect(try daemon.post("/v2/enqueue", event).status == 202)
                let before = try daemon.waitForIncidents("the incident") { $0.count == 1 }
                try daemon.terminate()
                try daemon.start()
                #expect(try daemon.incidents() == before)
            }
        }
    }
}
