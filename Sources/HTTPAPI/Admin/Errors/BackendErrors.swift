import Alerting
import Store

extension AdminError {
    /// What the client is told about a failure of the backend. What SQLite may get over by itself, or an operator can
    /// mend, a damaged file too, is worth trying again; a broken rule is not.
    init(backend error: any Error) {
        switch error {
        case let error as AdminError: self = error
        case let error as LimitError: self = .invalidInput(error.description)
        case let error as SQLiteError where error.isConstraint || error.primaryCode == 1:
            self = .unexpected
        default: self = .unavailable
        }
    }

    /// What the client is told when the fold refused its action. What the path names and is not there is not found; what
    /// the body names is a mistake in the body.
    init(_ refusal: Refusal, subject: Int64?, inPath path: Set<Int64>) {
        let text = subject.map { ExternalID.string(refusal.subjectKind, $0) }
        let named = text.map { "\(refusal.rawValue): \($0)" } ?? refusal.rawValue
        switch refusal {
        case .unknownIncident, .unknownService, .unknownIntegration, .unknownToken, .unknownSilence,
            .unknownInhibitionRule:
            self = subject.map(path.contains) == true ? .notFound : .invalidInput(named)
        case .unknownAlert: self = .notFound
        case .incidentResolved: self = .alreadyResolved.about(named)
        case .incidentMerged: self = .alreadyMerged.about(named)
        case .serviceNameTaken: self = .invalidInput("Name has already been taken")
        case .integrationKeyTaken: self = .invalidInput("Integration key has already been taken")
        case .alertOpenElsewhere, .targetResolved, .targetAmongSources, .sourceWithoutAlerts, .tooManyAlerts,
            .tooManyNotes, .incidentKeyTaken, .serviceInUse, .integrationInUse, .invalidMatchers, .invalidWindow,
            .matchersTooWide, .matchersMissing, .tooManySilences, .tooManyInhibitionRules:
            self = .invalidInput(named)
        }
    }

    private func about(_ detail: String) -> AdminError {
        var error = self
        error.details = [detail]
        return error
    }
}

extension Refusal {
    /// What an action was refused over.
    fileprivate var subjectKind: ResourceKind {
        switch self {
        case .unknownAlert: .alert
        case .unknownService, .serviceNameTaken, .serviceInUse: .service
        case .unknownIntegration, .integrationKeyTaken, .integrationInUse: .integration
        case .unknownToken: .token
        case .unknownInhibitionRule, .tooManyInhibitionRules: .inhibitionRule
        case .unknownSilence, .invalidMatchers, .invalidWindow, .matchersTooWide, .matchersMissing, .tooManySilences:
            .silence
        case .unknownIncident, .incidentResolved, .incidentMerged, .alertOpenElsewhere, .targetResolved,
            .targetAmongSources, .sourceWithoutAlerts, .tooManyAlerts, .tooManyNotes, .incidentKeyTaken:
            .incident
        }
    }
}
