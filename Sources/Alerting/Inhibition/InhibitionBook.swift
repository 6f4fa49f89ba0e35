/// The inhibition rules that are good, found by what alerts are like.
public struct InhibitionBook: Sendable {
    private var byID = ShardedTable<InhibitionRule>()
    private var sources = GrowingMatcherIndex([])
    private var targets = GrowingMatcherIndex([])
    /// What the matchers of all rules cost together (`MatcherSet.stepsPerScalar`).
    private var steps = 0

    /// As for `SilenceBook`.
    static let maximumSteps = 20_000
    /// How many there may be at a time.
    static let maximumCount = 1000

    /// No rule.
    public init() {}

    /// The rules; deleted ones are left out.
    public init(_ rules: some Sequence<InhibitionRule>) {
        for rule in rules where rule.deletedAt == nil {
            byID[rule.id] = rule
            steps += InhibitionBook.steps(of: rule)
        }
        sources = GrowingMatcherIndex(byID.values.map { ($0.id, $0.serviceID, $0.source) })
        targets = GrowingMatcherIndex(byID.values.map { ($0.id, $0.serviceID, $0.target) })
    }

    /// Whether there is none.
    public var isEmpty: Bool { byID.count == 0 }

    /// All of them, in the order they were made.
    public var all: [InhibitionRule] { byID.values.sorted { $0.id < $1.id } }

    /// The rule with that number, if it is good.
    public subscript(id: InhibitionRuleID) -> InhibitionRule? { byID[id] }

    /// Whether there is room for one more with these matchers.
    func hasRoom(for source: MatcherSet, _ target: MatcherSet) -> Bool {
        byID.count < InhibitionBook.maximumCount
            && steps + source.stepsPerScalar + target.stepsPerScalar <= InhibitionBook.maximumSteps
    }

    /// Sets a rule, new or deleted.
    mutating func set(_ rule: InhibitionRule) {
        if let former = byID[rule.id] {
            sources.remove(former.id)
            targets.remove(former.id)
            steps -= InhibitionBook.steps(of: former)
        }
        let current = rule.deletedAt == nil ? rule : nil
        byID[rule.id] = current
        guard let current else { return }
        sources.insert((current.id, current.serviceID, current.source))
        targets.insert((current.id, current.serviceID, current.target))
        steps += InhibitionBook.steps(of: current)
    }

    /// Where an open alert holds others back.
    func sources(_ alert: Alert) -> [InhibitionSource] {
        // Most rules name the same few labels: what has to be equal is put together once for all of those.
        var rulesOfLabels: [[String]: [InhibitionRuleID: Bool]] = [:]
        for id in sources.matching(alert) {
            guard let rule = byID[id] else { continue }
            rulesOfLabels[rule.equal, default: [:]][id] = rule.target.matches { alert.label($0) }
        }
        return rulesOfLabels.map { labels, rules in
            InhibitionSource(key: InhibitionKey(labels, of: alert), alertID: alert.id, rules: rules)
        }
    }

    /// Where an alert is held back, by which rule, and whether it matches the source side there, too.
    func targets(_ alert: Alert) -> [(key: InhibitionKey, rule: InhibitionRuleID, isSource: Bool)] {
        targets.matching(alert).compactMap { id in
            byID[id].map { rule in
                (InhibitionKey(rule.equal, of: alert), id, rule.source.matches { alert.label($0) })
            }
        }
    }

    private static func steps(of rule: InhibitionRule) -> Int {
        rule.source.stepsPerScalar + rule.target.stepsPerScalar
    }
}
