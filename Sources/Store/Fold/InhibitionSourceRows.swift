import Alerting

/// The rows of `inhibition_sources`: which open alerts hold others back, and by what.
enum InhibitionSourceRows {
    private static let columns = "rule_id, equal_values, alert_id, is_target"

    static func sources(
        under key: InhibitionKey, _ connection: Connection
    ) throws(SQLiteError) -> [InhibitionSource] {
        try connection.all(
            "SELECT \(columns) FROM inhibition_sources WHERE rule_id = ? AND equal_values = ?",
            {
                $0.add(key.ruleID)
                $0.add(String(decoding: key.values, as: UTF8.self))
            }, read)
    }

    static func sources(of alert: AlertID, _ connection: Connection) throws(SQLiteError) -> [InhibitionSource] {
        try connection.all(
            "SELECT \(columns) FROM inhibition_sources WHERE alert_id = ?", { $0.add(alert) }, read)
    }

    private static func read(_ row: Row) -> InhibitionSource {
        InhibitionSource(
            key: InhibitionKey(ruleID: row.integer(0), values: Array(row.text(1).utf8)), alertID: row.integer(2),
            isTarget: row.integer(3) == 1)
    }

    /// Writes what the alerts hold others back by that changed.
    static func write(_ state: FoldState, to connection: Connection) throws(SQLiteError) {
        for rule in state.changes.endedInhibitionRules.keys {
            try connection.run("DELETE FROM inhibition_sources WHERE rule_id = ?") { $0.add(rule) }
        }
        let firstNew = state.changes.insertedAlerts.first ?? .max
        for alert in state.changes.inhibitionSources {
            // What the batch opened has no rows yet.
            if alert < firstNew {
                try connection.run("DELETE FROM inhibition_sources WHERE alert_id = ?") { $0.add(alert) }
            }
            for source in state.inhibitionSources(of: alert) {
                try connection.run("INSERT INTO inhibition_sources (\(columns)) VALUES (?, ?, ?, ?)") { row in
                    row.add(source.key.ruleID)
                    row.add(String(decoding: source.key.values, as: UTF8.self))
                    row.add(alert)
                    row.add(source.isTarget ? 1 : 0)
                }
            }
        }
    }
}
