import NIOCore

/// One connection as a state machine: what happened goes in, what to do comes out. It does no I/O and has no clock.
///
/// ```
///                 first byte           head               end of request
/// awaitingHead ─────────────▶ readingHead ─────▶ readingBody ─────▶ answering
///      ▲                          │                  │                  │
///      │                          │ malformed, too late, too large      │ answer
///      │                          ▼                  ▼                  ▼
///      └───── next request ──── sending ◀──────────────────────────────┘
///                                 │ │ close, input still coming
///                           close │ └──────▶ draining ──▶ closed
///                                 └────────────────────▶ closed
/// ```
struct ConnectionState {
    /// The bounds of a connection.
    struct Limits {
        var timeouts = ListenerConfiguration.Timeouts()
        /// Bytes read and thrown away after an early answer.
        var maximumDiscardedBytes = 1024 * 1024
    }

    enum Phase: Equatable {
        /// Between requests.
        case awaitingHead
        /// Some bytes of a head are here.
        case readingHead
        /// The head is here, the request not yet whole.
        case readingBody
        /// The responder has the request.
        case answering
        /// An answer is being written.
        case sending(then: Continuation)
        /// The output is closed; input is thrown away until the client closes too.
        case draining
        case closed
    }

    /// What follows an answer.
    enum Continuation: Equatable {
        case nextRequest
        /// Close the output, then discard input: closing at once would reset the connection, and the client might
        /// lose the answer (RFC 9112 section 9.6).
        case drain
        case close
    }

    /// How an answer is to be written.
    struct AnswerForm: Equatable {
        /// Whether another request may follow.
        var keepsAlive = false
        /// Whether the client must be told so.
        var announcesKeepAlive = false
        /// Whether the body is left out.
        var omitsBody = false
        var continuation: Continuation
    }

    private(set) var phase = Phase.awaitingHead
    /// When `expire` is to be called; absent while the responder has the request.
    private(set) var deadline: NIODeadline?
    /// Counts the requests; names the one being read or answered.
    private(set) var requestNumber: UInt64 = 0

    private let limits: Limits
    private var framing = RequestFraming()
    private var bodyBytes = 0
    private var maximumBodyBytes = 0
    private var discardAllowance: Int
    private var hasDiscardedInput = false
    private var isInputClosed = false
    private var isQuiescing = false

    init(limits: Limits, now: NIODeadline) {
        self.limits = limits
        deadline = now + limits.timeouts.idle
        discardAllowance = limits.maximumDiscardedBytes
    }

    /// Whether what comes next belongs to a later request and has to wait.
    var isBusy: Bool { phase == .answering || phase == .sending(then: .nextRequest) }

    // MARK: Input

    enum BytesAction: Equatable { case parse, discard, close }

    /// Bytes have come in, not parsed yet.
    ///
    /// - Parameter isBlank: whether they are nothing but line breaks. Old clients send one behind a body, and the parser
    ///   skips it (RFC 9112 section 2.2): no request has begun, so no timeout may be answered. A client would take that
    ///   for the answer to its next request.
    mutating func bytesArrived(_ count: Int, isBlank: Bool = false, now: NIODeadline) -> BytesAction {
        switch phase {
        case .awaitingHead where isBlank:
            return .parse
        case .awaitingHead:
            phase = .readingHead
            deadline = now + limits.timeouts.head
            return .parse
        case .answering where !framing.keepsAlive:
            // No later request is wanted, and the parser, which may have stopped, would pile this up.
            hasDiscardedInput = true
            discardAllowance -= count
            return discardAllowance < 0 ? close() : .discard
        case .readingHead, .readingBody, .answering, .sending(then: .nextRequest):
            return .parse
        case .sending(then: .drain), .sending(then: .close), .draining:
            discardAllowance -= count
            guard discardAllowance < 0 else { return .discard }
            return close()
        case .closed:
            return .discard
        }
    }

    private mutating func close() -> BytesAction {
        phase = .closed
        deadline = nil
        return .close
    }

    enum HeadAction: Equatable { case admit, refuseHost, refuseExpectation, refuseCoding, ignore }

    /// A head is complete.
    mutating func headArrived(_ framing: RequestFraming, now: NIODeadline) -> HeadAction {
        guard phase == .awaitingHead || phase == .readingHead else { return .ignore }
        self.framing = framing
        requestNumber += 1
        bodyBytes = 0
        maximumBodyBytes = 0
        phase = .readingBody
        deadline = now + limits.timeouts.body
        if framing.hasBadHost { return .refuseHost }
        if framing.isCoded { return .refuseCoding }
        return framing.expectation == .unknown ? .refuseExpectation : .admit
    }

    enum AdmittedAction: Equatable { case read, readAfterInterimResponse, tooLarge }

    /// The responder lets the body come.
    mutating func admitted(maximumBodyBytes: Int) -> AdmittedAction {
        self.maximumBodyBytes = maximumBodyBytes
        if let length = framing.contentLength, length > maximumBodyBytes { return overflow() }
        return framing.expectation == .interimResponse && framing.expectsBody ? .readAfterInterimResponse : .read
    }

    private mutating func overflow() -> AdmittedAction {
        // What is still within the limit comes in addition: the client is let off only beyond it.
        discardAllowance = limits.maximumDiscardedBytes + max(0, maximumBodyBytes - bodyBytes)
        return .tooLarge
    }

    enum RefusedAction: Equatable { case answerNow, answerAtEnd }

    /// The request is refused without its body.
    func refused() -> RefusedAction {
        framing.expectsBody ? .answerNow : .answerAtEnd
    }

