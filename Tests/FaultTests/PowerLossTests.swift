import Alerting
import GatewayTesting
import Store
import Testing

@testable import Pipeline

extension Faults {
    /// docs/architecture.md, promise 1: nothing that was answered is lost when the power is cut. The disk holds what was
    /// synced, and a random part of the rest: torn at sectors, and in any order.
    @Suite(.timeLimit(.minutes(60))) struct PowerLoss {
        /// One life that ends in a power cut.
        private struct Life {
            let temporary: TemporaryDatabase
            let receipts = Receipts()
            let unsynced: Int64
            /// What the disk holds afterwards.
            let remains: Database
        }

        private enum Cut {
            /// After that many writes, syncs and truncations of those files, under load.
            case after(Int, FaultVFS.Files)
        }

        private func live(seed: UInt64, cut: Cut, lying: Bool = false) async throws -> Life {
            let temporary = try TemporaryDatabase()
            let vfs = try FaultVFS()
            let receipts = Receipts()
            let database = Database(path: temporary.database.path, vfs: vfs.name)
            let pipeline = try Pipeline.open(database)
            let integration = try await pipeline.makeIntegration()
            if lying { vfs.lie() }
            switch cut {
            case .after(let operations, let files): vfs.cutPower(after: operations, on: files)
            }
            let senders = Senders(integration: integration, seed: seed)
            await senders.send(to: pipeline.log, receipts: receipts) { vfs.isCut }
            await pipeline.stop()
            return try life(temporary, vfs, receipts, seed)
        }

        private func life(
            _ temporary: TemporaryDatabase, _ vfs: FaultVFS, _ receipts: Receipts, _ seed: UInt64
        ) throws -> Life {
            let unsynced = vfs.unsyncedBytes
            let folder = temporary.path("remains")
            try makeFolder(folder)
            try vfs.materialize(in: folder, seed: seed)
            let life = Life(
                temporary: temporary, unsynced: unsynced, remains: Database(path: folder + "/alertgate.db"))
            for (id, body) in receipts.bodies { life.receipts.add(id, body) }
            return life
        }

        @Test func everyAnsweredEventOutlivesThePower() async throws {
            var answered = 0
            var dirtyCuts = 0
            for round in 0..<Effort.of(30, soak: 500) {
                let seed = UInt64(round) &* 7919 &+ 1
                var generator = SeededGenerator(seed: seed)
                // Anywhere; or while the WAL is brought into the database, which alone writes there.
                let cut: Cut =
                    round % 3 == 2
                    ? .after(Int.random(in: 1...600, using: &generator), .database)
                    : .after(Int.random(in: 1...(round % 3 == 0 ? 200 : 6000), using: &generator), .all)
                let life = try await live(seed: seed, cut: cut)
                answered += life.receipts.bodies.count
                if life.unsynced > 0 { dirtyCuts += 1 }
                try await expectWhole(life, "seed \(seed), \(cut)")
            }
            // Otherwise the rounds have tried nothing.
            #expect(answered > 1000)
            #expect(dirtyCuts > 5)
        }

        private func expectWhole(_ life: Life, _ comment: Comment) async throws {
            let pipeline = try Pipeline.open(life.remains)
            try await pipeline.caughtUp()
            let missing = try await pipeline.look { try life.receipts.missing(in: $0) }
            #expect(missing.isEmpty, comment)
            let next = try await pipeline.log.take(EventMaker.event(.trigger, "afterwards", integration: 2))
            #expect(life.receipts.bodies[next] == nil, comment)
            try await pipeline.caughtUp()
            await pipeline.stop()
            try expectSound(life.remains, comment)
        }

        /// The file is opened again whatever is left of it when the power goes while it is made: nothing was answered yet.
        @Test func aFileThatWasBeingMadeIsMadeAgain() async throws {
            let total = try await operationsOfMaking()
            #expect(total > 20)
            let stride = Effort.isSoak ? 1 : max(1, total / 20)
            for operations in Swift.stride(from: 1, to: total + 1, by: stride) {
                for seed in UInt64(0)..<UInt64(Effort.of(2, soak: 20)) {
                    let temporary = try TemporaryDatabase()
                    let vfs = try FaultVFS()
                    vfs.cutPower(after: operations)
                    do {
                        let pipeline = try Pipeline.open(Database(path: temporary.database.path, vfs: vfs.name))
                        await pipeline.stop()
                    } catch let error as StoreError {
                        #expect(vfs.isCut, "\(error)")
                    }
                    let life = try life(temporary, vfs, Receipts(), seed)
                    let comment: Comment = "cut after \(operations) operations, seed \(seed)"
                    do {
                        let pipeline = try Pipeline.open(life.remains)
                        _ = try await pipeline.makeIntegration()
                        await pipeline.stop()
                        try expectSound(life.remains, comment)
                    } catch {
                        Issue.record(error, comment)
                    }
                }
            }
        }

        private func operationsOfMaking() async throws -> Int {
            let temporary = try TemporaryDatabase()
            let vfs = try FaultVFS()
            let pipeline = try Pipeline.open(Database(path: temporary.database.path, vfs: vfs.name))
            let count = vfs.operations
            await pipeline.stop()
            return count
        }

        /// Stopped in order, everything is on the disk, not just in the page cache.
        @Test func afterAnOrderlyStopThePowerMayGoAtOnce() async throws {
            for seed in UInt64(0)..<UInt64(Effort.of(5, soak: 100)) {
                let temporary = try TemporaryDatabase()
                let vfs = try FaultVFS()
                let pipeline = try Pipeline.open(Database(path: temporary.database.path, vfs: vfs.name))
                let integration = try await pipeline.makeIntegration()
                let receipts = Receipts()
                await Senders(integration: integration, seed: seed).send(
                    to: pipeline.log, each: 20, receipts: receipts
                ) { false }
                await pipeline.stop()
                vfs.cutPower()
                #expect(receipts.bodies.count == 160)
                try await expectWhole(try life(temporary, vfs, receipts, seed), "seed \(seed)")
            }
        }

        /// The rounds above can fail: over a disk that claims to have synced, events are lost.
        @Test func overALyingDiskTheRoundsFindLostEvents() async throws {
            var lost = 0
            for seed in UInt64(1)...10 {
                let life = try await live(seed: seed, cut: .after(300, .all), lying: true)
                lost += try missing(life)
            }
            #expect(lost > 0)
        }

        /// The rounds above can fail: with `synchronous = OFF` events are lost.
        @Test func withoutSyncsTheRoundsFindLostEvents() async throws {
            var lost = 0
            for seed in UInt64(1)...10 {
                let temporary = try TemporaryDatabase()
                let vfs = try FaultVFS()
                let database = Database(path: temporary.database.path, vfs: vfs.name)
                let connection = try database.openWriter(creating: true)
                try connection.execute("PRAGMA synchronous = OFF")
                let log = try EventLog(connection: connection, measurements: Measurements())
                let receipts = Receipts()
                vfs.cutPower(after: 300)
                await Senders(integration: 1, seed: seed).send(to: log, receipts: receipts) { vfs.isCut }
                log.close()
                lost += try missing(try life(temporary, vfs, receipts, seed))
            }
            #expect(lost > 0)
        }

        /// How many answered events are not there. A file that does not even open has lost them all.
        private func missing(_ life: Life) throws -> Int {
            do {
                let connection = try life.remains.openWriter(creating: false)
                defer { connection.close() }
                return try life.receipts.missing(in: connection).count
            } catch is StoreError {
                return life.receipts.bodies.count
            } catch is SQLiteError {
                return life.receipts.bodies.count
            }
        }
    }
}
