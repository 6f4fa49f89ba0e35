import GatewayTesting
import Glibc
import Store
import Testing

/// How a database is opened, and what is refused: with a hint, and the file as it was.
@Suite struct OpeningTests {
    private let temporary: TemporaryDatabase
    private var database: Database { temporary.database }

    init() throws {
        temporary = try TemporaryDatabase()
    }

    @Test func theWriterIsDurable() throws {
        let connection = try database.openWriter(creating: true)
        #expect(try connection.integer("PRAGMA synchronous") == 2)
        #expect(try connection.first("PRAGMA journal_mode") { $0.text(0) } == "wal")
        #expect(try connection.integer("PRAGMA foreign_keys") == 1)
        #expect(try connection.integer("PRAGMA auto_vacuum") == 2)
        #expect(try connection.integer("PRAGMA journal_size_limit") == Database.largestWriteAheadLog)
        connection.close()
        let again = try database.openWriter(creating: false)
        #expect(try again.integer("PRAGMA synchronous") == 2)
        #expect(try again.first("PRAGMA journal_mode") { $0.text(0) } == "wal")
    }

    @Test func theFileIsMarked() throws {
        let connection = try database.openWriter(creating: true)
        #expect(try connection.integer("PRAGMA application_id") != 0)
        let versions = try connection.all("SELECT version FROM schema_migrations ORDER BY version") { $0.integer(0) }
        #expect(try connection.integer("PRAGMA user_version") == versions.last)
        #expect(versions == Array(1...Int64(versions.count)))
        let checksums = try connection.all("SELECT checksum FROM schema_migrations") { $0.text(0) }
        #expect(checksums.allSatisfy { $0.utf8.count == 64 })
    }

    @Test func aReaderCannotWrite() throws {
        _ = try database.openWriter(creating: true)
        let reader = try database.openReader()
        #expect(throws: SQLiteError.self) { try reader.execute("DELETE FROM worker_cursor") }
    }

    @Test func openingTwiceChangesNothing() throws {
        try database.openWriter(creating: true).close()
        let before = try contents(database.path)
        try database.openWriter(creating: true).close()
        #expect(try contents(database.path) == before)
    }

    // MARK: Refusals

    /// Opens in each way and gives the error of the writer, after making sure that the file is as it was.
    private func refusal(_ path: String, files: [String] = []) throws -> StoreError? {
        let database = Database(path: path)
        let before = try ([path] + files).map { try contents($0) }
        let writing = #expect(throws: StoreError.self) { _ = try database.openWriter(creating: true) }
        #expect(throws: StoreError.self) { _ = try database.openWriter(creating: false) }
        #expect(throws: StoreError.self) { _ = try database.openReader() }
        #expect(try ([path] + files).map { try contents($0) } == before, "the file was changed")
        checkHint(writing, path)
        return writing
    }

    private func checkHint(_ error: StoreError?, _ path: String) {
        guard let text = error?.description else { return }
        #expect(text.hasPrefix(path) && !text.contains("\n"), "\(text)")
        #expect(text.utf8.count > path.utf8.count + 30, "says too little: \(text)")
    }

    @Test func aMissingFileIsNotMadeUnlessAsked() throws {
        let writing = #expect(throws: StoreError.self) { _ = try database.openWriter(creating: false) }
        let reading = #expect(throws: StoreError.self) { _ = try database.openReader() }
        for error in [writing, reading] {
            guard case .missing = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            checkHint(error, database.path)
        }
        #expect(!database.exists)
    }

    @Test(arguments: [
        Array("this is no database at all, but a text of some length that goes on past a hundred bytes ....".utf8)
            + Array(repeating: 10, count: 200),
        Array("short".utf8), Array("SQLite format 3\u{0}".utf8), [0], Array(repeating: 0, count: 4096),
        Array("SQLite format 3\u{0}".utf8) + Array(repeating: 0xFF, count: 4096),
    ])
    func whatIsNoDatabaseIsRefused(bytes: [UInt8]) throws {
        try write(bytes, to: database.path)
        guard case .notOurs = try refusal(database.path) else {
            Issue.record("another refusal")
            return
        }
    }

    @Test(arguments: ["PRAGMA user_version = 0", "PRAGMA application_id = 1196444487", "PRAGMA user_version = 1"])
    func anotherProgramsDatabaseIsRefused(pragma: String) throws {
        let foreign = try Connection(path: database.path, mode: .create)
        try foreign.execute("\(pragma); CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)")
        foreign.close()
        guard case .notOurs = try refusal(database.path) else {
            Issue.record("another refusal")
            return
        }
    }

    @Test func anotherProgramsUnfinishedLogIsLeftToIt() throws {
        let original = temporary.path("theirs.db")
        let foreign = try Connection(path: original, mode: .create)
        try foreign.execute("PRAGMA journal_mode = WAL; CREATE TABLE theirs (x)")
        try foreign.execute("INSERT INTO theirs VALUES (1)")
        // What a killed program leaves: the file and a log that was never checkpointed.
        try write(try contents(original), to: database.path)
        try write(try contents(original + "-wal"), to: database.path + "-wal")
        foreign.close()
        guard case .notOurs = try refusal(database.path, files: [database.path + "-wal"]) else {
            Issue.record("another refusal")
            return
        }
    }

    @Test func aNewerDatabaseIsRefused() throws {
        let connection = try database.openWriter(creating: true)
        try connection.execute("PRAGMA user_version = 9999; CREATE TABLE from_the_future (x INTEGER) STRICT")
        connection.close()
        guard case .newer(_, 9999, let known) = try refusal(database.path) else {
            Issue.record("another refusal")
            return
        }
        #expect(known >= 1)
    }

