/// An inhibition rule: a new alert that matches the target side is held back while an older open alert matches the source
/// side, and both have the same values in the labels that shall be equal.
///
/// An alert that matches both sides is not held back by one that does so, too: alerts of one kind do not hide each other.
/// Only an older alert holds a newer one back, so that no two ever hold back each other.
public struct InhibitionRule: Hashable, Sendable {
    /// The event that created it.
    public var id: InhibitionRuleID
    /// The service that both alerts are of; nil is any, and they may differ.
    public var serviceID: ServiceID?
    /// What the alert has to be like that holds others back.
    public var source: MatcherSet
    /// What an alert has to be like to be held back.
    public var target: MatcherSet
    /// The labels whose values have to be the same in both; an absent one is as good as an empty one.
    public var equal: [String]
    /// Why.
    public var comment: String
    /// When it was made.
    public var createdAt: Timestamp
    /// Who made it.
    public var createdBy: Agent
    /// When it was deleted; nil while it is good.
    public var deletedAt: Timestamp?

    /// A rule that is good from now on.
    public init(
        id: InhibitionRuleID, serviceID: ServiceID?, source: MatcherSet, target: MatcherSet, equal: [String],
        comment: String, createdAt: Timestamp, createdBy: Agent
    ) {
        self.id = id
        self.serviceID = serviceID
        self.source = source
        self.target = target
        self.equal = equal
        self.comment = comment
        self.createdAt = createdAt
        self.createdBy = createdBy
    }
}

/// The labels that have to be equal, and their values: what an alert holds others back under, by any rule that names just
/// these labels in this order.
public struct InhibitionKey: Hashable, Sendable {
    /// UTF-8: the labels, and the values, each after its length.
    public var text: [UInt8]

    /// A key as it is stored.
    public init(text: [UInt8]) {
        self.text = text
    }

    /// The key of an alert. An absent label is as good as an empty one.
    init(_ labels: [String], of alert: Alert) {
        // Lengths keep two splits of the same text apart.
        let values = labels.map { label in
            let value = alert.label(label) ?? ""
            return "\(value.utf8.count):\(value)"
        }
        text = Array("\(labels.joined(separator: ","))|\(values.joined(separator: " "))".utf8)
    }
}

/// That an open alert holds others back under a key.
public struct InhibitionSource: Hashable, Sendable {
    /// Where.
    public var key: InhibitionKey
    /// The alert.
    public var alertID: AlertID
    /// By which rules, and whether it matches the target side of each, too.
    public var rules: [InhibitionRuleID: Bool]

    /// A source.
    public init(key: InhibitionKey, alertID: AlertID, rules: [InhibitionRuleID: Bool]) {
        self.key = key
        self.alertID = alertID
        self.rules = rules
    }
}
