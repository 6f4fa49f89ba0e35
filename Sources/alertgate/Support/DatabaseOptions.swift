import ArgumentParser
import Gateway
import Store

/// Which database a command works on.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("db"), help: "The database file. Default: ALERTGATE_DB, else \(Settings.defaultDatabase).",
        completion: .file())
    var path: String?

    /// The database, whether it is there or not.
    var database: Database {
        Database(path: path ?? Environment["ALERTGATE_DB"] ?? Settings.defaultDatabase)
    }

    /// The database, made if it is missing and brought up to date: what `migrate` is for. All others refuse a missing one, so
    /// that a file that was removed or a mistyped path never gives an empty database.
    func ensured() throws -> Database {
        let database = database
        let isNew = !database.exists
        try database.openWriter(creating: true).close()
        if isNew { StandardError.write("alertgate: made a new database at \(database.path)") }
        return database
    }

    /// Reads from the database in one snapshot; refuses a missing one.
    func read<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try reportingDamage { database in
            let connection = try database.openBriefReader()
            defer { connection.close() }
            return try connection.transaction(.deferred) { try body(connection) }
        }
    }

    /// Does something with the database. Where it meets damage, it tells a running daemon, which then takes no more
    /// events, and throws `StoreError.corrupt`.
    func reportingDamage<Value>(_ body: (Database) throws -> Value) throws -> Value {
        let database = database
        do {
            return try body(database)
        } catch let error as SQLiteError where error.isCorrupt {
            DatabaseLock.reportDamage(of: database.path)
            throw StoreError.corrupt(path: database.path, reason: error.message)
        } catch let error as StoreError {
            if case .corrupt(database.path, _) = error { DatabaseLock.reportDamage(of: database.path) }
            throw error
        }
    }
}
