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

    /// Takes that many; false if they would exceed the limit, and then none is taken.
    func take(_ number: Int) -> Bool {
        guard used.add(number, ordering: .relaxed).newValue <= limit else {
            giveBack(number)
            return false
        }
        return true
    }

    /// Gives that many back.
    func giveBack(_ number: Int) {
        used.subtract(number, ordering: .relaxed)
    }
}
