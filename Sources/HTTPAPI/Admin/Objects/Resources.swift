import Alerting
import Store

/// What the objects of one answer refer to, brought from the database a kind at a time: the number of queries does not
/// grow with the page.
struct Resources {
    private let connection: Connection
    private(set) var services: [ServiceID: Service] = [:]
    private(set) var conditions: [ServiceID: ServiceCondition] = [:]
    private(set) var integrationsOfService: [ServiceID: [Integration]] = [:]
    private(set) var integrations: [IntegrationID: Integration] = [:]
    private(set) var incidents: [IncidentID: Incident] = [:]
    private(set) var groupedIncidents: Set<IncidentID> = []
    private(set) var incidentDetails: [IncidentID: String] = [:]
    /// The alerts that opened incidents.
    private(set) var firstAlerts: [IncidentID: Alert] = [:]
    /// The incidents that alerts opened, those included whose first alert is no longer kept.
    private(set) var incidentsOpenedByAlerts: Set<IncidentID> = []
    private(set) var entries: [LogEntryID: LogEntry] = [:]
    private(set) var heads: [EventID: EventHead] = [:]
    private(set) var parts: [EventID: EventParts] = [:]
    /// Empty until `loadUsers`.
    private(set) var users = UserBook([])
    private var hasUsers = false

    /// Nothing yet.
    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Loads what incidents refer to.
    mutating func load(for incidents: [Incident], _ includes: Includes) throws(SQLiteError) {
        let agents = incidents.flatMap { [$0.lastStatusChangeBy] + $0.acknowledgements.map(\.agent) }
        let expandsAgents = includes.contains(.agents) || includes.contains(.acknowledgers)
        try load(agents: agents, expanding: expandsAgents)
        try load(services: incidents.map(\.serviceID), expanding: includes.contains(.services))
        try load(incidents: incidents.compactMap(\.mergedInto))
        groupedIncidents.formUnion(
            try AlertGroupRows.active(incidents.filter(\.isOpen).map(\.id), connection))
        if includes.contains(.firstTriggerLogEntries) {
            try loadFirstTriggers(ofEvents: incidents.map(\.id))
        }
        if includes.contains(.body) {
            try loadFirstAlerts(of: incidents)
            incidentDetails.merge(try IncidentQueries.details(incidents.map(\.id), connection)) { first, _ in first }
            try load(parts: incidents.compactMap { firstAlerts[$0.id]?.detailsEventID })
        }
    }

    /// Loads what alerts refer to, and what their events said.
    mutating func load(for alerts: [Alert], _ includes: Includes) throws(SQLiteError) {
        try load(incidents: alerts.compactMap(\.incidentID))
        if includes.contains(.incidents) { try load(for: Array(incidents.values), []) }
        try load(services: alerts.map(\.serviceID), expanding: includes.contains(.services))
        try load(integrations: alerts.map(\.key.integrationID))
        try load(parts: alerts.flatMap { [$0.detailsEventID, $0.linksEventID, $0.imagesEventID] }.compactMap { $0 })
        if includes.contains(.firstTriggerLogEntries) {
            try loadFirstTriggers(ofEvents: alerts.compactMap(\.placedEventID))
        }
    }

    /// Loads what log entries refer to, and what their events said.
    mutating func load(for entries: [LogEntry], _ includes: Includes) throws(SQLiteError) {
        try load(incidents: entries.map(\.incidentID) + entries.compactMap(\.otherIncidentID))
        if includes.contains(.incidents) { try load(for: Array(incidents.values), []) }
        try load(services: entries.map(\.serviceID), expanding: includes.contains(.services))
        try load(agents: entries.map(\.agent), expanding: false)
        let events = Set(entries.filter(\.isFromEvent).map { LogEntry.event(of: $0.id) })
        heads.merge(try EventQueries.heads(events.subtracting(heads.keys), connection)) { first, _ in first }
        if includes.contains(.channels) { try load(parts: Array(events)) }
    }

    /// Loads what change events refer to, and what they said.
    mutating func load(for changes: [StoredChangeEvent]) throws(SQLiteError) {
        try load(services: changes.map(\.serviceID), expanding: false)
        try load(integrations: changes.map(\.integrationID))
        try load(parts: changes.map(\.id))
    }

    /// Loads agents, and if they shall be expanded all that stands in their full form.
    mutating func load(agents: [Agent], expanding: Bool) throws(SQLiteError) {
        try loadUsers()
        var serviceIDs: [ServiceID] = []
        var integrationIDs: [IntegrationID] = []
        for agent in agents {
            switch agent {
            case .service(let id): serviceIDs.append(id)
            case .integration(let id, _): integrationIDs.append(id)
            case .user, .commandLine: break
            }
        }
        try load(services: serviceIDs, expanding: expanding)
        try load(integrations: integrationIDs)
    }

