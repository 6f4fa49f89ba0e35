import Alerting
import Synchronization

/// Counts the requests of each token in any minute (rest-api.md section 9). Only tokens that exist are counted, so that the
/// table is no larger than theirs.
final class RateLimiter: Sendable {
    private struct State {
        var requestsPerMinute: Int
        var windows: [TokenID: SlidingWindow] = [:]
    }

    private let state: Mutex<State>

    /// A limiter that lets so many requests of a token pass in any minute; 0 is without limit.
    init(requestsPerMinute: Int) {
        state = Mutex(State(requestsPerMinute: requestsPerMinute))
    }

    /// Takes over another limit. What was counted stays counted.
    func setLimit(requestsPerMinute: Int) {
        state.withLock { $0.requestsPerMinute = requestsPerMinute }
    }

    /// Counts a request; nil where there is no limit. One that is refused does not count.
    func count(_ token: TokenID, at now: Timestamp) -> RequestCount? {
        state.withLock { state in
            let limit = state.requestsPerMinute
            guard limit > 0 else { return nil }
            var window = state.windows.removeValue(forKey: token) ?? SlidingWindow(seconds: 60)
            defer { state.windows[token] = window }
            let isAllowed = window.count(at: now) < limit
            if isAllowed { window.add(at: now) }
            // A request that comes late finds the newest a little ahead.
            let rest = (window.nextExpiry(at: now) ?? now).milliseconds - now.milliseconds
            return RequestCount(
                limit: limit, remaining: max(0, limit - window.count(at: now)),
                secondsToReset: Int((min(rest, 60_000) + 999) / 1000), isAllowed: isAllowed)
        }
    }
}

/// Where a token stands in its window.
struct RequestCount: Sendable, Hashable {
    var limit: Int
    var remaining: Int
    /// Until the oldest request of the minute no longer counts and makes room for another.
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
