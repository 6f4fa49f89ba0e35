/// What the fold has come to, as far as the events at hand need it: a value, without clock or I/O.
///
/// The worker loads what `Lifecycle.requirements(of:)` names, applies a batch of events, and writes `changes` in one
/// transaction. Services, integrations and tokens are always all there; alerts and incidents only as required, unless
/// the state was made with `init()`, which stands for a log that is empty so far.
public struct FoldState: Sendable {
    /// Every service.
    public internal(set) var services: [ServiceID: Service] = [:]
    /// Every integration.
    public internal(set) var integrations: [IntegrationID: Integration] = [:]
    /// Every token, revoked ones included.
    public internal(set) var tokens: [TokenID: APIToken] = [:]
    /// The alerts at hand.
    public internal(set) var alerts: [AlertID: Alert] = [:]
    /// The incidents at hand.
    public internal(set) var incidents: [IncidentID: Incident] = [:]
    /// What has changed since the state was loaded.
    public internal(set) var changes = Changes()

    /// The open alert of each key looked up so far; a nil value says that there is none.
    private var openAlerts: [AlertKey: AlertID?] = [:]
    /// The alerts at hand of each incident.
    private var alertsOfIncident: [IncidentID: Set<AlertID>] = [:]
    /// Incidents whose alerts are all at hand.
    private var completeIncidents: Set<IncidentID> = []
    /// Whether there is nothing beyond what is at hand.
    private let isWhole: Bool
    /// The place that the current event's next log entry gets.
    private var nextPlace: Int64 = 0

    /// The state before the first event.
    public init() {
        isWhole = true
    }

    /// A state with the settings and nothing else at hand.
    public init(services: [Service], integrations: [Integration], tokens: [APIToken]) {
        isWhole = false
        for service in services { self.services[service.id] = service }
        for integration in integrations { self.integrations[integration.id] = integration }
        for token in tokens { self.tokens[token.id] = token }
    }

    /// A state with this one's settings, and neither alerts, incidents nor changes: what the next batch starts from.
    public func settingsOnly() -> FoldState {
        FoldState(
            services: Array(services.values), integrations: Array(integrations.values), tokens: Array(tokens.values))
    }

    // MARK: Loading

    /// Whether the requirement is met by what is at hand.
    public func meets(_ requirement: Requirement) -> Bool {
        guard !isWhole else { return true }
        return switch requirement {
        case .openAlert(let key): openAlerts[key] != nil
        case .incidentWithAlerts(let id): completeIncidents.contains(id)
        }
    }

    /// Takes in what is stored under a key: the open alert and its incident, or that there is none. What is at hand
    /// already is newer and stays.
    public mutating func load(openAlert alert: Alert?, of incident: Incident?, for key: AlertKey) {
        if let incident { load(incident) }
        if let alert { take(alert) }
        if openAlerts[key] == nil {
            openAlerts[key] = .some(alert.flatMap { alerts[$0.id]?.status == .triggered ? $0.id : nil })
        }
    }

    /// Takes in a stored incident. What is at hand already is newer and stays.
    public mutating func load(_ incident: Incident) {
        if incidents[incident.id] == nil { incidents[incident.id] = incident }
    }

    /// Takes in all stored alerts of an incident; from then on it counts as complete. What is at hand already is newer
    /// and stays. An incident that is not stored is complete, too.
    public mutating func load(alerts stored: [Alert], ofIncident id: IncidentID) {
        for alert in stored { take(alert) }
        completeIncidents.insert(id)
    }

    private mutating func take(_ alert: Alert) {
        guard alerts[alert.id] == nil else { return }
        alerts[alert.id] = alert
        alertsOfIncident[alert.incidentID, default: []].insert(alert.id)
        if alert.status == .triggered, openAlerts[alert.key] == nil { openAlerts[alert.key] = .some(alert.id) }
    }

    // MARK: Reading

