/// Counts of observed values by upper bound, in the sense of Prometheus
/// (https://prometheus.io/docs/concepts/metric_types/#histogram).
public struct Histogram: Sendable {
    /// The upper bounds, ascending; an implicit last one is infinite.
    public let bounds: [Double]
    /// How many values fell into each bucket, not cumulated; one more than there are bounds.
    public private(set) var counts: [Int64]
    /// The sum of all values.
    public private(set) var sum = 0.0

    /// An empty histogram.
    public init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// How many values there were.
    public var total: Int64 { counts.reduce(0, +) }

    /// Counts a value.
    public mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }
}
