/// An inhibition rule is made or deleted by somebody. It is good for what triggers from then on: an alert that is open
/// already holds others back from its next trigger on.
struct InhibitionRuleChange {
    let arrival: ActionArrival

    func create(_ draft: InhibitionRuleDraft, in state: inout FoldState) throws(RefusedAction) {
        if let id = draft.serviceID { _ = try state.service(id) }
        if let refusal = draft.refusal { throw RefusedAction(refusal, nil) }
        guard let source = try? MatcherSet(draft.source), let target = try? MatcherSet(draft.target) else {
            throw RefusedAction(.invalidMatchers, nil)
        }
        guard state.inhibitions.hasRoom(for: source, target) else { throw RefusedAction(.tooManyInhibitionRules, nil) }
        state.set(
            InhibitionRule(
                id: arrival.id, serviceID: draft.serviceID, source: source, target: target, equal: draft.equal,
                comment: draft.comment, createdAt: arrival.now, createdBy: arrival.agent))
    }

    func delete(_ id: InhibitionRuleID, in state: inout FoldState) throws(RefusedAction) {
        guard var rule = state.inhibitions[id] else { throw RefusedAction(.unknownInhibitionRule, id) }
        rule.deletedAt = arrival.now
        state.set(rule)
        state.releaseAlerts(heldByRule: id, at: arrival.now)
    }
}
