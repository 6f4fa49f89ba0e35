import Foundation
import GatewayTesting
import Pipeline
import Store
import Testing

extension Faults {
    /// Other programs at the same file, which is an interface (DESIGN, promise 8).
    @Suite(.timeLimit(.minutes(10))) struct OtherProcesses {
        /// A `sqlite3` shell that forgot its COMMIT: events are refused as long as it holds on, none that was answered is lost,
        /// and afterwards all is well.
        @Test func aShellThatHoldsTheWriteLock() async throws {
            let temporary = try TemporaryDatabase()
            let site = try await Site(temporary.database)
            try await site.expectTaken("before")
            let marker = temporary.path("held")
            let path = temporary.database.path
            let shell = try await blocking { () -> RunningProgram in
                let hold = ".shell touch '\(marker)'; while [ -e '\(marker)' ]; do sleep 0.05; done"
                let shell = try RunningProgram(
                    "sqlite3", [path, ".timeout 60000", "BEGIN IMMEDIATE", hold, "COMMIT"],
                    directory: URL(filePath: temporary.path("shell")))
                try shell.wait(for: "the lock") { FileManager.default.fileExists(atPath: marker) }
                return shell
            }
            for attempt in 0..<Effort.of(1, soak: 5) { try await site.expectUnavailable("locked out \(attempt)") }
            try await site.becomes(503)
            // Reading goes on beside a writer.
            #expect(try await site.get("/metrics").status == 200)
            try FileManager.default.removeItem(atPath: marker)
            let result = try await blocking { try shell.result() }
            #expect(result.status == 0, "\(result)")
            try await site.becomes(200)
            try await site.expectTaken("after")
            try await site.expectAlerts(["before", "after"])
            await site.stop()
            try expectSound(temporary.database)
        }

        /// A reader that keeps a snapshot for long keeps the WAL from being reused. Events are taken on; `/readyz` and the
        /// metrics say what is going on, and the file shrinks again afterwards.
        @Test func aReaderThatHoldsASnapshot() async throws {
            let temporary = try TemporaryDatabase()
            var settings = Pipeline.Settings()
            settings.largeWriteAheadLogBytes = 66 << 20
            let site = try await Site(temporary.database, settings: settings)
            try await site.expectTaken("before")
            #expect(try await site.get("/readyz").text.contains(#""name":"wal","ok":true"#))

            let reader = try temporary.database.openReader()
            try reader.execute("BEGIN")
            let seen = try reader.integer("SELECT count(*) FROM events")
            let receipts = Receipts()
            try await grow(site, to: Int64(Effort.of(70, soak: 400)) << 20, receipts)

            let ready = try await site.get("/readyz")
            #expect(ready.status == 200, "a large WAL is no reason to turn senders away: \(ready.text)")
            #expect(ready.text.contains(#""name":"wal","ok":false"#), "\(ready.text)")
            let bytes = try await metric("alertgate_wal_bytes", of: site)
            let bound = try await metric("alertgate_wal_large_bytes", of: site)
            #expect(bytes > bound)
            try await site.expectTaken("meanwhile")
            #expect(try reader.integer("SELECT count(*) FROM events") == seen)

            try reader.execute("COMMIT")
            reader.close()
            // One commit brings the log into the database, the next begins it anew and cuts it.
            for number in 0..<3 { try await site.expectTaken("after \(number)") }
            #expect(site.pipeline.writeAheadLogBytes <= 64 << 20)
            #expect(try await site.get("/readyz").text.contains(#""name":"wal","ok":true"#))
            let missing = try await site.pipeline.look { try receipts.missing(in: $0) }
            #expect(missing.isEmpty)
            await site.stop()
            try expectSound(temporary.database)
        }

        private func grow(_ site: Site, to bytes: Int64, _ receipts: Receipts) async throws {
            let padding = [UInt8](repeating: UInt8(ascii: "x"), count: 200_000)
            while site.pipeline.writeAheadLogBytes < bytes {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<16 {
                        group.addTask {
                            var event = EventMaker.event(.trigger, "key \(number)", integration: site.integration)
                            event.body = Array(#"{"padding":""#.utf8) + padding + Array(#""}"#.utf8)
                            receipts.add(try await site.pipeline.log.take(event), event.body)
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }

        private func metric(_ name: String, of site: Site) async throws -> Int64 {
            let page = try await site.get("/metrics").text
            let line = page.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            return try #require(line?.split(separator: " ").last.flatMap { Int64($0) }, "\(page)")
        }
    }
}
