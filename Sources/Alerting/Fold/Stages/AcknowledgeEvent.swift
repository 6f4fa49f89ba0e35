/// An acknowledge by event acts on the incident that holds the open alert (events-api.md section 9).
enum AcknowledgeEvent {
    static func apply(_ arrival: Arrival, to state: inout FoldState) -> Outcome {
        guard let alert = state.openAlert(arrival.event.key) else { return .dropped(.noOpenAlert) }
        guard let incident = state.incident(of: alert) else { return .dropped(.alertHeldBack, alert.id) }
        state.acknowledge(
            incident, by: .service(arrival.service.id), loggedAs: arrival.agent, alert: alert.id, event: arrival.id,
            at: arrival.now)
        return incident.status == .triggered
            ? .acknowledged(alert.id, incident.id) : .acknowledgedAgain(alert.id, incident.id)
    }
}
