import Migrations

extension Database {
    /// A private, temporary database with empty tables of our schema, to which this one is attached read-only as
    /// `live`. A table without a schema's name is the private one, but for `events`, which is the live one.
    ///
    /// It has a journal, in memory: without one a savepoint could not be undone
    /// (https://www.sqlite.org/pragma.html#pragma_journal_mode), and what the tables refuse has to be.
    public func openScratch() throws(StoreError) -> Connection {
        try openBriefReader().close()
        return try explaining {
            let connection = try Connection(path: "", mode: .temporary)
            connection.setBusyTimeout(milliseconds: 2000)
            try connection.execute(
                """
                PRAGMA page_size = \(Database.pageSize);
                PRAGMA journal_mode = MEMORY;
                PRAGMA synchronous = OFF;
                PRAGMA cache_size = -64000;
                """)
            for migration in Migrations.all { try connection.execute(migration.sql) }
            try connection.execute("DROP TABLE events")
            try connection.attach(self, as: "live", isReadOnly: true, isAtRest: isAtRest)
            return connection
        }
    }
}

extension Connection {
    /// Attaches a database under a name, to a temporary connection: others do not read URIs. One `isAtRest` has nobody who
    /// writes to it; no file is made beside it.
    public func attach(
        _ database: Database, as name: String, isReadOnly: Bool, isAtRest: Bool = false
    ) throws(SQLiteError) {
        let mode = isAtRest ? "immutable=1" : isReadOnly ? "mode=ro" : "mode=rw"
        let parameters = mode + (database.vfs.map { "&vfs=" + $0 } ?? "")
        try run("ATTACH ? AS \(name)") { $0.add(FileURI.text(database.path, parameters: parameters)) }
    }
}
