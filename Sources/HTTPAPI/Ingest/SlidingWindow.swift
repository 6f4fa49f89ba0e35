import Alerting

/// Counts over the last sixty seconds, in steps of one second. The caller says what time it is.
struct SlidingWindow: Sendable {
    private var counts = [UInt32](repeating: 0, count: 60)
    private var second: Int64

    init(at now: Timestamp) {
        second = now.milliseconds / 1000
    }

    /// How many were counted in the sixty seconds that end now.
    mutating func lastMinute(at now: Timestamp) -> Int {
        advance(to: now)
        return counts.reduce(0) { $0 + Int($1) }
    }

    /// How many were counted in the second that runs.
    mutating func thisSecond(at now: Timestamp) -> Int {
        advance(to: now)
        return Int(counts[slot(second)])
    }

    /// Counts one.
    mutating func count(at now: Timestamp) {
        advance(to: now)
        counts[slot(second)] += 1
    }

    /// Whether nothing was counted in the last minute.
    mutating func isEmpty(at now: Timestamp) -> Bool { lastMinute(at: now) == 0 }

    /// A request that read the clock just before another one, and is counted after it, lies so many seconds back at most.
    private static let latecomers: Int64 = 2

    /// Forgets what is over. A clock that is set back starts the window anew, so that nobody is locked out for the
    /// hours between; a request that only comes late does not, or every turn of a second could forget the whole minute.
    private mutating func advance(to now: Timestamp) {
        let current = now.milliseconds / 1000
        guard current > second || current < second - SlidingWindow.latecomers else { return }
        if current < second || current - second >= 60 {
            counts = [UInt32](repeating: 0, count: 60)
        } else {
            for passed in (second + 1)...current { counts[slot(passed)] = 0 }
        }
        second = current
    }

    private func slot(_ second: Int64) -> Int { Int(((second % 60) + 60) % 60) }
}
