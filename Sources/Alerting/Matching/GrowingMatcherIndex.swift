/// Matcher sets that come and go, each of one service or of all, asked together which of them match an alert.
///
/// One more set does not build the index of all of them again: the sets are kept in parts, each more than twice as large as
/// the next, and a new set is put together with the small parts only. So a set is indexed again a few times while others
/// come, whatever their number. A set that goes is left out of the answers until as many have gone as are left.
struct GrowingMatcherIndex: Sendable {
    /// A set under a number.
    typealias Entry = (id: Int64, serviceID: ServiceID?, matchers: MatcherSet)

    private struct Part: Sendable {
        let entries: [Entry]
        let index: ServiceMatcherIndex

        init(_ entries: [Entry]) {
            self.entries = entries
            index = ServiceMatcherIndex(entries)
        }
    }

    /// The parts, the largest first.
    private var parts: [Part] = []
    /// Sets that the parts still have.
    private var removed: Set<Int64> = []
    /// How many sets there are.
    private(set) var count = 0
    /// How many sets all parts built so far had together: the work that was done. Tests bound it.
    private(set) var indexedCount = 0

    /// Up to so many sets are always one part, which is the fastest to ask.
    static let smallestPart = 16

    /// An index of those sets. No number may occur twice.
    init(_ entries: [Entry]) {
        rebuild(entries)
    }

    /// Adds a set under a number that no other has.
    mutating func insert(_ entry: Entry) {
        // Under its number there may be another set that is left out of the answers.
        if removed.contains(entry.id) { rebuild(current) }
        var entries = [entry]
        while let last = parts.last, last.entries.count <= max(GrowingMatcherIndex.smallestPart, 2 * entries.count) {
            entries = last.entries + entries
            parts.removeLast()
        }
        append(entries)
        count += 1
    }

    /// Removes the set under a number, which must be there.
    mutating func remove(_ id: Int64) {
        removed.insert(id)
        count -= 1
        if removed.count > count { rebuild(current) }
    }

    /// The numbers of the sets that match an alert, ascending.
    func matching(_ alert: Alert) -> [Int64] {
        guard count > 0 else { return [] }
        if parts.count == 1, removed.isEmpty { return parts[0].index.matching(alert) }
        return parts.flatMap { $0.index.matching(alert) }.filter { !removed.contains($0) }.sorted()
    }

    private var current: [Entry] {
        parts.flatMap(\.entries).filter { !removed.contains($0.id) }
    }

    private mutating func rebuild(_ entries: [Entry]) {
        parts = []
        removed = []
        count = entries.count
        if !entries.isEmpty { append(entries) }
    }

    private mutating func append(_ entries: [Entry]) {
        parts.append(Part(entries))
        indexedCount += entries.count
    }
}