    /// Loads the users, who are named as agents and as assignees.
    mutating func loadUsers() throws(SQLiteError) {
        guard !hasUsers else { return }
        users = try TokenQueries.users(connection)
        hasUsers = true
    }

    /// Loads services, and if they shall be expanded how they are doing and their integrations.
    mutating func load(services ids: [ServiceID], expanding: Bool) throws(SQLiteError) {
        let ids = Set(ids)
        services.merge(try ServiceQueries.services(ids.subtracting(services.keys), connection)) { first, _ in first }
        guard expanding else { return }
        let missing = ids.subtracting(conditions.keys)
        conditions.merge(try ServiceQueries.conditions(missing, connection)) { first, _ in first }
        integrationsOfService.merge(try ServiceQueries.integrations(ofServices: missing, connection)) { first, _ in
            first
        }
    }

    /// Loads integrations and the services they belong to.
    mutating func load(integrations ids: [IntegrationID]) throws(SQLiteError) {
        let missing = Set(ids).subtracting(integrations.keys)
        let found = try ServiceQueries.integrations(missing, connection)
        integrations.merge(found) { first, _ in first }
        try load(services: found.values.map(\.serviceID), expanding: false)
    }

    /// Loads incidents, for references.
    mutating func load(incidents ids: [IncidentID]) throws(SQLiteError) {
        let missing = Set(ids).subtracting(incidents.keys)
        incidents.merge(try IncidentQueries.incidents(missing, connection)) { first, _ in first }
    }

    /// Loads the alerts that opened incidents: an incident's first log entry names its alert, which has a number of its
    /// own where it was held back before.
    private mutating func loadFirstAlerts(of incidents: [Incident]) throws(SQLiteError) {
        let missing = incidents.map(\.id).filter { firstAlerts[$0] == nil }
        let first = try LogEntryQueries.entries(Set(missing.map { LogEntry.id(event: $0, place: 0) }), connection)
        let alerts = try AlertQueries.alerts(Set(first.values.compactMap(\.alertID)), connection)
        for entry in first.values {
            guard let alert = entry.alertID else { continue }
            incidentsOpenedByAlerts.insert(LogEntry.event(of: entry.id))
            firstAlerts[LogEntry.event(of: entry.id)] = alerts[alert]
        }
    }

    /// Loads the first log entries that these events wrote.
    private mutating func loadFirstTriggers(ofEvents ids: [EventID]) throws(SQLiteError) {
        let missing = Set(ids.map { LogEntry.id(event: $0, place: 0) }).subtracting(entries.keys)
        let found = try LogEntryQueries.entries(missing, connection)
        entries.merge(found) { first, _ in first }
        try load(for: Array(found.values), [])
    }

    private mutating func load(parts ids: [EventID]) throws(SQLiteError) {
        let missing = Set(ids).subtracting(parts.keys)
        let found = try EventQueries.bodies(missing, connection) { EventParts($0) }
        parts.merge(found) { first, _ in first }
    }
}

extension LogEntry {
    /// Whether a sender's event wrote it, not an action or a timer.
    var isFromEvent: Bool {
        if case .integration = agent { true } else { false }
    }
}

/// What `include[]` expands (rest-api.md sections 5.1, 5.4, 5.5 and 5.8). Unknown values are ignored.
struct Includes: OptionSet, Sendable, Hashable {
    let rawValue: Int

    static let services = Includes(rawValue: 1 << 0)
    static let firstTriggerLogEntries = Includes(rawValue: 1 << 1)
    static let acknowledgers = Includes(rawValue: 1 << 2)
    static let agents = Includes(rawValue: 1 << 3)
    static let body = Includes(rawValue: 1 << 4)
    static let incidents = Includes(rawValue: 1 << 5)
    static let channels = Includes(rawValue: 1 << 6)
    static let integrations = Includes(rawValue: 1 << 7)
    static let assignees = Includes(rawValue: 1 << 8)
    static let users = Includes(rawValue: 1 << 9)

    private static let names: [String: Includes] = [
        "services": .services, "first_trigger_log_entries": .firstTriggerLogEntries, "acknowledgers": .acknowledgers,
        "agents": .agents, "body": .body, "incidents": .incidents, "channels": .channels,
        "integrations": .integrations, "assignees": .assignees, "users": .users,
    ]

    init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// What is asked for.
    init(_ parameters: QueryParameters) {
        self = Includes((parameters.choices("include") ?? []).compactMap { Includes.names[$0] })
    }
}
