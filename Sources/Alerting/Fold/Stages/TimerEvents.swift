/// A timer that fell due does its work only if its subject still waits for it.
enum TimerEvents {
    static func apply(_ timer: TimerEvent, event: Event, to state: inout FoldState) -> Outcome {
        switch timer.kind {
        case .acknowledgementTimeout, .snooze, .autoResolve, .flapRelease, .stormEnd:
            applyToIncident(timer, event: event, to: &state)
        case .release: Release.apply(timer.subjectID, event: event, to: &state)
        case .silenceEnd: SilenceEnd.apply(timer, event: event, to: &state)
        case .heartbeat: HeartbeatEvents.miss(timer, event: event, to: &state)
        case .heartbeatEnd: HeartbeatEvents.end(timer, event: event, to: &state)
        }
    }

    private static func applyToIncident(_ timer: TimerEvent, event: Event, to state: inout FoldState) -> Outcome {
        guard let incident = state.incidents[timer.subjectID], incident.timers[timer.kind] == timer.dueAt else {
            return .dropped(.timerSuperseded)
        }
        let agent = Agent.service(incident.serviceID)
        switch timer.kind {
        case .autoResolve: state.resolve(incident, by: agent, note: nil, event: event.id, at: event.receivedAt)
        case .flapRelease: Flapping.release(incident, event: event, in: &state)
        case .stormEnd: Storming.end(incident, event: event, in: &state)
        default: state.unacknowledge(incident, by: agent, event: event.id, at: event.receivedAt)
        }
        return .fired(incident.id)
    }
}
