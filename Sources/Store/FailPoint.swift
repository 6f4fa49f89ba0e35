import Glibc

/// Places where a debug build ends at once when it is told to, as if it had been killed just there. A release build has
/// none of it: `reach` is empty.
///
/// `ALERTGATE_FAILPOINT=afterCommit:3` in the environment ends the process with status 137 when it comes to that place
/// for the third time; without a number, the first.
public enum FailPoint: String, Sendable {
    /// In a migration's transaction, before it commits.
    case insideMigration
    /// After the commit that holds events, before anybody is told.
    case afterCommit
    /// The worker has folded a batch and has handed nothing to the writer yet.
    case beforeApply
    /// The worker's changes are written and not committed.
    case insideApply
    /// A step of retention is done and not committed.
    case insideRetention
    /// A checkpoint writes a page into the database. Each page it writes counts.
    case insideCheckpoint

    /// Ends the process if it is this place's turn.
    @inline(__always)
    public func reach() {
        #if DEBUG
            FailPoint.chosen?.reach(self)
        #endif
    }

    #if DEBUG
        /// Whether the process is to end at this place.
        var isChosen: Bool { FailPoint.chosen?.point == self }

        private static let chosen = Choice(environment: getenv("ALERTGATE_FAILPOINT").map { String(cString: $0) })
    #endif
}

#if DEBUG
    import Synchronization

    private final class Choice: Sendable {
        let point: FailPoint
        let passes: Atomic<Int>

        init?(environment: String?) {
            let parts = (environment ?? "").split(separator: ":")
            guard let name = parts.first, let point = FailPoint(rawValue: String(name)) else { return nil }
            self.point = point
            passes = Atomic(parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
        }

        func reach(_ place: FailPoint) {
            guard place == point, passes.wrappingSubtract(1, ordering: .relaxed).newValue == 0 else { return }
            _exit(137)
        }
    }
#endif
