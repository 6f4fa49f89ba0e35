import Alerting
import Store

/// Finds the incidents that can only go together: an action that changed several of them is done as a whole or refused
/// as a whole, so that folding it again without one of them would undo what it did to the others.
struct ExpiringGroupSearch {
    let connection: Connection
    let limits: RetentionLimits

    /// The outcomes of actions that had no effect. `unchanged` is not among them: an urgency that is confirmed by hand
    /// is remembered as such.
    private static let withoutEffect: Set<String> = ["dropped", "refused"]

    /// The group around an incident, and the actions without effect that have to go before it; nil where one of the
    /// group is not to go yet, or there are too many.
    func group(
        around incident: IncidentID, before cutoff: Timestamp
    ) throws -> (group: ExpiringGroup, before: Set<EventID>)? {
        var members: [ExpiringGroup.Member] = []
        var shared: Set<EventID> = []
        var withoutEffect: Set<EventID> = []
        var known: Set<IncidentID> = [incident]
        var waiting = [incident]
        while let id = waiting.popLast() {
            // The count comes first: an action that is not seen below makes it differ when the group is marked.
            let references = try RetentionRows.references(to: id, connection)
            guard let resolved = try RetentionRows.resolved(id, connection), resolved.at < cutoff else { return nil }
            members.append(
                ExpiringGroup.Member(id: id, resolvedEventID: resolved.resolvedEventID, references: references))
            for action in try RetentionRows.actions(naming: id, connection) {
                guard !Self.withoutEffect.contains(action.outcome) else {
                    withoutEffect.insert(action.id)
                    continue
                }
                let others = try RetentionRows.incidents(namedBy: action.id, connection)
                if action.incidentID == nil || others.count > 1 { shared.insert(action.id) }
                for other in others where known.insert(other).inserted { waiting.append(other) }
            }
            // What its alerts held back goes before it, or with it.
            let held = try RetentionRows.heldBack(byAlertsOf: id, limit: Int64(limits.group), connection)
            guard !held.contains(0) else { return nil }
            for other in held where known.insert(other).inserted { waiting.append(other) }
            // While the incident was open, a reopening of another may have been refused over its alert.
            let first = try RetentionRows.firstAlert(of: id, connection) ?? id
            withoutEffect.formUnion(
                try RetentionRows.refusedOverOthers(
                    after: min(id, first), before: resolved.resolvedEventID, connection))
            guard known.count <= limits.group, shared.count <= limits.group else { return nil }
        }
        return (ExpiringGroup(members: members, sharedActions: shared.sorted()), withoutEffect)
    }
}
