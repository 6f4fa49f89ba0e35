import Alerting

/// Which incidents a list holds (rest-api.md section 5.1). All conditions hold at once; in a set, one of its values.
public struct IncidentFilter: Sendable, Hashable {
    /// The statuses; nil is any, an empty set is none.
    public var statuses: Set<IncidentStatus>?
    /// The urgencies; nil is any, an empty set is none.
    public var urgencies: Set<Urgency>?
    /// The services; nil is any, an empty set is none.
    public var serviceIDs: Set<ServiceID>?
    /// A key that is the incident's, or one of its alerts'.
    public var incidentKey: DedupKey?
    /// When it was opened.
    public var created: TimeWindow

    /// Whether a set without values lets nothing through.
    var isEmpty: Bool {
        statuses?.isEmpty == true || urgencies?.isEmpty == true || serviceIDs?.isEmpty == true
    }

    /// Every incident, unless told otherwise.
    public init(
        statuses: Set<IncidentStatus>? = nil, urgencies: Set<Urgency>? = nil, serviceIDs: Set<ServiceID>? = nil,
        incidentKey: DedupKey? = nil, created: TimeWindow = .unbounded
    ) {
        self.statuses = statuses
        self.urgencies = urgencies
        self.serviceIDs = serviceIDs
        self.incidentKey = incidentKey
        self.created = created
    }
}

/// The order of a list of incidents: one key, or two. Ties are broken by number, in the direction of the last key.
public struct IncidentOrder: Sendable, Hashable {
    /// What to order by.
    public enum Key: String, Sendable, CaseIterable {
        /// The number.
        case incidentNumber = "incident_number"
        /// When it was opened.
        case createdAt = "created_at"
        /// When it was resolved; open incidents come after all others, or before them when descending.
        case resolvedAt = "resolved_at"
        /// Low before high.
        case urgency
    }

    /// A key and its direction.
    public struct Term: Sendable, Hashable {
        /// What to order by.
        public var key: Key
        /// Whether the greatest comes first.
        public var isDescending: Bool

        /// A key and its direction.
        public init(_ key: Key, isDescending: Bool = false) {
            self.key = key
            self.isDescending = isDescending
        }
    }

    /// The keys, the most significant first; never empty.
    public let terms: [Term]

    /// The oldest first.
    public static let standard = IncidentOrder([])

    /// An order by these keys; by none is the standard order.
    public init(_ terms: [Term]) {
        self.terms = terms.isEmpty ? [Term(.createdAt)] : terms
    }
}
