import Store

/// Removes what is too old from a database that no daemon is using.
public enum Pruning {
    /// Removes it, in the same small transactions as the daemon, and gives what was removed. A dry run does it all in one
    /// transaction and takes it back. Blocks. Throws `StoreError`, `.locked` among them, and `SQLiteError`.
    public static func run(
        _ database: Database, policy: RetentionPolicy, clock: any TimeSource = SystemClock(), isDryRun: Bool = false
    ) throws -> RetentionCounts {
        guard database.exists else { throw StoreError.missing(path: database.path) }
        let lock = try DatabaseLock.take(for: database.path)
        let connection = try database.openWriter(creating: false, holding: lock)
        defer { connection.close() }
        return try withExtendedLifetime(lock) {
            let nanoseconds = RetentionLimits().nanoseconds
            guard isDryRun else {
                var pass = RetentionPass(connection: connection, policy: policy, now: clock.now()) { step in
                    try connection.transaction(.immediate) {
                        try step.carryOut(on: connection, nanoseconds: nanoseconds)
                    }
                }
                try pass.run()
                return pass.counts
            }
            return try connection.dryRun {
                var pass = RetentionPass(connection: connection, policy: policy, now: clock.now()) { step in
                    try step.carryOut(on: connection, nanoseconds: nanoseconds)
                }
                try pass.run()
                return pass.counts
            }
        }
    }
}
