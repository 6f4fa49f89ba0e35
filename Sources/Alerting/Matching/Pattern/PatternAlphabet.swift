/// The scalars divided into kinds that a program cannot tell apart, so that a table of states needs few columns.
struct PatternAlphabet: Sendable {
    /// The kind of each ASCII scalar.
    let kindsOfASCII: [UInt16]
    /// A scalar of each kind.
    let examples: [UInt32]

    /// Where the intervals begin whose scalars are of one kind, ascending from 0.
    private let bounds: [UInt32]
    /// The kind of each interval.
    private let kinds: [UInt16]

    /// The kinds that those sets tell apart.
    init(of sets: [ScalarSet]) {
        let bounds = Self.bounds(of: sets)
        var kinds = Self.kinds(of: sets, bounds: bounds)
        var examples: [UInt32] = []
        var numbers: [Int: Int] = [:]
        for index in kinds.indices {
            let number = numbers[kinds[index]] ?? examples.count
            if number == examples.count {
                numbers[kinds[index]] = number
                examples.append(bounds[index])
            }
            kinds[index] = number
        }
        self.bounds = bounds
        self.kinds = kinds.map(UInt16.init)
        self.examples = examples
        kindsOfASCII = (UInt32(0)..<128).map { UInt16(kinds[Self.interval(of: $0, in: bounds)]) }
    }

    /// The kind of any scalar.
    func kind(of scalar: UInt32) -> UInt16 { kinds[Self.interval(of: scalar, in: bounds)] }

    private static func bounds(of sets: [ScalarSet]) -> [UInt32] {
        var all: Set<UInt32> = [0]
        for range in sets.lazy.flatMap(\.ranges) {
            all.insert(range.lowerBound)
            if range.upperBound < ScalarSet.greatest { all.insert(range.upperBound + 1) }
        }
        return all.sorted()
    }

    /// A number for each interval, the same where the same sets hold it: each set takes its members out of the kinds
    /// so far into new ones.
    private static func kinds(of sets: [ScalarSet], bounds: [UInt32]) -> [Int] {
        var kinds = [Int](repeating: 0, count: bounds.count)
        var unused = 1
        for set in sets {
            var split: [Int: Int] = [:]
            for range in set.ranges {
                var index = interval(of: range.lowerBound, in: bounds)
                while index < bounds.count, bounds[index] <= range.upperBound {
                    let kind = split[kinds[index]] ?? unused
                    if kind == unused {
                        split[kinds[index]] = kind
                        unused += 1
                    }
                    kinds[index] = kind
                    index += 1
                }
            }
        }
        return kinds
    }

    /// The last interval that begins at or before the scalar.
    private static func interval(of scalar: UInt32, in bounds: [UInt32]) -> Int {
        var low = 0
        var high = bounds.count
        while low + 1 < high {
            let middle = (low + high) / 2
            if bounds[middle] <= scalar { low = middle } else { high = middle }
        }
        return low
    }
}
