/// SQLite's own check of the database that is attached as `live`.
public enum IntegrityCheck {
    /// What is wrong with a table and its indexes, or with the whole file if `table` is nil; at most ten lines for the file.
    public static func damage(of table: String?, _ connection: Connection) throws(SQLiteError) -> [String] {
        do throws(SQLiteError) {
            return try connection.prepare("PRAGMA live.integrity_check(\(table ?? "10"))").all { $0.text(0) }
                .filter { $0 != "ok" }
        } catch {
            guard error.isCorrupt else { throw error }
            return [error.message]
        }
    }

    /// The tables that are damaged, or whose indexes are, by name.
    public static func damagedTables(_ connection: Connection) throws(SQLiteError) -> [String] {
        let tables: [String]
        do throws(SQLiteError) {
            tables = try connection.all("SELECT name FROM live.sqlite_schema WHERE type = 'table' ORDER BY name") {
                $0.text(0)
            }
        } catch {
            guard error.isCorrupt else { throw error }
            return ["sqlite_schema"]
        }
        var damaged: [String] = []
        for table in tables where try !damage(of: table, connection).isEmpty { damaged.append(table) }
        return damaged
    }
}
