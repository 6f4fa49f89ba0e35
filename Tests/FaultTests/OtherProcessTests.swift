import Foundation
import GatewayTesting
import Pipeline
import Store
import Testing

extension Faults {
    /// Other programs use the same file (docs/architecture.md, promise 8).
    @Suite(.timeLimit(.minutes(10))) struct OtherProcesses {
        /// A `sqlite3` shell that forgot its COMMIT, while many send: events are refused as long as it holds on, none that
        /// was answered is lost, and afterwards all are taken again. Each refusal comes after two seconds of waiting for the
        /// lock, so that the long form holds it for ten.
        @Test func aShellThatHoldsTheWriteLock() async throws {
            let temporary = try TemporaryDatabase()
            let site = try await Site(temporary.database)
            try await site.expectTaken("before")
            let marker = temporary.path("held")
            let shell = try await withThrowingTaskGroup(of: [String].self) { group in
                for sender in 0..<8 {
                    group.addTask { try await Self.send(site, "\(sender)", untilRefused: Effort.of(1, soak: 5)) }
                }
                let shell = try await Self.lock(temporary, marker: marker)
                var taken: [String] = []
                for try await keys in group { taken += keys }
                try await site.becomes(503)
                // Reading goes on beside a writer.
                #expect(try await site.get("/metrics").status == 200)
                try FileManager.default.removeItem(atPath: marker)
                try await site.becomes(200)
                try await site.expectAlerts(taken)
                return shell
            }
            let result = try await blocking { try shell.result() }
            #expect(result.status == 0, "\(result)")
            let again = (0..<8).map { "again \($0)" }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for key in again { group.addTask { try await site.expectTaken(key) } }
                try await group.waitForAll()
            }
            try await site.expectAlerts(["before"] + again)
            await site.stop()
            try expectSound(temporary.database)
        }

        /// Sends one event after the other until so many were refused, and gives the keys that were taken.
        private static func send(_ site: Site, _ name: String, untilRefused refusals: Int) async throws -> [String] {
            var taken: [String] = []
            var refused = 0
            var number = 0
            while refused < refusals {
                number += 1
                let key = "\(name)/\(number)"
                let reply = try await site.post(Site.trigger(key))
                if reply.status == 202 {
                    taken.append(key)
                } else {
                    #expect(reply.status == 503 && reply.header("Retry-After") != nil, "\(reply)")
                    refused += 1
                }
            }
            return taken
        }

        /// A shell that holds the write lock as long as there is a file.
        private static func lock(_ temporary: TemporaryDatabase, marker: String) async throws -> RunningProgram {
            let path = temporary.database.path
            let folder = URL(filePath: temporary.path("shell"))
            return try await blocking {
                let hold = ".shell touch '\(marker)'; while [ -e '\(marker)' ]; do sleep 0.05; done"
                let shell = try RunningProgram(
                    "sqlite3", [path, ".timeout 60000", "BEGIN IMMEDIATE", hold, "COMMIT"], directory: folder)
                try shell.wait(for: "the lock") { FileManager.default.fileExists(atPath: marker) }
                return shell
            }
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
            try await site.growWriteAheadLog(to: Int64(Effort.of(70, soak: 400)) << 20, receipts)

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
            #expect(site.pipeline.writeAheadLogBytes <= Database.largestWriteAheadLog)
            #expect(try await site.get("/readyz").text.contains(#""name":"wal","ok":true"#))
            let missing = try await site.pipeline.look { try receipts.missing(in: $0) }
            #expect(missing.isEmpty)
            await site.stop()
            try expectSound(temporary.database)
        }

        private func metric(_ name: String, of site: Site) async throws -> Int64 {
            let page = try await site.get("/metrics").text
            let line = page.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            return try #require(line?.split(separator: " ").last.flatMap { Int64($0) }, "\(page)")
        }
    }
}
