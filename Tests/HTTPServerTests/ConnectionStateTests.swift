import NIOCore
import Testing

@testable import HTTPServer

/// The state machine of a connection, without sockets and with a clock of the test's own.
@Suite struct ConnectionStateTests {
    private static let limits: ConnectionState.Limits = {
        var limits = ConnectionState.Limits()
        limits.timeouts.idle = .seconds(60)
        limits.timeouts.head = .seconds(10)
        limits.timeouts.body = .seconds(30)
        limits.timeouts.linger = .seconds(5)
        limits.maximumDiscardedBytes = 100
        return limits
    }()

    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }

    private func newConnection() -> ConnectionState {
        ConnectionState(limits: Self.limits, now: at(0))
    }

    /// A connection whose head came at second 1.
    private func connection(after framing: RequestFraming, limit: Int = 50) -> ConnectionState {
        var state = newConnection()
        #expect(state.bytesArrived(10, now: at(1)) == .parse)
        #expect(state.headArrived(framing, now: at(1)) == .admit)
        _ = state.admitted(maximumBodyBytes: limit)
        return state
    }

    /// A connection whose request is with the responder.
    private func answering(_ framing: RequestFraming = RequestFraming()) -> ConnectionState {
        var state = connection(after: framing)
        #expect(state.requestEnded() == .respond)
        return state
    }

    @Test func deadlinesFollowThePhases() {
        var state = newConnection()
        #expect(state.deadline == at(60))
        _ = state.bytesArrived(1, now: at(50))
        #expect(state.deadline == at(60))
        _ = state.bytesArrived(1, now: at(55))
        #expect(state.deadline == at(60))
        _ = state.headArrived(RequestFraming(contentLength: 5), now: at(58))
        #expect(state.deadline == at(88))
        _ = state.admitted(maximumBodyBytes: 50)
        _ = state.bytesArrived(1, now: at(70))
        _ = state.bodyArrived(1)
        #expect(state.deadline == at(88))
        _ = state.requestEnded()
        #expect(state.deadline == nil)
        _ = state.answer(closesConnection: false, hasMoreInput: false, now: at(100))
        #expect(state.deadline == at(160))
        #expect(state.answerSent(now: at(101)) == .nextRequest)
        #expect(state.deadline == at(161))
    }

    @Test func lineBreaksBeginNoRequest() {
        var state = newConnection()
        #expect(state.bytesArrived(2, isBlank: true, now: at(50)) == .parse)
        #expect(state.phase == .awaitingHead)
        #expect(state.expire(now: at(60)) == .close)
    }

    @Test func expiryDependsOnThePhase() {
        var idle = newConnection()
        #expect(idle.expire(now: at(59)) == .none)
        #expect(idle.expire(now: at(60)) == .close)

        var head = newConnection()
        _ = head.bytesArrived(1, now: at(1))
        #expect(head.expire(now: at(10)) == .none)
        #expect(head.expire(now: at(11)) == .answerTimeout)

        var body = connection(after: RequestFraming(isChunked: true))
        #expect(body.expire(now: at(30)) == .none)
        #expect(body.expire(now: at(31)) == .answerTimeout)

        var busy = answering()
        #expect(busy.expire(now: at(10_000)) == .none)
        _ = busy.answer(closesConnection: false, hasMoreInput: false, now: at(10_000))
        #expect(busy.expire(now: at(10_060)) == .close)
    }

    @Test func theAnswerToATimeoutIsFollowedByDraining() {
        var state = newConnection()
        _ = state.bytesArrived(1, now: at(1))
        #expect(state.expire(now: at(11)) == .answerTimeout)
        #expect(
            state.answer(closesConnection: true, hasMoreInput: false, now: at(11))
                == ConnectionState.AnswerForm(continuation: .drain))
        #expect(state.answerSent(now: at(12)) == .closeOutput)
        #expect(state.deadline == at(17))
        #expect(state.bytesArrived(100, now: at(13)) == .discard)
        #expect(state.deadline == at(17))
        #expect(state.expire(now: at(17)) == .close)
        #expect(state.phase == .closed)
    }

    @Test(arguments: [
        (RequestFraming(), false, false, true, ConnectionState.Continuation.nextRequest),
        (RequestFraming(), true, false, false, .drain),
        (RequestFraming(), true, true, false, .drain),
        (RequestFraming(keepsAlive: false), false, false, false, .close),
        (RequestFraming(keepsAlive: false), false, true, false, .drain),
        (RequestFraming(), false, true, true, .nextRequest),
    ])
    func whatFollowsAnAnswer(
        framing: RequestFraming, closes: Bool, hasMoreInput: Bool, keepsAlive: Bool,
        continuation: ConnectionState.Continuation
    ) {
        var state = answering(framing)
        let form = state.answer(closesConnection: closes, hasMoreInput: hasMoreInput, now: at(2))
        #expect(form?.keepsAlive == keepsAlive)
        #expect(form?.continuation == continuation)
    }

    @Test func keepAliveIsAnnouncedToVersion10Only() {
        var old = answering(RequestFraming(keepsAlive: true, isVersion10: true))
        #expect(old.answer(closesConnection: false, hasMoreInput: false, now: at(2))?.announcesKeepAlive == true)
        var new = answering()
        #expect(new.answer(closesConnection: false, hasMoreInput: false, now: at(2))?.announcesKeepAlive == false)
    }

    @Test func aRequestIsAnsweredOnce() {
        var state = answering()
        #expect(state.answer(closesConnection: false, hasMoreInput: false, now: at(2)) != nil)
        #expect(state.answer(closesConnection: false, hasMoreInput: false, now: at(2)) == nil)
        #expect(state.requestEnded() == .ignore)
    }

    @Test func theLimitCountsWhatIsReadAndWhatIsAnnounced() {
        var announced = newConnection()
        _ = announced.headArrived(RequestFraming(contentLength: 51), now: at(1))
        #expect(announced.admitted(maximumBodyBytes: 50) == .tooLarge)

        var read = connection(after: RequestFraming(isChunked: true))
        #expect(read.bodyArrived(50) == .append)
        #expect(read.bodyArrived(1) == .tooLarge)
        _ = read.answer(closesConnection: true, hasMoreInput: false, now: at(2))
        #expect(read.bodyArrived(1) == .ignore)
        #expect(read.requestEnded() == .ignore)
    }

    @Test func whatIsDiscardedIsBounded() {
        // Announced: what the limit would have let pass comes in addition.
        var announced = newConnection()
        _ = announced.headArrived(RequestFraming(contentLength: 1000), now: at(1))
        _ = announced.admitted(maximumBodyBytes: 50)
        _ = announced.answer(closesConnection: true, hasMoreInput: false, now: at(1))
        #expect(announced.bytesArrived(150, now: at(1)) == .discard)
        #expect(announced.bytesArrived(1, now: at(1)) == .close)

        var chunked = connection(after: RequestFraming(isChunked: true))
        #expect(chunked.bodyArrived(60) == .tooLarge)
        _ = chunked.answer(closesConnection: true, hasMoreInput: false, now: at(1))
        #expect(chunked.answerSent(now: at(1)) == .closeOutput)
        #expect(chunked.bytesArrived(100, now: at(1)) == .discard)
        #expect(chunked.bytesArrived(1, now: at(1)) == .close)
        #expect(chunked.bytesArrived(1, now: at(1)) == .discard)
    }

    @Test func inputBehindALastRequestIsDiscardedAndBounded() {
        var state = answering(RequestFraming(keepsAlive: false))
        #expect(state.bytesArrived(100, now: at(2)) == .discard)
        var answered = state
        #expect(
            answered.answer(closesConnection: false, hasMoreInput: false, now: at(2))
                == ConnectionState.AnswerForm(continuation: .drain))
        #expect(state.bytesArrived(1, now: at(2)) == .close)
    }

    @Test(arguments: [
        (RequestFraming(contentLength: 5, expectation: .interimResponse), true),
        (RequestFraming(isChunked: true, expectation: .interimResponse), true),
        (RequestFraming(contentLength: 0, expectation: .interimResponse), false),
        (RequestFraming(expectation: .interimResponse), false),
        (RequestFraming(contentLength: 5), false),
    ])
    func theInterimResponseIsSentWhereABodyWaitsForIt(framing: RequestFraming, isSent: Bool) {
        var state = newConnection()
        _ = state.headArrived(framing, now: at(1))
        #expect(state.admitted(maximumBodyBytes: 50) == (isSent ? .readAfterInterimResponse : .read))
    }

    @Test func anUnknownExpectationIsRefused() {
        var state = newConnection()
        #expect(state.headArrived(RequestFraming(expectation: .unknown), now: at(1)) == .refuseExpectation)
    }

    @Test func aRefusalWaitsForTheEndOfARequestWithoutBody() {
        #expect(connection(after: RequestFraming()).refused() == .answerAtEnd)
        #expect(connection(after: RequestFraming(contentLength: 0)).refused() == .answerAtEnd)
        #expect(connection(after: RequestFraming(contentLength: 1)).refused() == .answerNow)
        #expect(connection(after: RequestFraming(isChunked: true)).refused() == .answerNow)
    }

    // MARK: End of input

    @Test func theEndOfInputClosesWhatHasNoAnswerToWaitFor() {
        var idle = newConnection()
        #expect(idle.inputClosed(now: at(1)) == .closeBehindAnswers)
        #expect(idle.deadline == at(61))
        #expect(idle.answerSent(now: at(2)) == .close)

        var busy = answering()
        #expect(busy.inputClosed(now: at(2)) == .none)
        let form = busy.answer(closesConnection: false, hasMoreInput: false, now: at(2))
        #expect(form == ConnectionState.AnswerForm(continuation: .close))
        #expect(busy.answerSent(now: at(2)) == .close)

        var refused = newConnection()
        _ = refused.bytesArrived(1, now: at(1))
        #expect(refused.inputFailed() == .answerBadRequest)
        _ = refused.answer(closesConnection: true, hasMoreInput: false, now: at(1))
        #expect(refused.inputClosed(now: at(1)) == .none)
        #expect(refused.answerSent(now: at(1)) == .close)

        var sending = answering()
        _ = sending.answer(closesConnection: false, hasMoreInput: false, now: at(2))
        _ = sending.inputClosed(now: at(2))
        #expect(sending.answerSent(now: at(2)) == .closeBehindAnswers)
        #expect(sending.answerSent(now: at(3)) == .close)

        var draining = newConnection()
        _ = draining.answer(closesConnection: true, hasMoreInput: false, now: at(1))
        #expect(draining.answerSent(now: at(1)) == .closeOutput)
        #expect(draining.inputClosed(now: at(1)) == .close)
    }

    /// An answer counts as sent as soon as the next one has room; a client that reads slowly still waits for its end.
    @Test func theEndOfInputBehindAnAnswerWaitsUntilThatIsRead() {
        var state = answering()
        _ = state.answer(closesConnection: false, hasMoreInput: false, now: at(2))
        #expect(state.answerSent(now: at(2)) == .nextRequest)
        #expect(state.inputClosed(now: at(3)) == .closeBehindAnswers)
        #expect(state.bytesArrived(1, now: at(4)) == .discard)
        #expect(state.expire(now: at(63)) == .close)
    }

    @Test func inputThatFindsNoRoomMakesTheAnswerTheLast() {
        var state = answering()
        state.inputOverflowed()
        #expect(state.bytesArrived(10, now: at(2)) == .discard)
        let form = state.answer(closesConnection: false, hasMoreInput: false, now: at(2))
        #expect(form == ConnectionState.AnswerForm(continuation: .drain))

        var sending = answering()
        _ = sending.answer(closesConnection: false, hasMoreInput: true, now: at(2))
        sending.inputOverflowed()
        #expect(sending.answerSent(now: at(3)) == .closeBehindAnswers)
    }

    @Test func aCodingThatNobodyTakesApartIsRefused() {
        var state = newConnection()
        _ = state.bytesArrived(1, now: at(1))
        #expect(state.headArrived(RequestFraming(isChunked: true, isCoded: true), now: at(1)) == .refuseCoding)
        #expect(state.refused() == .answerNow)
    }

    @Test func nothingHappensToAClosedConnection() {
        var state = answering()
        state.connectionClosed()
        #expect(state.deadline == nil)
        #expect(state.answer(closesConnection: false, hasMoreInput: false, now: at(2)) == nil)
        #expect(state.answerSent(now: at(2)) == .none)
        #expect(state.expire(now: at(1000)) == .none)
        #expect(state.inputFailed() == .ignore)
        #expect(state.inputClosed(now: at(2)) == .none)
        #expect(state.headArrived(RequestFraming(), now: at(3)) == .ignore)
        #expect(state.quiesce(now: at(2)) == .none)
    }

    // MARK: Stopping

    @Test func stoppingClosesOnlyWhatIsIdle() {
        var idle = answering()
        _ = idle.answer(closesConnection: false, hasMoreInput: false, now: at(2))
        _ = idle.answerSent(now: at(2))
        #expect(idle.phase == .awaitingHead)
        #expect(idle.quiesce(now: at(2)) == .closeBehindAnswers)
        #expect(idle.answerSent(now: at(2)) == .close)

        var head = newConnection()
        _ = head.bytesArrived(1, now: at(1))
        #expect(head.quiesce(now: at(2)) == .none)

        var busy = answering()
        #expect(busy.quiesce(now: at(2)) == .none)
        let form = busy.answer(closesConnection: false, hasMoreInput: false, now: at(2))
        #expect(form == ConnectionState.AnswerForm(continuation: .drain))

        var sending = answering()
        _ = sending.answer(closesConnection: false, hasMoreInput: false, now: at(2))
        #expect(sending.quiesce(now: at(2)) == .none)
        #expect(sending.answerSent(now: at(3)) == .closeBehindAnswers)
        // Closing with requests unread would reset the connection, and the client would lose the answer.
        #expect(sending.answerSent(now: at(4)) == .closeOutput)
    }

    @Test func stoppingWaitsForTheFirstRequestOfANewConnection() {
        var asking = newConnection()
        #expect(asking.quiesce(now: at(2)) == .none)
        #expect(asking.deadline == at(2) + ListenerConfiguration.Timeouts().lastRequest)
        _ = asking.bytesArrived(1, now: at(3))
        #expect(asking.phase == .readingHead)

        var silent = newConnection()
        _ = silent.quiesce(now: at(2))
        #expect(silent.expire(now: at(5)) == .close)

        var ended = newConnection()
        _ = ended.inputClosed(now: at(1))
        #expect(ended.quiesce(now: at(2)) == .none)
        #expect(ended.phase == .sending(then: .close))
    }
}
