import Alerting
import ArgumentParser

/// `--heartbeat` of integrations.
enum HeartbeatOption {
    /// What it is for.
    static let help = """
        Open an incident when the integration has sent nothing for so many seconds, \
        \(Heartbeat.intervals.lowerBound) to \(Heartbeat.intervals.upperBound); its next event resolves it. 0 is never.
        """

    /// Refuses a number of seconds that is out of bounds.
    static func check(_ seconds: Int64?) throws {
        guard let seconds, seconds != 0, !Heartbeat.intervals.contains(seconds) else { return }
        throw ValidationError(
            "--heartbeat expects 0, or \(Heartbeat.intervals.lowerBound) to \(Heartbeat.intervals.upperBound) seconds.")
    }
}