    /// The open alert of a key, which has to be at hand.
    func openAlert(_ key: AlertKey) -> Alert? {
        guard let known = openAlerts[key] else {
            precondition(isWhole, "the open alert of a key was asked for, but not required")
            return nil
        }
        return known.flatMap { alerts[$0] }
    }

    /// The alerts of an incident, which have to be at hand, in the order of their numbers.
    func alerts(ofIncident id: IncidentID) -> [Alert] {
        precondition(isWhole || completeIncidents.contains(id), "an incident's alerts were asked for, but not required")
        return alertsOfIncident[id, default: []].sorted().compactMap { alerts[$0] }
    }

    // MARK: Changing

    /// Starts the next event: its log entries are counted from zero.
    mutating func begin() {
        nextPlace = 0
    }

    /// Drops the changes written by now.
    public mutating func clearChanges() {
        changes = Changes()
    }

    /// Adds an alert that the current event opens.
    mutating func insert(_ alert: Alert) {
        alerts[alert.id] = alert
        alertsOfIncident[alert.incidentID, default: []].insert(alert.id)
        openAlerts[alert.key] = .some(alert.id)
        changes.insertedAlerts.append(alert.id)
    }

    /// Adds an incident that the current event opens.
    mutating func insert(_ incident: Incident) {
        incidents[incident.id] = incident
        completeIncidents.insert(incident.id)
        changes.insertedIncidents.append(incident.id)
    }

    /// Changes an alert at hand.
    mutating func updateAlert(_ id: AlertID, _ change: (inout Alert) -> Void) {
        guard var alert = alerts.removeValue(forKey: id) else {
            preconditionFailure("an alert was changed, but not required")
        }
        let key = alert.key
        let wasOpen = alert.status == .triggered
        change(&alert)
        let isOpen = alert.status == .triggered
        if isOpen != wasOpen { openAlerts[key] = .some(isOpen ? id : nil) }
        alerts[id] = alert
        changes.updatedAlerts.insert(id)
    }

    /// Changes an incident at hand.
    mutating func updateIncident(_ id: IncidentID, _ change: (inout Incident) -> Void) {
        guard var incident = incidents.removeValue(forKey: id) else {
            preconditionFailure("an incident was changed, but not required")
        }
        change(&incident)
        incidents[id] = incident
        changes.updatedIncidents.insert(id)
    }

    /// Adds a log entry of the current event and gives its id.
    @discardableResult
    mutating func log(
        _ kind: LogEntryKind, event: EventID, at now: Timestamp, incident: Incident, alert: AlertID? = nil,
        agent: Agent, _ fill: (inout LogEntry) -> Void = { _ in }
    ) -> LogEntryID {
        let id = LogEntry.id(event: event, place: nextPlace)
        nextPlace += 1
        var entry = LogEntry(
            id: id, incidentID: incident.id, serviceID: incident.serviceID, alertID: alert, kind: kind, createdAt: now,
            agent: agent)
        fill(&entry)
        changes.logEntries.append(entry)
        return id
    }

    /// Counts one more identical trigger into a log entry.
    mutating func countRepeat(_ entry: LogEntryID, count: Int64, at now: Timestamp) {
        changes.repeats[entry] = Changes.Repeat(count: count, lastAt: now)
    }

    /// Records a change event.
    mutating func insert(_ change: RecordedChange) {
        changes.changeEvents.append(change)
    }

    /// Records what became of an event.
    mutating func record(_ outcome: Outcome, of event: EventID) {
        changes.outcomes.append((event, outcome))
    }

    /// Sets a service, new or changed.
    mutating func set(_ service: Service) {
        services[service.id] = service
        changes.services.insert(service.id)
    }

    /// Sets an integration, new or changed.
    mutating func set(_ integration: Integration) {
        integrations[integration.id] = integration
        changes.integrations.insert(integration.id)
    }

    /// Sets a token, new or changed.
    mutating func set(_ token: APIToken) {
        tokens[token.id] = token
        changes.tokens.insert(token.id)
    }
}
