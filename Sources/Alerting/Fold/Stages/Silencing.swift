/// A silence that is in force holds the alert back (spec: kept and marked, it opens no incident).
struct Silencing: PlacingStage {
    func place(_ candidate: Candidate, in state: inout FoldState) -> Outcome? {
        let inForce = state.silences.silences(of: candidate.alert, at: candidate.now)
        // The one that lasts longest saves looking again; of equals the oldest.
        guard let silence = inForce.max(by: { ($0.window.end, $1.id) < ($1.window.end, $0.id) }) else { return nil }
        return state.hold(candidate, by: .silence(silence.id), until: silence.window.end)
    }
}

extension FoldState {
    /// Keeps an alert out of any incident, and has it looked at again at a moment, if one is known.
    mutating func hold(_ candidate: Candidate, by suppression: Suppression, until end: Timestamp?) -> Outcome {
        let former = candidate.isNew ? nil : alerts[candidate.alert.id]?.suppression
        var alert = candidate.alert
        alert.suppression = suppression
        put(alert, isNew: candidate.isNew)
        if suppression != former { recordHold(of: alert.id, by: suppression) }
        // Said even where it has none: earlier in the batch, the same alert may have let go of all that it held back then.
        setTimer(TimerKey(.release, alert.id), to: end)
        return .suppressed(alert.id, suppression)
    }
}
