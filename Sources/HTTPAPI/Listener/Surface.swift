/// Which part of the gateway answers where a connection comes in. The listener hands it on with each request, and keeps
/// `.events` from using up what `.admin` needs.
public enum Surface: Sendable, Hashable {
    /// All of it.
    case everything
    /// What senders need: the events paths.
    case events
    /// What operators need: the REST API, health and metrics.
    case admin
}