    enum BodyAction: Equatable { case append, tooLarge, ignore }

    /// A part of the body is here.
    mutating func bodyArrived(_ count: Int) -> BodyAction {
        guard phase == .readingBody else { return .ignore }
        bodyBytes += count
        guard bodyBytes > maximumBodyBytes else { return .append }
        _ = overflow()
        return .tooLarge
    }

    enum EndAction: Equatable { case respond, ignore }

    /// The request is whole.
    mutating func requestEnded() -> EndAction {
        guard phase == .readingBody else { return .ignore }
        phase = .answering
        deadline = nil
        return .respond
    }

    enum FailureAction: Equatable { case answerBadRequest, ignore }

    /// The input is not HTTP, or ended in the middle of a request.
    func inputFailed() -> FailureAction {
        switch phase {
        case .awaitingHead, .readingHead, .readingBody: .answerBadRequest
        case .answering, .sending, .draining, .closed: .ignore
        }
    }

    enum CloseAction: Equatable {
        case close
        /// Close behind what is written already: an earlier answer may still wait for a client that reads slowly.
        case closeBehindAnswers
        case none
    }

    /// The client will send no more. It may still read.
    mutating func inputClosed(now: NIODeadline) -> CloseAction {
        isInputClosed = true
        switch phase {
        case .awaitingHead, .readingHead, .readingBody:
            return closeBehindAnswers(now: now)
        case .draining:
            _ = close()
            return .close
        case .answering, .sending, .closed:
            return .none
        }
    }

    private mutating func closeBehindAnswers(then continuation: Continuation = .close, now: NIODeadline) -> CloseAction
    {
        phase = .sending(then: continuation)
        deadline = now + limits.timeouts.idle
        return .closeBehindAnswers
    }

    /// What came behind the request being answered has no room and is dropped: no request after this one.
    mutating func inputOverflowed() {
        isQuiescing = true
        framing.keepsAlive = false
        hasDiscardedInput = true
    }

    /// The connection is gone.
    mutating func connectionClosed() {
        _ = close()
    }

    // MARK: Answers

    /// An answer is to be written: that of the responder to a whole request, or an early one.
    ///
    /// - Parameters:
    ///   - closesConnection: whether the answer asks to close.
    ///   - hasMoreInput: whether input of a later request is here already.
    /// - Returns: how to write it; absent if there is nothing to be answered.
    mutating func answer(closesConnection: Bool, hasMoreInput: Bool, now: NIODeadline) -> AnswerForm? {
        let isHeadKnown: Bool
        let isWhole: Bool
        switch phase {
        case .awaitingHead, .readingHead: (isHeadKnown, isWhole) = (false, false)
        case .readingBody: (isHeadKnown, isWhole) = (true, false)
        case .answering: (isHeadKnown, isWhole) = (true, true)
        case .sending, .draining, .closed: return nil
        }
        var form = AnswerForm(continuation: .nextRequest)
        form.keepsAlive = isWhole && framing.keepsAlive && !closesConnection && !isQuiescing && !isInputClosed
        form.announcesKeepAlive = form.keepsAlive && framing.isVersion10
        form.omitsBody = isHeadKnown && framing.isHead
        if !form.keepsAlive {
            // Requests that a client has sent ahead may still be unread in the kernel: closing at once would reset the
            // connection and lose the answer (RFC 9112 section 9.6). Only a client that said `close`, or ended its input,
            // sends nothing more.
            let isLastOfClient = isWhole && (!framing.keepsAlive || isInputClosed)
            form.continuation = isLastOfClient && !hasMoreInput && !hasDiscardedInput ? .close : .drain
        }
        phase = .sending(then: form.continuation)
        deadline = now + limits.timeouts.idle
        return form
    }

    enum SentAction: Equatable { case nextRequest, closeOutput, close, closeBehindAnswers, none }

    /// The answer has been handed to the kernel (to be followed by the next request: has left room for another one).
    mutating func answerSent(now: NIODeadline) -> SentAction {
        guard case .sending(let continuation) = phase else { return .none }
        switch continuation {
        case .nextRequest where !isQuiescing && !isInputClosed:
            phase = .awaitingHead
            deadline = now + limits.timeouts.idle
            return .nextRequest
        case .drain where !isInputClosed:
            phase = .draining
            deadline = now + limits.timeouts.linger
            return .closeOutput
        case .nextRequest:
            // Requests behind this one are not answered any more, and may not even be read yet.
            _ = closeBehindAnswers(then: isInputClosed ? .close : .drain, now: now)
            return .closeBehindAnswers
        case .drain, .close:
            _ = close()
            return .close
        }
    }

    // MARK: Time and shutdown

    enum ExpiryAction: Equatable { case answerTimeout, close, none }

    /// Time has passed.
    mutating func expire(now: NIODeadline) -> ExpiryAction {
        guard let deadline, deadline <= now else { return .none }
        switch phase {
        case .readingHead, .readingBody:
            return .answerTimeout
        case .awaitingHead, .sending, .draining:
            _ = close()
            return .close
        case .answering, .closed:
            return .none
        }
    }

    /// The listener stops: no request after the one in flight.
    ///
    /// A connection that has not asked for anything yet was opened to ask, and its request may be on the way or in the
    /// kernel already: closing now would reset it. It gets a moment.
    mutating func quiesce(now: NIODeadline) -> CloseAction {
        isQuiescing = true
        guard phase == .awaitingHead else { return .none }
        if requestNumber == 0, !isInputClosed {
            deadline = min(deadline ?? .distantFuture, now + limits.timeouts.lastRequest)
            return .none
        }
        return closeBehindAnswers(now: now)
    }
}
