/// What SQLite says about the file behind a connection, and the few things that are done to it as a whole.
extension Connection {
    /// The size of a page, in bytes.
    public func pageSize() throws(SQLiteError) -> Int64 {
        try integer("PRAGMA page_size") ?? 0
    }

    /// How many pages the database has, those in the write-ahead log included.
    public func pageCount() throws(SQLiteError) -> Int64 {
        try integer("PRAGMA page_count") ?? 0
    }

    /// The size of the database, in bytes.
    public func databaseBytes() throws(SQLiteError) -> Int64 {
        try pageCount() * pageSize()
    }

    /// How many pages of the file hold nothing.
    public func freePageCount() throws(SQLiteError) -> Int64 {
        try integer("PRAGMA freelist_count") ?? 0
    }

    /// The version of the schema: the number of the newest migration.
    public func schemaVersion() throws(SQLiteError) -> Int64 {
        try integer("PRAGMA user_version") ?? 0
    }

    /// Writes a page without changing anything, inside the caller's transaction.
    public func writeWithoutChange() throws(SQLiteError) {
        try execute("PRAGMA user_version = \(try schemaVersion())")
    }

    /// A number that changes when another connection has committed (https://www.sqlite.org/pragma.html#pragma_data_version).
    public func dataVersion() throws(SQLiteError) -> Int64 {
        try integer("PRAGMA data_version") ?? 0
    }

    /// The path of the file; empty for a temporary one.
    public func path() throws(SQLiteError) -> String {
        try first("PRAGMA database_list") { $0.text(2) } ?? ""
    }

    /// Brings the write-ahead log into the file, and has the next writer begin the log anew. Waits for readers as long as
    /// the busy timeout says.
    public func restartWriteAheadLog() throws(SQLiteError) {
        try run("PRAGMA wal_checkpoint(RESTART)")
    }

    /// Brings the write-ahead log into the file, and gives how many of its pages are not there yet; -1 if another connection
    /// is busy with the log, nil if there is none.
    public func checkpointWriteAheadLog() throws(SQLiteError) -> Int64? {
        try first("PRAGMA wal_checkpoint(FULL)") { $0.integer(0) == 0 ? $0.integer(1) - $0.integer(2) : -1 }
    }

    /// Gives at most so many free pages at the end of the file back to the file system.
    public func giveBack(pages: Int64) throws(SQLiteError) {
        try run("PRAGMA incremental_vacuum(\(pages))")
    }

    /// Runs the body in a transaction, and takes back what it did.
    public func dryRun<Value>(_ body: () throws -> Value) throws -> Value {
        try execute(TransactionKind.immediate.rawValue)
        defer { rollBack() }
        return try body()
    }
}
