import Alerting
import Glibc

/// Tells the time. The fold never asks; only what stamps events and finds timers due does.
public protocol TimeSource: Sendable {
    /// The moment it is.
    func now() -> Timestamp
}

/// The machine's clock.
public struct SystemClock: TimeSource {
    /// The machine's clock.
    public init() {}

    /// The moment it is, to the millisecond.
    public func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// Nanoseconds since some moment in the past, for measuring how long things take.
public func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
