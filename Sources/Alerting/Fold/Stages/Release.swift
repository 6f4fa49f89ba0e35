/// What held an alert back is over: it is looked at as if it had just been opened, and held back again, or brought into an
/// incident.
enum Release {
    static func apply(_ id: AlertID, event: Event, to state: inout FoldState) -> Outcome {
        guard let candidate = Candidate(released: id, event: event, in: state) else {
            state.setTimer(TimerKey(.release, id), to: nil)
            return .dropped(.timerSuperseded)
        }
        return Lifecycle.place(candidate, in: &state)
    }
}
