import Synchronization

/// A number of things of which only so many may be in use at a time, shared by all event loops.
final class Quota: Sendable {
    private let limit: Int
    private let used = Atomic<Int>(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// How many are in use.
    var count: Int { used.load(ordering: .relaxed) }

    /// Takes that many; false if they would leave less than the reserve below the limit, and then none is taken, not even
    /// for a moment: who is refused is in nobody's way.
    func take(_ number: Int, leaving reserve: Int = 0) -> Bool {
        var current = count
        while current + number <= limit - reserve {
            let (isTaken, found) = used.weakCompareExchange(
                expected: current, desired: current + number, ordering: .relaxed)
            if isTaken { return true }
            current = found
        }
        return false
    }

    /// Gives that many back.
    func giveBack(_ number: Int) {
        used.subtract(number, ordering: .relaxed)
    }
}
