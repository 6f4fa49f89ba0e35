import Alerting

/// Writes what an event causes once, outside of the tables that a rebuild replaces.
///
/// Called in the transaction of the fold's tables, for events that are applied for the first time. A rebuild, a
/// verification and a simulation write no effects.
public enum Effects {
    /// Writes the effects of what a batch changed.
    public static func write(_ changes: Changes, to connection: Connection) throws(SQLiteError) {
        for (integration, note) in changes.heartbeats { try HeartbeatRows.write(integration, note, to: connection) }
    }
}
