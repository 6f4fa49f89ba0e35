import Alerting
import Synchronization

/// What the pipeline counts about itself, for `/metrics` and `/readyz`. Counting never blocks for long: one short lock.
public final class Measurements: Sendable {
    /// The counts at one moment.
    public struct Snapshot: Sendable {
        /// Events committed, the gateway's own included.
        public var committedEvents: Int64 = 0
        /// Commits with events.
        public var commits: Int64 = 0
        /// Commits that failed.
        public var failedCommits: Int64 = 0
        /// How often the writer was tried without anything to write.
        public var probes: Int64 = 0
        /// How long commits took, in seconds.
        public var commitSeconds = Histogram(bounds: [
            0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
        ])
        /// How many events each commit took in.
        public var commitEvents = Histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024])
        /// Events applied, by kind, action and outcome.
        public var applied: [AppliedLabel: Int64] = [:]
        /// Events that mean nothing to this program, or that could not be applied.
        public var setAside: Int64 = 0
        /// Batches that the worker could not write.
        public var failedBatches: Int64 = 0
        /// What retention has removed.
        public var retention = RetentionCounts()
        /// How long retention's steps held the gate, in seconds, with the commit and its sync.
        public var retentionStepSeconds = Histogram(bounds: [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1])
        /// When retention last came to the end of a pass.
        public var lastRetentionPass: Timestamp?
    }

    /// What an applied event is counted under.
    public struct AppliedLabel: Hashable, Sendable {
        /// v1, v2, change, action or timer.
        public var kind: String
        /// trigger, acknowledge, resolve, change, or the name of the action or timer.
        public var action: String
        /// `Outcome.name`.
        public var outcome: String
    }

    private let state = Mutex(Snapshot())

    /// Nothing counted yet.
    public init() {}

    /// The counts now.
    public var snapshot: Snapshot { state.withLock { $0 } }

    func committed(events: Int, nanoseconds: UInt64) {
        state.withLock { state in
            state.commitSeconds.observe(Double(nanoseconds) / 1e9)
            guard events > 0 else { return }
            state.commits += 1
            state.committedEvents += Int64(events)
            state.commitEvents.observe(Double(events))
        }
    }

    func probed() {
        state.withLock { $0.probes += 1 }
    }

    func commitFailed() {
        state.withLock { $0.failedCommits += 1 }
    }

    func applied(_ events: some Sequence<(Event, Outcome)>) {
        var counts: [AppliedLabel: Int64] = [:]
        var setAside: Int64 = 0
        for (event, outcome) in events {
            counts[AppliedLabel(event, outcome), default: 0] += 1
            if outcome.isSetAside { setAside += 1 }
        }
        state.withLock { state in
            state.setAside += setAside
            for (label, count) in counts { state.applied[label, default: 0] += count }
        }
    }

    func batchFailed() {
        state.withLock { $0.failedBatches += 1 }
    }

    func removed(_ counts: RetentionCounts, nanoseconds: UInt64) {
        state.withLock { state in
            state.retention += counts
            state.retentionStepSeconds.observe(Double(nanoseconds) / 1e9)
        }
    }

    func retentionPassed(at moment: Timestamp) {
        state.withLock { $0.lastRetentionPass = moment }
    }
}

extension Measurements.AppliedLabel {
    init(_ event: Event, _ outcome: Outcome) {
        self.outcome = outcome.name
        switch event.content {
        case .alert(let alert):
            kind = alert.version.rawValue
            action = alert.action.rawValue
        case .change:
            kind = "change"
            action = "change"
        case .action(let request):
            kind = "action"
            action = request.command.name
        case .timer(let timer):
            kind = "timer"
            action = timer.kind.rawValue
        case .unreadable:
            kind = "unreadable"
            action = "unreadable"
        }
    }
}

extension Outcome {
    /// Whether it tells of a fault: not of a sender that was late, nor of a timer that was set anew.
    fileprivate var isSetAside: Bool {
        switch self {
        case .dropped(.unknownIntegration, _), .dropped(.unreadable, _), .dropped(.inapplicable, _): true
        default: false
        }
    }
}
