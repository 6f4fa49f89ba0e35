import Alerting
import Store

/// What the admin API works on: the pipeline, or in tests a database of their own.
public protocol AdminBackend: Sendable {
    /// Runs the body in one read snapshot on a reader connection's own queue, after every event answered before has
    /// been applied. The body may run for a while, but never waits for anything but SQLite.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value,
        completion: @escaping @Sendable (Result<Value, any Error>) -> Void)

    /// Appends the action and waits until it is applied. Gives the number of its event and what became of it.
    func perform(
        _ action: Action, completion: @escaping @Sendable (Result<(EventID, StoredOutcome), any Error>) -> Void)

    /// The token with that secret, found by its SHA-256; nil where there is none, or it was revoked.
    func token(for secret: [UInt8]) -> APIToken?

    /// Whether a good token has that e-mail address.
    func knows(email: String) -> Bool
}
