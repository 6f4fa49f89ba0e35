/// A set of Unicode scalars: a class of a pattern, or a single literal scalar.
struct ScalarSet: Hashable, Sendable {
    /// The greatest scalar. The surrogates below it count as scalars here, since no text holds one anyway.
    static let greatest: UInt32 = 0x10FFFF
    /// All scalars.
    static let everything = ScalarSet([0...greatest])

    /// The members, ascending, with a gap between any two ranges.
    let ranges: [ClosedRange<UInt32>]

    /// The scalars in any of those ranges, which may overlap and be in any order.
    init(_ ranges: [ClosedRange<UInt32>]) {
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        self.ranges = merged
    }

    /// The scalars that are not in this set.
    var inverted: ScalarSet {
        var gaps: [ClosedRange<UInt32>] = []
        var start: UInt32 = 0
        for range in ranges {
            if start < range.lowerBound { gaps.append(start...(range.lowerBound - 1)) }
            start = range.upperBound + 1
        }
        if start <= Self.greatest { gaps.append(start...Self.greatest) }
        return ScalarSet(gaps)
    }

    /// Whether that scalar is in the set.
    func contains(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if scalar > ranges[middle].upperBound {
                low = middle + 1
            } else if scalar < ranges[middle].lowerBound {
                high = middle
            } else {
                return true
            }
        }
        return false
    }

    /// The members, if there are at most that many.
    func members(atMost limit: Int) -> [Unicode.Scalar]? {
        guard ranges.reduce(0, { $0 + $1.count }) <= limit else { return nil }
        return ranges.flatMap { $0.compactMap(Unicode.Scalar.init) }
    }
}

extension ScalarSet {
    /// The digits of `\d`, ASCII only as in RE2.
    static let digits = ScalarSet(["0"..."9"].map(scalarRange))
    /// The word characters of `\w`, ASCII only as in RE2.
    static let wordCharacters = ScalarSet(["0"..."9", "A"..."Z", "_"..."_", "a"..."z"].map(scalarRange))
    /// The whitespace of `\s`, as in RE2: tab, newline, form feed, carriage return and space.
    static let whitespace = ScalarSet(["\t"..."\n", "\u{C}"..."\r", " "..." "].map(scalarRange))

    private static func scalarRange(_ range: ClosedRange<Unicode.Scalar>) -> ClosedRange<UInt32> {
        range.lowerBound.value...range.upperBound.value
    }
}
