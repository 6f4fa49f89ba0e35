import GatewayTesting
import Testing

@testable import HTTPAPI
@testable import HTTPServer

/// An answer that was begun reaches the client whole, however slowly it reads (RFC 9112 section 9.6), and what waits for
/// slow readers has its bound.
@Suite(.timeLimit(.minutes(5))) struct AnswerDeliveryTests {
    /// How many answers of 48 KiB each of several clients asks for: up to more than a socket takes.
    private static let counts = Array(stride(from: 4, through: 120, by: 4))
    private static let get = "GET /big HTTP/1.1\r\nHost: h\r\n\r\n"

    /// A listener of one loop, which takes its connections one after the other.
    private func makeListener(_ responder: ScriptedResponder) async throws -> (HTTPListener, port: Int) {
        var configuration = ListenerConfiguration.patient()
        configuration.loops = 1
        let listener = HTTPListener(configuration: configuration, responder: responder)
        try await listener.start()
        return (listener, try #require(listener.boundAddresses.first).port)
    }

    /// A client that was served and asks for nothing more.
    private static func idleClient(port: Int) throws -> RawClient {
        let client = try RawClient(port: port)
        try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try client.readResponse().status == 200)
        return client
    }

    @Test func anAnswerUnderWayIsDeliveredWholeWhenTheListenerStops() async throws {
        let responder = ScriptedResponder()
        let (listener, port) = try await makeListener(responder)
        let (idle, client) = try await blocking {
            let idle = try Self.idleClient(port: port)
            let client = try RawClient(port: port)
            client.shrinkReceiveBuffer()
            try client.send(Self.get)
            // The first bytes are here: the answer is on its way.
            #expect(try client.hasInput(withinMilliseconds: 60_000))
            return (UnsafeClient(client: idle), UnsafeClient(client: client))
        }
        async let stopped: Void = listener.stop(gracePeriod: .seconds(120))
        try await blocking {
            // Closed before all others, and so the stop has begun.
            let rest = try idle.client.readToEnd()
            #expect(rest.isEmpty)
            #expect(try client.client.readResponse().body.utf8.count == ScriptedResponder.bigBody.count)
            #expect(try client.client.readToEnd().isEmpty)
        }
        await stopped
    }

    /// Of answers that are smaller than what may be buffered, a part is still on the way when the connection has nothing
    /// to do any more. How large a part depends on the kernel: many connections, each with another number of them.
    @Test(arguments: [true, false]) func noAnswerIsCutOff(whenTheListenerStops isStopping: Bool) async throws {
        let responder = ScriptedResponder()
        let (listener, port) = try await makeListener(responder)
        let (idle, clients) = try await blocking {
            let idle = try Self.idleClient(port: port)
            let clients = try Self.counts.map { count in
                let client = try RawClient(port: port)
                client.shrinkReceiveBuffer()
                try client.send(String(repeating: "GET /medium HTTP/1.1\r\nHost: h\r\n\r\n", count: count))
                if !isStopping { client.shutdownOutput() }
                #expect(try client.hasInput(withinMilliseconds: 60_000))
                return UnsafeClient(client: client)
            }
            return (UnsafeClient(client: idle), clients)
        }
        async let stopped: Void = isStopping ? listener.stop(gracePeriod: .seconds(120)) : ()
        let counts = try await blocking {
            if isStopping {
                let rest = try idle.client.readToEnd()
                #expect(rest.isEmpty)
            }
            return try clients.map { try $0.client.readResponsesToEnd().count }
        }
        await stopped
        if isStopping {
            #expect(counts.reduce(0, +) == responder.served.count - 1)
        } else {
            #expect(counts == Self.counts)
        }
        await listener.stop(gracePeriod: .zero)
    }

    @Test(arguments: [1, 3]) func answersAreDeliveredWholeAfterTheClientClosedItsSide(count: Int) async throws {
        try await withListener { port, listener in
            let client = try RawClient(port: port)
            client.shrinkReceiveBuffer()
            try client.send(String(repeating: Self.get, count: count))
            #expect(try client.hasInput(withinMilliseconds: 60_000))
            client.shutdownOutput()
            for _ in 0..<count {
                #expect(try client.readResponse().body.utf8.count == ScriptedResponder.bigBody.count)
            }
            #expect(try client.readToEnd().isEmpty)
            try waitUntil { listener.openConnections == 0 }
        }
    }

    @Test func largeAnswersThatNobodyReadsHaveABound() async throws {
        let limit = 3 * ScriptedResponder.bigBody.count
        try await withListener(configure: { $0.maximumUnreadAnswerBytes = limit }) { port, listener in
            let slow = try (0..<3).map { _ in
                let client = try RawClient(port: port)
                client.shrinkReceiveBuffer()
                try client.send(Self.get)
                #expect(try client.hasInput(withinMilliseconds: 60_000))
                return client
            }
            let refused = try RawClient(port: port)
            try refused.send(Self.get)
            let answer = try refused.readResponse()
            #expect(answer.status == 503 && answer["Retry-After"] != nil)
            #expect(listener.refusals == [.answers: 1])
            // What is small does not count.
            let small = try RawClient(port: port)
            try small.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try small.readResponse().status == 200)
            // Who reads makes room, and so does who goes.
            #expect(try slow[0].readResponse().body.utf8.count == ScriptedResponder.bigBody.count)
            slow[1].reset()
            try waitUntil { listener.openConnections == 3 }
            for _ in 0..<2 {
                let client = try RawClient(port: port)
                try client.send(Self.get)
                #expect(try client.readResponse().status == 200)
            }
        }
    }

    @Test func anAnswerLargerThanAllTheRoomIsGivenWhileThereIsNoOther() async throws {
        try await withListener(configure: { $0.maximumUnreadAnswerBytes = 100_000 }) { port, _ in
            let client = try RawClient(port: port)
            for _ in 0..<2 {
                try client.send(Self.get)
                #expect(try client.readResponse().body.utf8.count == ScriptedResponder.bigBody.count)
            }
        }
    }
}
