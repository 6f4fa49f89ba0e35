/// What `MatcherIndex` does, for sets that are known by their places.
struct MatcherTable: Sendable {
    /// What is looked at first of a condition, and rules most of them out. Nothing in it is counted by reference, so that
    /// reading it is free.
    private struct Glance: Sendable {
        /// The place of the label in `labels`.
        let slot: Int
        /// What the value needs for the condition's pattern to match, if anything, and whether the condition holds
        /// without.
        let required: TextSketch?
        let holdsWithoutRequired: Bool
    }

    private struct Dictionary: Sendable {
        let slot: Int
        var sets: [ByteText: [Int]] = [:]
    }

    /// The conditions of all sets, the cheapest of each first, in one array so that trying a set only reads on; and the
    /// glance at each.
    private let conditions: [MatcherCondition]
    private let glances: [Glance]
    /// Where the conditions of each set begin, and where those of the last end.
    private let starts: [Int]
    /// The labels that any set asks for, each once.
    private let labels: [String]
    private let dictionaries: [Dictionary]
    /// The sets that are in no dictionary.
    private let others: [Int]

    /// A table of those sets.
    init(_ sets: [MatcherSet]) {
        var slots = LabelSlots()
        let own = sets.map { set in
            let all = zip(set.matchers, set.conditions).map { matcher, condition in
                let glance = Glance(
                    slot: slots.slot(of: matcher.label), required: condition.required,
                    holdsWithoutRequired: condition.holdsWithoutRequired)
                return (glance: glance, condition: condition)
            }
            return all.sorted { $0.condition.stepsPerScalar < $1.condition.stepsPerScalar }
        }
        let keys = MatcherKeys(own.map { $0.map { (slot: $0.glance.slot, values: $0.condition.values) } })
        var starts = [0]
        var dictionaries: [Int: Dictionary] = [:]
        var others: [Int] = []
        for (number, set) in own.enumerated() {
            starts.append(starts[number] + set.count)
            guard let key = keys.key(ofSet: number) else {
                others.append(number)
                continue
            }
            for value in key.values {
                dictionaries[key.slot, default: Dictionary(slot: key.slot)].sets[ByteText(text: value), default: []]
                    .append(number)
            }
        }
        conditions = own.flatMap { $0.map(\.condition) }
        glances = own.flatMap { $0.map(\.glance) }
        self.starts = starts
        labels = slots.labels
        self.dictionaries = dictionaries.values.sorted { $0.slot < $1.slot }
        self.others = others
    }

    /// The places of the sets that match, ascending.
    func matching(_ value: (String) -> String?) -> [Int] {
        // All of them at once: the closure is called far from the loops, which would copy what it captures.
        var values = LabelValues(labels.map { value($0) ?? "" })
        var found: [Int] = []
        for dictionary in dictionaries {
            guard let candidates = dictionary.sets[ByteText(text: values[dictionary.slot])] else { continue }
            for number in candidates where matches(number, &values) { found.append(number) }
        }
        for number in others where matches(number, &values) { found.append(number) }
        found.sort()
        return found
    }

    private func matches(_ number: Int, _ values: inout LabelValues) -> Bool {
        for index in starts[number]..<starts[number + 1] {
            let glance = glances[index]
            if let required = glance.required, !values.sketch(of: glance.slot).covers(required) {
                if glance.holdsWithoutRequired { continue }
                return false
            }
            if !conditions[index].holds(for: values[glance.slot]) { return false }
        }
        return true
    }
}
