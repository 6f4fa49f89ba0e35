/// Matcher sets, each of one service or of all, asked together which of them match an alert.
struct ServiceMatcherIndex: Sendable {
    private var everywhere = MatcherIndex<Int64>([])
    private var ofService: [ServiceID: MatcherIndex<Int64>] = [:]
    private let isEmpty: Bool

    /// An index of those sets, each under a number.
    init(_ sets: [(id: Int64, serviceID: ServiceID?, matchers: MatcherSet)]) {
        isEmpty = sets.isEmpty
        let indexes = Dictionary(grouping: sets, by: \.serviceID).mapValues { sets in
            MatcherIndex(sets.map { (id: $0.id, set: $0.matchers) })
        }
        for (service, index) in indexes {
            if let service { ofService[service] = index } else { everywhere = index }
        }
    }

    /// The numbers of the sets that match an alert of a service, ascending.
    func matching(_ alert: Alert) -> [Int64] {
        guard !isEmpty else { return [] }
        let found = everywhere.matching { alert.label($0) }
        guard let index = ofService[alert.serviceID] else { return found }
        return (found + index.matching { alert.label($0) }).sorted()
    }
}
