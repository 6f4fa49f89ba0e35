import Alerting
import Foundation
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// Extended result codes (https://www.sqlite.org/rescode.html).
private enum Code {
    static let readOnly: Int32 = 8
    static let full: Int32 = 13
    static let cannotOpen: Int32 = 14
    static let read: Int32 = 266
    static let write: Int32 = 778
    static let sync: Int32 = 1034
    static let truncate: Int32 = 1546
}

extension Faults {
    /// Errors of the disk: what was answered stays, what is not stored is answered so, and service comes back by itself.
    @Suite(.timeLimit(.minutes(60))) struct InputOutputErrors {
        /// One kind of error, as the disk gives it.
        struct Fault: CustomTestStringConvertible, Sendable {
            var testDescription: String
            var operations: FaultVFS.Operations
            var files: FaultVFS.Files = .all
            var code: Int32
        }

        static let persistent = [
            Fault(testDescription: "every write", operations: .write, code: Code.write),
            Fault(testDescription: "every sync", operations: .sync, code: Code.sync),
            Fault(testDescription: "no space", operations: .write, code: Code.full),
            Fault(testDescription: "read-only", operations: .write, code: Code.readOnly),
            Fault(testDescription: "a file that cannot be opened", operations: .write, code: Code.cannotOpen),
            Fault(testDescription: "writes of the WAL", operations: .write, files: .log, code: Code.write),
            Fault(testDescription: "syncs of the WAL", operations: .sync, files: .log, code: Code.sync),
            Fault(testDescription: "everything", operations: [.read, .write, .sync, .truncate], code: Code.write),
        ]

        static let passing =
            persistent + [
                Fault(testDescription: "reads", operations: .read, code: Code.read),
                Fault(testDescription: "reads of the WAL", operations: .read, files: .log, code: Code.read),
                Fault(testDescription: "writes of the database", operations: .write, files: .database, code: Code.full),
                Fault(testDescription: "syncs of the database", operations: .sync, files: .database, code: Code.sync),
            ]

        /// While it lasts events are answered 503 with `Retry-After` and `/readyz` says no; afterwards both are well again,
        /// without a restart.
        @Test(arguments: persistent) func serviceComesBackByItself(fault: Fault) async throws {
            let temporary = try TemporaryDatabase()
            let vfs = try FaultVFS()
            let site = try await Site(Database(path: temporary.database.path, vfs: vfs.name))
            try await site.expectTaken("before")
            try await site.becomes(200)
            for round in 0..<2 {
                vfs.fail(fault.operations, on: fault.files, code: fault.code)
                try await site.expectUnavailable("refused \(round)")
                try await site.expectUnavailable("refused again \(round)")
                try await site.becomes(503)
                vfs.heal()
                try await site.becomes(200)
                try await site.expectTaken("after \(round)")
            }
            try await site.expectAlerts(["before", "after 0", "after 1"])
            await site.stop()
            try expectSound(temporary.database)
        }

        /// Nothing can be read. An event need not be read to be taken, so that each is there or refused; but queries are
        /// answered 503, and so is `/readyz`, until the disk reads again.
        @Test func readingComesBackByItself() async throws {
            let temporary = try TemporaryDatabase()
            let vfs = try FaultVFS()
            let site = try await Site(Database(path: temporary.database.path, vfs: vfs.name))
            try await site.makeToken()
            try await site.expectTaken("before")
            #expect(try await site.get("/incidents").status == 200)
            var answered = ["before"]
            for round in 0..<Effort.of(2, soak: 50) {
                vfs.fail(.read, code: Code.read)
                // What it changes has to be read anew, by the worker and by whoever asks.
                let reply = try await site.post(Site.trigger("meanwhile \(round)"))
                #expect([202, 503].contains(reply.status), "\(reply)")
                if reply.status == 202 { answered.append("meanwhile \(round)") }
                try await site.becomes(503)
                let query = try await site.get("/incidents")
                #expect(query.status == 503 && query.header("Retry-After") != nil, "\(query)")
                #expect(vfs.failures > 0)
                vfs.heal()
                try await site.becomes(200)
                #expect(try await site.get("/incidents").status == 200)
                try await site.expectTaken("after \(round)")
                answered.append("after \(round)")
            }
            try await site.expectAlerts(answered)
            await site.stop()
            try expectSound(temporary.database)
        }

        /// The write-ahead log is reused, and cut only where it has become larger than its limit (64 MiB), which takes a
        /// reader that held a snapshot. Where the cut fails it stays as long as it is, and nothing else comes of it.
        @Test func aCutThatFailsIsNoHarm() async throws {
            let temporary = try TemporaryDatabase()
            let vfs = try FaultVFS()
            let database = Database(path: temporary.database.path, vfs: vfs.name)
            let site = try await Site(database)
            try await site.expectTaken("before")
            let reader = try database.openReader()
            try reader.execute("BEGIN")
            _ = try reader.integer("SELECT count(*) FROM events")
            let receipts = Receipts()
            try await site.growWriteAheadLog(to: 66 << 20, receipts)
            vfs.fail(.truncate, code: Code.truncate)
            try reader.execute("COMMIT")
            reader.close()
            for number in 0..<3 { try await site.expectTaken("after \(number)") }
            #expect(vfs.failures > 0)
            #expect(site.pipeline.writeAheadLogBytes > Database.largestWriteAheadLog)
            vfs.heal()
            try await site.becomes(200)
            let missing = try await site.pipeline.look { try receipts.missing(in: $0) }
            #expect(missing.isEmpty)
            await site.stop()
            try expectSound(temporary.database)
        }

        /// An operation fails now and then, wherever it hits: append, apply, checkpoint.
        @Test(arguments: passing) func nothingAnsweredIsLostWhateverFails(fault: Fault) async throws {
            let temporary = try TemporaryDatabase()
            let vfs = try FaultVFS()
            let pipeline = try Pipeline.open(Database(path: temporary.database.path, vfs: vfs.name))
            let integration = try await pipeline.makeIntegration()
            let receipts = Receipts()
            var generator = SeededGenerator(seed: 77)
            for round in 0..<Effort.of(40, soak: 1000) {
                let range = fault.files == .database ? 0...2 : 0...60
                vfs.fail(
                    fault.operations, on: fault.files, skip: Int.random(in: range, using: &generator),
                    count: Int.random(in: 1...3, using: &generator), code: fault.code)
                let senders = Senders(integration: integration, seed: UInt64(round))
                await senders.send(to: pipeline.log, each: 10, receipts: receipts) { false }
                vfs.heal()
                let event = EventMaker.event(.trigger, "healed \(round)", integration: integration)
                receipts.add(try await pipeline.log.take(event), event.body)
            }
            for failure in receipts.failures {
                guard case .failed = failure else {
                    Issue.record("\(failure)")
                    continue
                }
            }
            #expect(vfs.failures > 0)
            try await pipeline.caughtUp()
            #expect(pipeline.worker.failingSince == nil)
            let missing = try await pipeline.look { try receipts.missing(in: $0) }
            #expect(missing.isEmpty)
            await pipeline.stop()
            try expectSound(temporary.database)
        }

        /// A sync that failed has lost the writes before it (https://lwn.net/Articles/752063/): a later sync that succeeds says
        /// nothing about them, so that they have to be written again before anything is answered.
        @Test func aFailedSyncIsNeverFollowedByASuccessForTheSameData() async throws {
            var failures = 0
            for round in 0..<Effort.of(20, soak: 300) {
                let seed = UInt64(round) &* 31 &+ 5
                var generator = SeededGenerator(seed: seed)
                let temporary = try TemporaryDatabase()
                let vfs = try FaultVFS()
                let pipeline = try Pipeline.open(Database(path: temporary.database.path, vfs: vfs.name))
                let integration = try await pipeline.makeIntegration()
                let receipts = Receipts()
                for _ in 0..<5 {
                    vfs.fail(
                        .sync, skip: Int.random(in: 0...20, using: &generator),
                        count: Int.random(in: 1...4, using: &generator), code: Code.sync)
                    await Senders(integration: integration, seed: generator.next()).send(
                        to: pipeline.log, each: 8, receipts: receipts
                    ) { false }
                }
                vfs.cutPower()
                await pipeline.stop()
                failures += vfs.failures
                let folder = temporary.path("remains")
                try makeFolder(folder)
                try vfs.materialize(in: folder, seed: seed)
                let remains = Database(path: folder + "/alertgate.db")
                let after = try Pipeline.open(remains)
                let missing = try await after.look { try receipts.missing(in: $0) }
                #expect(missing.isEmpty, "seed \(seed)")
                try await after.caughtUp()
                await after.stop()
                try expectSound(remains, "seed \(seed)")
            }
            #expect(failures > 10)
        }
    }
}
