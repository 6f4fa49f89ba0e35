/// An older open alert holds a new one back, by a rule (docs/noise.md). Of several the oldest does: it is the most likely
/// cause of them all.
struct Inhibiting: PlacingStage {
    func place(_ candidate: Candidate, in state: inout FoldState) -> Outcome? {
        var holder: (source: AlertID, rule: InhibitionRuleID)?
        for (key, rule, isSource) in state.inhibitions.targets(candidate.alert) {
            let found = state.oldestSource(
                under: key, by: rule, before: candidate.alert.id, butTargets: isSource)
            guard let found, found < holder?.source ?? .max else { continue }
            holder = (found, rule)
        }
        guard let holder else { return nil }
        // It is looked at again when the other alert no longer holds it back.
        return state.hold(candidate, by: .inhibition(holder.rule, source: holder.source), until: nil)
    }
}

extension FoldState {
    /// Has an open alert hold others back, or no longer, by what it says now.
    mutating func updateSources(of id: AlertID, at now: Timestamp) {
        guard !inhibitions.isEmpty, let alert = alerts[id], alert.status == .triggered else { return }
        let change = setSources(inhibitions.sources(alert), of: id)
        if change.removed { releaseAlerts(heldByAlert: id, at: now) }
    }
}
