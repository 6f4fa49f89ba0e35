import GatewayTesting
import Glibc
import Testing

@testable import Store

/// A start after a daemon that was killed: its log is there, and has to be that of the file.
@Suite struct UncleanStopTests {
    private let temporary: TemporaryDatabase
    private var path: String { temporary.database.path }

    init() throws {
        temporary = try TemporaryDatabase()
    }

    /// A killed daemon's files with 400 rows, of which the last are in the log alone; and a backup with the first 100.
    private func killed() throws {
        let original = Database(path: temporary.path("original.db"))
        let connection = try original.openWriter(creating: true)
        try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x BLOB)")
        func fill(_ rows: Int) throws {
            for _ in 0..<rows { try connection.run("INSERT INTO t (x) VALUES (randomblob(4000))") }
        }
        try fill(100)
        try original.backUp(to: temporary.path("backup.db"))
        try fill(250)
        try connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
        try fill(50)
        for suffix in ["", "-wal"] { try write(try contents(original.path + suffix), to: path + suffix) }
        connection.close()
    }

    @Test func aKilledDaemonsFilesAreOpened() throws {
        try killed()
        let connection = try temporary.database.openWriter(creating: true)
        #expect(try connection.integer("SELECT count(*) FROM t") == 400)
    }

    @Test(arguments: [true, false])
    func aCopyOverTheFileWithTheFormerLogIsRefused(creating: Bool) throws {
        try killed()
        let backup = try contents(temporary.path("backup.db"))
        try write(backup, to: path)
        let log = try contents(path + "-wal")
        let error = #expect(throws: StoreError.self) { _ = try temporary.database.openWriter(creating: creating) }
        guard case .strayLog = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("alertgate restore") == true)
        #expect(try contents(path) == backup && contents(path + "-wal") == log, "the files were changed")
    }

    /// However well the two fit together.
    @Test func anotherFileBesideTheLogOfTheLastDaemonIsRefused() throws {
        let connection = try temporary.database.openWriter(creating: true)
        let files = try #require(try DatabaseFiles(of: temporary.database, connection))
        var lock: DatabaseLock? = try DatabaseLock.take(for: path)
        lock?.record(files)
        lock = nil
        connection.keepLogAtClose()
        connection.close()
        try #require(FileLook(at: path + "-wal").size > 0)
        // The same, byte by byte, under the same name.
        try write(try contents(path), to: temporary.path("same.db"))
        #expect(rename(temporary.path("same.db"), path) == 0)
        for _ in 0..<2 {
            let error = #expect(throws: StoreError.self) {
                let lock = try DatabaseLock.take(for: path)
                _ = try temporary.database.openWriter(creating: true, holding: lock)
            }
            guard case .strayLog = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test(arguments: [true, false])
    func aLogWithoutItsDatabaseIsNotThrownAway(isEmpty: Bool) throws {
        try killed()
        if isEmpty { truncate(path, 0) } else { unlink(path) }
        let log = try contents(path + "-wal")
        let error = #expect(throws: StoreError.self) { _ = try temporary.database.openWriter(creating: true) }
        guard case .orphanedLog = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try contents(path + "-wal") == log)
        #expect(isEmpty || access(path, F_OK) != 0)
    }
}
