import Alerting

/// The rows of `token_uses`: no part of the log, and nothing is decided by them.
public enum TokenUseRows {
    /// Records that a token was used.
    public static func write(_ token: TokenID, at moment: Timestamp, to connection: Connection) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO token_uses (token_id, used_at) VALUES (?, ?)
            ON CONFLICT (token_id) DO UPDATE SET used_at = excluded.used_at
            """
        ) { row in
            row.add(token)
            row.add(moment)
        }
    }

    /// When each token was last used, as far as it was.
    public static func all(_ connection: Connection) throws(SQLiteError) -> [TokenID: Timestamp] {
        let rows = try connection.all("SELECT token_id, used_at FROM token_uses") { ($0.integer(0), $0.time(1)) }
        return Dictionary(rows) { first, _ in first }
    }
}
