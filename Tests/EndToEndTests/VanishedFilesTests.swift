import Foundation
import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// Files of the database that are removed, replaced or damaged under the running daemon, or restored in the wrong way.
    @Suite struct VanishedFilesTests {
        private static func trigger(_ daemon: DaemonProcess, _ key: String) throws -> RawReply {
            let body =
                #"{"routing_key":"\#(daemon.key)","event_action":"trigger","dedup_key":"\#(key)","#
                + #""payload":{"summary":"disk full","source":"db1","severity":"critical"}}"#
            return try daemon.post("/v2/enqueue", body)
        }

        private static func fill(_ daemon: DaemonProcess, _ range: Range<Int>) throws {
            for number in range { #expect(try trigger(daemon, "key \(number)").status == 202) }
        }

        private static func keys(_ path: String) throws -> Int? {
            try DatabaseShell.lines(path, "SELECT count(DISTINCT dedup_key) FROM events WHERE kind = 'v2'").first
                .flatMap { Int($0) }
        }

        /// Nothing is answered as stored, nobody calls it ready, and no command pretends.
        private static func expectRefused(_ daemon: DaemonProcess, words: String) throws {
            let reply = try trigger(daemon, "late")
            #expect(reply.status == 503 && reply.header("Retry-After") != nil, "\(reply.text)")
            let ready = try daemon.get("/readyz")
            #expect(ready.status == 503 && ready.text.contains(#""name":"files","ok":false"#), "\(ready.text)")
            let metrics = try daemon.get("/metrics").text
            #expect(metrics.contains(#"alertgate_storage_fault{fault="displaced"} 1"#), "\(metrics)")
            #expect(metrics.contains("alertgate_ready 0"))
            let program = try #require(daemon.program)
            try program.wait(for: "a line of the log") { daemon.log.contains("changed under the running gateway") }
            let copy = daemon.directory.url.appending(path: "copy.db").path
            for command in [
                ["backup", copy], ["service", "create", "another"], ["token", "create", "x"], ["incidents"],
                ["status"], ["verify"], ["migrate"], ["service", "list"], ["restore", copy],
            ] {
                let result = try RunningProgram.run(DaemonProcess.executable, command + ["--db", daemon.database])
                #expect(result.status == 69, "\(command): \(result)")
                #expect(result.output == "", "\(command): \(result)")
            }
            #expect(!FileManager.default.fileExists(atPath: copy))
            #expect(daemon.log.contains(words), "\(daemon.log)")
        }

        @Test(arguments: [["-wal", "-shm"], ["-wal"], ["-shm"]])
        func theLogIsRemoved(suffixes: [String]) async throws {
            try await withDaemon { daemon in
                try Self.fill(daemon, 0..<80)
                for suffix in suffixes { try FileManager.default.removeItem(atPath: daemon.database + suffix) }
                try Self.expectRefused(daemon, words: daemon.database + suffixes[0])
                let program = try #require(daemon.program)
                try program.wait(for: "the rescue") { daemon.log.contains("is in the database's own file") }
                try daemon.terminate()
                // All that was answered is there.
                try daemon.start()
                #expect(try Self.keys(daemon.database) ?? 0 >= 80)
                try Self.fill(daemon, 80..<90)
                try daemon.terminate()
                #expect(try daemon.run("verify").status == 0)
            }
        }

        @Test func aBackupIsMovedOverTheLiveFile() async throws {
            try await withDaemon { daemon in
                try Self.fill(daemon, 0..<4)
                let backup = daemon.directory.url.appending(path: "backup.db").path
                #expect(try daemon.run("backup", backup).status == 0)
                try Self.fill(daemon, 4..<84)
                #expect(rename(backup, daemon.database) == 0)
                try Self.expectRefused(daemon, words: "replaced by another file")
                let program = try #require(daemon.program)
                try program.wait(for: "the copy") { daemon.log.contains("a copy of everything") }
                try daemon.terminate()
                // The log of the former file is not brought into the new one.
                let refused = try daemon.spawn().result()
                #expect(refused.status == 69 && refused.errors.contains("alertgate restore"), "\(refused)")
                let name = try #require(
                    try FileManager.default.contentsOfDirectory(atPath: daemon.directory.url.path)
                        .first { $0.contains(".rescued-") })
                let restored = try daemon.run("restore", daemon.directory.url.appending(path: name).path, "--json")
                #expect(restored.status == 0, "\(restored)")
                #expect(try DaemonProcess.json(restored.output)["ok"]?.boolValue == true)
                try daemon.start()
                #expect(try Self.keys(daemon.database) ?? 0 >= 84)
                try Self.fill(daemon, 84..<90)
                try daemon.terminate()
            }
        }

        @Test func aBackupIsCopiedOverTheLiveFile() async throws {
            try await withDaemon { daemon in
                try Self.fill(daemon, 0..<4)
                let backup = daemon.directory.url.appending(path: "backup.db").path
                #expect(try daemon.run("backup", backup).status == 0)
                try Self.fill(daemon, 4..<84)
                let copied = try RunningProgram.run("cp", [backup, daemon.database])
                #expect(copied.status == 0, "\(copied)")
                try Self.expectRefused(daemon, words: "by another program")
                try daemon.terminate()
                let restored = try daemon.run("restore", backup)
                #expect(restored.status == 0, "\(restored)")
                try daemon.start()
                #expect(try Self.keys(daemon.database) == 4)
                try daemon.terminate()
                #expect(try daemon.run("verify").status == 0)
            }
        }

        @Test func theDatabaseIsRemoved() async throws {
            try await withDaemon { daemon in
                try Self.fill(daemon, 0..<10)
                try FileManager.default.removeItem(atPath: daemon.database)
                try Self.expectRefused(daemon, words: "was removed")
                #expect(!FileManager.default.fileExists(atPath: daemon.database), "a command made a database")
                let program = try #require(daemon.program)
                try program.wait(for: "the copy") { daemon.log.contains("a copy of everything") }
                try daemon.terminate()
                // Nor does the next start make one beside the log.
                let refused = try daemon.spawn().result()
                #expect(refused.status == 69 && refused.errors.contains("-wal"), "\(refused)")
            }
        }

        /// SIGKILL, and a backup copied over the file with the log left where it is.
        @Test func aBackupIsCopiedOverTheFileOfAKilledDaemon() async throws {
            try await withDaemon { daemon in
                try Self.fill(daemon, 0..<4)
                let backup = daemon.directory.url.appending(path: "backup.db").path
                #expect(try daemon.run("backup", backup).status == 0)
                try Self.fill(daemon, 4..<600)
                try daemon.kill()
                let copied = try RunningProgram.run("cp", [backup, daemon.database])
                #expect(copied.status == 0, "\(copied)")
                let refused = try daemon.spawn().result()
                #expect(refused.status == 69 && refused.errors.contains("alertgate restore"), "\(refused)")
                let command = try daemon.run("service", "create", "another")
                #expect(command.status == 69, "\(command)")
                let restored = try daemon.run("restore", backup)
                #expect(restored.status == 0 && restored.output.contains("moved aside"), "\(restored)")
                try daemon.start()
                #expect(try Self.keys(daemon.database) == 4)
                try daemon.terminate()
                #expect(try daemon.run("verify").status == 0)
            }
        }

        /// A page of the log entries, which only a query meets.
        @Test func aQueryMeetsDamage() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                try daemon.start()
                try Self.fill(daemon, 0..<40)
                try daemon.terminate()
                let root = try daemon.query(
                    "SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = 'log_entries'")
                let page = try #require(root.first.flatMap { Int($0) })
                let size = try #require(try daemon.query("PRAGMA page_size").first.flatMap { Int($0) })
                var bytes = try Data(contentsOf: URL(filePath: daemon.database))
                for index in (page - 1) * size..<page * size { bytes[index] = 0xA5 }
                try bytes.write(to: URL(filePath: daemon.database))
                try daemon.start()
                let incident = try #require(try daemon.incidents().first?["id"]?.stringValue)
                #expect(try daemon.get("/incidents/\(incident)/log_entries").status == 503)
                #expect(try Self.trigger(daemon, "late").status == 503)
                let ready = try daemon.get("/readyz")
                #expect(ready.status == 503 && ready.text.contains("damaged"), "\(ready.text)")
                #expect(
                    try daemon.get("/metrics").text.contains(#"alertgate_storage_fault{fault="damaged"} 1"#))
                let verified = try daemon.run("verify", "--json")
                #expect(verified.status == 1, "\(verified)")
                let tables = try DaemonProcess.json(verified.output)["damaged_tables"]?.arrayValue
                #expect(tables == ["log_entries"], "\(verified.output)")
                try daemon.terminate()
            }
        }
    }
}
