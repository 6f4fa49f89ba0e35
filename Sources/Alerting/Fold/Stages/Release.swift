/// What held an alert back is over: it is looked at as if it had just been opened, and held back again, or brought into an
/// incident.
enum Release {
    static func apply(_ id: AlertID, event: Event, to state: inout FoldState) -> Outcome {
        guard let alert = state.alerts[id], alert.isHeldBack, let service = state.services[alert.serviceID] else {
            state.setTimer(TimerKey(.release, id), to: nil)
            return .dropped(.timerSuperseded)
        }
        let candidate = Candidate(
            alert: alert, isNew: false, service: service, event: event.id, now: event.receivedAt,
            agent: .service(service.id))
        return Lifecycle.place(candidate, in: &state)
    }
}
