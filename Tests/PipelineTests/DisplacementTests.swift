import Alerting
import Foundation
import GatewayTesting
import Logging
import Store
import Synchronization
import Testing

@testable import Pipeline

/// Files that are removed or replaced under a running gateway: it takes nothing in, says so, and saves what it holds.
@Suite(.timeLimit(.minutes(5))) struct DisplacementTests {
    private let temporary: TemporaryDatabase
    private let lines = Collector<String>()
    private var database: Database { temporary.database }

    init() throws {
        temporary = try TemporaryDatabase()
    }

    /// Keeps what is logged.
    private struct Recorder: LogHandler {
        let lines: Collector<String>
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            lines.add("\(event.level) \(event.message) \(event.metadata ?? [:])")
        }
    }

    private func open() throws -> Pipeline {
        let lines = lines
        return try Pipeline(
            database: database, clock: ManualClock(), logger: Logger(label: "test") { _ in Recorder(lines: lines) })
    }

    private func remove(_ suffix: String) throws {
        try FileManager.default.removeItem(atPath: database.path + suffix)
    }

    /// The log's lines once one of them has the words.
    private func logged(_ words: String) async throws -> String {
        var count = 1
        while true {
            let lines = await lines.collected(count)
            try Task.checkCancellation()
            if let line = lines.first(where: { $0.contains(words) }) { return line }
            count = lines.count + 1
        }
    }

    private func expectRefused(_ pipeline: Pipeline, _ integration: IntegrationID) async {
        for _ in 0..<3 {
            let refused = await #expect(throws: AppendError.self) {
                _ = try await pipeline.log.take(EventMaker.event(.trigger, "late", integration: integration))
            }
            guard case .displaced = refused else {
                Issue.record("\(String(describing: refused))")
                return
            }
        }
        await #expect(throws: AppendError.self) { try await pipeline.log.probed() }
    }

    /// The commit goes into files that nobody finds any more: it is not answered as stored.
    @Test(arguments: ["-wal", "-shm", ""])
    func theNextCommitIsRefused(suffix: String) async throws {
        let pipeline = try open()
        let integration = try await pipeline.makeIntegration()
        try remove(suffix)
        await expectRefused(pipeline, integration)
        #expect(pipeline.log.displacement != nil)
        let line = try await logged("changed under the running gateway")
        #expect(line.hasPrefix("critical") && line.contains(database.path + suffix), "\(line)")
        await pipeline.stop()
    }

    /// Nobody sends anything: the look once a second finds it.
    @Test func itIsNoticedWithoutACommit() async throws {
        let pipeline = try open()
        try remove("-wal")
        _ = try await logged("changed under the running gateway")
        await pipeline.stop()
    }

    @Test func whatWasAnsweredIsInTheFileWhereTheLogIsRemoved() async throws {
        let pipeline = try open()
        let integration = try await pipeline.makeIntegration()
        let id = try await pipeline.log.take(EventMaker.event(.trigger, "kept", integration: integration))
        try remove("-wal")
        try remove("-shm")
        await expectRefused(pipeline, integration)
        _ = try await logged("is in the database's own file")
        await pipeline.stop()
        let again = try open()
        let key = try await again.look {
            try $0.first("SELECT dedup_key FROM events WHERE id = ?", { $0.add(id) }) { $0.text(0) }
        }
        #expect(key == "kept")
        _ = try await again.log.take(EventMaker.event(.trigger, "after", integration: integration))
        await again.stop()
        #expect(try Verification.run(database).isClean)
    }

    @Test func aCopyIsMadeOfADatabaseThatWasReplaced() async throws {
        try database.openWriter(creating: true).close()
        let other = temporary.path("other.db")
        try database.backUp(to: other)
        let pipeline = try open()
        let integration = try await pipeline.makeIntegration()
        let id = try await pipeline.log.take(EventMaker.event(.trigger, "kept", integration: integration))
        let before = try Data(contentsOf: URL(filePath: other))
        #expect(rename(other, database.path) == 0)
        await expectRefused(pipeline, integration)
        let line = try await logged("a copy of everything")
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: temporary.folder).first { $0.contains(".rescued-") })
        #expect(line.contains(name), "\(line)")
        await pipeline.stop()
        // Neither was the former log brought into the new file, nor does the next start do so.
        #expect(try Data(contentsOf: URL(filePath: database.path)) == before)
        #expect(throws: StoreError.self) { try open() }
        let report = try Restoration.run(Database(path: temporary.path(name)), into: database)
        #expect(report.verification.isClean && report.restored.contents.lastEvent >= id)
        let again = try open()
        let key = try await again.look {
            try $0.first("SELECT dedup_key FROM events WHERE id = ?", { $0.add(id) }) { $0.text(0) }
        }
        #expect(key == "kept")
        await again.stop()
    }

    @Test func aFileThatWasWrittenOverStaysAsItIs() async throws {
        let pipeline = try open()
        let integration = try await pipeline.makeIntegration()
        let copy = temporary.path("copy.db")
        try database.backUp(to: copy)
        let bytes = try Data(contentsOf: URL(filePath: copy))
        _ = try await pipeline.log.take(EventMaker.event(.trigger, "late", integration: integration))
        // As `cp` does it: into the file that is there.
        let handle = try FileHandle(forWritingTo: URL(filePath: database.path))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: bytes)
        try handle.close()
        await expectRefused(pipeline, integration)
        _ = try await logged("what was written over cannot be saved")
        await pipeline.stop()
        #expect(try Data(contentsOf: URL(filePath: database.path)) == bytes)
    }

    @Test func aLostLockFileIsNoticed() async throws {
        let pipeline = try open()
        try remove(".lock")
        _ = try await logged("changed under the running gateway")
        #expect(throws: StoreError.self) { _ = try DatabaseLock.take(for: database.path) }
        await pipeline.stop()
    }

    // MARK: Damage and space

    /// Whoever meets it, and whatever becomes of the error there.
    @Test func damageThatAReaderMeetsStopsTheIntake() async throws {
        let connection = try database.openWriter(creating: true)
        let page = try connection.integer("SELECT rootpage FROM sqlite_schema WHERE name = 'notes'") ?? 0
        connection.close()
        let handle = try FileHandle(forWritingTo: URL(filePath: database.path))
        try handle.seek(toOffset: UInt64(page - 1) * UInt64(Database.pageSize))
        try handle.write(contentsOf: Data(repeating: 0xA5, count: Database.pageSize))
        try handle.close()
        let pipeline = try open()
        let integration = try await pipeline.makeIntegration()
        #expect(!pipeline.log.isFoundDamaged)
        // Even a reader that ignores the error cannot end its transaction.
        await #expect(throws: SQLiteError.self) {
            _ = try await pipeline.look { (try? $0.integer("SELECT count(*) FROM notes NOT INDEXED")) ?? 0 }
        }
        #expect(pipeline.log.isFoundDamaged)
        let refused = await #expect(throws: AppendError.self) {
            _ = try await pipeline.log.take(EventMaker.event(.trigger, "late", integration: integration))
        }
        #expect(refused.map { "\($0)" } == "the database is damaged")
        await pipeline.stop()
    }

    @Test func damageThatACommandReportsStopsTheIntake() async throws {
        let pipeline = try open()
        #expect(DatabaseLock.reportDamage(of: database.path))
        _ = try await logged("the database is damaged")
        #expect(pipeline.log.isFoundDamaged)
        await pipeline.stop()
    }

    /// A volume that does not say how much is free counts as full.
    @Test func unknownSpaceIsNoSpace() async throws {
        let log = try EventLog(
            connection: try database.openWriter(creating: true), measurements: Measurements())
        let free = Mutex<Int64?>(100)
        let disk = DiskWatch(
            path: database.path, minimumFreeBytes: 10, log: log, logger: Logger(label: "test"),
            measure: { _ in free.withLock { $0 } })
        disk.look()
        #expect(!disk.isBelowWatermark)
        free.withLock { $0 = nil }
        disk.look()
        #expect(disk.isBelowWatermark && disk.freeBytes == nil)
        await #expect(throws: AppendError.self) { _ = try await log.take(event("x")) }
        log.close()
    }

    /// Faster than the clock's tick: after each 8 MiB the volume is looked at before anybody is told.
    @Test func aFloodIsMeasuredByWhatItWrites() async throws {
        let log = try EventLog(
            connection: try database.openWriter(creating: true), measurements: Measurements())
        let looks = Collector<EventID>()
        log.whenMuchIsWritten { looks.add(log.lastCommitted) }
        let body = String(repeating: "x", count: 1 << 20)
        for _ in 0..<30 { _ = try await log.take(event(body)) }
        #expect((3...4).contains(looks.values.count), "\(looks.values)")
        #expect(looks.values.first.map { (7...9).contains($0) } == true, "\(looks.values)")
        log.close()
    }
}
