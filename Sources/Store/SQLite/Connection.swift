import CSQLite

/// One connection to one database file, with its prepared statements kept.
///
/// `@unchecked Sendable`: SQLite's multi-thread mode (https://www.sqlite.org/threadsafe.html) allows a connection to
/// move between threads as long as no two use it at once; whoever owns it confines it to one serial queue, or to one
/// thread.
public final class Connection: @unchecked Sendable {
    /// How the file is opened.
    public enum Mode: Sendable {
        /// To write; the file is made if it is missing.
        case create
        /// To write; the file has to be there.
        case write
        /// To read only.
        case read
        /// To read a file that nobody writes to: takes no lock, and makes no file beside it
        /// (https://www.sqlite.org/uri.html#uriimmutable).
        case immutable
        /// A private file of SQLite's own that is gone when the connection is closed; the path is ignored.
        case temporary
    }

    /// How many statements are kept at most, each a few kilobytes.
    private static let keptStatements = 256

    /// Whether SQLite counts the memory it uses, as its result code: 0 is not. Counting takes one lock of the whole
    /// process for each allocation, so that the writer, the worker and the readers wait for each other. Where SQLite was
    /// in use before, as in a test that registers a VFS, it goes on counting, which is no harm.
    private static let memoryCounting = alertgate_count_no_memory()

    private var handle: OpaquePointer?
    private var statements: [String: Statement] = [:]
    private var constants = ConstantStatements()

    /// Called for each error that says that the file is damaged, whoever handles the error, on the thread that met it. To be
    /// set before the connection is used.
    public var onDamage: (@Sendable (SQLiteError) -> Void)?

    /// Opens a file, through the named VFS or SQLite's own. Nothing is read or written yet.
    public init(path: String, mode: Mode, vfs: String? = nil) throws(SQLiteError) {
        _ = Connection.memoryCounting
        let flags: Int32 =
            switch mode {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .write: SQLITE_OPEN_READWRITE
            case .read: SQLITE_OPEN_READONLY
            case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            case .temporary: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI
            }
        let name =
            switch mode {
            case .temporary: ""
            case .immutable: FileURI.text(path, parameters: "immutable=1")
            case .create, .write, .read: path
            }
        let code = sqlite3_open_v2(name, &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs)
        guard code == SQLITE_OK else {
            let failure = error(code, "open")
            close()
            throw failure
        }
    }

    deinit {
        close()
    }

    /// Makes `close` bring nothing into the database's file and remove nothing: for files that are not those at their paths.
    public func keepLogAtClose() {
        alertgate_close_without_checkpoint(handle)
    }

