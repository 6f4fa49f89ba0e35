/// Chooses by which of its conditions each of many matcher sets is found in a dictionary: the one whose values the fewest
/// other sets ask for, so that a value that many rules share, such as `group="databases"`, does not have all of them tried
/// where another, such as `source="db-4"`, tells them apart.
struct MatcherKeys {
    /// The conditions of a set: the place of the label, and the values that fulfil it, nil where they are not few.
    typealias Conditions = [(slot: Int, values: [String]?)]

    private struct Value: Hashable {
        let slot: Int
        let text: ByteText
    }

    private let sets: [Conditions]
    /// How many conditions ask for each value.
    private var counts: [Value: Int] = [:]

    init(_ sets: [Conditions]) {
        self.sets = sets
        for case (let slot, let values?) in sets.joined() {
            for value in values { counts[Value(slot: slot, text: ByteText(text: value)), default: 0] += 1 }
        }
    }

    /// The condition by which a set is found; nil where none has few values.
    func key(ofSet number: Int) -> (slot: Int, values: [String])? {
        var best: (slot: Int, values: [String], count: Int)?
        for case (let slot, let values?) in sets[number] {
            let count = values.reduce(0) { $0 + counts[Value(slot: slot, text: ByteText(text: $1)), default: 0] }
            if count < best?.count ?? .max { best = (slot, values, count) }
        }
        return best.map { ($0.slot, $0.values) }
    }
}
