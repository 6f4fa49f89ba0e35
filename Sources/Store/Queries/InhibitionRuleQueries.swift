import Alerting

/// Reads inhibition rules and what they hold back.
public enum InhibitionRuleQueries {
    /// A part of the list of the rules that are good, the newest first.
    public static func list(page: PageRequest, _ connection: Connection) throws(SQLiteError) -> Page<InhibitionRule> {
        try connection.page(page, rows: rows, count: count) { InhibitionRuleRows.read($0) }.compacted()
    }

    /// The rules with these numbers, deleted ones included, as far as there are such.
    public static func rules(
        _ ids: some Collection<InhibitionRuleID>, _ connection: Connection
    ) throws(SQLiteError) -> [InhibitionRuleID: InhibitionRule] {
        guard !ids.isEmpty else { return [:] }
        let found = try connection.keptRows(byNumbers(ids)) { InhibitionRuleRows.read($0) }.compactMap { $0 }
        return Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
    }

    /// How many open alerts each of these rules holds back now.
    public static func counts(
        _ ids: some Collection<InhibitionRuleID>, _ connection: Connection
    ) throws(SQLiteError) -> [InhibitionRuleID: Int64] {
        guard !ids.isEmpty else { return [:] }
        let counts = try connection.keptRows(heldBackNow(ids)) { ($0.integer(0), $0.integer(1)) }
        return Dictionary(counts) { first, _ in first }
    }

    /// A part of the open alerts that a rule holds back now, the oldest first.
    public static func alerts(
        heldBackBy rule: InhibitionRuleID, page: PageRequest, _ connection: Connection
    ) throws(SQLiteError) -> Page<Alert> {
        let condition = "inhibiting_alert_id IS NOT NULL AND status = 'triggered' AND inhibition_rule_id = ?"
        return try connection.page(
            page,
            rows: BoundSQL(
                "SELECT \(AlertRows.columns) FROM alerts INDEXED BY alerts_inhibited_by_rule WHERE \(condition) ORDER BY id",
                .integer(rule)),
            count: BoundSQL(
                "SELECT count(*) FROM alerts INDEXED BY alerts_inhibited_by_rule WHERE \(condition)", .integer(rule))
        ) { AlertRows.read($0) }
    }

    static let rows = BoundSQL(
        "SELECT \(InhibitionRuleRows.columns) FROM inhibition_rules WHERE deleted_at IS NULL ORDER BY id DESC")

    static let count = BoundSQL("SELECT count(*) FROM inhibition_rules WHERE deleted_at IS NULL")

    static func byNumbers(_ ids: some Collection<InhibitionRuleID>) -> BoundSQL {
        BoundSQL("SELECT \(InhibitionRuleRows.columns) FROM inhibition_rules")
            .filtered(by: [.membership(of: "id", in: ids)])
    }

    static func heldBackNow(_ ids: some Collection<InhibitionRuleID>) -> BoundSQL {
        var sql = BoundSQL("SELECT inhibition_rule_id, count(*) FROM alerts INDEXED BY alerts_inhibited_by_rule")
            .filtered(by: [
                BoundSQL("inhibiting_alert_id IS NOT NULL AND status = 'triggered'"),
                .membership(of: "inhibition_rule_id", in: ids),
            ])
        sql.text += " GROUP BY inhibition_rule_id"
        return sql
    }
}
