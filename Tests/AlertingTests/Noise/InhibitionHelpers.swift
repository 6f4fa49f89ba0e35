import Alerting
import Testing

extension FoldRecorder {
    /// Makes an inhibition rule and gives its number.
    mutating func inhibit(
        _ target: String, by source: String, equal: [String] = [], service: ServiceID? = nil,
        at place: SourceLocation = #_sourceLocation
    ) throws -> InhibitionRuleID {
        let draft = InhibitionRuleDraft(
            serviceID: service, source: try LabelMatcher.parse(source), target: try LabelMatcher.parse(target),
            equal: equal, comment: "one cause, one call")
        #expect(perform(.createInhibitionRule(draft)) == .applied(nil), sourceLocation: place)
        return lastID
    }

    /// Triggers an alert and gives its number.
    mutating func open(
        _ key: String, _ severity: Severity, digest: Int64 = 1, on integration: IntegrationID? = nil,
        _ fill: (inout AlertData) -> Void = { _ in }, at place: SourceLocation = #_sourceLocation
    ) throws -> AlertID {
        let outcome = send(.trigger, key, on: integration, severity: severity, digest: digest, fill)
        return try #require(outcome.alertID, sourceLocation: place)
    }

    /// What holds an alert back.
    func suppression(of alert: AlertID) -> Suppression? {
        state.alerts[alert].flatMap { $0.isHeldBack ? $0.suppression : nil }
    }
}

extension SilenceStory {
    /// Makes an inhibition rule and gives its number.
    @discardableResult
    mutating func inhibit(
        _ target: String, by source: String, equal: [String] = [], at seconds: Int64
    ) throws -> InhibitionRuleID {
        let draft = InhibitionRuleDraft(
            source: try LabelMatcher.parse(source), target: try LabelMatcher.parse(target), equal: equal)
        perform(.createInhibitionRule(draft), at: seconds)
        return fold.lastID
    }

    /// Triggers an alert and gives its number.
    @discardableResult
    mutating func open(
        _ key: String, _ severity: Severity, at seconds: Int64, digest: Int64 = 1,
        _ fill: (inout AlertData) -> Void = { _ in }
    ) throws -> AlertID {
        try #require(send(.trigger, key, at: seconds, severity: severity, digest: digest, fill).alertID)
    }

    /// Until when an alert waits to be looked at again; nil where it waits for nothing but another event.
    func release(of alert: AlertID) -> Timestamp? { timers[TimerKey(.release, alert)] }

    mutating func put(_ status: IncidentStatus, on incident: IncidentID, at seconds: Int64) -> Outcome {
        perform(.updateIncidents([IncidentUpdate(incidentID: incident, status: status)]), at: seconds)
    }
}

/// What ought to hold alerts back, found by comparing each with every other, and without any index.
struct InhibitionReference {
    private(set) var rules: [InhibitionRuleID: InhibitionRuleDraft] = [:]
    /// The last trigger of each alert, or when it was reopened: it holds others back by the rules made before.
    private var seen: [AlertID: EventID] = [:]

    /// Takes in an event that was applied.
    mutating func note(_ event: Event, _ outcome: Outcome, from before: [AlertID: Alert], to after: [AlertID: Alert]) {
        switch event.content {
        case .alert(let alert) where alert.action == .trigger:
            if let id = outcome.alertID { seen[id] = event.id }
        case .action(let action) where outcome == .applied(nil):
            if case .createInhibitionRule(let draft) = action.command { rules[event.id] = draft }
            if case .deleteInhibitionRule(let rule) = action.command { rules[rule] = nil }
        default: break
        }
        for alert in after.values where alert.status == .triggered && before[alert.id]?.status == .resolved {
            seen[alert.id] = event.id
        }
    }

    /// What holds an alert back: the oldest alert that does, and of the rules by which it does so the oldest.
    func holder(of alert: Alert, among alerts: [AlertID: Alert]) -> Suppression? {
        for source in alerts.keys.sorted() where source < alert.id {
            for rule in rules.keys.sorted() where holds(alert, by: rule, source: alerts[source]) {
                return .inhibition(rule, source: source)
            }
        }
        return nil
    }

    /// Whether an alert holds another back by a rule.
    func holds(_ target: Alert, by id: InhibitionRuleID, source: Alert?) -> Bool {
        guard let rule = rules[id], let source, source.status == .triggered, source.id < target.id,
            seen[source.id, default: 0] > id
        else { return false }
        let isOfService = rule.serviceID.map { $0 == source.serviceID && $0 == target.serviceID } ?? true
        let isTwin = matches(rule.target, source) && matches(rule.source, target)
        return isOfService && !isTwin && matches(rule.source, source) && matches(rule.target, target)
            && rule.equal.allSatisfy { Self.value(of: $0, in: source) == Self.value(of: $0, in: target) }
    }

    /// Patterns are no more than a choice of texts here.
    private func matches(_ matchers: [LabelMatcher], _ alert: Alert) -> Bool {
        matchers.allSatisfy { matcher in
            let value = Self.value(of: matcher.label, in: alert)
            let choice = matcher.value.split(separator: "|", omittingEmptySubsequences: false).map { Array($0.utf8) }
            return switch matcher.comparison {
            case .equal: value == Array(matcher.value.utf8)
            case .notEqual: value != Array(matcher.value.utf8)
            case .matches: choice.contains(value)
            case .doesNotMatch: !choice.contains(value)
            }
        }
    }

    private static func value(of label: String, in alert: Alert) -> [UInt8] { Array((alert.label(label) ?? "").utf8) }
}
