import Alerting
import ArgumentParser

/// How long a silence lasts, as it is typed: `90s`, `2h`, `1d`.
struct SilenceDuration: ExpressibleByArgument {
    /// 1 second to 366 days.
    var seconds: Int64

    init?(argument text: String) {
        guard let seconds = TimeSpan.seconds(in: text), DurationLimit.silence.allows(seconds) else { return nil }
        self.seconds = seconds
    }
}
