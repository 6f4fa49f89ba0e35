/// What the fold has come to, as far as the events at hand need it: a value, without clock or I/O.
///
/// The worker loads what `Lifecycle.requirements(of:)` names, applies a batch of events, and writes `changes` in one
/// transaction. Services, integrations, tokens, silences and rules are always all there; alerts and incidents only as
/// required, unless the state was made with `init()`, which stands for a log that is empty so far.
public struct FoldState: Sendable {
    /// Every service.
    public internal(set) var services: [ServiceID: Service] = [:]
    /// Every integration.
    public internal(set) var integrations: [IntegrationID: Integration] = [:]
    /// Every token, revoked ones included.
    public internal(set) var tokens: [TokenID: APIToken] = [:]
    /// Every silence that has not ended.
    public internal(set) var silences = SilenceBook()
    /// Every inhibition rule that is good.
    public internal(set) var inhibitions = InhibitionBook()
    /// The alerts at hand.
    public internal(set) var alerts: [AlertID: Alert] = [:]
    /// The incidents at hand.
    public internal(set) var incidents: [IncidentID: Incident] = [:]
    /// The silences that changed since the state was loaded, those among them that have ended.
    public internal(set) var changedSilences: [SilenceID: Silence] = [:]
    /// The inhibition rules that changed since the state was loaded, those among them that were deleted.
    public internal(set) var changedInhibitionRules: [InhibitionRuleID: InhibitionRule] = [:]
    /// What has changed since the state was loaded.
    public internal(set) var changes = Changes()

    /// The open alert of each key looked up so far; a nil value says that there is none.
    private var openAlerts: [AlertKey: AlertID?] = [:]
    /// The open incidents at hand of each group, with the moment until which they take alerts; nil is for good.
    private var groups: [AlertGroupKey: [IncidentID: Timestamp?]] = [:]
    /// The groups whose incidents are all at hand that take alerts at a moment or later.
    private var searchedGroups: [AlertGroupKey: Timestamp] = [:]
    /// The open alerts at hand that hold others back.
    private var sources: InhibitionSources
    /// The alerts at hand of each key, of services that look for flapping.
    private var alertsOfKey: [AlertKey: Set<AlertID>] = [:]
    /// The keys whose last alerts are at hand, so many of them.
    private var searchedRecent: [AlertKey: Int64] = [:]
    /// What stands in the details of events, under the keys that were looked for.
    private var details: [EventID: [String: String]] = [:]
    /// The incidents that services opened a short while ago, as far as they were looked for.
    private var recentIncidents: [ServiceID: RecentIncidents] = [:]
    /// The alerts at hand that other alerts hold back, by those.
    private var heldBack: [AlertID: Set<AlertID>] = [:]
    /// Alerts that were looked for and are not there.
    private var missingAlerts: Set<AlertID> = []
    /// The alerts at hand of each incident.
    private var alertsOfIncident: [IncidentID: Set<AlertID>] = [:]
    /// Incidents whose alerts are all at hand.
    private var completeIncidents: Set<IncidentID> = []
    /// What was counted in the tables, with what has changed since.
    private var counts = FoldCounts()
    /// The keys under which all open incidents of a service are at hand.
    private var searchedKeys: Set<FoldCounts.ServiceKey> = []
    /// Whether there is nothing beyond what is at hand.
    private let isWhole: Bool
    /// The place that the current event's next log entry gets.
    private var nextPlace: Int64 = 0

    /// The state before the first event.
    public init() {
        isWhole = true
        sources = InhibitionSources(isWhole: true)
    }

    /// A state with the settings and nothing else at hand.
    public init(
        services: [Service], integrations: [Integration], tokens: [APIToken], silences: SilenceBook = SilenceBook(),
        inhibitions: InhibitionBook = InhibitionBook()
    ) {
        isWhole = false
        sources = InhibitionSources(isWhole: false)
        self.inhibitions = inhibitions
        self.silences = silences
        for service in services { self.services[service.id] = service }
        for integration in integrations { self.integrations[integration.id] = integration }
        for token in tokens { self.tokens[token.id] = token }
    }

