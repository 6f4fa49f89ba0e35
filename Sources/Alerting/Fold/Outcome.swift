/// The result of an event: every event has one (docs/architecture.md, promise 5). Stored in `event_outcomes`.
public enum Outcome: Hashable, Sendable {
    /// An alert opened an incident: at its trigger, or when nothing held it back any more.
    case opened(AlertID, IncidentID)
    /// An alert joined an open incident: that of its group, where no reason is given.
    case grouped(AlertID, IncidentID, JoinReason? = nil)
    /// An alert is held back and in no incident.
    case suppressed(AlertID, Suppression)
    /// A trigger met its open alert: the data was updated, nobody is notified again.
    case deduplicated(AlertID, IncidentID)
    /// The incident was acknowledged.
    case acknowledged(AlertID, IncidentID)
    /// The incident was acknowledged before; the acknowledgement starts anew.
    case acknowledgedAgain(AlertID, IncidentID)
    /// The last open alert was resolved, and the incident with it.
    case resolved(AlertID, IncidentID)
    /// The alert was resolved; the incident has other open alerts, or the alert was held back and there is none.
    case alertResolved(AlertID, IncidentID?)
    /// A change event was recorded.
    case recorded
    /// An action was carried out. The incident it was about, if it was about just one.
    case applied(IncidentID?)
    /// An action found everything as it asked for.
    case unchanged(IncidentID?)
    /// A timer did what it was set for. The incident it was set on, if it was on one.
    case fired(IncidentID?)
    /// Nothing was to be done. The alert over which, if there is one.
    case dropped(DropReason, AlertID? = nil)
    /// An action was refused, as a whole.
    case refused(Refusal, subject: Int64?)

    /// The name in `event_outcomes.outcome`, the metrics and `explain`.
    public var name: String {
        switch self {
        case .opened: "opened"
        case .grouped: "grouped"
        case .suppressed: "suppressed"
        case .deduplicated: "deduplicated"
        case .acknowledged: "acknowledged"
        case .acknowledgedAgain: "acknowledged_again"
        case .resolved: "resolved"
        case .alertResolved: "alert_resolved"
        case .recorded: "recorded"
        case .applied: "applied"
        case .unchanged: "unchanged"
        case .fired: "fired"
        case .dropped: "dropped"
        case .refused: "refused"
        }
    }

    /// Why nothing was done, or why an alert is where it is, for `event_outcomes.reason`; nil where the name says it all.
    public var reason: String? {
        switch self {
        case .dropped(let reason, _): reason.rawValue
        case .refused(let refusal, _): refusal.rawValue
        case .suppressed(_, let suppression): suppression.reason
        case .grouped(_, _, let reason): reason?.rawValue
        default: nil
        }
    }

    /// The alert that the event went to.
    public var alertID: AlertID? {
        switch self {
        case .opened(let alert, _), .grouped(let alert, _, _), .deduplicated(let alert, _), .acknowledged(let alert, _),
            .acknowledgedAgain(let alert, _), .resolved(let alert, _), .alertResolved(let alert, _),
            .suppressed(let alert, _):
            alert
        case .dropped(_, let alert): alert
        default: nil
        }
    }

    /// The incident that the event went to.
    public var incidentID: IncidentID? {
        switch self {
        case .opened(_, let incident), .grouped(_, let incident, _), .deduplicated(_, let incident),
            .acknowledged(_, let incident), .acknowledgedAgain(_, let incident), .resolved(_, let incident):
            incident
        case .applied(let incident), .unchanged(let incident), .alertResolved(_, let incident): incident
        case .fired(let incident): incident
        default: nil
        }
    }

    /// The resource over which an action was refused, the number of an incident, service, integration, token or silence;
    /// or the silence or alert that holds an alert back.
    public var subject: Int64? {
        switch self {
        case .refused(_, let subject): subject
        case .suppressed(_, let suppression): suppression.subject
        default: nil
        }
    }
}

/// Why an alert joined an incident that is not its group's.
public enum JoinReason: String, Sendable, CaseIterable {
    /// Its key flaps.
    case flapping = "flapping"
    /// Its service has too many new incidents.
    case storm = "storm"
}

/// Why an event did nothing.
public enum DropReason: String, Sendable, CaseIterable {
    /// An acknowledge or resolve for a key that has no open alert.
    case noOpenAlert = "no open alert"
    /// An acknowledge for an alert that is held back: there is no incident to acknowledge.
    case alertHeldBack = "alert is held back"
    /// The integration is not, or no longer, there.
    case unknownIntegration = "unknown integration"
    /// The timer was set anew or taken back before it fell due.
    case timerSuperseded = "timer superseded"
    /// The row cannot be read by this program.
    case unreadable = "unreadable event"
    /// The tables refused what the event would have done: a fault of the program, set aside so that those behind it go
    /// on.
    case inapplicable = "could not be applied"
}

/// Why an action was refused.
public enum Refusal: String, Sendable, CaseIterable {
    case unknownIncident = "unknown incident"
    case unknownAlert = "unknown alert"
    case unknownService = "unknown service"
    case unknownIntegration = "unknown integration"
    case unknownToken = "unknown token"
    /// There is no such silence, or it has ended.
    case unknownSilence = "unknown silence"
    /// A label is unknown, or a matcher cannot be made ready.
    case invalidMatchers = "invalid matchers"
    /// Without a service, they would match an alert that has no labels at all.
    case matchersTooWide = "matchers match everything"
    /// All alerts of a service would be held back, and the requester did not say that this is meant.
    case matchersMissing = "matchers missing"
    /// All silences together would be too many, or cost too much.
    case tooManySilences = "too many silences"
    case unknownInhibitionRule = "unknown inhibition rule"
    /// All inhibition rules together would be too many, or cost too much.
    case tooManyInhibitionRules = "too many inhibition rules"
    /// It would end before it begins.
    case invalidWindow = "invalid window"
    /// Only `triggered` reopens a resolved incident.
    case incidentResolved = "incident already resolved"
    /// A merged source stays resolved.
    case incidentMerged = "incident already merged"
    /// The key of an alert to be reopened is open elsewhere.
    case alertOpenElsewhere = "alert open in another incident"
    /// Only open incidents take alerts in.
    case targetResolved = "target incident is resolved"
    /// An incident is not merged into itself.
    case targetAmongSources = "target among the sources"
    /// What is merged has alerts.
    case sourceWithoutAlerts = "source incident without alerts"
    /// The target would hold more than `Incident.maximumAlertCount` alerts.
    case tooManyAlerts = "too many alerts in one incident"
    /// The incident has `Note.maximumCount` notes.
    case tooManyNotes = "too many notes on the incident"
    /// An open incident of the service has the key.
    case incidentKeyTaken = "open incident with the same key"
    case serviceNameTaken = "service name taken"
    /// The service has open incidents, or integrations that were not to be deleted with it.
    case serviceInUse = "service in use"
    case integrationKeyTaken = "integration key taken"
    /// The integration has open alerts.
    case integrationInUse = "integration has open alerts"

    /// Whether it hangs on incidents that the action does not name: those that were open then.
    public var hangsOnOpenIncidents: Bool {
        switch self {
        case .alertOpenElsewhere, .incidentKeyTaken, .serviceInUse, .integrationInUse: true
        default: false
        }
    }
}
