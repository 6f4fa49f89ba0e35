import CSQLite

/// The SQLite library that the program uses.
public enum SQLiteLibrary {
    /// Its version at run time, e.g. `3.40.1`. The system's updates change it without a new alertgate.
    public static var version: String { String(cString: sqlite3_libversion()) }
}
