import CSQLite

/// A call to SQLite that failed. Bound values never stand in it: they may be secret.
///
/// https://www.sqlite.org/rescode.html
public struct SQLiteError: Error, Sendable, CustomStringConvertible {
    /// The extended result code.
    public let code: Int32
    /// SQLite's own text.
    public let message: String
    /// What was being done: a statement with placeholders, or the name of an operation.
    public let operation: String

    /// The result code without its extension.
    public var primaryCode: Int32 { code & 0xff }

    /// Another connection holds a lock.
    public var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }

    /// A rule of the schema was broken: the program or the data is wrong, and trying again does not help.
    public var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }

    /// The file is damaged, or no database.
    public var isCorrupt: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }

    /// The file or its folder cannot be written.
    public var isReadOnly: Bool { primaryCode == SQLITE_READONLY }

    /// Code, text and operation.
    public var description: String { "SQLite \(code): \(message) (\(operation))" }
}
