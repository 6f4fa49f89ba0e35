/// What has to be at hand in the state before an event can be applied to it.
public enum Requirement: Hashable, Sendable {
    /// The open alert of a key, with its incident.
    case openAlert(AlertKey)
    /// An incident, all of its alerts, and whichever alerts hold the keys of those open now.
    case incidentWithAlerts(IncidentID)
}

extension Lifecycle {
    /// What has to be at hand for an event. An incident that does not exist counts as at hand once it was looked for.
    public static func requirements(of event: Event) -> [Requirement] {
        switch event.content {
        case .alert(let alert): [.openAlert(alert.key)]
        case .change, .unreadable: []
        case .timer(let timer): [.incidentWithAlerts(timer.incidentID)]
        case .action(let action):
            switch action.command {
            case .updateIncidents(let updates): updates.map { .incidentWithAlerts($0.incidentID) }
            default: []
            }
        }
    }
}
