import Alerting

/// Which alerts of an incident a list holds, and in which order (rest-api.md section 5.4).
public struct AlertFilter: Sendable, Hashable {
    /// What to order by.
    public enum Key: String, Sendable, CaseIterable {
        /// When it was opened.
        case createdAt = "created_at"
        /// When it was resolved; open alerts come after all others, or before them when descending.
        case resolvedAt = "resolved_at"
    }

    /// A key and its direction.
    public struct Term: Sendable, Hashable {
        /// What to order by.
        public var key: Key
        /// Whether the greatest comes first.
        public var isDescending: Bool

        /// A key and its direction.
        public init(_ key: Key, isDescending: Bool = false) {
            self.key = key
            self.isDescending = isDescending
        }
    }

    /// The incident.
    public var incidentID: IncidentID
    /// The dedup key; nil is any.
    public var key: DedupKey?
    /// The statuses; nil is any.
    public var statuses: Set<AlertStatus>?
    /// The order; empty is the oldest first. Ties are broken by number, in the direction of the last key.
    public var order: [Term]

    /// The alerts of an incident, all unless told otherwise.
    public init(
        incidentID: IncidentID, key: DedupKey? = nil, statuses: Set<AlertStatus>? = nil, order: [Term] = []
    ) {
        self.incidentID = incidentID
        self.key = key
        self.statuses = statuses
        self.order = order
    }
}

/// Reads alerts.
public enum AlertQueries {
    /// A part of an incident's alerts.
    public static func list(
        _ filter: AlertFilter, page: PageRequest, _ connection: Connection
    ) throws(SQLiteError) -> Page<Alert> {
        guard filter.statuses?.isEmpty != true else { return .empty(for: page) }
        return try connection.page(page, rows: rows(filter), count: count(filter)) { AlertRows.read($0) }
    }

    /// The alerts with these numbers, as far as there are such.
    public static func alerts(
        _ ids: some Collection<AlertID>, _ connection: Connection
    ) throws(SQLiteError) -> [AlertID: Alert] {
        guard !ids.isEmpty else { return [:] }
        let rows = try connection.keptRows(byNumbers(ids)) { AlertRows.read($0) }
        return Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
    }

    /// How many open alerts silences hold back, and how many other alerts do.
    public static func countSuppressed(
        _ connection: Connection
    ) throws(SQLiteError) -> (silenced: Int64, inhibited: Int64) {
        (
            try connection.integer(suppressedCount("silence_id", index: "alerts_silenced")) ?? 0,
            try connection.integer(suppressedCount("inhibiting_alert_id", index: "alerts_inhibited")) ?? 0
        )
    }

    static func suppressedCount(_ column: String, index: String) -> String {
        "SELECT count(*) FROM alerts INDEXED BY \(index) WHERE \(column) IS NOT NULL AND status = 'triggered'"
    }

    static func byNumbers(_ ids: some Collection<AlertID>) -> BoundSQL {
        BoundSQL("SELECT \(AlertRows.columns) FROM alerts").filtered(by: [.membership(of: "id", in: ids)])
    }

    static func rows(_ filter: AlertFilter) -> BoundSQL {
        var sql = BoundSQL("SELECT \(AlertRows.columns) FROM \(table(filter))").filtered(by: conditions(filter))
        sql.text += " ORDER BY \(order(filter))"
        return sql
    }

    static func count(_ filter: AlertFilter) -> BoundSQL {
        BoundSQL("SELECT count(*) FROM \(table(filter))").filtered(by: conditions(filter))
    }

    private static func table(_ filter: AlertFilter) -> String {
        "alerts INDEXED BY \(filter.key == nil ? "alerts_incident" : "alerts_key")"
    }

    private static func conditions(_ filter: AlertFilter) -> [BoundSQL] {
        var conditions = [BoundSQL("incident_id = ?", .integer(filter.incidentID))]
        if let key = filter.key { conditions.append(BoundSQL("dedup_key = ?", .text(key.text))) }
        if let statuses = filter.statuses, statuses.count < AlertStatus.allCases.count {
            conditions.append(BoundSQL(statuses.first.map { "status = '\($0.rawValue)'" } ?? "0"))
        }
        return conditions
    }

    private static func order(_ filter: AlertFilter) -> String {
        let terms = filter.order.isEmpty ? [AlertFilter.Term(.createdAt)] : filter.order
        var texts = terms.map { term in
            switch (term.key, term.isDescending) {
            case (.createdAt, false): "created_at"
            case (.createdAt, true): "created_at DESC"
            case (.resolvedAt, false): "resolved_at NULLS LAST"
            case (.resolvedAt, true): "resolved_at DESC NULLS FIRST"
            }
        }
        texts.append(terms.last?.isDescending == true ? "id DESC" : "id")
        return texts.joined(separator: ", ")
    }
}
