import Alerting
import CSQLite

/// A prepared statement. Confined like its connection.
public final class Statement {
    private let pointer: OpaquePointer
    private let sql: String
    private unowned let connection: Connection

    init(pointer: OpaquePointer, sql: String, connection: Connection) {
        self.pointer = pointer
        self.sql = sql
        self.connection = connection
    }

    deinit {
        sqlite3_finalize(pointer)
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
        var binder = Binder(pointer: pointer)
        bind(&binder)
        guard binder.code == SQLITE_OK else { throw connection.error(binder.code, sql) }
    }

    private func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw connection.error(code, sql)
        }
    }

    private func reset() {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
    }
}

/// Binds values to a statement's placeholders, one after the other.
public struct Binder {
    private let pointer: OpaquePointer
    private var index: Int32 = 0
    fileprivate(set) var code = SQLITE_OK

    fileprivate init(pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// Binds an integer, or NULL.
    public mutating func add(_ value: Int64?) {
        index += 1
        guard let value else { return note(sqlite3_bind_null(pointer, index)) }
        note(sqlite3_bind_int64(pointer, index, value))
    }

    /// Binds a time in milliseconds, or NULL.
    public mutating func add(_ value: Timestamp?) {
        add(value?.milliseconds)
    }

    /// Binds 0 or 1.
    public mutating func add(_ value: Bool) {
        add(value ? 1 : 0 as Int64)
    }

    /// Binds text, which may hold NUL characters, or NULL.
    public mutating func add(_ value: String?) {
        index += 1
        guard var value else { return note(sqlite3_bind_null(pointer, index)) }
        let code = value.withUTF8 { bytes in
            sqlite3_bind_text64(
                pointer, index,
                UnsafeRawPointer(bytes.baseAddress ?? Binder.nothing).assumingMemoryBound(to: CChar.self),
                UInt64(bytes.count), Binder.copied, UInt8(SQLITE_UTF8))
        }
        note(code)
    }

    /// Binds that many NULLs.
    public mutating func addNulls(_ count: Int32) {
        for _ in 0..<count {
            index += 1
            note(sqlite3_bind_null(pointer, index))
        }
    }

    /// Binds bytes.
    public mutating func add(_ value: [UInt8]) {
        index += 1
        let code = value.withUnsafeBytes { bytes in
            sqlite3_bind_blob64(
                pointer, index, bytes.baseAddress ?? UnsafeRawPointer(Binder.nothing), UInt64(bytes.count),
                Binder.copied)
        }
        note(code)
    }

    private mutating func note(_ code: Int32) {
        if self.code == SQLITE_OK { self.code = code }
    }

    /// SQLITE_TRANSIENT: SQLite takes a copy before the call returns (https://www.sqlite.org/c3ref/c_static.html).
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    /// Somewhere to point to for an empty value: a null pointer would bind NULL.
    private static var nothing: UnsafePointer<UInt8> { emptyAddress }
}

nonisolated(unsafe) private let emptyAddress = UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))

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
