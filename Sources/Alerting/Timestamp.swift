/// A moment, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Every time in the log and in the tables has this form (docs/architecture.md, "Numbers, ids and times").
/// It has no leap seconds.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970 UTC; negative before.
    public var milliseconds: Int64

    /// A moment from milliseconds since 1970 UTC.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Earlier before later.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment that many whole seconds later. Saturates at the ends of the range.
    public func adding(seconds: Int64) -> Timestamp {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return Timestamp(milliseconds: seconds < 0 ? .min : .max) }
        let (sum, carried) = milliseconds.addingReportingOverflow(product)
        return Timestamp(milliseconds: carried ? (seconds < 0 ? .min : .max) : sum)
    }
}
