import EventsAPI
import Pipeline
import Synchronization

/// What is counted about requests, for `/metrics`.
public final class RequestMeasurements: Sendable {
    /// The counts at one moment.
    public struct Snapshot: Sendable {
        /// Requests to the Events API that were refused, by reason.
        public var rejections: [RejectionReason: Int64] = [:]
        /// Events that were well-formed and not taken into the log, by reason. Each is counted in `rejections`, too.
        public var unavailable: [AppendError.Reason: Int64] = [:]
        /// Events answered with success and left out, because their integration is disabled.
        public var ignoredForDisabled: Int64 = 0
        /// Events whose bodies were not UTF-8 and were read as ISO 8859-1.
        public var latin1Events: Int64 = 0
        /// Answers of the admin API, by status.
        public var adminAnswers: [Int: Int64] = [:]
    }

    private let state = Mutex(Snapshot())

    /// Nothing counted yet.
    public init() {}

    /// The counts now.
    public var snapshot: Snapshot { state.withLock { $0 } }

    func rejected(_ reason: RejectionReason) {
        state.withLock { $0.rejections[reason, default: 0] += 1 }
    }

    func unavailable(_ reason: AppendError.Reason) {
        state.withLock { $0.unavailable[reason, default: 0] += 1 }
    }

    func ignoredForDisabled() {
        state.withLock { $0.ignoredForDisabled += 1 }
    }

    func readAsLatin1() {
        state.withLock { $0.latin1Events += 1 }
    }

    func answeredAdmin(_ status: Int) {
        state.withLock { $0.adminAnswers[status, default: 0] += 1 }
    }
}
