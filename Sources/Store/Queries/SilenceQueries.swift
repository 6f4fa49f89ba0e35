import Alerting

/// Which silences a list holds.
public struct SilenceFilter: Sendable, Hashable {
    /// Where they stand at `now`; nil is anywhere.
    public var statuses: Set<SilenceStatus>?
    /// The services they are of; nil is any, and those of all services.
    public var serviceIDs: Set<ServiceID>?
    /// The moment at which they are looked at.
    public var now: Timestamp
    /// Whether only those are wanted that are of a whole service, but for those that ended before they began.
    public var isMaintenance = false
    /// A part of the comment, whatever the case of ASCII letters; nil is any.
    public var comment: String?

    /// Every silence, unless told otherwise.
    public init(statuses: Set<SilenceStatus>? = nil, serviceIDs: Set<ServiceID>? = nil, now: Timestamp) {
        self.statuses = statuses
        self.serviceIDs = serviceIDs
        self.now = now
    }
}

/// How many alerts a silence holds back.
public struct SilenceCounts: Sendable, Hashable {
    /// Alerts that it has held back so far, as far as they are kept.
    public var all: Int64 = 0
    /// Open alerts that it holds back now.
    public var suppressed: Int64 = 0

    /// None.
    public init() {}
}

/// Reads silences and what they hold back.
public enum SilenceQueries {
    /// A part of the list of silences, the newest first.
    public static func list(
        _ filter: SilenceFilter, page: PageRequest, _ connection: Connection
    ) throws(SQLiteError) -> Page<Silence> {
        guard filter.statuses?.isEmpty != true else { return .empty(for: page) }
        return try connection.page(page, rows: rows(filter), count: count(filter)) { SilenceRows.read($0) }.compacted()
    }

    /// The silences with these numbers, as far as there are such.
    public static func silences(
        _ ids: some Collection<SilenceID>, _ connection: Connection
    ) throws(SQLiteError) -> [SilenceID: Silence] {
        guard !ids.isEmpty else { return [:] }
        let found = try connection.keptRows(byNumbers(ids)) { SilenceRows.read($0) }.compactMap { $0 }
        return Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
    }

    /// How many alerts these silences hold back.
    public static func counts(
        _ ids: some Collection<SilenceID>, _ connection: Connection
    ) throws(SQLiteError) -> [SilenceID: SilenceCounts] {
        guard !ids.isEmpty else { return [:] }
        var counts: [SilenceID: SilenceCounts] = [:]
        for (id, count) in try connection.keptRows(everHeldBack(ids), { ($0.integer(0), $0.integer(1)) }) {
            counts[id, default: SilenceCounts()].all = count
        }
        for (id, count) in try connection.keptRows(heldBackNow(ids), { ($0.integer(0), $0.integer(1)) }) {
            counts[id, default: SilenceCounts()].suppressed = count
        }
        return counts
    }

    /// A part of the alerts that a silence has held back, the oldest first.
    public static func alerts(
        heldBackBy silence: SilenceID, page: PageRequest, _ connection: Connection
    ) throws(SQLiteError) -> Page<Alert> {
        try connection.page(
            page,
            rows: BoundSQL(
                """
                SELECT \(AlertRows.columns) FROM alert_holds CROSS JOIN alerts ON alerts.id = alert_holds.alert_id
                WHERE alert_holds.silence_id = ? AND alert_holds.silence_id <> 0 ORDER BY alert_holds.alert_id
                """, .integer(silence)),
            count: BoundSQL(
                "SELECT count(*) FROM alert_holds WHERE silence_id = ? AND silence_id <> 0", .integer(silence))
        ) { AlertRows.read($0) }
    }

    /// The open alerts that a silence holds back now, the oldest first.
    public static func alerts(
        heldBackNowBy silence: SilenceID, _ connection: Connection
    ) throws(SQLiteError) -> [Alert] {
        try connection.all(
            """
            SELECT \(AlertRows.columns) FROM alerts INDEXED BY alerts_silenced
            WHERE silence_id = ? AND silence_id IS NOT NULL AND status = 'triggered' ORDER BY id
            """, { $0.add(silence) }, { AlertRows.read($0) })
    }

    /// How many silences have not ended.
    public static func countCurrent(_ connection: Connection) throws(SQLiteError) -> Int64 {
        try connection.integer("SELECT count(*) FROM silences INDEXED BY silences_current WHERE ended_at IS NULL") ?? 0
    }

    // MARK: Texts

    static func rows(_ filter: SilenceFilter) -> BoundSQL {
        var sql = BoundSQL("SELECT \(SilenceRows.columns) FROM silences").filtered(by: conditions(filter))
        sql.text += " ORDER BY id DESC"
        return sql
    }

    static func count(_ filter: SilenceFilter) -> BoundSQL {
        BoundSQL("SELECT count(*) FROM silences").filtered(by: conditions(filter))
    }

    private static func conditions(_ filter: SilenceFilter) -> [BoundSQL] {
        var conditions: [BoundSQL] = []
        if let services = filter.serviceIDs { conditions.append(.membership(of: "service_id", in: services)) }
        if filter.isMaintenance {
            conditions.append(BoundSQL("service_id IS NOT NULL AND matchers = '[]'"))
            conditions.append(BoundSQL("(ended_at IS NULL OR ended_at > starts_at)"))
        }
        if let comment = filter.comment {
            conditions.append(BoundSQL("instr(lower(comment), lower(?)) > 0", .text(comment)))
        }
        guard let statuses = filter.statuses, statuses.count < SilenceStatus.allCases.count else { return conditions }
        let now = filter.now.milliseconds
        let parts = statuses.sorted { $0.rawValue < $1.rawValue }.map { status in
            switch status {
            case .expired:
                BoundSQL("(ended_at IS NOT NULL OR (recurrence IS NULL AND ends_at <= ?))", .integer(now))
            case .active:
                BoundSQL("(ended_at IS NULL AND starts_at <= ? AND ends_at > ?)", .integer(now), .integer(now))
            case .pending:
                BoundSQL(
                    "(ended_at IS NULL AND (starts_at > ? OR (ends_at <= ? AND recurrence IS NOT NULL)))",
                    .integer(now),
                    .integer(now))
            }
        }
        var any = BoundSQL.joined(parts, by: " OR ")
        any.text = "(\(any.text))"
        return conditions + [any]
    }

    static func byNumbers(_ ids: some Collection<SilenceID>) -> BoundSQL {
        BoundSQL("SELECT \(SilenceRows.columns) FROM silences").filtered(by: [.membership(of: "id", in: ids)])
    }

    static func everHeldBack(_ ids: some Collection<SilenceID>) -> BoundSQL {
        var sql = BoundSQL("SELECT silence_id, count(*) FROM alert_holds INDEXED BY alert_holds_silence")
            .filtered(by: [BoundSQL("silence_id <> 0"), .membership(of: "silence_id", in: ids)])
        sql.text += " GROUP BY silence_id"
        return sql
    }

    static func heldBackNow(_ ids: some Collection<SilenceID>) -> BoundSQL {
        var sql = BoundSQL("SELECT silence_id, count(*) FROM alerts INDEXED BY alerts_silenced")
            .filtered(by: [
                BoundSQL("silence_id IS NOT NULL AND status = 'triggered'"), .membership(of: "silence_id", in: ids),
            ])
        sql.text += " GROUP BY silence_id"
        return sql
    }
}
