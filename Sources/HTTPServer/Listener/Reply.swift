/// Takes the answer to one request.
public struct Reply: Sendable {
    /// The loop of the connection, to complete many requests with one hop.
    public let executor: LoopExecutor
    private let sendOnLoop: any ReplyTarget
    private let requestNumber: UInt64

    init(executor: LoopExecutor, target: any ReplyTarget, requestNumber: UInt64) {
        self.executor = executor
        self.sendOnLoop = target
        self.requestNumber = requestNumber
    }

    /// Sends the answer: at once if called on the connection's loop, by a hop to it otherwise. Dropped quietly if the
    /// connection is gone, or if this request has been answered.
    public func send(_ response: HTTPResponse) {
        if executor.isCurrent {
            sendOnLoop.answer(requestNumber, with: response)
        } else {
            executor.execute { [sendOnLoop, requestNumber] in sendOnLoop.answer(requestNumber, with: response) }
        }
    }

    /// Sends the answer a while later. The connection waits for it, as for any other.
    package func send(_ response: HTTPResponse, afterMilliseconds delay: Int64) {
        executor.execute(afterMilliseconds: delay) { [sendOnLoop, requestNumber] in
            sendOnLoop.answer(requestNumber, with: response)
        }
    }
}

/// What a reply is sent to.
protocol ReplyTarget: Sendable {
    /// Sends the answer to the request with that number. Called on the event loop only.
    func answer(_ requestNumber: UInt64, with response: HTTPResponse)
}
