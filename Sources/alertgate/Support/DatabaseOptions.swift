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

    /// The database, made and migrated if it is missing.
    func ensured() throws -> Database {
        let database = database
        let isNew = !database.exists
        try database.openWriter(creating: true).close()
        if isNew { StandardError.write("alertgate: made a new database at \(database.path)") }
        return database
    }

    /// Reads from the database in one snapshot, made and migrated if it is missing.
    func read<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        let database = database
        if !database.exists { _ = try ensured() }
        return try readExisting(body)
    }

    /// Reads from the database in one snapshot; refuses a missing one.
    func readExisting<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        let connection = try database.openReader()
        defer { connection.close() }
        return try connection.transaction(.deferred) { try body(connection) }
    }
}
