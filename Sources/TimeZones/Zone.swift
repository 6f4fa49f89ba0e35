/// A time zone: how far its clock is ahead of UTC, at any moment.
public struct Zone: Sendable, Equatable {
    /// UTC, which needs no zone database.
    public static let utc = Zone(firstOffset: 0, changes: [], offsets: [], rule: nil)

    init(firstOffset: Int32, changes: [Int64], offsets: [Int32], rule: ZoneRule?) {
        (self.firstOffset, self.changes, self.offsets, self.rule) = (firstOffset, changes, offsets, rule)
    }

    /// The offset before the first change, in seconds east of Greenwich.
    let firstOffset: Int32
    /// The moments at which another offset begins, in seconds since 1970 UTC, ascending.
    let changes: [Int64]
    /// The offset from each of the changes on.
    let offsets: [Int32]
    /// What holds from the last change on; nil is the last offset.
    let rule: ZoneRule?

    /// The zone in which a TZ of POSIX holds at all times (RFC 9636 section 3.3.2); nil if the text is none.
    init?(rule text: String) {
        guard let rule = ZoneRule(Array(text.utf8)[...]) else { return nil }
        self.init(firstOffset: Int32(rule.standardOffset), changes: [], offsets: [], rule: rule)
    }

    /// How many seconds the clock is ahead of UTC at a moment, given in seconds since 1970 UTC; negative west of
    /// Greenwich, and less than a day either way.
    public func offset(at second: Int64) -> Int {
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= second { low = middle + 1 } else { high = middle }
        }
        if low == changes.count, let rule { return rule.offset(at: second) }
        return Int(low == 0 ? firstOffset : offsets[low - 1])
    }
}
