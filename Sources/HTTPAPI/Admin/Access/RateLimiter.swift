import Alerting
import Synchronization

/// Counts the requests of each token in windows of one minute (rest-api.md section 9). Only tokens that exist are
/// counted, so that the table is no larger than theirs.
final class RateLimiter: Sendable {
    private struct Window {
        var startedAt: Timestamp
        var count: Int
    }

    private static let windowLength: Int64 = 60_000

    private struct State {
        var requestsPerMinute: Int
        var windows: [TokenID: Window] = [:]
    }

    private let state: Mutex<State>

    /// A limiter that lets so many requests of a token pass each minute; 0 is without limit.
    init(requestsPerMinute: Int) {
        state = Mutex(State(requestsPerMinute: requestsPerMinute))
    }

    /// Takes over another limit. What was counted stays counted.
    func setLimit(requestsPerMinute: Int) {
        state.withLock { $0.requestsPerMinute = requestsPerMinute }
    }

    /// Counts a request; nil where there is no limit.
    func count(_ token: TokenID, at now: Timestamp) -> RequestCount? {
        state.withLock { state in
            let requestsPerMinute = state.requestsPerMinute
            guard requestsPerMinute > 0 else { return nil }
            var window = state.windows[token] ?? Window(startedAt: now, count: 0)
            let age = now.milliseconds - window.startedAt.milliseconds
            // A clock that was set back starts a window anew, else the token would wait for it to catch up.
            if age < 0 || age >= RateLimiter.windowLength { window = Window(startedAt: now, count: 0) }
            let isAllowed = window.count < requestsPerMinute
            if isAllowed { window.count += 1 }
            state.windows[token] = window
            let rest = RateLimiter.windowLength - (now.milliseconds - window.startedAt.milliseconds)
            return RequestCount(
                limit: requestsPerMinute, remaining: max(0, requestsPerMinute - window.count),
                secondsToReset: Int((rest + 999) / 1000), isAllowed: isAllowed)
        }
    }
}

/// Where a token stands in its window.
struct RequestCount: Sendable, Hashable {
    var limit: Int
    var remaining: Int
    var secondsToReset: Int
    var isAllowed: Bool

    var headers: [AdminResponse.Field] {
        [
            AdminResponse.Field("ratelimit-limit", String(limit)),
            AdminResponse.Field("ratelimit-remaining", String(remaining)),
            AdminResponse.Field("ratelimit-reset", String(secondsToReset)),
        ]
    }
}
