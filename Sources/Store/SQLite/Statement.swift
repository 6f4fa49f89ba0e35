import Alerting
import CSQLite

/// A prepared statement. Confined like its connection.
public final class Statement {
    private let pointer: OpaquePointer
    private let sql: String
    private unowned let connection: Connection
    private let parameterCount: Int32
    private var bindings = Bindings()

    init(pointer: OpaquePointer, sql: String, connection: Connection) {
        self.pointer = pointer
        self.sql = sql
        self.connection = connection
        parameterCount = sqlite3_bind_parameter_count(pointer)
    }

    deinit {
        sqlite3_finalize(pointer)
        bindings.deallocate()
    }

    /// Runs to the end, ignoring rows.
    public func run(_ bind: (inout Binder) -> Void = { _ in }) throws(SQLiteError) {
        defer { reset() }
        try bindAll(bind)
        while try step() {}
    }

    /// The first row's value, or nil where there is no row.
    public func first<Value>(
        _ bind: (inout Binder) -> Void = { _ in }, _ read: (Row) -> Value
    ) throws(SQLiteError) -> Value? {
        defer { reset() }
        try bindAll(bind)
        return try step() ? read(Row(pointer: pointer)) : nil
    }

    /// Every row's value.
    public func all<Value>(
        _ bind: (inout Binder) -> Void = { _ in }, _ read: (Row) -> Value
    ) throws(SQLiteError) -> [Value] {
        defer { reset() }
        try bindAll(bind)
        var values: [Value] = []
        while try step() { values.append(read(Row(pointer: pointer))) }
        return values
    }

    private func bindAll(_ bind: (inout Binder) -> Void) throws(SQLiteError) {
        var binder = Binder(pointer: pointer, bindings: bindings)
        bind(&binder)
        // What is not bound would have its value of the last run.
        binder.addNulls(max(0, parameterCount - binder.index))
        bindings = binder.bindings
        guard binder.code == SQLITE_OK else { throw connection.error(binder.code, sql) }
    }

    private func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw connection.error(code, sql)
        }
    }

    /// The values stay bound, to room that the next run writes over: SQLite looks at them in `sqlite3_step` alone.
    private func reset() {
        sqlite3_reset(pointer)
        bindings.makeRoom()
    }
}

/// The columns of the row at hand; good only inside the closure that got it.
public struct Row {
    private let pointer: OpaquePointer

    fileprivate init(pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// An integer; 0 for NULL.
    public func integer(_ column: Int32) -> Int64 {
        sqlite3_column_int64(pointer, column)
    }

    /// An integer, or nil for NULL.
    public func optionalInteger(_ column: Int32) -> Int64? {
        isNull(column) ? nil : integer(column)
    }

    /// A time.
    public func time(_ column: Int32) -> Timestamp {
        Timestamp(milliseconds: integer(column))
    }

    /// A time, or nil for NULL.
    public func optionalTime(_ column: Int32) -> Timestamp? {
        isNull(column) ? nil : time(column)
    }

    /// Text, with any NUL characters in it; empty for NULL.
    public func text(_ column: Int32) -> String {
        optionalText(column) ?? ""
    }

    /// Text, or nil for NULL, for which SQLite gives no bytes.
    public func optionalText(_ column: Int32) -> String? {
        guard let bytes = sqlite3_column_text(pointer, column) else { return nil }
        let count = Int(sqlite3_column_bytes(pointer, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// Bytes; empty for NULL.
    public func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(pointer, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column))))
    }

    /// Whether the column is NULL.
    public func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(pointer, column) == SQLITE_NULL
    }
}
