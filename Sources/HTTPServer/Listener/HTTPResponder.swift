/// What answers requests. The listener calls it on a connection's event loop, so it must not block.
public protocol HTTPResponder: Sendable {
    /// Looks at a request before its body is read: refuse it at once (404, 405, 415, …), or say how much may follow.
    ///
    /// - Parameter head: the complete head.
    func admit(_ head: HTTPRequest.Head) -> Admission

    /// Answers a request that was admitted and has arrived whole.
    ///
    /// - Parameters:
    ///   - request: the request; its body is within the limit that `admit` gave.
    ///   - reply: takes the answer: exactly once, from any thread, now or later. Until then the connection waits, and the
    ///     requests pipelined behind this one too.
    func respond(to request: HTTPRequest, reply: Reply)
}

/// What becomes of a request once its head is known.
public enum Admission: Sendable {
    /// Read the body, of at most that many decoded bytes; a longer one, announced or sent, gets what `tooLarge` gives, asked once, and the
    /// connection is closed.
    case read(maximumBodyBytes: Int, tooLarge: @Sendable () -> HTTPResponse)
    /// Answer now, without the body. The connection is closed if a body was announced.
    case refuse(HTTPResponse)
}
