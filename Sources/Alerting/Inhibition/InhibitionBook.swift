/// The inhibition rules that are good, found by what alerts are like.
public struct InhibitionBook: Sendable {
    private var byID: [InhibitionRuleID: InhibitionRule] = [:]
    private var sources = ServiceMatcherIndex([])
    private var targets = ServiceMatcherIndex([])
    /// The lists of labels that have to be equal, each once, and the place of each rule's among them.
    private var equalLabels: [[String]] = []
    private var places: [InhibitionRuleID: Int] = [:]

    /// As for `SilenceBook`.
    static let maximumSteps = 20_000
    /// How many there may be at a time.
    static let maximumCount = 1000

    /// No rule.
    public init() {}

    /// The rules; deleted ones are left out.
    public init(_ rules: some Sequence<InhibitionRule>) {
        for rule in rules where rule.deletedAt == nil { byID[rule.id] = rule }
        build()
    }

    /// Whether there is none.
    public var isEmpty: Bool { byID.isEmpty }

    /// All of them, in the order they were made.
    public var all: [InhibitionRule] { byID.values.sorted { $0.id < $1.id } }

    /// The rule with that number, if it is good.
    public subscript(id: InhibitionRuleID) -> InhibitionRule? { byID[id] }

    /// Whether there is room for one more with these matchers.
    func hasRoom(for source: MatcherSet, _ target: MatcherSet) -> Bool {
        let steps = byID.values.reduce(source.stepsPerScalar + target.stepsPerScalar) { steps, rule in
            steps + rule.source.stepsPerScalar + rule.target.stepsPerScalar
        }
        return byID.count < InhibitionBook.maximumCount && steps <= InhibitionBook.maximumSteps
    }

    /// Sets a rule, new or deleted.
    mutating func set(_ rule: InhibitionRule) {
        byID[rule.id] = rule.deletedAt == nil ? rule : nil
        build()
    }

    /// Where an open alert holds others back.
    func sources(_ alert: Alert) -> [InhibitionSource] {
        // Most rules name the same few labels: what has to be equal is put together once for all of those.
        var rulesOfPlace: [Int: [InhibitionRuleID: Bool]] = [:]
        for id in sources.matching(alert) {
            guard let rule = byID[id], let place = places[id] else { continue }
            rulesOfPlace[place, default: [:]][id] = rule.target.matches { alert.label($0) }
        }
        return rulesOfPlace.map { place, rules in
            InhibitionSource(key: InhibitionKey(equalLabels[place], of: alert), alertID: alert.id, rules: rules)
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

    private mutating func build() {
        let rules = all
        sources = ServiceMatcherIndex(rules.map { ($0.id, $0.serviceID, $0.source) })
        targets = ServiceMatcherIndex(rules.map { ($0.id, $0.serviceID, $0.target) })
        equalLabels = []
        places = [:]
        var known: [[String]: Int] = [:]
        for rule in rules {
            let place = known[rule.equal] ?? equalLabels.count
            if place == equalLabels.count { equalLabels.append(rule.equal) }
            known[rule.equal] = place
            places[rule.id] = place
        }
    }
}
