import Alerting
import ArgumentParser

/// How long an incident is snoozed, as it is typed: `90s`, `1h30m`, `2d`.
struct SnoozeDuration: ExpressibleByArgument {
    /// 1 second to 7 days (rest-api.md section 5.7).
    var seconds: Int64

    init?(argument text: String) {
        guard let seconds = TimeSpan.seconds(in: text), DurationLimit.snooze.allows(seconds) else { return nil }
        self.seconds = seconds
    }
}
