import NIOHTTP1
import Synchronization

/// What all connections of a listener share.
final class ListenerContext: Sendable {
    let responder: any HTTPResponder
    let limits: ConnectionState.Limits
    let parserLimits: NIOHTTPDecoderLimitConfiguration
    let requestIDs = RequestIDGenerator()
    /// What was turned away.
    let refusals = ListenerRefusals()
    /// The open connections.
    let connections: Quota
    /// Whether the listener stops: every answer from then on says that the connection closes, on whichever loop it is.
    let isStopping = Atomic<Bool>(false)
    /// The bytes of bodies that are not whole yet.
    let bodyBytes: Quota
    /// The bytes of large answers that clients have not read yet.
    let answerBytes: Quota
    private let maximumAnswerBytes: Int
    private let reservedConnections: Int
    private let reservedBodyBytes: Int
    private let smallBodyBytes: Int
    private let reservedSmallBodyBytes: Int

    init(configuration: ListenerConfiguration, responder: any HTTPResponder) {
        self.responder = responder
        limits = ConnectionState.Limits(
            timeouts: configuration.timeouts, maximumDiscardedBytes: configuration.maximumDiscardedBytes)
        var parserLimits = NIOHTTPDecoderLimitConfiguration()
        parserLimits.maxHeaderFieldSize = configuration.maximumHeaderFieldBytes
        parserLimits.maxHeaderListSize = configuration.maximumHeaderBytes
        parserLimits.maxHeaderFieldCount = configuration.maximumHeaderFields
        self.parserLimits = parserLimits
        reservedConnections = configuration.reservedConnections
        reservedBodyBytes = configuration.reservedUnfinishedBodyBytes
        smallBodyBytes = configuration.smallBodyBytes
        reservedSmallBodyBytes = configuration.reservedSmallBodyBytes
        connections = Quota(limit: configuration.maximumConnections)
        bodyBytes = Quota(limit: configuration.maximumUnfinishedBodyBytes)
        maximumAnswerBytes = configuration.maximumUnreadAnswerBytes
        answerBytes = Quota(limit: maximumAnswerBytes)
    }

    /// Counts in a connection; false if there is no room for it.
    func takeConnection(leavingReserve leavesReserve: Bool) -> Bool {
        let isTaken = connections.take(1, leaving: leavesReserve ? reservedConnections : 0)
        if !isTaken { refusals.count(.connections) }
        return isTaken
    }

    /// Takes room for an answer and gives how much was taken; nil if there is none. One that is larger than all there is
    /// has room while there is no other.
    func takeAnswerBytes(_ count: Int) -> Int? {
        guard count > smallBodyBytes else { return 0 }
        let cost = min(count, maximumAnswerBytes)
        return answerBytes.take(cost) ? cost : nil
    }

    /// Takes room for a part of a body, of which so much is held already; false if there is none.
    func takeBodyBytes(_ count: Int, behind held: Int, leavingReserve leavesReserve: Bool) -> Bool {
        let reserve = leavesReserve ? reservedBodyBytes : 0
        return bodyBytes.take(
            count, leaving: held + count > smallBodyBytes ? reserve + reservedSmallBodyBytes : reserve)
    }
}