    /// A state with this one's settings, and neither alerts, incidents nor changes: what the next batch starts from.
    public func settingsOnly() -> FoldState {
        var next = FoldState(
            services: [], integrations: [], tokens: [], silences: silences, inhibitions: inhibitions)
        // As they are: putting them together anew would cost as much as there are, for each change of one.
        next.services = services
        next.integrations = integrations
        next.tokens = tokens
        return next
    }

    /// Makes room for that many events, so that what they bring is not moved about while it grows.
    public mutating func reserve(forEvents count: Int) {
        alerts.reserveCapacity(count)
        incidents.reserveCapacity(count)
        openAlerts.reserveCapacity(count)
        alertsOfIncident.reserveCapacity(count)
        changes.reserve(forEvents: count)
    }

    // MARK: Loading

    /// Whether the requirement is met by what is at hand.
    public func meets(_ requirement: Requirement) -> Bool {
        guard !isWhole else { return true }
        return switch requirement {
        case .openAlert(let key): openAlerts[key] != nil
        case .alert(let id): alerts[id] != nil || missingAlerts.contains(id)
        case .incidentWithAlerts(let id): completeIncidents.contains(id)
        case .group(let key, let moment): searchedGroups[key].map { $0 <= moment } ?? false
        case .recentAlerts(let key, let count): searchedRecent[key].map { $0 >= count } ?? false
        case .details(let event, _): details[event] != nil
        case .recentIncidents(let service, let moment): recentIncidents[service]?.covers(moment) == true
        case .inhibitors(let key): sources.has(key)
        case .inhibitionSources(let id): sources.has(id)
        case .noteCount(let id): counts.notes[id] != nil
        case .openIncidents(let service, let key):
            searchedKeys.contains(FoldCounts.ServiceKey(serviceID: service, key: key))
        case .openIncidentCount(let id): counts.openIncidents[id] != nil
        case .openAlertCount(let id): counts.openAlerts[id] != nil
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

    /// Takes in a stored alert with its incident, or that there is none. What is at hand already is newer and stays.
    public mutating func load(_ alert: Alert?, of incident: Incident?, withID id: AlertID) {
        guard let alert else {
            missingAlerts.insert(id)
            return
        }
        if let incident { load(incident) }
        take(alert)
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

    /// Takes in all stored incidents of a group that take alerts at a moment or later, with the moment until which they
    /// do. Nothing may have changed since the state was made.
    public mutating func load(
        _ stored: [(incident: Incident, end: Timestamp?)], ofGroup key: AlertGroupKey, from moment: Timestamp
    ) {
        for (incident, end) in stored {
            load(incident)
            groups[key, default: [:]][incident.id] = .some(end)
        }
        searchedGroups[key] = moment
    }

    /// Takes in all stored alerts that hold others back under a key. Nothing may have changed since the state was made.
    public mutating func load(inhibitors stored: [InhibitionSource], under key: InhibitionKey) {
        sources.load(stored, of: key)
    }

    /// Takes in everything stored by which an alert holds others back. Nothing may have changed since the state was made.
    public mutating func load(sources stored: [InhibitionSource], ofAlert id: AlertID) {
        sources.load(stored, of: id)
    }

    /// Takes in the last so many stored alerts of a key that are in incidents. What is at hand already is newer and stays.
    public mutating func load(recentAlerts stored: [Alert], of key: AlertKey, count: Int64) {
        // Their incidents are not at hand: whether one of them is open is looked for by itself.
        for alert in stored { take(alert, tellsOfOpen: false) }
        searchedRecent[key] = count
    }

    /// Takes in all stored incidents of a service that were opened within `StormDetection.window` before one of those
    /// moments. Nothing may have changed since the state was made.
    public mutating func load(
        recentIncidents stored: [(at: Timestamp, id: IncidentID)], ofService id: ServiceID,
        for moments: ClosedRange<Timestamp>
    ) {
        recentIncidents[id] = RecentIncidents(
            stored.map { RecentIncidents.Opening(at: $0.at, id: $0.id) }, for: moments)
    }

    /// Takes in what stands under some keys in the details of an event: texts, and numbers and truth values as they are
    /// spelled.
    public mutating func load(details found: [String: String], ofEvent id: EventID) {
        details[id] = found
    }

    /// Takes in how many notes an incident has.
    public mutating func load(noteCount count: Int64, ofIncident id: IncidentID) {
        counts.notes[id] = count
    }

    /// Takes in all stored open incidents of a service that are found by a key. What is at hand already is newer and
    /// stays.
    public mutating func load(openIncidents stored: [Incident], ofService service: ServiceID, key: DedupKey) {
        for incident in stored { load(incident) }
        searchedKeys.insert(FoldCounts.ServiceKey(serviceID: service, key: key))
    }

    /// Takes in how many open incidents a service has. Nothing may have changed since the state was made.
    public mutating func load(openIncidentCount count: Int64, ofService id: ServiceID) {
        counts.openIncidents[id] = count
    }

    /// Takes in how many open alerts an integration has. Nothing may have changed since the state was made.
    public mutating func load(openAlertCount count: Int64, ofIntegration id: IntegrationID) {
        counts.openAlerts[id] = count
    }

    private mutating func take(_ alert: Alert, tellsOfOpen: Bool = true) {
        guard alerts[alert.id] == nil else { return }
        alerts[alert.id] = alert
        noteHolder(of: alert, former: nil)
        noteKey(of: alert)
        if let incident = alert.incidentID { alertsOfIncident[incident, default: []].insert(alert.id) }
        if tellsOfOpen, alert.status == .triggered, openAlerts[alert.key] == nil {
            openAlerts[alert.key] = .some(alert.id)
        }
    }

    private mutating func noteKey(of alert: Alert) {
        // A state that is whole lives on when a service is set to look for it.
        guard isWhole || services[alert.serviceID]?.flapDetection != nil else { return }
        alertsOfKey[alert.key, default: []].insert(alert.id)
    }

    private mutating func noteHolder(of alert: Alert, former: AlertID?) {
        let source = alert.suppression?.source
        guard source != former else { return }
        if let former { heldBack[former]?.remove(alert.id) }
        if let source { heldBack[source, default: []].insert(alert.id) }
    }

    // MARK: Reading

    /// How many seconds there may be between two events of an integration; nil where nothing is expected of it, or its
    /// service takes no events.
    public func heartbeatInterval(of id: IntegrationID) -> Int64? {
        guard let integration = integrations[id], integration.expectsHeartbeat,
            let service = services[integration.serviceID], service.deletedAt == nil, service.disabledAt == nil
        else { return nil }
        return integration.heartbeatInterval
    }

    /// The open alert of a key, which has to be at hand.
    func openAlert(_ key: AlertKey) -> Alert? {
        guard let known = openAlerts[key] else {
            precondition(isWhole, "the open alert of a key was asked for, but not required")
            return nil
        }
        return known.flatMap { alerts[$0] }
    }

    /// The incident of an alert, which has to be at hand; nil where the alert is in none.
    func incident(of alert: Alert) -> Incident? {
        alert.incidentID.flatMap { incidents[$0] }
    }

    /// The alerts of an incident, which have to be at hand, in the order of their numbers.
    func alerts(ofIncident id: IncidentID) -> [Alert] {
        precondition(isWhole || completeIncidents.contains(id), "an incident's alerts were asked for, but not required")
        return alertsOfIncident[id, default: []].sorted().compactMap { alerts[$0] }
    }

    /// The incidents that take alerts of a group at a moment, as far as the time goes; they have to be at hand.
    func openGroups(_ key: AlertGroupKey, at moment: Timestamp) -> [IncidentID] {
        precondition(meets(.group(key, at: moment)), "a group was asked for, but not required")
        return groups[key, default: [:]].filter { _, end in end.map { moment <= $0 } ?? true }.map(\.key)
    }

    /// Until when an incident takes alerts of a group, nil is for good; nil where it does not, or no longer.
    public func groupEnd(_ group: AlertGroup) -> Timestamp?? {
        groups[group.key]?[group.incidentID]
    }

    /// The oldest open alert older than another that holds it back under a key by a rule. All of them have to be at hand.
    func oldestSource(
        under key: InhibitionKey, by rule: InhibitionRuleID, before alert: AlertID, butTargets: Bool
    ) -> AlertID? {
        precondition(sources.has(key), "what holds alerts back was asked for, but not required")
        return sources.oldest(under: key, by: rule, before: alert, butTargets: butTargets)
    }

    /// The last so many alerts of a key that are in incidents, those of the youngest incidents first; they have to be at
    /// hand.
    func recentAlerts(_ key: AlertKey, count: Int64) -> [Alert] {
        precondition(isWhole || meets(.recentAlerts(key, count)), "recent alerts were asked for, but not required")
        let found = alertsOfKey[key, default: []].compactMap { alerts[$0] }.filter { $0.incidentID != nil }
        let ordered = found.sorted { ($0.incidentID ?? 0, $0.id) > ($1.incidentID ?? 0, $1.id) }
        return Array(ordered.prefix(Int(count)))
    }

    /// The last so many incidents that a service opened within `StormDetection.window` before a moment, the newest first;
    /// they have to be at hand.
    func recentIncidents(
        ofService id: ServiceID, count: Int64, before moment: Timestamp
    ) -> [RecentIncidents.Opening] {
        guard !isWhole else {
            let all = incidents.values.filter { $0.serviceID == id }
            return RecentIncidents(
                all.map { RecentIncidents.Opening(at: $0.createdAt, id: $0.id) }, for: moment...moment
            ).newest(count, before: moment)
        }
        guard let recent = recentIncidents[id], recent.covers(moment) else {
            preconditionFailure("recent incidents were asked for, but not required")
        }
        return recent.newest(count, before: moment)
    }

    /// The details of an alert, as far as they were looked for. They have to be at hand, but in a state that is whole, which
    /// has what it was given.
    func details(of alert: Alert) -> [String: String] {
        guard let event = alert.detailsEventID else { return [:] }
        precondition(isWhole || details[event] != nil, "details were asked for, but not required")
        return details[event, default: [:]]
    }

    /// What an alert holds others back by, as far as it changed.
    public func inhibitionSources(of alert: AlertID) -> [InhibitionSource] { sources.sources(of: alert) }

    /// How many notes an incident has, which has to be at hand.
    func noteCount(ofIncident id: IncidentID) -> Int64 {
        precondition(isWhole || counts.notes[id] != nil, "an incident's notes were counted, but not required")
        return counts.notes[id] ?? 0
    }

    /// The oldest open incident of a service with that key; all of them have to be at hand.
    func openIncident(ofService service: ServiceID, key: DedupKey) -> Incident? {
        precondition(meets(.openIncidents(service, key)), "open incidents were asked for, but not required")
        return incidents.values.filter { $0.isOpen && $0.serviceID == service && $0.incidentKey == key }
            .min { $0.id < $1.id }
    }

    /// How many open incidents a service has, which has to be at hand.
    func openIncidentCount(ofService id: ServiceID) -> Int64 {
        guard !isWhole else { return Int64(incidents.values.count { $0.isOpen && $0.serviceID == id }) }
        guard let count = counts.openIncidents[id] else {
            preconditionFailure("open incidents were counted, but not required")
        }
        return count
    }

    /// How many open alerts an integration has, which has to be at hand.
    func openAlertCount(ofIntegration id: IntegrationID) -> Int64 {
        guard !isWhole else {
            return Int64(alerts.values.count { $0.status == .triggered && $0.key.integrationID == id })
        }
        guard let count = counts.openAlerts[id] else {
            preconditionFailure("open alerts were counted, but not required")
        }
        return count
    }

    // MARK: Changing

    /// Starts the next event: its log entries are counted from zero.
    mutating func begin() {
        nextPlace = 0
    }

    /// Drops the changes written by now.
    public mutating func clearChanges() {
        changes = Changes()
        changedSilences = [:]
        changedInhibitionRules = [:]
    }

    /// Adds an alert that the current event opens.
    mutating func insert(_ alert: Alert) {
        alerts[alert.id] = alert
        noteHolder(of: alert, former: nil)
        noteKey(of: alert)
        if let incident = alert.incidentID { alertsOfIncident[incident, default: []].insert(alert.id) }
        openAlerts[alert.key] = .some(alert.id)
        counts.openAlerts[alert.key.integrationID]? += 1
        if !inhibitions.isEmpty { sources.load([], of: alert.id) }
        changes.insertedAlerts.append(alert.id)
    }

    /// Adds an incident that the current event opens.
    mutating func insert(_ incident: Incident) {
        incidents[incident.id] = incident
        completeIncidents.insert(incident.id)
        counts.openIncidents[incident.serviceID]? += 1
        recentIncidents[incident.serviceID]?.insert(RecentIncidents.Opening(at: incident.createdAt, id: incident.id))
        changes.insertedIncidents.append(incident.id)
        let timers = incident.timers
        for kind in Incident.timerKinds {
            if let due = timers[kind] { setTimer(TimerKey(kind, incident.id), to: due) }
        }
    }

    /// Changes an alert at hand.
    mutating func updateAlert(_ id: AlertID, _ change: (inout Alert) -> Void) {
        guard let place = alerts.index(forKey: id) else {
            preconditionFailure("an alert was changed, but not required")
        }
        let former = Standing(alerts.values[place])
        change(&alerts.values[place])
        changes.updatedAlerts.insert(id)
        let current = Standing(alerts.values[place])
        guard current != former else { return }
        let key = alerts.values[place].key
        noteHolder(of: alerts.values[place], former: former.source)
        if current.isOpen != former.isOpen {
            openAlerts[key] = .some(current.isOpen ? id : nil)
            counts.openAlerts[key.integrationID]? += current.isOpen ? 1 : -1
        }
        if current.incidentID != former.incidentID {
            if let former = former.incidentID { alertsOfIncident[former]?.remove(id) }
            if let incident = current.incidentID { alertsOfIncident[incident, default: []].insert(id) }
        }
    }

    /// What of an alert others are found by.
    private struct Standing: Equatable {
        let isOpen: Bool
        let incidentID: IncidentID?
        let source: AlertID?

        init(_ alert: borrowing Alert) {
            isOpen = alert.status == .triggered
            incidentID = alert.incidentID
            source = alert.suppression?.source
        }
    }

    /// Changes an incident at hand.
    mutating func updateIncident(_ id: IncidentID, _ change: (inout Incident) -> Void) {
        guard let place = incidents.index(forKey: id) else {
            preconditionFailure("an incident was changed, but not required")
        }
        let wasOpen = incidents.values[place].isOpen
        let former = incidents.values[place].timers
        change(&incidents.values[place])
        changes.updatedIncidents.insert(id)
        let current = incidents.values[place].timers
        if current != former {
            for kind in Incident.timerKinds where current[kind] != former[kind] {
                setTimer(TimerKey(kind, id), to: current[kind])
            }
        }
        let isOpen = incidents.values[place].isOpen
        if isOpen != wasOpen { counts.openIncidents[incidents.values[place].serviceID]? += isOpen ? 1 : -1 }
    }

    /// Sets a timer, or takes it back.
    mutating func setTimer(_ key: TimerKey, to due: Timestamp?) {
        changes.timers[key] = .some(due)
    }

    /// Records that an earlier alert made one count as flapping.
    mutating func recordFlapLink(of alert: AlertID, to earlier: AlertID) {
        changes.flapLinks.append((alert, earlier))
    }

    /// Records that an earlier incident was one of those with which one was too many.
    mutating func recordStormLink(of incident: IncidentID, to earlier: IncidentID) {
        changes.stormLinks.append((incident, earlier))
    }

    /// Records what holds an alert back from now on.
    mutating func recordHold(of alert: AlertID, by suppression: Suppression) {
        changes.holds.append((alert, suppression))
    }

    /// Has everything that a silence holds back looked at again at a moment.
    mutating func releaseAlerts(heldBy silence: SilenceID, at moment: Timestamp) {
        for alert in alerts.values where alert.isHeldBack && alert.suppression == .silence(silence) {
            setTimer(TimerKey(.release, alert.id), to: moment)
        }
        changes.endedSilences[silence] = moment
    }

    /// Has everything that an alert holds back looked at again at a moment.
    mutating func releaseAlerts(heldByAlert source: AlertID, at moment: Timestamp) {
        for alert in heldBack[source, default: []] where alerts[alert]?.isHeldBack == true {
            setTimer(TimerKey(.release, alert), to: moment)
        }
        changes.endedInhibitions[source] = moment
    }

    /// Has everything that an inhibition rule holds back looked at again at a moment.
    mutating func releaseAlerts(heldByRule rule: InhibitionRuleID, at moment: Timestamp) {
        sources.remove(rule: rule)
        for alert in alerts.values where alert.isHeldBack && alert.suppression?.rule == rule {
            setTimer(TimerKey(.release, alert.id), to: moment)
        }
        changes.endedInhibitionRules[rule] = moment
    }

    /// Has everything of a service that is held back looked at again at a moment.
    mutating func releaseAlerts(heldBackOfService service: ServiceID, at moment: Timestamp) {
        for alert in alerts.values where alert.isHeldBack && alert.serviceID == service {
            setTimer(TimerKey(.release, alert.id), to: moment)
        }
        changes.releasedServices[service] = moment
    }

    /// Sets by what an open alert holds others back; what it did before has to be at hand. Gives whether it no longer does
    /// so somewhere.
    mutating func setSources(_ current: [InhibitionSource], of alert: AlertID) -> (changed: Bool, removed: Bool) {
        precondition(sources.has(alert), "by what an alert holds others back was changed, but not required")
        let change = sources.set(current, of: alert)
        if change.changed { changes.inhibitionSources.insert(alert) }
        return change
    }

    /// Has an alert that was closed hold nothing back any more.
    mutating func endSources(of alert: AlertID, at moment: Timestamp) {
        guard !inhibitions.isEmpty else { return }
        sources.remove(alert)
        changes.inhibitionSources.insert(alert)
        releaseAlerts(heldByAlert: alert, at: moment)
    }

    /// Records that an integration of which that is expected has sent something, or has its time from now on.
    mutating func noteHeartbeat(of id: IntegrationID, event: EventID, at now: Timestamp, isSent: Bool) {
        guard integrations[id]?.expectsHeartbeat == true else { return }
        let sent = isSent ? event : changes.heartbeats[id]?.sentEventID
        changes.heartbeats[id] = HeartbeatNote(eventID: event, at: now, sentEventID: sent)
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

    /// Has an incident take the alerts of a group until a moment; nil is for good.
    mutating func setGroup(_ group: AlertGroup, until end: Timestamp?) {
        groups[group.key, default: [:]][group.incidentID] = .some(end)
        changes.groups.insert(group)
    }

    /// Has an incident take no more alerts of a group.
    mutating func endGroup(_ group: AlertGroup) {
        groups[group.key]?.removeValue(forKey: group.incidentID)
        changes.groups.insert(group)
    }

    /// Has an incident take no alerts of any group any more.
    mutating func endGroups(of incident: IncidentID) {
        for key in groups.keys { groups[key]?.removeValue(forKey: incident) }
        changes.endedGroups.insert(incident)
    }

    /// Ends all groups of a service that one of its settings made.
    mutating func clearGroups(ofService service: ServiceID, _ kind: AlertGroupKind) {
        for key in groups.keys where key.serviceID == service && key.kind == kind { groups[key] = [:] }
        changes.clearedGroups.insert(ServiceGroups(serviceID: service, kind: kind))
    }

    /// Adds a note that the current event writes.
    mutating func insert(_ note: Note) {
        counts.notes[note.incidentID, default: 0] += 1
        changes.notes.append(note)
    }

    /// Records what a person told of an incident.
    mutating func setDetails(_ details: String, of incident: IncidentID) {
        changes.incidentDetails.append((incident, details))
    }

    /// Records that an incident's key is not found by an alert of the same number: nobody opened one, or it was held back.
    mutating func markKey(of incident: IncidentID) {
        changes.keyedIncidents.append(incident)
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

    /// Sets a silence, new or changed; one that has ended matches nothing any more.
    mutating func set(_ silence: Silence) {
        silences.set(silence)
        changedSilences[silence.id] = silence
        changes.silences.insert(silence.id)
    }

    /// Sets an inhibition rule, new or deleted.
    mutating func set(_ rule: InhibitionRule) {
        inhibitions.set(rule)
        changedInhibitionRules[rule.id] = rule
        changes.inhibitionRules.insert(rule.id)
    }

    /// Sets a token, new or changed.
    mutating func set(_ token: APIToken) {
        tokens[token.id] = token
        changes.tokens.insert(token.id)
    }
}
