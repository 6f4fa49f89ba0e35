import Alerting

/// Which services a list holds (rest-api.md section 5.8).
public struct ServiceFilter: Sendable, Hashable {
    /// A part of the name, whatever the case of ASCII letters; nil is any.
    public var query: String?
    /// The whole name; nil is any.
    public var name: String?
    /// Whether the list goes backwards through the names.
    public var isDescending: Bool

    /// Every service by name, unless told otherwise.
    public init(query: String? = nil, name: String? = nil, isDescending: Bool = false) {
        self.query = query
        self.name = name
        self.isDescending = isDescending
    }
}

/// How a service is doing.
public struct ServiceCondition: Sendable, Hashable {
    /// Whether one of its incidents is triggered.
    public var hasTriggered = false
    /// Whether one of its incidents is acknowledged.
    public var hasAcknowledged = false
    /// When its newest incident was opened; nil if it never had one.
    public var lastIncidentAt: Timestamp?
    /// The windows of silences that hold all of its alerts back.
    public var maintenance: [Recurrence.Window] = []

    /// Whether all of its alerts are held back at a moment.
    public func isInMaintenance(at moment: Timestamp) -> Bool {
        maintenance.contains { $0.start <= moment && moment < $0.end }
    }

    /// A service that never had an incident.
    public init() {}
}

/// Reads services and their integrations.
public enum ServiceQueries {
    /// How many services there are.
    public static func countServices(_ connection: Connection) throws(SQLiteError) -> Int64 {
        try connection.integer("SELECT count(*) FROM services") ?? 0
    }

    /// How many integrations there are.
    public static func countIntegrations(_ connection: Connection) throws(SQLiteError) -> Int64 {
        try connection.integer("SELECT count(*) FROM integrations") ?? 0
    }

    /// A part of the list of services, by the bytes of their names.
    public static func list(
        _ filter: ServiceFilter, page: PageRequest, _ connection: Connection
    ) throws(SQLiteError) -> Page<Service> {
        try connection.page(page, rows: rows(filter), count: count(filter)) { SettingsRows.service($0) }
    }

    /// The services with these numbers, as far as there are such.
    public static func services(
        _ ids: some Collection<ServiceID>, _ connection: Connection
    ) throws(SQLiteError) -> [ServiceID: Service] {
        guard !ids.isEmpty else { return [:] }
        let rows = try connection.keptRows(byNumbers(ids)) { SettingsRows.service($0) }
        return Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
    }

    /// How these services are doing.
    public static func conditions(
        _ ids: some Collection<ServiceID>, _ connection: Connection
    ) throws(SQLiteError) -> [ServiceID: ServiceCondition] {
        guard !ids.isEmpty else { return [:] }
        var conditions: [ServiceID: ServiceCondition] = [:]
        for (id, newest) in try connection.keptRows(newestIncidents(ids), { ($0.integer(0), $0.optionalTime(1)) }) {
            conditions[id, default: ServiceCondition()].lastIncidentAt = newest
        }
        for (id, status) in try connection.keptRows(openIncidents(ids), { ($0.integer(0), $0.text(1)) }) {
            switch IncidentStatus(rawValue: status) {
            case .triggered: conditions[id, default: ServiceCondition()].hasTriggered = true
            case .acknowledged: conditions[id, default: ServiceCondition()].hasAcknowledged = true
            case .resolved, nil: break
            }
        }
        for (id, window) in try connection.keptRows(
            maintenance(ids),
            { row in
                (row.integer(0), Recurrence.Window(start: row.time(1), end: row.time(2)))
            })
        {
            conditions[id, default: ServiceCondition()].maintenance.append(window)
        }
        return conditions
    }

    /// The integrations of these services, in the order they were made.
    public static func integrations(
        ofServices ids: some Collection<ServiceID>, _ connection: Connection
    ) throws(SQLiteError) -> [ServiceID: [Integration]] {
        guard !ids.isEmpty else { return [:] }
        let rows = try connection.keptRows(integrationsOfServices(ids)) { SettingsRows.integration($0) }
        return Dictionary(grouping: rows, by: \.serviceID)
    }

    /// The integrations with these numbers, as far as there are such.
    public static func integrations(
        _ ids: some Collection<IntegrationID>, _ connection: Connection
    ) throws(SQLiteError) -> [IntegrationID: Integration] {
        guard !ids.isEmpty else { return [:] }
        let rows = try connection.keptRows(integrationsByNumbers(ids)) { SettingsRows.integration($0) }
        return Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
    }

    // MARK: Texts

    static func rows(_ filter: ServiceFilter) -> BoundSQL {
        var sql = BoundSQL("SELECT \(SettingsRows.serviceColumns) FROM services").filtered(by: conditions(filter))
        // One service at most has a name; SQLite does not see it, the index being partial.
        if filter.name == nil { sql.text += filter.isDescending ? " ORDER BY name DESC" : " ORDER BY name" }
        return sql
    }

    static func count(_ filter: ServiceFilter) -> BoundSQL {
        BoundSQL("SELECT count(*) FROM services").filtered(by: conditions(filter))
    }

    /// `lower` changes ASCII letters only (https://www.sqlite.org/lang_corefunc.html#lower).
    private static func conditions(_ filter: ServiceFilter) -> [BoundSQL] {
        var conditions = [BoundSQL("deleted_at IS NULL")]
        if let name = filter.name { conditions.append(BoundSQL("name = ?", .text(name))) }
        if let query = filter.query {
            conditions.append(BoundSQL("instr(lower(name), lower(?)) > 0", .text(query)))
        }
        return conditions
    }

    static func byNumbers(_ ids: some Collection<ServiceID>) -> BoundSQL {
        BoundSQL("SELECT \(SettingsRows.serviceColumns) FROM services").filtered(by: [.membership(of: "id", in: ids)])
    }

    static func newestIncidents(_ ids: some Collection<ServiceID>) -> BoundSQL {
        BoundSQL("SELECT id, (SELECT max(created_at) FROM incidents WHERE service_id = services.id) FROM services")
            .filtered(by: [.membership(of: "id", in: ids)])
    }

    /// Goes once through the open incidents, in their index alone.
    static func openIncidents(_ ids: some Collection<ServiceID>) -> BoundSQL {
        BoundSQL("SELECT DISTINCT service_id, status FROM incidents INDEXED BY incidents_open")
            .filtered(by: [BoundSQL("status <> 'resolved'"), .membership(of: "service_id", in: ids)])
    }

    static func maintenance(_ ids: some Collection<ServiceID>) -> BoundSQL {
        BoundSQL("SELECT service_id, starts_at, ends_at FROM silences")
            .filtered(by: [
                BoundSQL("ended_at IS NULL"), BoundSQL("matchers = '[]'"), .membership(of: "service_id", in: ids),
            ])
    }

    static func integrationsOfServices(_ ids: some Collection<ServiceID>) -> BoundSQL {
        var sql = BoundSQL("SELECT \(SettingsRows.integrationColumns) FROM integrations")
            .filtered(by: [BoundSQL("deleted_at IS NULL"), .membership(of: "service_id", in: ids)])
        sql.text += " ORDER BY service_id, id"
        return sql
    }

    static func integrationsByNumbers(_ ids: some Collection<IntegrationID>) -> BoundSQL {
        BoundSQL("SELECT \(SettingsRows.integrationColumns) FROM integrations").filtered(by: [
            .membership(of: "id", in: ids)
        ])
    }
}
