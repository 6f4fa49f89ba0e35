import Foundation
import GatewayTesting
import Testing

extension EndToEnd {
    /// Copies made by `alertgate backup`, and what they are good for.
    @Suite struct BackupTests {
        /// While events arrive. What was answered before is in each copy, the copy is what its log gives, and nobody was
        /// refused; a daemon that is started on it goes on from there.
        @Test func aCopyMadeUnderLoadIsWholeAndTakesEvents() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                try daemon.start()
                let load = Load(
                    daemon: daemon, name: "backup", connections: 8, keys: 50, mode: .keepAlive, wanted: 200)
                try load.waitUntilReached()
                var copy = ""
                for number in 0..<3 {
                    let before = load.answered
                    copy = daemon.directory.url.appending(path: "copy\(number).db").path
                    let made = try daemon.run("backup", copy)
                    #expect(made.status == 0, "\(made)")
                    // It was made while they sent, not before or after.
                    #expect(load.answered.count > before.count)
                    let stored = Set(
                        try DatabaseShell.lines(copy, "SELECT hex(body) FROM events WHERE kind IN ('v1', 'v2')"))
                    let sent = before.map { $0.body.map { String(format: "%02X", $0) }.joined() }
                    #expect(Set(sent).subtracting(stored).isEmpty, "copy \(number)")
                    try Self.expectSound(copy)
                }
                load.stop()
                let result = try load.finish()
                #expect(result.refusals.isEmpty && result.failures.isEmpty, "\(result.refusals) \(result.failures)")
                try daemon.terminate()
                try Self.expectTakesEvents(copy)
            }
        }

        private static func expectTakesEvents(_ copy: String) throws {
            let restored = try DaemonProcess()
            defer { restored.remove() }
            for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: restored.database + suffix)
            {
                try FileManager.default.removeItem(atPath: restored.database + suffix)
            }
            try FileManager.default.copyItem(atPath: copy, toPath: restored.database)
            let before = try restored.query("SELECT max(id) FROM events")
            try restored.start()
            let body =
                #"{"routing_key":"\#(restored.key)","event_action":"trigger","dedup_key":"restored","#
                + #""payload":{"summary":"disk full","source":"db1","severity":"critical"}}"#
            #expect(try restored.post("/v2/enqueue", body).status == 202)
            try restored.terminate()
            let ids = try restored.query("SELECT id FROM events WHERE dedup_key = 'restored'")
            #expect(ids.count == 1)
            #expect(Int(ids.first ?? "") ?? 0 > Int(before.first ?? "") ?? .max)
            #expect(try restored.query("SELECT status FROM alerts WHERE dedup_key = 'restored'") == ["triggered"])
            try expectSound(restored.database)
        }

        /// Damage that nobody has met yet, since no start looks through the whole file: the copy would have it, too.
        @Test(arguments: ["events", "incidents", "log_entries"])
        func aDamagedFileGivesNoCopy(table: String) async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                try daemon.start()
                let load = Load(
                    daemon: daemon, name: "damage", connections: 2, keys: 20, mode: .keepAlive, wanted: 40)
                try load.waitUntilReached()
                load.stop()
                _ = try load.finish()
                try daemon.terminate()
                let root = try daemon.query("SELECT rootpage FROM sqlite_schema WHERE name = '\(table)'")
                let page = try #require(root.first.flatMap { Int($0) })
                let size = try #require(try daemon.query("PRAGMA page_size").first.flatMap { Int($0) })
                var bytes = try Data(contentsOf: URL(filePath: daemon.database))
                for index in (page - 1) * size..<page * size { bytes[index] = 0xA5 }
                try bytes.write(to: URL(filePath: daemon.database))
                let copy = daemon.directory.url.appending(path: "copy.db").path
                let result = try daemon.run("backup", copy)
                #expect(result.status != 0)
                #expect(result.errors.contains("damaged"), "\(result)")
                for suffix in ["", ".partial", ".partial-journal", ".partial-wal"] {
                    #expect(!FileManager.default.fileExists(atPath: copy + suffix), "\(suffix)")
                }
                #expect(try Data(contentsOf: URL(filePath: daemon.database)) == bytes)
            }
        }

        private static func expectSound(_ path: String) throws {
            #expect(try DatabaseShell.lines(path, "PRAGMA integrity_check") == ["ok"])
            _ = try DaemonProcess.checked(["verify", "--db", path])
        }
    }
}
