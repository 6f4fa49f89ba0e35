/// Statements by where their text lies in memory, for those whose text is a constant.
///
/// Texts of several hundred bytes are looked up for each row that is written. Hashing them costs more than binding the row;
/// their address tells constants apart as well. An address that is in use again for another text is no danger: each text
/// that is known here is kept, and so is its place in memory.
struct ConstantStatements {
    private struct Entry {
        let address: UnsafeRawPointer
        let sql: String
        let statement: Statement
    }

    /// How many there is room for; of two with the same place the newer one is known.
    private static let count = 256

    private var entries = [Entry?](repeating: nil, count: ConstantStatements.count)

    /// The statement of a text at its address.
    subscript(sql: String) -> Statement? {
        get {
            guard let address = ConstantStatements.address(of: sql),
                let entry = entries[ConstantStatements.place(of: address)], entry.address == address,
                entry.sql.utf8.count == sql.utf8.count
            else { return nil }
            return entry.statement
        }
        set {
            guard let address = ConstantStatements.address(of: sql) else { return }
            entries[ConstantStatements.place(of: address)] = newValue.map { statement in
                Entry(address: address, sql: sql, statement: statement)
            }
        }
    }

    /// Forgets all of them.
    mutating func removeAll() {
        entries = [Entry?](repeating: nil, count: ConstantStatements.count)
    }

    /// Where a text lies; nil for one so short that Swift keeps it in the value itself, which is at most 15 bytes.
    private static func address(of sql: String) -> UnsafeRawPointer? {
        guard sql.utf8.count > 15 else { return nil }
        return sql.utf8.withContiguousStorageIfAvailable { UnsafeRawPointer($0.baseAddress) } ?? nil
    }

    private static func place(of address: UnsafeRawPointer) -> Int {
        Int(UInt(bitPattern: address) >> 4 % UInt(count))
    }
}
