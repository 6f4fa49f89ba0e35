import NIOHTTP1
import Synchronization

/// What all connections of a listener share.
final class ListenerContext: Sendable {
    let responder: any HTTPResponder
    let limits: ConnectionState.Limits
    let parserLimits: NIOHTTPDecoderLimitConfiguration
    let isTLS: Bool
    let requestIDs = RequestIDGenerator()
    /// The open connections.
    let connections: Quota
    /// Whether the listener stops: every answer from then on says that the connection closes, on whichever loop it is.
    let isStopping = Atomic<Bool>(false)
    /// The bytes of bodies that are not whole yet.
    let bodyBytes: Quota

    init(configuration: ListenerConfiguration, responder: any HTTPResponder) {
        self.responder = responder
        limits = ConnectionState.Limits(
            timeouts: configuration.timeouts, maximumDiscardedBytes: configuration.maximumDiscardedBytes)
        var parserLimits = NIOHTTPDecoderLimitConfiguration()
        parserLimits.maxHeaderFieldSize = configuration.maximumHeaderFieldBytes
        parserLimits.maxHeaderListSize = configuration.maximumHeaderBytes
        parserLimits.maxHeaderFieldCount = configuration.maximumHeaderFields
        self.parserLimits = parserLimits
        isTLS = configuration.tls != nil
        connections = Quota(limit: configuration.maximumConnections)
        bodyBytes = Quota(limit: configuration.maximumUnfinishedBodyBytes)
    }
}
