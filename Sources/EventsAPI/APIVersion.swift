import Alerting

/// The rule by which the path of a request tells the version of its event (events-api.md sections 1 and 4).
public enum Endpoint: Sendable, Hashable, CaseIterable {
    /// V1 or V2, told from the body: the push address, `/integration/{key}/enqueue` and `/x-ere/{key}`.
    case shared
    /// V1 only.
    case v1
    /// V2 only.
    case v2
    /// Change events only.
    case change
    /// The form of PagerDuty's Nagios script, which becomes a V1 event.
    case nagios
}

/// What an event is written in. It decides the statuses and the texts of the answers.
public enum APIVersion: Sendable, Hashable, CaseIterable {
    /// Events API V1.
    case v1
    /// Events API V2, alert events.
    case v2
    /// Events API V2, change events.
    case change
}

/// Limits of the events API.
public enum EventLimits {
    /// The longest body that is taken, in bytes (events-api.md section 3).
    public static let maximumBodyBytes = 524_288
    /// The longest summary or description, in Unicode scalars; the place where other texts are cut as well.
    public static let maximumSummaryScalars = 1024
    /// The longest dedup or incident key, in Unicode scalars.
    public static let maximumDedupKeyScalars = 255
    /// How many links, and how many images, of one event are kept (events-api.md section 5.4).
    public static let maximumContextsOfAKind = 50
}
