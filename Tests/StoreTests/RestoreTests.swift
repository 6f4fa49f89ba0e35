import GatewayTesting
import Glibc
import Testing

@testable import Store

/// `Database.restore`, and copies that leave nothing beside them.
@Suite struct RestoreTests {
    private let temporary: TemporaryDatabase
    private var database: Database { temporary.database }
    private var backup: Database { Database(path: temporary.path("backup.db")) }

    init() throws {
        temporary = try TemporaryDatabase()
        let connection = try database.openWriter(creating: true)
        try connection.append([EventMaker.event(.trigger, "first", integration: 1)])
        #expect(try database.backUp(to: backup.path).lastEvent == 1)
        try connection.append([EventMaker.event(.trigger, "second", integration: 1)])
        connection.close()
    }

    private func events(_ database: Database) throws -> Int64? {
        let reader = try database.openBriefReader()
        defer { reader.close() }
        return try reader.integer("SELECT count(*) FROM events")
    }

    private func restore() throws -> Database.Restored {
        try database.restore(from: backup, holding: try DatabaseLock.take(for: database.path))
    }

    @Test func theFormerFilesAreMovedAsideAndOwnerAndModeStay() throws {
        #expect(chown(database.path, 12345, 54321) == 0 && chmod(database.path, 0o604) == 0)
        try write([1, 2, 3], to: database.path + "-wal")
        let former = try contents(database.path)
        let restored = try restore()
        #expect(restored.contents.lastEvent == 1)
        var status = stat()
        #expect(stat(database.path, &status) == 0)
        #expect(status.st_uid == 12345 && status.st_gid == 54321 && status.st_mode & 0o777 == 0o604)
        let aside = try #require(restored.movedAside.first)
        #expect(try contents(aside) == former)
        #expect(try contents(aside + "-wal") == [1, 2, 3])
        #expect(access(database.path + "-wal", F_OK) != 0)
        #expect(try events(database) == 1)
        // Once more: no name is given twice.
        let again = try restore()
        #expect(Set(again.movedAside).isDisjoint(with: restored.movedAside))
    }

    @Test func aMissingDatabaseIsRestored() throws {
        database.remove()
        #expect(try restore().movedAside.isEmpty)
        #expect(try events(database) == 1)
    }

    @Test func aBadCopyChangesNothing() throws {
        let before = try contents(database.path)
        var damaged = try contents(backup.path)
        for index in 4096..<damaged.count { damaged[index] = 0xA5 }
        for bytes in [damaged, Array("no database".utf8), Array(repeating: 0, count: 9000), []] {
            try write(bytes, to: backup.path)
            #expect(throws: StoreError.self) { _ = try restore() }
            #expect(try contents(database.path) == before)
            for suffix in [".restoring", ".restoring.partial", ".restoring-journal"] {
                #expect(access(database.path + suffix, F_OK) != 0, "\(suffix)")
            }
        }
        unlink(backup.path)
        #expect(throws: StoreError.self) { _ = try restore() }
        #expect(throws: StoreError.self) {
            _ = try database.restore(from: database, holding: try DatabaseLock.take(for: database.path))
        }
        #expect(try contents(database.path) == before)
    }

    @Test func aCopyIsReadWithoutAFileBesideIt() throws {
        // One of our own, and one of a file in WAL mode, as `cp` makes it.
        let other = Database(path: temporary.path("other.db"))
        try write(try contents(database.path), to: other.path)
        #expect(try events(other) == 2)
        #expect(try events(backup) == 1)
        try other.openScratch().close()
        for database in [other, backup] {
            for suffix in ["-wal", "-shm", "-journal", ".lock"] {
                #expect(access(database.path + suffix, F_OK) != 0, "\(database.path)\(suffix)")
            }
        }
    }
}
