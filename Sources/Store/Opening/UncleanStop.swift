extension Database {
    /// How long the check of the whole file may take at a start after an unclean stop, in seconds.
    private static let checkSeconds = 5

    /// How many of the newest rows of each table are read then.
    private static let newestRows = 64

    /// Whether the file was not closed, and nobody else has it open to fold: its log is about to be brought into it.
    func isUnclean(holding lock: DatabaseLock?) -> Bool {
        vfs == nil && FileLook(at: name(of: .log)).size > 0 && (lock != nil || DatabaseLock.held(path) == nil)
    }

    /// Looks whether a file and the write-ahead log that was left beside it belong together, on a connection that cannot
    /// write: SQLite brings any log into any file. A copy that was put in the place of the file is found by its identity
    /// where the last daemon noted that of the file; else by what the two give together: the newest rows of each table,
    /// which are on the pages that the log touches, and as much of the whole file as can be checked within a few seconds.
    func inspectAfterUncleanStop(_ connection: Connection, _ record: LockRecord?) throws {
        if let record {
            let known = record.files.isEmpty ? record.former : record.files
            if let database = known[.database], let log = known[.log],
                FileLook(at: name(of: .log)).identity == log, FileLook(at: path).identity != database
            {
                throw StoreError.strayLog(path: path, reason: "the last daemon used another file")
            }
        }
        do {
            try connection.transaction(.deferred) { try readNewestRows(connection) }
            let verdict = try connection.run(within: Database.checkSeconds) {
                try connection.first("PRAGMA quick_check(1)") { $0.text(0) }
            }
            if let verdict = verdict ?? nil, verdict != "ok" {
                throw StoreError.strayLog(path: path, reason: "together they are damaged: \(verdict.oneLine)")
            }
        } catch let error as SQLiteError where error.isCorrupt {
            throw StoreError.strayLog(path: path, reason: "together they are damaged: \(error.message)")
        }
    }

    private func readNewestRows(_ connection: Connection) throws {
        let tables = try connection.all(
            """
            SELECT t.name, t.wr, (SELECT count(*) FROM pragma_table_info(t.name)) FROM pragma_table_list t
            WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
            """
        ) { (name: $0.text(0), hasRowID: $0.integer(1) == 0, columns: Int32($0.integer(2))) }
        for table in tables {
            let order = table.hasRowID ? " ORDER BY rowid DESC" : ""
            let sql = "SELECT * FROM \"\(table.name)\"\(order) LIMIT \(Database.newestRows)"
            // Each value: what is long lies on pages of its own.
            _ = try connection.prepare(sql).all { row in (0..<table.columns).map { row.bytes($0).count } }
        }
    }
}

extension String {
    /// The text without its line breaks.
    var oneLine: String { split(whereSeparator: \.isNewline).joined(separator: "; ") }
}
