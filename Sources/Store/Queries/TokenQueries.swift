import Alerting

/// Reads who may use the admin API.
public enum TokenQueries {
    /// The users that the tokens make up. Tokens are few: all are read.
    public static func users(_ connection: Connection) throws(SQLiteError) -> UserBook {
        UserBook(try SettingsRows.tokens(connection))
    }
}
