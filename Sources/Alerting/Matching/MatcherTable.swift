/// What `MatcherIndex` does, for sets that are known by their places.
struct MatcherTable: Sendable {
    private struct Condition: Sendable {
        /// The place of the label in `labels`.
        let slot: Int
        /// What the value needs for the condition's pattern to match, if anything, and whether the condition holds
        /// without. They are kept here so that most conditions need not be looked into.
        let required: TextSketch?
        let holdsWithoutRequired: Bool
        let condition: MatcherCondition
    }

    private struct Dictionary: Sendable {
        let slot: Int
        var sets: [ByteText: [Int]] = [:]
    }

    /// The conditions of all sets, the cheapest of each first, in one array so that trying a set only reads on.
    private let conditions: [Condition]
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
        var conditions: [Condition] = []
        var starts = [0]
        var dictionaries: [Int: Dictionary] = [:]
        var others: [Int] = []
        for (number, set) in sets.enumerated() {
            let own = zip(set.matchers, set.conditions).map { matcher, condition in
                Condition(
                    slot: slots.slot(of: matcher.label), required: condition.required,
                    holdsWithoutRequired: condition.holdsWithoutRequired, condition: condition)
            }
            conditions += own.sorted { $0.condition.stepsPerScalar < $1.condition.stepsPerScalar }
            starts.append(conditions.count)
            guard let key = Self.key(among: own) else {
                others.append(number)
                continue
            }
            for value in key.values {
                dictionaries[key.slot, default: Dictionary(slot: key.slot)].sets[ByteText(text: value), default: []]
                    .append(number)
            }
        }
        self.conditions = conditions
        self.starts = starts
        labels = slots.labels
        self.dictionaries = dictionaries.values.sorted { $0.slot < $1.slot }
        self.others = others
    }

    /// The places of the sets that match, ascending.
    func matching(_ value: (String) -> String?) -> [Int] {
        var values = LabelValues(count: labels.count)
        var found: [Int] = []
        for dictionary in dictionaries {
            let key = ByteText(text: values.text(of: dictionary.slot, labels, value))
            guard let candidates = dictionary.sets[key] else { continue }
            for number in candidates where matches(number, &values, value) { found.append(number) }
        }
        for number in others where matches(number, &values, value) { found.append(number) }
        found.sort()
        return found
    }

    private func matches(_ number: Int, _ values: inout LabelValues, _ value: (String) -> String?) -> Bool {
        for index in starts[number]..<starts[number + 1] {
            let slot = conditions[index].slot
            if let required = conditions[index].required, !values.sketch(of: slot, labels, value).covers(required) {
                if conditions[index].holdsWithoutRequired { continue }
                return false
            }
            let text = values.text(of: slot, labels, value)
            if !conditions[index].condition.holds(for: text) { return false }
        }
        return true
    }

    /// The condition that the fewest values fulfil, and those.
    private static func key(among conditions: [Condition]) -> (slot: Int, values: [String])? {
        var best: (slot: Int, values: [String])?
        for condition in conditions {
            guard let values = condition.condition.values else { continue }
            if let known = best, known.values.count <= values.count { continue }
            best = (condition.slot, values)
        }
        return best
    }
}
