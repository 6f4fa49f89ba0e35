import GatewayTesting
import Glibc
import Testing

@testable import Store

/// Whether the files of an open database still are those at their paths. False alarms would stop the gateway, so that what
/// SQLite does by itself is tried at length.
@Suite struct DatabaseFilesTests {
    private let temporary: TemporaryDatabase
    private let connection: Connection
    private let files: DatabaseFiles
    private var path: String { temporary.database.path }

    init() throws {
        temporary = try TemporaryDatabase()
        connection = try temporary.database.openWriter(creating: true)
        files = try #require(try DatabaseFiles(of: temporary.database, connection))
        try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x BLOB)")
        try fill(10)
        try #require(files.look() == .inPlace)
    }

    private func fill(_ rows: Int, bytes: Int = 3000) throws {
        for _ in 0..<rows {
            try connection.run("INSERT INTO t (x) VALUES (randomblob(\(bytes)))")
            #expect(files.look() == .inPlace)
        }
    }

    private func expectDisplaced(_ name: String, _ reach: DatabaseFiles.Displacement.Reach) {
        guard case .displaced(let displacement) = files.look() else {
            Issue.record("nothing was noticed")
            return
        }
        #expect(displacement.description.contains(name), "\(displacement)")
        #expect(displacement.reach == reach, "\(displacement)")
        #expect(files.displacement == displacement, "it stays so")
    }

    @Test func whatSQLiteDoesByItselfIsNoAlarm() throws {
        for round in 0..<12 {
            // More than a checkpoint of its own takes.
            try fill(120, bytes: 9000)
            try connection.run("PRAGMA wal_checkpoint(\(["PASSIVE", "FULL", "RESTART", "TRUNCATE"][round % 4]))")
            #expect(files.look() == .inPlace)
            try connection.run("DELETE FROM t WHERE id % 3 = ?") { $0.add(Int64(round % 3)) }
            #expect(files.look() == .inPlace)
            try connection.run("PRAGMA incremental_vacuum(50)")
            #expect(files.look() == .inPlace)
            let reader = try Connection(path: path, mode: .read)
            try reader.execute("BEGIN")
            _ = try reader.integer("SELECT count(*) FROM t")
            try fill(20)
            try reader.execute("COMMIT")
            reader.close()
            #expect(files.look() == .inPlace)
        }
    }

    @Test func anotherConnectionsWritesAndCheckpointsAreNoAlarm() throws {
        let other = try Connection(path: path, mode: .write)
        other.setBusyTimeout(milliseconds: 5000)
        for round in 0..<20 {
            try other.run("INSERT INTO t (x) VALUES (randomblob(500000))")
            #expect(files.look() == .inPlace)
            try other.run("PRAGMA wal_checkpoint(\(round % 2 == 0 ? "PASSIVE" : "TRUNCATE"))")
            #expect(files.look() == .inPlace)
            try fill(3)
        }
        other.close()
        #expect(files.look() == .inPlace)
    }

    @Test(arguments: ["-wal", "-shm"])
    func aRemovedFileOfTheLogIsNoticed(suffix: String) throws {
        unlink(path + suffix)
        expectDisplaced(suffix, .databaseInPlace)
    }

    @Test func aRemovedDatabaseIsNoticed() throws {
        unlink(path)
        expectDisplaced("removed", .databaseUnnamed)
    }

    @Test(arguments: ["", "-wal", "-shm"])
    func aReplacedFileIsNoticed(suffix: String) throws {
        let copy = temporary.path("copy")
        try write(try contents(path + suffix), to: copy)
        #expect(rename(copy, path + suffix) == 0)
        expectDisplaced("replaced", suffix.isEmpty ? .databaseUnnamed : .databaseInPlace)
    }

    /// `cp` writes into the file that is there, of the same size or another.
    @Test(arguments: [0, 1, 8192])
    func aCopyOverTheFileIsNoticed(shorter: Int) throws {
        try connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
        #expect(files.look() == .inPlace)
        let bytes = try contents(path)
        // The clock of files ticks every few milliseconds.
        usleep(20_000)
        try write(Array(bytes.dropLast(shorter)), to: path)
        expectDisplaced(path, .overwritten)
    }

    @Test func aCutLogIsNoticed() throws {
        #expect(truncate(path + "-wal", 100) == 0)
        expectDisplaced("-wal", .overwritten)
    }

    @Test func aMovedFolderIsNoticed() throws {
        let other = temporary.folder + ".moved"
        #expect(rename(temporary.folder, other) == 0)
        expectDisplaced("removed", .databaseUnnamed)
        #expect(rename(other, temporary.folder) == 0)
        expectDisplaced("removed", .databaseUnnamed)
    }

    @Test func closedFilesAreNotLookedAt() throws {
        files.close()
        connection.close()
        unlink(path)
        #expect(files.look() == .inPlace)
    }

    // MARK: Other processes

    @Test func whoeverOpensTheDatabaseComparesTheFiles() throws {
        let lock = try DatabaseLock.take(for: path)
        lock.record(files)
        try temporary.database.requireInPlace()
        unlink(path + "-wal")
        #expect(throws: StoreError.self) { try temporary.database.requireInPlace() }
        #expect(throws: StoreError.self) { _ = try temporary.database.openBriefReader() }
        #expect(throws: StoreError.self) { _ = try temporary.database.openWriter(creating: false) }
        #expect(throws: StoreError.self) { try temporary.database.backUp(to: temporary.path("copy.db")) }
        #expect(access(temporary.path("copy.db"), F_OK) != 0)
        #expect(access(path + "-wal", F_OK) != 0, "a refused command made a file")
        unlink(path)
        #expect(throws: StoreError.self) { _ = try temporary.database.openWriter(creating: true) }
        #expect(access(path, F_OK) != 0, "a refused command made a database")
        withExtendedLifetime(lock) {}
    }

    @Test func aLostLockIsTakenAgainWhereItsFileWas() throws {
        let lock = try DatabaseLock.take(for: path)
        lock.record(files)
        #expect(lock.isInPlace)
        unlink(DatabaseLock.path(for: path))
        #expect(!lock.isInPlace)
        lock.record(files)
        #expect(lock.isInPlace)
        #expect(throws: StoreError.self) { _ = try DatabaseLock.take(for: path) }
        withExtendedLifetime(lock) {}
    }

    @Test func damageIsReportedToTheHolder() throws {
        #expect(!DatabaseLock.reportDamage(of: path), "nobody holds the lock")
        let lock = try DatabaseLock.take(for: path)
        lock.record(files)
        #expect(!lock.hasReportOfDamage)
        #expect(DatabaseLock.reportDamage(of: path))
        #expect(lock.hasReportOfDamage)
    }
}
