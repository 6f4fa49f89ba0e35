import Alerting

/// Reads the tokens of the admin API.
public enum TokenQueries {
    /// A part of the list of good tokens, in the order they were made.
    public static func list(page: PageRequest, _ connection: Connection) throws(SQLiteError) -> Page<APIToken> {
        try connection.page(page, rows: rows, count: count) { SettingsRows.token($0) }
    }

    /// The token with that number, unless it is revoked.
    public static func token(_ id: TokenID, _ connection: Connection) throws(SQLiteError) -> APIToken? {
        try connection.first(
            "SELECT \(SettingsRows.tokenColumns) FROM api_tokens WHERE id = ? AND revoked_at IS NULL", { $0.add(id) },
            { SettingsRows.token($0) })
    }

    static let rows = BoundSQL(
        "SELECT \(SettingsRows.tokenColumns) FROM api_tokens WHERE revoked_at IS NULL ORDER BY id")
    static let count = BoundSQL("SELECT count(*) FROM api_tokens WHERE revoked_at IS NULL")
}
