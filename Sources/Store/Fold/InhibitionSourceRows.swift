import Alerting

/// The rows of `inhibition_sources`: which open alerts hold others back, and by what.
enum InhibitionSourceRows {
    private static let columns = "equal_values, alert_id, rules"

    static func sources(
        under key: InhibitionKey, _ connection: Connection
    ) throws(SQLiteError) -> [InhibitionSource] {
        try connection.all(
            "SELECT \(columns) FROM inhibition_sources WHERE equal_values = ?",
            { $0.add(String(decoding: key.text, as: UTF8.self)) }, read)
    }

    static func sources(of alert: AlertID, _ connection: Connection) throws(SQLiteError) -> [InhibitionSource] {
        try connection.all(
            "SELECT \(columns) FROM inhibition_sources WHERE alert_id = ?", { $0.add(alert) }, read)
    }

    private static func read(_ row: Row) -> InhibitionSource {
        InhibitionSource(
            key: InhibitionKey(text: Array(row.text(0).utf8)), alertID: row.integer(1),
            rules: RuleText.read(row.text(2))
        )
    }

    /// Writes what the alerts hold others back by that changed.
    static func write(_ state: FoldState, to connection: Connection) throws(SQLiteError) {
        for rule in state.changes.endedInhibitionRules.keys { try remove(rule, from: connection) }
        let firstNew = state.changes.insertedAlerts.first ?? .max
        for alert in state.changes.inhibitionSources {
            // What the batch opened has no rows yet.
            if alert < firstNew {
                try connection.run("DELETE FROM inhibition_sources WHERE alert_id = ?") { $0.add(alert) }
            }
            for source in state.inhibitionSources(of: alert) {
                try connection.run("INSERT INTO inhibition_sources (\(columns)) VALUES (?, ?, ?)") { row in
                    row.add(String(decoding: source.key.text, as: UTF8.self))
                    row.add(alert)
                    row.add(RuleText.write(source.rules))
                }
            }
        }
    }

    /// Goes through all of them: a rule is deleted now and then, by hand.
    private static func remove(_ rule: InhibitionRuleID, from connection: Connection) throws(SQLiteError) {
        let path = "'$.\"\(rule)\"'"
        try connection.execute(
            """
            UPDATE inhibition_sources SET rules = json_remove(rules, \(path)) WHERE json_type(rules, \(path)) IS NOT NULL;
            DELETE FROM inhibition_sources WHERE rules = '{}';
            """)
    }

    /// Rules as they stand in `inhibition_sources.rules`, the oldest first, as SQLite writes an object.
    private enum RuleText {
        static func write(_ rules: [InhibitionRuleID: Bool]) -> String {
            let members = rules.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value ? 1 : 0)" }
            return "{\(members.joined(separator: ","))}"
        }

        /// What this program did not write reads as no rule; `alertgate verify` tells of it.
        static func read(_ text: String) -> [InhibitionRuleID: Bool] {
            var rules: [InhibitionRuleID: Bool] = [:]
            for member in text.dropFirst().dropLast().split(separator: ",") {
                let parts = member.split(separator: ":")
                guard parts.count == 2, let rule = InhibitionRuleID(parts[0].dropFirst().dropLast()) else { continue }
                rules[rule] = parts[1] == "1"
            }
            return rules
        }
    }
}
