/// How the alerts of a service are brought together into incidents: PagerDuty's `alert_grouping_parameters`
/// (rest-api.md section 6.5), and ordered rules.
public enum AlertGrouping: Hashable, Sendable {
    /// Alerts whose fields are equal. The next one may come so many seconds after the last; nil is for as long as the
    /// incident is open.
    case contentBased(fields: [Field], aggregate: Aggregate, timeWindow: Int64?)
    /// All alerts that come within so many seconds of the first; nil is for as long as the incident is open.
    case time(timeWindow: Int64?)
    /// What the first rule says whose matchers hold, at most `maximumRules`; alerts of which none holds are not brought
    /// together. An incident takes so many alerts, within `alertLimits`; then the next one opens.
    case rules([GroupingRule], alertLimit: Int64?)

    /// How many of the fields have to be equal. The names stand in the log, and do not change.
    public enum Aggregate: String, Sendable {
        case all = "all"
        case any = "any"
    }

    /// How many fields there may be.
    public static let maximumFields = 5
    /// How many rules there may be.
    public static let maximumRules = 100
    /// How many patterns the rules may have together: they are made ready whenever the service is read.
    public static let maximumPatterns = 50
    /// What all patterns of the rules together may cost (`MatcherSet.stepsPerScalar`).
    public static let maximumSteps = 2000
    /// How many alerts a limit may allow.
    public static let alertLimits: ClosedRange<Int64> = 1...Incident.maximumAlertCount

    /// How many alerts an incident takes.
    var alertLimit: Int64 {
        if case .rules(_, let limit?) = self { limit } else { Incident.maximumAlertCount }
    }

    /// The keys of the details by which alerts are compared, ascending.
    public var detailKeys: [String] {
        let fields =
            switch self {
            case .time: [Field]()
            case .contentBased(let fields, _, _): fields
            case .rules(let rules, _): rules.flatMap(\.fields)
            }
        return Set(fields.compactMap(\.detail)).sorted()
    }
}

/// Which alerts an incident takes, and for how long. Rules are tried in order.
public struct GroupingRule: Hashable, Sendable {
    /// What an alert has to be like; without any matcher, it is for every alert.
    public var matchers: MatcherSet
    /// What has to be equal, up to `AlertGrouping.maximumFields`; none is all alerts that the rule is for.
    public var fields: [AlertGrouping.Field]
    /// Whether an alert that lacks one of the fields has an incident of its own. Otherwise what both lack counts as equal,
    /// unless they lack all of them.
    public var isStrict: Bool
    /// For how many seconds the incident takes alerts; nil is for as long as it is open.
    public var timeWindow: Int64?
    /// Whether that time begins anew with each alert that joins, rather than with the first alone.
    public var isRolling: Bool

    /// A rule.
    public init(
        matchers: MatcherSet, fields: [AlertGrouping.Field], isStrict: Bool = false, timeWindow: Int64? = nil,
        isRolling: Bool = false
    ) {
        self.matchers = matchers
        self.fields = fields
        self.isStrict = isStrict
        self.timeWindow = timeWindow
        self.isRolling = isRolling
    }
}

/// What the alerts of a group have in common. Compared by bytes, as dedup keys are.
public struct AlertGroupKey: Hashable, Sendable {
    /// The service.
    public let serviceID: ServiceID
    /// UTF-8: the names of the fields with their values.
    public let value: [UInt8]

    /// A key with that value.
    public init(serviceID: ServiceID, value: [UInt8]) {
        self.serviceID = serviceID
        self.value = value
    }

    /// Which setting it belongs to.
    var kind: AlertGroupKind {
        if value.elementsEqual(AlertGroupKind.stormValue.utf8) { return .storm }
        return value.starts(with: AlertGroupKind.flappingPrefix.utf8) ? .flapping : .grouping
    }
}

/// Which of a service's settings brings the alerts of a group together.
public enum AlertGroupKind: Hashable, Sendable {
    /// `Service.alertGrouping`.
    case grouping
    /// `Service.flapDetection`: one key that flaps.
    case flapping
    /// `Service.stormDetection`: all alerts.
    case storm

    /// The value of a storm's group. No field has that name.
    public static let stormValue = "storm"
    /// How the values of groups of keys that flap begin. No field has that name.
    public static let flappingPrefix = "flapping="
}

/// The groups of a service that one of its settings made.
public struct ServiceGroups: Hashable, Sendable {
    /// The service.
    public var serviceID: ServiceID
    /// The setting.
    public var kind: AlertGroupKind
}

/// An open incident that the next alert of a group may join. Several may wait for the alerts of one group: one whose time
/// is over, and the one that was opened after it. So each incident's row follows from its own alerts alone, and it makes no
/// difference to one whether retention has removed the other.
public struct AlertGroup: Hashable, Sendable {
    /// What its alerts have in common.
    public var key: AlertGroupKey
    /// The incident.
    public var incidentID: IncidentID

    /// A group's incident.
    public init(key: AlertGroupKey, incidentID: IncidentID) {
        self.key = key
        self.incidentID = incidentID
    }
}
