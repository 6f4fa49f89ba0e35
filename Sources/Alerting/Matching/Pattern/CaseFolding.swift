/// What `(?i)` makes of a set of scalars.
///
/// Scalars are the same if Unicode's lowercase mapping makes them the same single scalar. That is what RE2 does but for
/// a few letters that have more than one lowercase form: `ς` is not `σ`, and `ſ` is not `s`.
enum CaseFolding {
    private struct Pair {
        let upper: UInt32
        let lower: UInt32
    }

    /// Every scalar with a lowercase form of one scalar, ascending.
    private static let pairsByUpper: [Pair] = {
        var pairs: [Pair] = []
        // The supplementary planes after the first have no letters with a case.
        for value in UInt32(0)...0x1FFFF {
            guard let scalar = Unicode.Scalar(value), scalar.properties.changesWhenLowercased else { continue }
            let lowercase = scalar.properties.lowercaseMapping.unicodeScalars
            guard lowercase.count == 1, let lower = lowercase.first else { continue }
            pairs.append(Pair(upper: value, lower: lower.value))
        }
        return pairs
    }()

    /// The same in the order of the lowercase forms.
    private static let pairsByLower = pairsByUpper.sorted { $0.lower < $1.lower }

    /// The set with every other case of its members.
    static func folded(_ set: ScalarSet) -> ScalarSet {
        let lower = set.ranges.flatMap { range in
            pairs(in: range, of: pairsByUpper, by: \.upper).map { $0.lower...$0.lower }
        }
        let withLower = ScalarSet(set.ranges + lower)
        let upper = withLower.ranges.flatMap { range in
            pairs(in: range, of: pairsByLower, by: \.lower).map { $0.upper...$0.upper }
        }
        return ScalarSet(withLower.ranges + upper)
    }

    private static func pairs(
        in range: ClosedRange<UInt32>, of pairs: [Pair], by key: KeyPath<Pair, UInt32>
    ) -> ArraySlice<Pair> {
        var low = 0
        var high = pairs.count
        while low < high {
            let middle = (low + high) / 2
            if pairs[middle][keyPath: key] < range.lowerBound { low = middle + 1 } else { high = middle }
        }
        return pairs[low...].prefix { $0[keyPath: key] <= range.upperBound }
    }
}
