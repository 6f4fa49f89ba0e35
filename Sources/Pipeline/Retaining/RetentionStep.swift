import Alerting
import Store

/// One bounded piece of retention's work: done in one transaction, after which the fold over what remains gives what
/// remains.
enum RetentionStep: Sendable {
    /// Ends incidents, group by group.
    case mark([ExpiringGroup])
    /// Ends alerts that recovered while they were held back.
    case markAlerts([AlertID])
    /// Removes things one by one.
    case remove([Removal])
    /// Gives free pages at the end of the file back to the file system, so many between two looks at the time.
    case giveBack(pages: Int64, atOnce: Int64)

    /// How far a step has come.
    struct Result: Sendable {
        /// How many groups or things it has dealt with: at least one.
        var handled = 0
        /// What it has removed.
        var counts = RetentionCounts()
    }

    /// Carries the step out, inside the caller's transaction, until `nanoseconds` have passed.
    func carryOut(on connection: Connection, nanoseconds: UInt64) throws -> Result {
        let start = monotonicNanoseconds()
        var result = Result()
        result.counts.steps = 1
        switch self {
        case .mark(let groups):
            for group in groups {
                if try group.mark(on: connection) {
                    result.counts.incidents += Int64(group.members.count)
                    result.counts.events += Int64(group.sharedActions.count)
                }
                result.handled += 1
                if monotonicNanoseconds() - start > nanoseconds { break }
            }
        case .markAlerts(let alerts):
            for alert in alerts {
                try RetentionRows.mark(recovered: alert, on: connection)
                result.handled += 1
                if monotonicNanoseconds() - start > nanoseconds { break }
            }
        case .remove(let removals):
            for removal in removals {
                try removal.carryOut(on: connection)
                if removal.isEvent { result.counts.events += 1 }
                result.handled += 1
                if monotonicNanoseconds() - start > nanoseconds { break }
            }
        case .giveBack(let pages, let pagesAtOnce):
            let before = try connection.pageCount()
            var rest = pages
            repeat {
                try connection.giveBack(pages: min(rest, pagesAtOnce))
                rest -= pagesAtOnce
            } while rest > 0 && monotonicNanoseconds() - start <= nanoseconds
            let after = try connection.pageCount()
            result.handled = Int(before - after)
            result.counts.bytes = (before - after) * (try connection.pageSize())
        }
        FailPoint.insideRetention.reach()
        return result
    }
}
