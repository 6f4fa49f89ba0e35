import Alerting
import ArgumentParser
import EventsAPI

/// A moment as it is typed, in ISO 8601: `2026-01-31`, `2026-01-31T22:00`, `2026-01-31T22:00:00+01:00`. Without an offset
/// it is UTC.
struct Moment: ExpressibleByArgument {
    var timestamp: Timestamp

    init?(argument text: String) {
        guard let timestamp = TimestampParser.parse(text) else { return nil }
        self.timestamp = timestamp
    }
}
