/// The open alerts at hand that hold others back.
///
/// Of a key that was looked for, all of them are there. Of an alert that was looked for, or that is new, everything is
/// there by which it does so.
struct InhibitionSources: Sendable {
    private var alertsOfKey: [InhibitionKey: [AlertID: Bool]] = [:]
    private var keysOfAlert: [AlertID: [InhibitionKey: Bool]] = [:]
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
        alertsOfKey[key] = Dictionary(stored.map { ($0.alertID, $0.isTarget) }) { first, _ in first }
        for source in stored { places[source.alertID, default: []].insert(key) }
    }

    /// Takes in everything stored by which an alert holds others back.
    mutating func load(_ stored: [InhibitionSource], of alert: AlertID) {
        keysOfAlert[alert] = Dictionary(stored.map { ($0.key, $0.isTarget) }) { first, _ in first }
    }

    /// The oldest alert older than another that holds it back under a key.
    func oldest(under key: InhibitionKey, before alert: AlertID, butTargets: Bool) -> AlertID? {
        var oldest: AlertID?
        for (id, isTarget) in alertsOfKey[key, default: [:]] where id < oldest ?? alert {
            if !(butTargets && isTarget) { oldest = id }
        }
        return oldest
    }

    /// Sets by what an alert holds others back from now on. Gives what was taken back.
    mutating func set(_ sources: [InhibitionSource], of alert: AlertID) -> (changed: Bool, removed: Bool) {
        let former = keysOfAlert[alert, default: [:]]
        let current = Dictionary(sources.map { ($0.key, $0.isTarget) }) { first, _ in first }
        guard former != current else {
            keysOfAlert[alert] = current
            return (false, false)
        }
        for key in former.keys {
            alertsOfKey[key]?[alert] = nil
            places[alert]?.remove(key)
        }
        // What a key has at hand is only all of it where it was looked for.
        for (key, isTarget) in current where has(key) {
            alertsOfKey[key, default: [:]][alert] = isTarget
            places[alert, default: []].insert(key)
        }
        keysOfAlert[alert] = current
        return (true, former.contains { current[$0.key] != $0.value })
    }

    /// Takes an alert out everywhere, also where it was not looked for.
    mutating func remove(_ alert: AlertID) {
        for key in places.removeValue(forKey: alert) ?? [] { alertsOfKey[key]?[alert] = nil }
        keysOfAlert[alert] = [:]
    }

    /// Takes a rule out everywhere.
    mutating func remove(rule: InhibitionRuleID) {
        alertsOfKey = alertsOfKey.filter { $0.key.ruleID != rule }
        keysOfAlert = keysOfAlert.mapValues { $0.filter { $0.key.ruleID != rule } }
        places = places.mapValues { $0.filter { $0.ruleID != rule } }
    }

    /// What an alert holds others back by, as far as it is at hand.
    func sources(of alert: AlertID) -> [InhibitionSource] {
        keysOfAlert[alert, default: [:]].map { InhibitionSource(key: $0.key, alertID: alert, isTarget: $0.value) }
    }
}
