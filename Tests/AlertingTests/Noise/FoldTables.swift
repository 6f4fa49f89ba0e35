import Alerting
import Testing

/// What a store keeps of a log that it folds piece by piece, with only as much at hand as each piece requires.
struct FoldTables {
    private(set) var alerts: [AlertID: Alert] = [:]
    private(set) var incidents: [IncidentID: Incident] = [:]
    private(set) var timers: [TimerKey: Timestamp] = [:]
    private(set) var logEntries: [LogEntry] = []
    private(set) var outcomes: [Outcome] = []
    private var groups: [AlertGroup: Timestamp?] = [:]
    private var sources: [AlertID: [InhibitionSource]] = [:]
    private var base: FoldState

    init(_ settings: FoldState) {
        base = settings
    }

    /// Folds the next events, as many at a time as the fold allows.
    mutating func fold(_ events: some Sequence<Event>) {
        var rest = Array(events)[...]
        while !rest.isEmpty {
            let batch = Lifecycle.batch(of: Array(rest))
            var state = base
            for event in batch { load(event, into: &state) }
            for event in batch { Lifecycle.apply(event, to: &state) }
            write(state)
            base = state.settingsOnly()
            rest = rest.dropFirst(batch.count)
        }
    }

    private func load(_ event: Event, into state: inout FoldState) {
        for requirement in Lifecycle.requirements(of: event, in: state) where !state.meets(requirement) {
            load(requirement, into: &state)
        }
        // With what is at hand by then, more is required.
        for requirement in Lifecycle.furtherRequirements(of: event, in: state) where !state.meets(requirement) {
            load(requirement, into: &state)
        }
    }

    private func load(_ requirement: Requirement, into state: inout FoldState) {
        switch requirement {
        case .openAlert(let key):
            let alert = alerts.values.first { $0.key == key && $0.status == .triggered }
            state.load(openAlert: alert, of: incident(of: alert), for: key)
        case .alert(let id): state.load(alerts[id], of: incident(of: alerts[id]), withID: id)
        case .incidentWithAlerts(let id):
            if let incident = incidents[id] { state.load(incident) }
            let members = alerts.values.filter { $0.incidentID == id }
            state.load(alerts: members, ofIncident: id)
            for alert in members { load(.openAlert(alert.key), into: &state) }
        case .group(let key, let moment):
            let found = groups.filter { group, end in group.key == key && (end.map { $0 >= moment } ?? true) }
            state.load(
                found.compactMap { group, end in incidents[group.incidentID].map { ($0, end) } }, ofGroup: key,
                from: moment)
        case .recentAlerts(let key, let count):
            let found = alerts.values.filter { $0.key == key && $0.incidentID != nil }
            let ordered = found.sorted { ($0.incidentID ?? 0, $0.id) > ($1.incidentID ?? 0, $1.id) }
            state.load(recentAlerts: Array(ordered.prefix(Int(count))), of: key, count: count)
        case .recentIncidents(let service, let moment):
            let found = incidents.values.filter { $0.serviceID == service }.map { (at: $0.createdAt, id: $0.id) }
            state.load(recentIncidents: found, ofService: service, for: moment...Timestamp(milliseconds: .max / 2))
        case .inhibitors(let key):
            state.load(inhibitors: sources.values.joined().filter { $0.key == key }, under: key)
        case .inhibitionSources(let id): state.load(sources: sources[id, default: []], ofAlert: id)
        case .details, .noteCount, .openIncidents, .openIncidentCount, .openAlertCount:
            Issue.record("no such requirement is known here: \(requirement)")
        }
    }

    private func incident(of alert: Alert?) -> Incident? { alert?.incidentID.flatMap { incidents[$0] } }

    private mutating func write(_ state: FoldState) {
        let changes = state.changes
        for id in changes.updatedAlerts.union(changes.insertedAlerts) { alerts[id] = state.alerts[id] }
        for id in changes.updatedIncidents.union(changes.insertedIncidents) { incidents[id] = state.incidents[id] }
        for rule in changes.endedInhibitionRules.keys {
            sources = sources.mapValues { sources in
                sources.map { source in
                    var source = source
                    source.rules[rule] = nil
                    return source
                }
            }
        }
        for id in changes.inhibitionSources { sources[id] = state.inhibitionSources(of: id) }
        // What is at hand has its own word on its timers, and the last.
        release(changes)
        for (key, due) in changes.timers { timers[key] = due }
        for incident in changes.endedGroups { groups = groups.filter { $0.key.incidentID != incident } }
        for group in changes.groups {
            if let end = state.groupEnd(group) { groups[group] = .some(end) } else { groups[group] = nil }
        }
        logEntries += changes.logEntries
        for place in logEntries.indices {
            if let repeats = changes.repeats[logEntries[place].id] {
                logEntries[place].repeatCount = repeats.count
                logEntries[place].lastRepeatedAt = repeats.lastAt
            }
        }
        outcomes += changes.outcomes.map(\.outcome)
    }

    /// Has everything looked at again that something held back which is over: also what is not at hand.
    private mutating func release(_ changes: Changes) {
        for alert in alerts.values where alert.isHeldBack {
            let end: Timestamp? =
                switch alert.suppression {
                case .silence(let silence): changes.endedSilences[silence]
                case .inhibition(let rule, let source):
                    changes.endedInhibitionRules[rule] ?? changes.endedInhibitions[source]
                case nil: nil
                }
            if let end = end ?? changes.releasedServices[alert.serviceID] { timers[TimerKey(.release, alert.id)] = end }
        }
    }
}
