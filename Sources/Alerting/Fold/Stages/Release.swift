/// What held an alert back is over: it is looked at as if it had just been opened, and held back again, or brought into an
/// incident. One whose integration was deleted with its service is resolved: nobody is called for it, and no event could
/// resolve it.
enum Release {
    static func apply(_ id: AlertID, event: Event, to state: inout FoldState) -> Outcome {
        guard let candidate = Candidate(released: id, event: event, in: state) else {
            state.setTimer(TimerKey(.release, id), to: nil)
            return .dropped(.timerSuperseded)
        }
        if state.integrations[candidate.alert.key.integrationID]?.deletedAt != nil {
            return state.resolve(candidate.alert, loggedAs: candidate.agent, event: candidate.event, at: candidate.now)
        }
        return Lifecycle.place(candidate, in: &state)
    }
}
