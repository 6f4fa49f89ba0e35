import Synchronization

/// What a listener turned away because it had no room or no time for it, or could not be understood.
public enum ListenerRefusal: String, CaseIterable, Sendable {
    /// Connections above the maximum, closed at once.
    case connections
    /// Requests whose bodies found no room among those that are not whole yet: 503.
    case bodies
    /// Requests that were sent ahead of an answer and found no room: the connection is closed behind that answer.
    case requestsAhead = "requests_ahead"
    /// Requests whose answers found no room among those that nobody reads: 503.
    case answers
    /// Requests that did not arrive in time: 503.
    case timeouts
    /// Connections that spoke plain text where TLS is spoken: 400.
    case plainHTTP = "plain_http"
}

/// Counts refusals, on any event loop.
final class ListenerRefusals: Sendable {
    private let counts = Mutex<[ListenerRefusal: Int64]>([:])

    func count(_ refusal: ListenerRefusal) {
        counts.withLock { $0[refusal, default: 0] += 1 }
    }

    /// How many there were of each since the start.
    var snapshot: [ListenerRefusal: Int64] { counts.withLock { $0 } }
}
