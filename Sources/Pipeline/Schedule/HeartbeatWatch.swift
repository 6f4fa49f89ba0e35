import Alerting
import Store

/// Finds out whether heartbeats are missed, or came back.
struct HeartbeatWatch {
    /// When rows were first seen that lie in the future, because the clock was set back: their time begins then.
    private var clamped: [IntegrationID: Timestamp] = [:]

    /// What is to be appended to the log for a heartbeat; nil where all is as it should be.
    mutating func timer(
        for heartbeat: HeartbeatRows.Heartbeat, at now: Timestamp, settings: FoldState
    ) -> TimerEvent? {
        let id = heartbeat.integrationID
        let interval = settings.heartbeatInterval(of: id)
        if let alert = heartbeat.alertID {
            // Also where nothing is expected any more: nobody else would resolve it.
            guard heartbeat.isMissed, interval == nil || heartbeat.sentEventID > alert else { return nil }
            return TimerEvent(kind: .heartbeatEnd, subjectID: id, dueAt: heartbeat.lastAt)
        }
        guard let interval else { return nil }
        let due = start(of: heartbeat, at: now).adding(seconds: interval)
        return due <= now ? TimerEvent(kind: .heartbeat, subjectID: id, dueAt: due) : nil
    }

    private mutating func start(of heartbeat: HeartbeatRows.Heartbeat, at now: Timestamp) -> Timestamp {
        guard heartbeat.lastAt > now else {
            clamped[heartbeat.integrationID] = nil
            return heartbeat.lastAt
        }
        let start = clamped[heartbeat.integrationID] ?? now
        clamped[heartbeat.integrationID] = start
        return start
    }
}
