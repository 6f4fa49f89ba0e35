import Foundation
import GatewayTesting
import Store
import Synchronization
import Testing

extension Faults {
    /// The real daemon, ended at places where an end hurts most. What was answered is there after the next start, and the
    /// tables are what the log gives.
    @Suite(.timeLimit(.minutes(30))) struct FailPoints {
        private static let rounds = Effort.isSoak ? [1, 2, 3, 7, 20, 50] : [1, 5]

        @Test(arguments: ["afterCommit", "beforeApply", "insideApply", "insideCheckpoint"])
        func nothingAnsweredIsLost(point: String) async throws {
            try await blocking {
                for round in Self.rounds {
                    let daemon = try DaemonProcess()
                    defer { daemon.remove() }
                    daemon.environment = ["ALERTGATE_FAILPOINT": "\(point):\(round)"]
                    let answered = try Self.sendUntilItEnds(daemon)
                    // Only the very first commit can end it before anybody was answered.
                    #expect(round == 1 || !answered.isEmpty, "nothing was answered that could be lost")
                    daemon.environment = [:]
                    try daemon.start()
                    try Self.expectWhole(daemon, answered)
                    // An end between commit and answer leaves an event that nobody was told of: to have it is right.
                    let after = try daemon.post("/v2/enqueue", Site.trigger("after", routingKey: daemon.key))
                    #expect(after.status == 202)
                    try daemon.terminate()
                    try Self.expectWhole(daemon, answered + ["after"])
                }
            }
        }

        /// Sends from four connections until the daemon is gone, and gives the keys that were answered 202.
        private static func sendUntilItEnds(_ daemon: DaemonProcess) throws -> [String] {
            let program = try daemon.spawn()
            try daemon.waitUntilReady(program)
            let answered = Mutex<[String]>([])
            let group = DispatchGroup()
            for sender in 0..<4 {
                DispatchQueue.global().async(group: group) {
                    for number in 0..<2000 {
                        let key = "\(sender)/\(number)"
                        // A connection that breaks is what the test is about: the event was not answered.
                        guard let reply = try? daemon.post("/v2/enqueue", Site.trigger(key, routingKey: daemon.key))
                        else { return }
                        if reply.status == 202 { answered.withLock { $0.append(key) } }
                    }
                }
            }
            group.wait()
            #expect(try program.result().status == 137, "the place was not reached")
            return answered.withLock { $0 }
        }

        private static func expectWhole(_ daemon: DaemonProcess, _ keys: [String]) throws {
            let stored = try daemon.query("SELECT dedup_key FROM events WHERE dedup_key IS NOT NULL")
            #expect(Set(keys).subtracting(stored) == [])
            let verified = try daemon.run("verify")
            #expect(verified.status == 0, "\(verified)")
            #expect(try daemon.query("PRAGMA integrity_check") == ["ok"])
        }

        /// Removing what is old may end after any step: what is left is always just what its log gives.
        @Test func anEndInsideRetentionLeavesWhatItsLogGives() async throws {
            try await blocking {
                let temporary = try TemporaryDatabase()
                let path = temporary.database.path
                let log = try RandomLog(seed: 5, count: Effort.of(400, soak: 1500))
                let writer = try temporary.database.openWriter(creating: true)
                try writer.transaction(.immediate) {
                    for (index, event) in log.events.enumerated() {
                        try EventRows.insert(event, id: Int64(index + 1), into: writer)
                    }
                }
                writer.close()
                _ = try DaemonProcess.checked(["rebuild", "--db", path])
                var round = 0
                while true {
                    let result = try RunningProgram.run(
                        DaemonProcess.executable, ["prune", "--db", path],
                        environment: ["ALERTGATE_FAILPOINT": "insideRetention:\(round % 5 + 1)"])
                    let verified = try RunningProgram.run(DaemonProcess.executable, ["verify", "--db", path])
                    #expect(verified.status == 0, "round \(round): \(verified)")
                    guard result.status == 137 else {
                        #expect(result.status == 0, "\(result)")
                        break
                    }
                    round += 1
                    // Every fifth round carries out four steps at least: the end comes.
                    try #require(round < 2000)
                }
                #expect(round > 3, "the place was not reached often enough")
                #expect(try DatabaseShell.lines(path, "PRAGMA integrity_check") == ["ok"])
                #expect(try DatabaseShell.lines(path, "SELECT count(*) FROM expiring_incidents") == ["0"])
                let left = try DatabaseShell.lines(path, "SELECT count(*) FROM incidents WHERE status = 'resolved'")
                #expect(left.first.flatMap { Int($0) }.map { $0 < 50 } == true, "\(left) are left")
            }
        }
    }
}
