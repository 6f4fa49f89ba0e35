/// What holds an alert back: it is open and in no incident, so nobody is called for it. When that is over and the alert
/// is still open, it opens its incident then.
public enum Suppression: Hashable, Sendable {
    /// A silence that is in force.
    case silence(SilenceID)
    /// An open alert, by an inhibition rule.
    case inhibition(InhibitionRuleID, source: AlertID)

    /// Why, for `event_outcomes.reason`.
    public var reason: String {
        switch self {
        case .silence: "silenced"
        case .inhibition: "inhibited"
        }
    }

    /// The alert that inhibits; nil where a silence does.
    var source: AlertID? {
        if case .inhibition(_, let source) = self { source } else { nil }
    }

    /// The rule by which it does; nil where a silence holds back.
    var rule: InhibitionRuleID? {
        if case .inhibition(let rule, _) = self { rule } else { nil }
    }

    /// The silence, or the alert that inhibits.
    public var subject: Int64 {
        switch self {
        case .silence(let id): id
        case .inhibition(_, let source): source
        }
    }
}
