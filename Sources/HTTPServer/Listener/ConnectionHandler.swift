import NIOCore
import NIOHTTP1

/// Serves one connection: performs what its `ConnectionState` decides.
///
/// Unchecked: all is touched only on the connection's event loop; `Reply` hops there first.
final class ConnectionHandler: ChannelDuplexHandler, ReplyTarget, @unchecked Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let listener: ListenerContext
    private let loop: ConnectionLoop
    private let entrance: Entrance
    private let remoteAddress: String
    private var state: ConnectionState

    private var context: ChannelHandlerContext?
    /// Input behind the request being answered. While there is some, nothing more is read, unless the client closes its
    /// side: all that the kernel holds comes in then.
    private var waiting = WaitingInput()
    /// Whether input was dropped because there was no room for it.
    private var isWaitingDropped = false
    private var isWorkingOffWaiting = false
    private var isReadHeld = false
    private var timer: (task: Scheduled<Void>, deadline: NIODeadline)?

    // The request being read.
    private var head: HTTPRequest.Head?
    private var body: [UInt8] = []
    /// How much of the listener's quota of body bytes this connection has taken.
    private var bodyBytesTaken = 0
    /// How much of the listener's quota of answers this connection has taken.
    private var answerBytesTaken = 0
    private var tooLarge: @Sendable () -> HTTPResponse = { .badRequest }
    private var refusal: HTTPResponse?
    /// The id of the request being read or answered; empty before its head is known.
    private var requestID = ""

    init(listener: ListenerContext, loop: ConnectionLoop, entrance: Entrance, remoteAddress: String) {
        self.listener = listener
        self.loop = loop
        self.entrance = entrance
        self.remoteAddress = remoteAddress
        state = ConnectionState(limits: listener.limits, now: loop.executor.eventLoop.now)
    }

    private var now: NIODeadline { loop.executor.eventLoop.now }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
        armTimer()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        state.connectionClosed()
        self.context = nil
        waiting.removeAll(of: listener)
        giveBackAnswer()
        timer?.task.cancel()
        timer = nil
        loop.remove(self)
        listener.connections.giveBack(1)
        dropBody()
    }

    /// Bytes have come in, before the parser sees them.
    func bytesArrived(_ bytes: ByteBufferView) -> ConnectionState.BytesAction {
        let isBlank = bytes.allSatisfy { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
        return state.bytesArrived(bytes.count, isBlank: isBlank, now: now)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        receive(.part(unwrapInboundIn(data)))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        armTimer()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if waiting.isEmpty { context.read() } else { isReadHeld = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, state.phase == .sending(then: .nextRequest) { answerSent() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed {
            receiveEndOfInput()
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is HTTPParserError where context.channel.isActive:
            receive(.failure)
        case is ByteToMessageDecoderError:
            // Input behind a failure that has been dealt with.
            break
        default:
            context.close(promise: nil)
        }
    }

    // MARK: Input

    private func receive(_ input: ConnectionInput) {
        if waiting.isEmpty, !state.isBusy { process(input) } else { wait(input) }
    }

    private func receiveEndOfInput() {
        // With nothing before it there is nothing to wait for: the answer in flight is then the last one.
        if waiting.isEmpty { process(.end) } else { wait(.end) }
    }

    /// Keeps input until the answer before it is out. Without room for it that answer is the last one.
    private func wait(_ input: ConnectionInput) {
        if !isWaitingDropped {
            if waiting.append(input, leavingReserve: entrance.leavesReserve, of: listener) { return }
            isWaitingDropped = true
            listener.refusals.count(.requestsAhead)
            dropWaiting()
            state.inputOverflowed()
        }
        if case .end = input { _ = state.inputClosed(now: now) }
    }

    /// Drops what came behind the last request that is answered on this connection.
    private func dropWaiting() {
        // An answer is under way: what to do about the end follows from that.
        if waiting.hasEnd { _ = state.inputClosed(now: now) }
        waiting.removeAll(of: listener)
    }

    private func workOffWaiting() {
        guard !isWorkingOffWaiting else { return }
        isWorkingOffWaiting = true
        while !state.isBusy, let input = waiting.popFirst(of: listener) { process(input) }
        isWorkingOffWaiting = false
        if waiting.isEmpty, isReadHeld {
            isReadHeld = false
            context?.read()
        }
    }

    private func process(_ input: ConnectionInput) {
        switch input {
        case .part(.head(let head)): receiveHead(head)
        case .part(.body(let part)): receiveBody(part)
        case .part(.end): receiveEnd()
        case .failure:
            if state.inputFailed() == .answerBadRequest { write(.badRequest) }
        case .end:
            perform(state.inputClosed(now: now))
        }
    }

    private func receiveHead(_ raw: HTTPRequestHead) {
        var raw = raw
        raw.headers = raw.headers.trimmed
        let target = RequestTarget(raw.uri)
        var framing = RequestFraming(raw)
        if let authority = target.authority, HostAndPort(authority) == nil { framing.hasBadHost = true }
        let action = state.headArrived(framing, now: now)
        guard action != .ignore else { return }
        requestID = listener.requestIDs.make()
        refusal = nil
        tooLarge = { .badRequest }
        let head = HTTPRequest.Head(
            method: raw.method.rawValue, target: target, headers: raw.headers,
            contentLength: framing.contentLength, remoteAddress: remoteAddress, isTLS: entrance.tls != nil,
            tag: entrance.tag, id: requestID)
        self.head = head
        switch action {
        case .refuseHost: return refuse(.badHost)
        case .refuseExpectation: return refuse(.expectationFailed)
        case .refuseCoding: return refuse(.codingUnsupported)
        case .admit, .ignore: break
        }
        switch listener.responder.admit(head) {
        case .refuse(let response):
            refuse(response)
        case .read(let maximumBodyBytes, let tooLarge):
            self.tooLarge = tooLarge
            switch state.admitted(maximumBodyBytes: maximumBodyBytes) {
            case .read: break
            case .readAfterInterimResponse:
                context?.writeAndFlush(wrapOutboundOut(ResponseEncoder.interimResponse), promise: nil)
            case .tooLarge: write(tooLarge())
            }
        }
    }

    private func refuse(_ response: HTTPResponse) {
        switch state.refused() {
        case .answerNow: write(response)
        case .answerAtEnd: refusal = response
        }
    }

    private func receiveBody(_ part: ByteBuffer) {
        switch state.bodyArrived(part.readableBytes) {
        case .append:
            guard
                listener.takeBodyBytes(
                    part.readableBytes, behind: bodyBytesTaken, leavingReserve: entrance.leavesReserve)
            else {
                listener.refusals.count(.bodies)
                write(.overloaded)
                return
            }
            bodyBytesTaken += part.readableBytes
            // The announced length is only believed up to a point: memory is taken for what has come.
            if body.isEmpty, let length = head?.contentLength { body.reserveCapacity(min(length, 16 * 1024)) }
            body.append(contentsOf: part.readableBytesView)
        case .tooLarge: write(tooLarge())
        case .ignore: break
        }
    }

    private func dropBody() {
        body = []
        listener.bodyBytes.giveBack(bodyBytesTaken)
        bodyBytesTaken = 0
    }

    private func receiveEnd() {
        guard state.requestEnded() == .respond, let head else { return }
        if let refusal {
            write(refusal)
            return
        }
        let request = HTTPRequest(head: head, body: body)
        self.head = nil
        dropBody()
        let reply = Reply(executor: loop.executor, target: self, requestNumber: state.requestNumber)
        listener.responder.respond(to: request, reply: reply)
    }

    // MARK: Answers

    func answer(_ requestNumber: UInt64, with response: HTTPResponse) {
        guard state.phase == .answering, state.requestNumber == requestNumber else { return }
        write(response)
    }

    private func write(_ answer: HTTPResponse) {
        giveBackAnswer()
        let taken = listener.takeAnswerBytes(answer.body.count)
        answerBytesTaken = taken ?? 0
        if taken == nil { listener.refusals.count(.answers) }
        let response = taken == nil ? .overloaded : answer
        let isLast = response.closesConnection || listener.isStopping.load(ordering: .relaxed)
        let form = state.answer(
            closesConnection: isLast, hasMoreInput: !waiting.isEmpty, now: now)
        guard let context, let form else { return }
        head = nil
        dropBody()
        refusal = nil
        var buffer = context.channel.allocator.buffer(capacity: 320 + response.body.count)
        ResponseEncoder.write(
            response, form: form, requestID: requestID.isEmpty ? listener.requestIDs.make() : requestID,
            date: loop.date(), to: &buffer)
        requestID = ""
        if form.continuation == .nextRequest {
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
            // A client that does not read its answers gets no further ones.
            if context.channel.isWritable { answerSent() } else { armTimer() }
        } else {
            dropWaiting()
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.whenComplete { _ in self.answerSent() }
            context.writeAndFlush(wrapOutboundOut(buffer), promise: written)
            armTimer()
        }
    }

    private func giveBackAnswer() {
        listener.answerBytes.giveBack(answerBytesTaken)
        answerBytesTaken = 0
    }

    private func answerSent() {
        giveBackAnswer()
        switch state.answerSent(now: now) {
        case .nextRequest: workOffWaiting()
        case .closeOutput:
            context?.close(mode: .output, promise: nil)
            if isReadHeld {
                isReadHeld = false
                context?.read()
            }
        case .close: context?.close(promise: nil)
        case .closeBehindAnswers: closeBehindAnswers()
        case .none: break
        }
        armTimer()
    }

    private func perform(_ action: ConnectionState.CloseAction) {
        switch action {
        case .close: context?.close(promise: nil)
        case .closeBehindAnswers: closeBehindAnswers()
        case .none: break
        }
    }

    /// Closes when what was written has gone to the kernel: closing at once would throw the rest of it away.
    private func closeBehindAnswers() {
        guard let context else { return }
        dropWaiting()
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenComplete { _ in self.answerSent() }
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(capacity: 0)), promise: written)
    }

    // MARK: Time and shutdown

    /// Sees to it that `expire` is called at the deadline or before. A timer that is early costs less than a new one for
    /// every request.
    private func armTimer() {
        guard let context, let deadline = state.deadline else { return }
        if let timer {
            if timer.deadline <= deadline { return }
            timer.task.cancel()
        }
        let task = context.eventLoop.scheduleTask(deadline: deadline) { self.timerFired() }
        timer = (task, deadline)
    }

    private func timerFired() {
        timer = nil
        switch state.expire(now: now) {
        case .answerTimeout:
            listener.refusals.count(.timeouts)
            write(.requestTimeout)
        case .close: context?.close(promise: nil)
        case .none: break
        }
        armTimer()
    }

    /// The listener stops.
    func quiesce() {
        perform(state.quiesce(now: now))
        armTimer()
    }
}
