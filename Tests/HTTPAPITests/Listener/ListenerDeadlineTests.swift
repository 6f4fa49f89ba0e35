import NIOCore
import Testing

@testable import HTTPAPI
@testable import HTTPServer

/// Slow and silent clients, over sockets, with short deadlines.
@Suite(.timeLimit(.minutes(5))) struct ListenerDeadlineTests {
    static let requestTimeoutBody = #"{"status":"error","message":"Request timeout, please retry"}"#

    /// How long the connection lasts that sends this, and what it is told. Of the deadlines only those that a test
    /// sets are near: if they do not end the connection, nothing does, and the client gives up with an error.
    private func lifetime(
        of input: String, drip: String = "", answered: Bool, configure: @escaping (inout ListenerConfiguration) -> Void
    ) async throws -> Duration {
        try await withListener(configure: configure) { port, _ in
            let client = try RawClient(port: port)
            let start = ContinuousClock.now
            try client.send(input)
            if answered {
                // Dripping goes on until the answer has come, on this thread: each byte is a part of its own.
                var drips = 0
                while !drip.isEmpty, try !client.hasInput(withinMilliseconds: 20) {
                    drips += 1
                    guard drips < 500 else {
                        throw RawClient.Failure(description: "dripping keeps the connection open")
                    }
                    try client.send(drip)
                }
                let response = try client.readResponse()
                #expect(response.status == 503)
                #expect(response.body == Self.requestTimeoutBody)
                #expect(response["Connection"] == "close")
            }
            #expect(try client.readToEnd().isEmpty)
            return ContinuousClock.now - start
        }
    }

    @Test(arguments: ["", "\r\n\r\n"])
    func aConnectionThatSendsNoRequestIsClosed(input: String) async throws {
        let lifetime = try await lifetime(of: input, answered: false) {
            $0.timeouts.idle = .milliseconds(300)
            $0.timeouts.head = .milliseconds(100)
        }
        #expect(lifetime >= .milliseconds(295))
    }

    @Test func anIdleKeepAliveConnectionIsClosedWithoutAWord() async throws {
        try await withListener(configure: { $0.timeouts.idle = .seconds(1) }) { port, _ in
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.readResponse().status == 200)
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test func halfAHeadIsAnswered() async throws {
        let lifetime = try await lifetime(of: "GET / HTTP/1.1\r\nHo", answered: true) {
            $0.timeouts.head = .milliseconds(300)
        }
        #expect(lifetime >= .milliseconds(295))
    }

    @Test func aDrippingHeadGetsNoMoreTimeThanASilentOne() async throws {
        _ = try await lifetime(of: "GET / HTTP/1.1\r\nHost: ", drip: "h", answered: true) {
            $0.timeouts.head = .milliseconds(400)
        }
    }

    @Test(arguments: ["", "x"])
    func aStalledOrDrippingBodyIsAnswered(drip: String) async throws {
        let input = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc"
        let lifetime = try await lifetime(of: input, drip: drip, answered: true) {
            $0.timeouts.body = .milliseconds(400)
        }
        #expect(lifetime >= .milliseconds(395))
    }

    @Test func aDrippingChunkedBodyIsBounded() async throws {
        let input = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        _ = try await lifetime(of: input, drip: "1\r\nx\r\n", answered: true) {
            $0.timeouts.body = .milliseconds(400)
        }
    }

    @Test func theResponderMayTakeLongerThanAnyDeadline() async throws {
        let responder = ScriptedResponder()
        try await withListener(
            responder,
            configure: {
                $0.timeouts.idle = .milliseconds(100)
                $0.timeouts.head = .milliseconds(100)
                $0.timeouts.body = .milliseconds(100)
            },
            { port, _ in
                let client = try RawClient(port: port)
                try client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
                let reply = try responder.takeHeld()
                // Another connection sits through the same deadlines first.
                #expect(try RawClient(port: port).readToEnd().isEmpty)
                #expect(try RawClient(port: port).readToEnd().isEmpty)
                reply.send(HTTPResponse(status: 202, text: "{}"))
                #expect(try client.readResponse().status == 202)
            })
    }

    @Test func anUnreadAnswerIsGivenUp() async throws {
        let responder = ScriptedResponder()
        try await withListener(responder, configure: { $0.timeouts.idle = .milliseconds(300) }) { port, listener in
            let client = try RawClient(port: port)
            client.shrinkReceiveBuffer()
            try client.send("GET /big HTTP/1.1\r\nHost: h\r\n\r\n")
            try waitUntil { responder.served.count == 1 }
            try waitUntil { listener.openConnections == 0 }
            #expect(listener.openConnections == 0)
        }
    }

    @Test func aClientThatNeverClosesIsLeftAfterItsAnswer() async throws {
        try await withListener(configure: { $0.timeouts.linger = .milliseconds(200) }) { port, listener in
            let client = try RawClient(port: port)
            try client.send("nonsense\r\n\r\n")
            #expect(try client.readResponse().status == 400)
            try waitUntil { listener.openConnections == 0 }
            #expect(listener.openConnections == 0)
        }
    }
}
