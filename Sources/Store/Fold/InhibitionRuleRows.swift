import Alerting

/// The rows of `inhibition_rules`.
public enum InhibitionRuleRows {
    /// The columns that `read` expects, from column 0 on.
    static let columns = """
        id, service_id, source_matchers, target_matchers, equal, comment, created_at, created_by, deleted_at
        """

    /// The rule in a row; nil where this program cannot read it.
    static func read(_ row: Row) -> InhibitionRule? {
        guard let source = SettingText.set(row.text(2)), let target = SettingText.set(row.text(3)),
            let equal = SettingText.labels(row.text(4))
        else { return nil }
        var rule = InhibitionRule(
            id: row.integer(0), serviceID: row.optionalInteger(1), source: source, target: target, equal: equal,
            comment: row.text(5), createdAt: row.time(6), createdBy: Agent(text: row.text(7)) ?? .commandLine)
        rule.deletedAt = row.optionalTime(8)
        return rule
    }

    /// The rules that are good, in the order they were made.
    public static func good(_ connection: Connection) throws(SQLiteError) -> [InhibitionRule] {
        try connection.all("SELECT \(columns) FROM inhibition_rules WHERE deleted_at IS NULL ORDER BY id") { read($0) }
            .compactMap { $0 }
    }

    static func write(_ rule: InhibitionRule, to connection: Connection) throws(SQLiteError) {
        try connection.run(
            """
            INSERT INTO inhibition_rules (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET deleted_at = excluded.deleted_at
            """
        ) { row in
            row.add(rule.id)
            row.add(rule.serviceID)
            row.add(SettingText.text(rule.source.matchers))
            row.add(SettingText.text(rule.target.matchers))
            row.add(SettingText.text(rule.equal))
            row.add(rule.comment)
            row.add(rule.createdAt)
            row.add(rule.createdBy.text)
            row.add(rule.deletedAt)
        }
    }
}
