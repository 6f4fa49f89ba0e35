import Alerting
import Synchronization

/// How far the log is applied, and who waits for an event of it.
final class AppliedWaiters: Sendable {
    /// Called once: with success as soon as the event is applied, else with a `WaitError`.
    typealias Completion = @Sendable (Result<Void, WaitError>) -> Void

    private struct State {
        var applied: EventID
        var waiters: [(event: EventID, completion: Completion, id: UInt64)] = []
        var next: UInt64 = 0
    }

    private let state: Mutex<State>

    /// Nobody waits; everything through an event is applied.
    init(applied: EventID) {
        state = Mutex(State(applied: applied))
    }

    /// The last event applied.
    var applied: EventID { state.withLock { $0.applied } }

    /// Whether nobody waits.
    var isEmpty: Bool { state.withLock { $0.waiters.isEmpty } }

    /// Adds a waiter and gives its number for `expire`. Nil if the event is applied already: then nothing is called.
    func add(for event: EventID, _ completion: @escaping Completion) -> UInt64? {
        state.withLock { state in
            guard state.applied < event else { return nil }
            state.next += 1
            state.waiters.append((event, completion, state.next))
            return state.next
        }
    }

    /// Ends the wait of one that is still waiting.
    func expire(_ id: UInt64) {
        let late = state.withLock { state in
            state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0).completion }
        }
        late?(.failure(WaitError()))
    }

    /// Everything through the event is applied: calls those who waited for it, in the order in which they came.
    func advance(to event: EventID) {
        let ready = state.withLock { state in
            state.applied = event
            guard !state.waiters.isEmpty else { return [] as [(event: EventID, completion: Completion, id: UInt64)] }
            let ready = state.waiters.filter { $0.event <= event }
            state.waiters.removeAll { $0.event <= event }
            return ready
        }
        for waiter in ready { waiter.completion(.success(())) }
    }
}

/// An event was not applied in time.
public struct WaitError: Error, Sendable, CustomStringConvertible {
    /// What happened.
    public var description: String { "the worker has not applied the event in time" }
}
