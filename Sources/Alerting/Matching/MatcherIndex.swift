/// Many matcher sets, asked together which of them match an alert.
///
/// A set with a matcher that only a few non-empty values fulfil (`service="api"`, `severity=~"error|critical"`) is
/// found through a dictionary on label and value; the others are tried one by one. An alert costs a look-up for each
/// label with such a dictionary, and the conditions of the sets that are tried up to the first that does not hold.
public struct MatcherIndex<ID: Hashable & Comparable & Sendable>: Sendable {
    /// The ids, ascending.
    private let ids: [ID]
    /// The sets in the order of the ids. It knows nothing of their type, since generic code is slow from another module.
    private let table: MatcherTable

    /// An index of those sets. An id may occur more than once, and is then found as often as its sets match.
    public init(_ sets: [(id: ID, set: MatcherSet)]) {
        let sorted = sets.sorted { $0.id < $1.id }
        ids = sorted.map(\.id)
        table = MatcherTable(sorted.map(\.set))
    }

    /// The ids of the sets that match, ascending.
    ///
    /// The closure gives the value of a label, nil if it is absent, which counts as the empty text. It is called once for
    /// each label that any of the sets asks for.
    public func matching(_ value: (String) -> String?) -> [ID] {
        table.matching(value).map { ids[$0] }
    }
}