    @Test func aNewerDatabasesUnfinishedLogIsLeftToIt() throws {
        let connection = try database.openWriter(creating: true)
        try connection.execute("PRAGMA user_version = 9999; CREATE TABLE from_the_future (x INTEGER) STRICT")
        let copy = temporary.path("copy.db")
        try write(try contents(database.path), to: copy)
        try write(try contents(database.path + "-wal"), to: copy + "-wal")
        connection.close()
        guard case .newer = try refusal(copy, files: [copy + "-wal"]) else {
            Issue.record("another refusal")
            return
        }
    }

    @Test func aChangedMigrationIsRefused() throws {
        let connection = try database.openWriter(creating: true)
        try connection.execute("UPDATE schema_migrations SET checksum = replace(checksum, substr(checksum, 1, 1), 'x')")
        connection.close()
        let before = try contents(database.path)
        let error = #expect(throws: StoreError.self) { _ = try database.openWriter(creating: true) }
        guard case .changedMigration(_, 1) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        checkHint(error, database.path)
        #expect(try contents(database.path) == before)
    }

    @Test func aDamagedDatabaseIsRefused() throws {
        try database.openWriter(creating: true).close()
        var bytes = try contents(database.path)
        for index in 100..<bytes.count { bytes[index] = 0xA5 }
        try write(bytes, to: database.path)
        switch try refusal(database.path) {
        case .corrupt, .notOurs: break
        case let other: Issue.record("\(String(describing: other))")
        }
    }

    @Test func aFolderInPlaceOfTheFileIsRefused() throws {
        mkdir(database.path, 0o755)
        let error = #expect(throws: StoreError.self) { _ = try database.openWriter(creating: true) }
        guard case .inaccessible = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        checkHint(error, database.path)
    }

    @Test func aMissingFolderIsRefused() throws {
        let path = temporary.path("no/such/folder/alertgate.db")
        let error = #expect(throws: StoreError.self) { _ = try Database(path: path).openWriter(creating: true) }
        guard case .inaccessible = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(throws: StoreError.self) { _ = try DatabaseLock.take(for: path) }
    }

    /// Runs the body with a file system identity that permission bits bind, on this thread alone (`setfsuid(2)`, which
    /// Swift's view of the C library leaves out).
    private func unprivileged<Value>(_ body: () throws -> Value) throws -> Value {
        typealias SetIdentity = @convention(c) (uid_t) -> Int32
        let symbol = try #require(dlsym(nil, "setfsuid"))
        let setIdentity = unsafeBitCast(symbol, to: SetIdentity.self)
        let before = setIdentity(65534)
        defer { _ = setIdentity(uid_t(bitPattern: before)) }
        return try body()
    }

    @Test func aReadOnlyFileIsRefusedToTheWriter() throws {
        try database.openWriter(creating: true).close()
        chmod(temporary.folder, 0o777)
        chmod(database.path, 0o444)
        let before = try contents(database.path)
        let error = try unprivileged {
            #expect(throws: StoreError.self) { _ = try database.openWriter(creating: true) }
        }
        guard case .inaccessible = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        checkHint(error, database.path)
        #expect(try contents(database.path) == before)
    }

    @Test func aReadOnlyFolderIsRefusedToTheWriter() throws {
        try database.openWriter(creating: true).close()
        chmod(database.path, 0o666)
        chmod(temporary.folder, 0o555)
        defer { chmod(temporary.folder, 0o755) }
        let before = try contents(database.path)
        let error = try unprivileged {
            #expect(throws: StoreError.self) { _ = try database.openWriter(creating: true) }
        }
        guard case .inaccessible = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try contents(database.path) == before)
        _ = try unprivileged { #expect(throws: StoreError.self) { _ = try DatabaseLock.take(for: database.path) } }
    }

    @Test func anUnreadableFileIsRefused() throws {
        try database.openWriter(creating: true).close()
        chmod(temporary.folder, 0o777)
        chmod(database.path, 0)
        let error = try unprivileged { #expect(throws: StoreError.self) { _ = try database.openReader() } }
        guard case .inaccessible = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    // MARK: The lock

    @Test func aSecondHolderIsToldWhoHasTheLock() throws {
        let first = try DatabaseLock.take(for: database.path)
        let error = #expect(throws: StoreError.self) { _ = try DatabaseLock.take(for: database.path) }
        guard case .locked(_, let holder) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(holder.contains("\(getpid())"))
        checkHint(error, database.path)
        withExtendedLifetime(first) {}
    }

    @Test func theLockIsFreeOnceLetGo() throws {
        for _ in 0..<3 {
            let lock = try DatabaseLock.take(for: database.path)
            withExtendedLifetime(lock) {}
        }
    }

    /// Two names of one file are one database: SQLite follows links, so two daemons would fold the same log.
    @Test func theLockIsThatOfTheFileWhateverItIsCalled() throws {
        try database.openWriter(creating: true).close()
        let link = temporary.path("link.db")
        #expect(symlink(database.path, link) == 0)
        let folderLink = temporary.path("folder")
        #expect(symlink(temporary.folder, folderLink) == 0)
        let lock = try DatabaseLock.take(for: database.path)
        for name in [link, folderLink + "/alertgate.db", temporary.folder + "/./alertgate.db"] {
            #expect(throws: StoreError.self, "\(name)") { _ = try DatabaseLock.take(for: name) }
        }
        withExtendedLifetime(lock) {}
    }

    @Test func theLockIsTheSameBeforeTheFileIsThere() throws {
        let before = DatabaseLock.path(for: database.path)
        try database.openWriter(creating: true).close()
        #expect(DatabaseLock.path(for: database.path) == before)
    }
}
