import Alerting
import Store

extension AdminError {
    /// What the client is told about a failure of the backend. What SQLite may get over by itself, or an operator can
    /// mend, is worth trying again; a broken rule or a damaged file is not.
    init(backend error: any Error) {
        switch error {
        case let error as AdminError: self = error
        case let error as SQLiteError where error.isConstraint || error.isCorrupt || error.primaryCode == 1:
            self = .unexpected
        default: self = .unavailable
        }
    }

    /// What the client is told when the fold refused its action. `isListed` says whether the resource stood in a list
    /// in the body: then an unknown one is a mistake in the body, else in the path.
    init(refusal: Refusal, subject: String?, isListed: Bool) {
        let named = subject.map { "\(refusal.rawValue): \($0)" } ?? refusal.rawValue
        switch refusal {
        case .unknownIncident, .unknownService, .unknownIntegration, .unknownToken:
            self = isListed ? .invalidInput(named) : .notFound
        case .incidentResolved: self = .alreadyResolved.about(named)
        case .incidentMerged: self = .alreadyMerged.about(named)
        case .alertOpenElsewhere, .serviceNameTaken, .integrationKeyTaken: self = .invalidInput(named)
        }
    }

    private func about(_ detail: String) -> AdminError {
        var error = self
        error.details = [detail]
        return error
    }
}
