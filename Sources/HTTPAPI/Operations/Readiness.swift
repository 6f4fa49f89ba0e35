import Pipeline
import Synchronization

/// What `/readyz` last found, for the metrics, which have to be there also where the writer keeps still: a page never
/// waits for a look, it shows what the last one found and has the next one begun.
final class Readiness: Sendable {
    private struct State {
        var isReady = true
        var isLooking = false
    }

    private let state = Mutex(State())

    /// Whether the last look found the gateway ready; yes before the first, since the database was opened to start.
    var isReady: Bool { state.withLock { $0.isReady } }

    /// Looks, and calls back as `Health.look` does.
    func look(at pipeline: Pipeline, completion: @escaping @Sendable (Health) -> Void) {
        Health.look(at: pipeline) { health in
            self.state.withLock { $0.isReady = health.isReady }
            completion(health)
        }
    }

    /// Begins a look, unless one of these is under way.
    func refresh(_ pipeline: Pipeline) {
        let isFirst = state.withLock { state in
            defer { state.isLooking = true }
            return !state.isLooking
        }
        guard isFirst else { return }
        look(at: pipeline) { _ in self.state.withLock { $0.isLooking = false } }
    }
}
