/// A silence is set, changed or ended by somebody.
struct SilenceChange {
    let arrival: ActionArrival

    func create(_ draft: SilenceDraft, in state: inout FoldState) throws(RefusedAction) {
        if let id = draft.serviceID { _ = try state.service(id) }
        if let refusal = draft.refusal(at: arrival.now) { throw RefusedAction(refusal, nil) }
        guard let matchers = try? MatcherSet(draft.matchers) else { throw RefusedAction(.invalidMatchers, nil) }
        guard state.silences.hasRoom(for: matchers) else { throw RefusedAction(.tooManySilences, nil) }
        state.set(
            Silence(
                id: arrival.id, serviceID: draft.serviceID, matchers: matchers, window: draft.window,
                recurrence: draft.recurrence, comment: draft.comment, createdAt: arrival.now, createdBy: arrival.agent))
        state.setTimer(TimerKey(.silenceEnd, arrival.id), to: draft.window.end)
    }

    func update(
        _ id: SilenceID, _ update: SilenceUpdate, in state: inout FoldState
    ) throws(RefusedAction) -> Outcome {
        guard let former = state.silences[id] else { throw RefusedAction(.unknownSilence, id) }
        var silence = former
        silence.comment = update.comment ?? silence.comment
        if let end = update.end {
            // A window of one that comes back is not longer than a recurrence lets it be.
            let latest = silence.window.start.adding(seconds: RecurrenceSchedule.durations.upperBound)
            let isTooLong = silence.recurrence != nil && end > latest
            guard silence.window.start < end, arrival.now < end, !isTooLong else {
                throw RefusedAction(.invalidWindow, id)
            }
            silence.window.end = end
        }
        guard silence != former || !silence.comment.utf8.elementsEqual(former.comment.utf8) else {
            return .unchanged(nil)
        }
        state.set(silence)
        if silence.window.end != former.window.end {
            state.setTimer(TimerKey(.silenceEnd, id), to: silence.window.end)
            // What a window that has not begun seems to hold back, the one before it does, whose end is over.
            if silence.window.start <= arrival.now { state.releaseAlerts(heldBy: id, at: silence.window.end) }
        }
        return .applied(nil)
    }

    func end(_ id: SilenceID, in state: inout FoldState) throws(RefusedAction) {
        guard var silence = state.silences[id] else { throw RefusedAction(.unknownSilence, id) }
        silence.endedAt = arrival.now
        silence.endedBy = arrival.agent
        state.set(silence)
        state.setTimer(TimerKey(.silenceEnd, id), to: nil)
        state.releaseAlerts(heldBy: id, at: arrival.now)
    }
}
