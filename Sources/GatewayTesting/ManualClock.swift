import Alerting
import Pipeline
import Synchronization

/// A clock that stands still until it is moved.
public final class ManualClock: TimeSource {
    private let moment: Mutex<Timestamp>

    /// A clock that shows that moment.
    public init(_ moment: Timestamp = Timestamp(milliseconds: 1_700_000_000_000)) {
        self.moment = Mutex(moment)
    }

    /// The moment it shows.
    public func now() -> Timestamp { moment.withLock { $0 } }

    /// Moves it forward, or back.
    public func advance(seconds: Int64) {
        moment.withLock { $0 = $0.adding(seconds: seconds) }
    }
}
