import Alerting

/// Which log entries a list holds (rest-api.md section 5.5).
public struct LogEntryFilter: Sendable, Hashable {
    /// The incident; nil is any.
    public var incidentID: IncidentID?
    /// When they were written.
    public var created: TimeWindow
    /// Whether only the turning points are wanted: the first trigger, acknowledge, unacknowledge, resolve, snooze and
    /// annotate.
    public var isOverview: Bool

    /// Every entry, unless told otherwise.
    public init(incidentID: IncidentID? = nil, created: TimeWindow = .unbounded, isOverview: Bool = false) {
        self.incidentID = incidentID
        self.created = created
        self.isOverview = isOverview
    }
}

/// Reads log entries.
public enum LogEntryQueries {
    /// A part of a list, the newest first: of one incident in the order of the log, of all by time.
    public static func list(
        _ filter: LogEntryFilter, page: PageRequest, _ connection: Connection
    ) throws(SQLiteError) -> Page<LogEntry> {
        try connection.page(page, rows: rows(filter), count: count(filter)) { LogEntryRows.read($0) }.map { $0 }
    }

    /// The entries with these numbers, as far as there are such.
    public static func entries(
        _ ids: some Collection<LogEntryID>, _ connection: Connection
    ) throws(SQLiteError) -> [LogEntryID: LogEntry] {
        guard !ids.isEmpty else { return [:] }
        let rows = try connection.keptRows(byNumbers(ids)) { LogEntryRows.read($0) }
        return Dictionary(rows.compactMap { $0.map { ($0.id, $0) } }) { first, _ in first }
    }

    static func byNumbers(_ ids: some Collection<LogEntryID>) -> BoundSQL {
        BoundSQL("SELECT \(LogEntryRows.columns) FROM log_entries").filtered(by: [.membership(of: "id", in: ids)])
    }

    static func rows(_ filter: LogEntryFilter) -> BoundSQL {
        var sql = BoundSQL("SELECT \(LogEntryRows.columns) FROM \(table(filter))").filtered(by: conditions(filter))
        sql.text += filter.incidentID == nil ? " ORDER BY created_at DESC, id DESC" : " ORDER BY id DESC"
        return sql
    }

    static func count(_ filter: LogEntryFilter) -> BoundSQL {
        BoundSQL("SELECT count(*) FROM \(table(filter))").filtered(by: conditions(filter))
    }

    private static func table(_ filter: LogEntryFilter) -> String {
        "log_entries INDEXED BY \(filter.incidentID == nil ? "log_entries_created" : "log_entries_incident")"
    }

    private static func conditions(_ filter: LogEntryFilter) -> [BoundSQL] {
        var conditions: [BoundSQL] = []
        if let id = filter.incidentID { conditions.append(BoundSQL("incident_id = ?", .integer(id))) }
        conditions += filter.created.condition(on: "created_at")
        if filter.isOverview {
            let first = "id = incident_id * \(LogEntry.placesPerEvent)"
            conditions.append(
                BoundSQL(
                    "(kind IN ('acknowledge', 'unacknowledge', 'resolve', 'snooze', 'annotate') "
                        + "OR kind = 'trigger' AND \(first))"))
        }
        return conditions
    }
}
