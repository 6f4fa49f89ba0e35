import Alerting

/// Which change events a list holds (rest-api.md section 5.9).
public struct ChangeEventFilter: Sendable, Hashable {
    /// The integrations they came by; nil is any, an empty set is none.
    public var integrationIDs: Set<IntegrationID>?
    /// The services that they were of; nil is any, an empty set is none.
    public var serviceIDs: Set<ServiceID>?
    /// When the change happened.
    public var occurred: TimeWindow

    /// Every change event, unless told otherwise.
    public init(
        integrationIDs: Set<IntegrationID>? = nil, serviceIDs: Set<ServiceID>? = nil, occurred: TimeWindow = .unbounded
    ) {
        self.integrationIDs = integrationIDs
        self.serviceIDs = serviceIDs
        self.occurred = occurred
    }
}

/// A change event as it is stored.
public struct StoredChangeEvent: Sendable, Hashable {
    /// The event itself.
    public var id: EventID
    /// The integration it came by.
    public var integrationID: IntegrationID
    /// That integration's service at the time.
    public var serviceID: ServiceID
    /// What changed.
    public var summary: String
    /// Where.
    public var source: String?
    /// When the change happened: as the sender says, else when it was received.
    public var occurredAt: Timestamp
    /// When it was received.
    public var createdAt: Timestamp
}

/// Reads change events.
public enum ChangeEventQueries {
    /// A part of the list of change events, the newest first.
    public static func list(
        _ filter: ChangeEventFilter, page: PageRequest, _ connection: Connection
    ) throws(SQLiteError) -> Page<StoredChangeEvent> {
        try connection.page(page, rows: rows(filter), count: count(filter), read)
    }

    /// The change event with that number; nil where there is none.
    public static func changeEvent(
        _ id: EventID, _ connection: Connection
    ) throws(SQLiteError) -> StoredChangeEvent? {
        try connection.keptRows(byNumber(id), read).first
    }

    private static let columns = "id, integration_id, service_id, summary, source, occurred_at, created_at"

    static func byNumber(_ id: EventID) -> BoundSQL {
        BoundSQL("SELECT \(columns) FROM change_events WHERE id = ?", .integer(id))
    }

    static func rows(_ filter: ChangeEventFilter) -> BoundSQL {
        var sql = BoundSQL("SELECT \(columns) FROM change_events INDEXED BY change_events_occurred")
            .filtered(by: conditions(filter))
        sql.text += " ORDER BY occurred_at DESC, id DESC"
        return sql
    }

    static func count(_ filter: ChangeEventFilter) -> BoundSQL {
        BoundSQL("SELECT count(*) FROM change_events INDEXED BY change_events_occurred")
            .filtered(by: conditions(filter))
    }

    private static func conditions(_ filter: ChangeEventFilter) -> [BoundSQL] {
        var conditions = filter.occurred.condition(on: "occurred_at")
        if let ids = filter.integrationIDs { conditions.append(.membership(of: "integration_id", in: ids.sorted())) }
        if let ids = filter.serviceIDs { conditions.append(.membership(of: "service_id", in: ids.sorted())) }
        return conditions
    }

    private static func read(_ row: Row) -> StoredChangeEvent {
        StoredChangeEvent(
            id: row.integer(0), integrationID: row.integer(1), serviceID: row.integer(2), summary: row.text(3),
            source: row.optionalText(4), occurredAt: row.time(5), createdAt: row.time(6))
    }
}
