import NIOCore

/// What the connections of one event loop share.
///
/// Unchecked: all but the executor is touched only on the event loop.
final class ConnectionLoop: @unchecked Sendable {
    let executor: LoopExecutor
    private var dates = DateCache()
    private var connections: [ObjectIdentifier: ConnectionHandler] = [:]
    private var quiesced: EventLoopPromise<Void>?

    init(eventLoop: any EventLoop) {
        executor = LoopExecutor(eventLoop)
    }

    /// The date of now, for the `Date` header.
    func date() -> [UInt8] {
        dates.now()
    }

    /// Whether new connections are to be turned away.
    var isQuiescing: Bool { quiesced != nil }

    func add(_ connection: ConnectionHandler) {
        connections[ObjectIdentifier(connection)] = connection
    }

    func remove(_ connection: ConnectionHandler) {
        connections[ObjectIdentifier(connection)] = nil
        if connections.isEmpty { quiesced?.succeed() }
    }

    /// Lets every connection finish the request in flight.
    ///
    /// - Returns: a future that succeeds when the last one is gone, or at the deadline.
    func quiesce(deadline: NIODeadline) -> EventLoopFuture<Void> {
        let promise = executor.eventLoop.makePromise(of: Void.self)
        executor.eventLoop.execute {
            self.quiesced = promise
            // A copy: a connection that closes takes itself out.
            for connection in Array(self.connections.values) { connection.quiesce() }
            if self.connections.isEmpty { promise.succeed() }
        }
        let timer = executor.eventLoop.scheduleTask(deadline: deadline) { promise.succeed() }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        return promise.futureResult
    }
}