    /// How many pages were written since this was last asked (https://www.sqlite.org/c3ref/c_dbstatus_options.html).
    public func takeWrittenPages() -> Int64 {
        var current: Int32 = 0
        var highest: Int32 = 0
        let code = sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_WRITE, &current, &highest, 1)
        return code == SQLITE_OK ? Int64(current) : 0
    }

    /// Finalizes the statements and closes the file. The last connection to a file in WAL mode takes a checkpoint.
    public func close() {
        statements.removeAll()
        constants.removeAll()
        sqlite3_close_v2(handle)
        handle = nil
    }

    /// The kept statement for a text, prepared at its first use.
    public func statement(_ sql: String) throws(SQLiteError) -> Statement {
        if let known = constants[sql] { return known }
        if let kept = statements[sql] {
            constants[sql] = kept
            return kept
        }
        let made = try prepare(sql)
        // Queries differ with their filters: without a bound the statements would pile up.
        if statements.count >= Connection.keptStatements {
            statements.removeAll()
            constants.removeAll()
        }
        statements[sql] = made
        constants[sql] = made
        return made
    }

    /// Prepares a statement that is not kept.
    public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        var pointer: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil)
        guard code == SQLITE_OK, let pointer else { throw error(code, sql) }
        return Statement(pointer: pointer, sql: sql, connection: self)
    }

    /// Runs any number of statements without values.
    public func execute(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code, sql) }
    }

    /// Runs one statement with the values that the closure binds, in order.
    public func run(_ sql: String, _ bind: (inout Binder) -> Void = { _ in }) throws(SQLiteError) {
        try statement(sql).run(bind)
    }

    /// The first row's value, or nil where there is no row.
    public func first<Value>(
        _ sql: String, _ bind: (inout Binder) -> Void = { _ in }, _ read: (Row) -> Value
    ) throws(SQLiteError) -> Value? {
        try statement(sql).first(bind, read)
    }

    /// Every row's value.
    public func all<Value>(
        _ sql: String, _ bind: (inout Binder) -> Void = { _ in }, _ read: (Row) -> Value
    ) throws(SQLiteError) -> [Value] {
        try statement(sql).all(bind, read)
    }

    /// The integer in the first column of the first row, for pragmas and counts.
    public func integer(_ sql: String) throws(SQLiteError) -> Int64? {
        try first(sql) { $0.integer(0) }
    }

    /// Runs the body in a transaction of the given kind, and commits; rolls back when it throws.
    public func transaction<Value>(
        _ kind: TransactionKind, _ body: () throws -> Value
    ) throws -> Value {
        try execute(kind.rawValue)
        do {
            let value = try body()
            try execute("COMMIT")
            return value
        } catch {
            rollBack()
            throw error
        }
    }

    /// Runs the body in a transaction that reads one state of the database, and undoes what the body wrote. A reader that met
    /// damage and went on could not commit.
    public func snapshot<Value>(_ body: () throws -> Value) throws -> Value {
        try execute(TransactionKind.deferred.rawValue)
        defer { rollBack() }
        return try body()
    }

    /// Runs the body in a part of the current transaction that can be undone by itself, and undoes it when it throws
    /// (https://www.sqlite.org/lang_savepoint.html). After some errors SQLite has undone the whole transaction by then: see
    /// `isInTransaction`.
    public func savepoint(_ body: () throws -> Void) throws {
        try execute("SAVEPOINT part")
        do {
            try body()
            try execute("RELEASE part")
        } catch {
            if isInTransaction { try execute("ROLLBACK TO part; RELEASE part") }
            throw error
        }
    }

    /// Whether a transaction is open. A full disk, an error of reading or writing, and lack of memory may end it
    /// (https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction).
    public var isInTransaction: Bool { handle.map { sqlite3_get_autocommit($0) == 0 } ?? false }

    /// Ends a transaction that failed. SQLite has rolled back by itself after some errors, so that there may be none.
    public func rollBack() {
        // What interrupts a read that takes too long may meet its end.
        while isInTransaction, sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) == SQLITE_INTERRUPT {}
    }

    /// How a transaction begins (https://www.sqlite.org/lang_transaction.html).
    public enum TransactionKind: String, Sendable {
        /// Takes the write lock at once.
        case immediate = "BEGIN IMMEDIATE"
        /// Takes a snapshot at the first read.
        case deferred = "BEGIN"
    }

    /// Whether the file cannot be written, although it was opened to be: SQLite then opens it to read
    /// (https://www.sqlite.org/c3ref/db_readonly.html).
    public var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

    /// How many rows the last statement changed.
    public var changedRows: Int64 { sqlite3_changes64(handle) }

    /// How long to wait for another connection's lock before an error, in milliseconds.
    public func setBusyTimeout(milliseconds: Int32) {
        sqlite3_busy_timeout(handle, milliseconds)
    }

    /// Ends what the connection is doing at the next chance, from any thread
    /// (https://www.sqlite.org/c3ref/interrupt.html).
    public func interrupt() {
        sqlite3_interrupt(handle)
    }

    /// The handle, for the parts of SQLite's interface that take two connections.
    var pointer: OpaquePointer? { handle }

    func error(_ code: Int32, _ operation: String) -> SQLiteError {
        let message = handle.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
        let error = SQLiteError(
            code: code, message: message ?? String(cString: sqlite3_errstr(code)), operation: operation)
        if error.isCorrupt { onDamage?(error) }
        return error
    }
}
