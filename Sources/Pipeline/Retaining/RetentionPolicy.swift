import Alerting
import Dispatch

/// How long things are kept, in days; 0 is for ever.
public struct RetentionPolicy: Sendable, Hashable {
    /// Resolved incidents, with all that belongs to them, since they were resolved.
    public var incidentsDays = 365
    /// Events that changed nothing, since they were received.
    public var eventsDays = 30
    /// Change events, since they were received (events-api.md section 5.3).
    public var changeEventsDays = 90

    /// The usual ages.
    public init() {}

    /// The same age for all.
    public init(days: Int) {
        incidentsDays = days
        eventsDays = days
        changeEventsDays = days
    }

    /// What came before the moment is older than that many days; nil where nothing ever is.
    static func cutoff(days: Int, at now: Timestamp) -> Timestamp? {
        days > 0 ? now.adding(seconds: -Int64(days) * 86_400) : nil
    }
}

/// Bounds of one step, each of which is one job on the writer's gate.
struct RetentionLimits: Sendable {
    /// Things removed.
    var removals = 200
    /// Bytes of bodies removed; one body may be larger.
    var bytes: Int64 = 512 * 1024
    /// Incidents marked.
    var marks = 50
    /// Pages given back.
    var pages: Int64 = 100
    /// Pages given back between two looks at the time.
    var pagesAtOnce: Int64 = 10
    /// Nanoseconds after which a step ends early, what it has done being done.
    var nanoseconds: UInt64 = 10_000_000
    /// Incidents that may go together. More are kept.
    var group = 500
    /// Incidents marked until what is left of them is removed.
    var round = 1000
    /// Events looked through in one query.
    var window: Int64 = 5000
    /// Pages that stay free inside the file for what comes next.
    var freePages: Int64 = 256
}

/// When retention does its work.
struct RetentionSchedule: Sendable {
    /// From the start to the first pass.
    var firstDelay = DispatchTimeInterval.seconds(360)
    /// From the start to the first of the passes that come again and again, and between these.
    var interval = DispatchTimeInterval.seconds(3600)
}

/// What retention has removed.
public struct RetentionCounts: Sendable, Hashable {
    /// Incidents.
    public var incidents: Int64 = 0
    /// Events, those of the incidents included.
    public var events: Int64 = 0
    /// Bytes by which the file has become smaller.
    public var bytes: Int64 = 0
    /// Steps it took.
    public var steps: Int64 = 0

    /// Nothing.
    public init() {}

    static func += (left: inout RetentionCounts, right: RetentionCounts) {
        left.incidents += right.incidents
        left.events += right.events
        left.bytes += right.bytes
        left.steps += right.steps
    }
}
