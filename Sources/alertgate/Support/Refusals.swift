import Alerting

extension Refusal {
    /// Why an action was refused, for the operator: which incident it is about, if it is about one, and what is wrong.
    func explanation(subject: Int64?) -> String {
        guard isAboutIncident, let subject else { return reason }
        return "incident \(subject): \(reason)"
    }

    private var isAboutIncident: Bool {
        switch self {
        case .unknownIncident, .incidentResolved, .incidentMerged, .alertOpenElsewhere, .targetResolved,
            .targetAmongSources, .sourceWithoutAlerts, .tooManyAlerts, .tooManyNotes, .incidentKeyTaken:
            true
        case .unknownAlert, .unknownService, .serviceNameTaken, .serviceInUse, .unknownIntegration,
            .integrationKeyTaken, .integrationInUse, .unknownToken, .unknownSilence, .invalidMatchers,
            .invalidWindow, .matchersTooWide, .matchersMissing, .tooManySilences, .unknownInhibitionRule,
            .tooManyInhibitionRules:
            false
        }
    }

    private var reason: String {
        switch self {
        case .unknownIncident: "there is no such incident; `alertgate incidents` lists them"
        case .unknownAlert: "the incident has no such alert"
        case .unknownService: "there is no such service; `alertgate service list` lists them"
        case .unknownIntegration: "there is no such integration; `alertgate integration list` lists them"
        case .unknownToken: "there is no such token; `alertgate token list` lists them"
        case .unknownSilence: "there is no such silence, or it has ended; `alertgate silence list` lists them"
        case .invalidMatchers: "the matchers cannot be used together; `alertgate silence create --help` tells how"
        case .matchersTooWide:
            "at least one matcher has to ask for something; these match alerts that have no labels"
        case .matchersMissing: "without --matcher, --all says that all alerts of the service are held back"
        case .unknownInhibitionRule: "there is no such rule; `alertgate inhibition list` lists them"
        case .tooManyInhibitionRules:
            "there are too many inhibition rules, or their patterns cost too much together; delete some first"
        case .tooManySilences: "there are too many silences, or their patterns cost too much together; end some first"
        case .invalidWindow: "a silence ends after it starts, and not in the past"
        case .incidentResolved: "the incident is resolved already"
        case .incidentMerged: "the incident was merged into another one; it can be neither reopened nor merged"
        case .alertOpenElsewhere: "an alert with the same dedup key is open in another incident"
        case .targetResolved: "the incident that alerts shall move to is resolved"
        case .targetAmongSources: "an incident cannot be merged into itself"
        case .sourceWithoutAlerts: "an incident without alerts cannot be merged into another"
        case .tooManyAlerts: "an incident holds at most \(Incident.maximumAlertCount) alerts"
        case .tooManyNotes: "an incident has at most \(Note.maximumCount) notes"
        case .incidentKeyTaken: "an open incident of the service has the same key"
        case .serviceInUse:
            "the service has open incidents, which have to be resolved first, or integrations; --with-integrations "
                + "deletes those with it"
        case .integrationInUse: "the integration has open alerts; resolve them first"
        case .serviceNameTaken: "there is a service of that name already"
        case .integrationKeyTaken: "the key belongs to an integration already"
        }
    }
}
