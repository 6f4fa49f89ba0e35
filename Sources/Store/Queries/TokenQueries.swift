import Alerting

/// Reads the tokens of the admin API.
public enum TokenQueries {
    /// A part of the list of good tokens, in the order they were made.
    public static func list(page: PageRequest, _ connection: Connection) throws(SQLiteError) -> Page<APIToken> {
        try connection.page(page, rows: rows, count: count) { row in
            APIToken(
                id: row.integer(0), name: row.text(1), hash: row.bytes(2), isReadOnly: row.integer(3) != 0,
                createdAt: row.time(4))
        }
    }

    static let rows = BoundSQL(
        "SELECT id, name, hash, read_only, created_at FROM api_tokens WHERE revoked_at IS NULL ORDER BY id")
    static let count = BoundSQL("SELECT count(*) FROM api_tokens WHERE revoked_at IS NULL")
}
