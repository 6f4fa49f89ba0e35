import Store

/// Puts a backup in the place of a database that no daemon is using, and verifies it there.
public enum Restoration {
    /// What was done.
    public struct Report: Sendable {
        /// What the backup holds, and which files were moved aside.
        public var restored: Database.Restored
        /// What verifying the database in its place found.
        public var verification: Verification.Report
    }

    /// Restores. Blocks. Throws `StoreError`, `.locked` among them, with the former files in their place; and what
    /// verifying throws, with the backup in its place.
    public static func run(_ backup: Database, into database: Database) throws -> Report {
        let lock = try DatabaseLock.take(for: database.path, patience: 500)
        return try withExtendedLifetime(lock) {
            let restored = try database.restore(from: backup, holding: lock)
            // The files that the last daemon had open are not these.
            lock.forgetFiles()
            // Brings an older schema up to date, and back to WAL mode.
            try database.openWriter(creating: false, holding: lock).close()
            return Report(restored: restored, verification: try Verification.run(database))
        }
    }
}
