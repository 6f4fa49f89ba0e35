import Alerting
import NIOCore

/// Counts over the time that ends now: whatever moment one looks at, exactly the events of that many milliseconds before it.
/// The caller says what time it is.
struct SlidingWindow: Sendable {
    /// Events of one millisecond; after `coarsen`, of up to `grain`.
    private struct Run {
        /// When the last of them came.
        var time: Int64
        var count: Int
    }

    private let length: Int64
    private var runs = CircularBuffer<Run>(initialCapacity: 0)
    private var total = 0

    /// A window of that many seconds.
    init(seconds: Int64) {
        length = seconds * 1000
    }

    /// How many were counted in the window that ends now.
    mutating func count(at now: Timestamp) -> Int {
        advance(to: now)
        return total
    }

    /// Counts one.
    mutating func add(at now: Timestamp) {
        advance(to: now)
        let time = max(now.milliseconds, runs.last?.time ?? now.milliseconds)
        if runs.last?.time == time {
            runs[runs.index(before: runs.endIndex)].count += 1
        } else {
            if runs.count == Self.maximumRuns { coarsen() }
            runs.append(Run(time: time, count: 1))
        }
        total += 1
    }

    /// When the oldest that counts leaves the window; nil if nothing counts.
    mutating func nextExpiry(at now: Timestamp) -> Timestamp? {
        advance(to: now)
        return runs.first.map { Timestamp(milliseconds: $0.time + length) }
    }

    /// A request that read the clock just before another one, and is counted after it, lies so many milliseconds back at most.
    private static let latecomers: Int64 = 2000
    /// Runs kept at most, of 16 bytes each. Only a sender that floods for seconds gets there.
    private static let maximumRuns = 4096
    /// How many milliseconds are one where there are too many of them: the longest window, a minute, then has 1,876 runs.
    private static let grain: Int64 = 32

    /// Forgets what is over. A clock that is set back starts the window anew, so that nobody is locked out for the hours
    /// between; a request that only comes late does not, or every turn of a second could forget the whole minute.
    private mutating func advance(to now: Timestamp) {
        guard let newest = runs.last?.time else { return }
        if now.milliseconds < newest - Self.latecomers || now.milliseconds >= newest + length {
            // With its memory: most senders are quiet most of the time.
            runs = CircularBuffer(initialCapacity: 0)
            total = 0
            return
        }
        while let oldest = runs.first, oldest.time <= now.milliseconds - length {
            total -= oldest.count
            runs.removeFirst()
        }
    }

    /// Puts neighbours together. They count as long as the last of them, so that none is let through that should not be.
    private mutating func coarsen() {
        var coarse = CircularBuffer<Run>(initialCapacity: Self.maximumRuns)
        for run in runs {
            if let last = coarse.last, last.time / Self.grain == run.time / Self.grain {
                coarse[coarse.index(before: coarse.endIndex)] = Run(time: run.time, count: last.count + run.count)
            } else {
                coarse.append(run)
            }
        }
        runs = coarse
    }
}
