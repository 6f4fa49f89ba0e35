/// The open alerts at hand that hold others back.
///
/// Of a key that was looked for, all of them are there. Of an alert that was looked for, or that is new, everything is
/// there by which it does so.
struct InhibitionSources: Sendable {
    /// By which rules, and whether the alert matches the target side of each, too.
    private typealias Rules = [InhibitionRuleID: Bool]

    private var alertsOfKey: [InhibitionKey: [AlertID: Rules]] = [:]
    private var keysOfAlert: [AlertID: [InhibitionKey: Rules]] = [:]
    /// The keys in `alertsOfKey` under which an alert stands.
    private var places: [AlertID: Set<InhibitionKey>] = [:]
    /// Whether there is nothing beyond what is at hand.
    private let isWhole: Bool

    /// None at hand yet; `isWhole` says that there are none beyond them.
    init(isWhole: Bool) {
        self.isWhole = isWhole
    }

    /// Whether all sources of a key are at hand.
    func has(_ key: InhibitionKey) -> Bool { isWhole || alertsOfKey[key] != nil }

    /// Whether everything is at hand by which an alert holds others back.
    func has(_ alert: AlertID) -> Bool { isWhole || keysOfAlert[alert] != nil }

    /// Takes in all stored sources of a key. What was taken back since is not among the stored ones that count.
    mutating func load(_ stored: [InhibitionSource], of key: InhibitionKey) {
        alertsOfKey[key] = Dictionary(stored.map { ($0.alertID, $0.rules) }) { first, _ in first }
        for source in stored { places[source.alertID, default: []].insert(key) }
    }

    /// Takes in everything stored by which an alert holds others back.
    mutating func load(_ stored: [InhibitionSource], of alert: AlertID) {
        keysOfAlert[alert] = Dictionary(stored.map { ($0.key, $0.rules) }) { first, _ in first }
    }

    /// The oldest alert older than another that holds it back under a key by a rule.
    func oldest(
        under key: InhibitionKey, by rule: InhibitionRuleID, before alert: AlertID, butTargets: Bool
    ) -> AlertID? {
        var oldest: AlertID?
        for (id, rules) in alertsOfKey[key, default: [:]] where id < oldest ?? alert {
            if let isTarget = rules[rule], !(butTargets && isTarget) { oldest = id }
        }
        return oldest
    }

    /// Sets by what an alert holds others back from now on. Gives what was taken back.
    mutating func set(_ sources: [InhibitionSource], of alert: AlertID) -> (changed: Bool, removed: Bool) {
        let former = keysOfAlert[alert, default: [:]]
        let current = Dictionary(sources.map { ($0.key, $0.rules) }) { first, _ in first }
        guard former != current else {
            keysOfAlert[alert] = current
            return (false, false)
        }
        for key in former.keys {
            alertsOfKey[key]?[alert] = nil
            places[alert]?.remove(key)
        }
        // What a key has at hand is only all of it where it was looked for.
        for (key, rules) in current where has(key) {
            alertsOfKey[key, default: [:]][alert] = rules
            places[alert, default: []].insert(key)
        }
        keysOfAlert[alert] = current
        let isRemoved = former.contains { key, rules in
            rules.contains { rule, isTarget in current[key]?[rule] != isTarget }
        }
        return (true, isRemoved)
    }

    /// Takes an alert out everywhere, also where it was not looked for.
    mutating func remove(_ alert: AlertID) {
        for key in places.removeValue(forKey: alert) ?? [] { alertsOfKey[key]?[alert] = nil }
        keysOfAlert[alert] = [:]
    }

    /// Takes a rule out everywhere.
    mutating func remove(rule: InhibitionRuleID) {
        // An alert may stand under a key by no rule any more: that is as good as not at all.
        alertsOfKey = alertsOfKey.mapValues { $0.mapValues { $0.filter { $0.key != rule } } }
        keysOfAlert = keysOfAlert.mapValues { keys in
            keys.mapValues { $0.filter { $0.key != rule } }.filter { !$0.value.isEmpty }
        }
    }

    /// What an alert holds others back by, as far as it is at hand.
    func sources(of alert: AlertID) -> [InhibitionSource] {
        keysOfAlert[alert, default: [:]].map { InhibitionSource(key: $0.key, alertID: alert, rules: $0.value) }
    }
}
