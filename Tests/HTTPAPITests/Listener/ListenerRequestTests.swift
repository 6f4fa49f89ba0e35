import Dispatch
import Glibc
import Testing

@testable import HTTPAPI
@testable import HTTPServer

/// Requests and answers on a healthy connection.
@Suite struct ListenerRequestTests {
    @Test func answersCarryTheListenersFields() async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send("GET /a?b=c%20d HTTP/1.1\r\nHost: h\r\n\r\n")
            let response = try client.readResponse()
            #expect(response.statusLine == "HTTP/1.1 200 OK")
            #expect(response.body == "GET /a?b=c%20d ")
            #expect(response["Content-Type"] == "application/json; charset=utf-8")
            #expect(response["Content-Length"] == "15")
            #expect(response["Server"] == "alertgate")
            #expect(response["X-Request-Id"]?.utf8.count == 15)
            #expect(response["Date"]?.hasSuffix(" GMT") == true)
            #expect(response["Connection"] == nil)
        }
    }

    @Test func theResponderSeesTheRequestAsSent() async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, _ in
            let client = try RawClient(port: port)
            try client.send("POST /x%2Fy?q HTTP/1.1\r\nHost: h\r\nX-ROUTING-key: k\r\nContent-Length: 3\r\n\r\nabc")
            let response = try client.readResponse()
            let request = try #require(responder.served.first)
            #expect(request.method == "POST")
            #expect(request.path == "/x%2Fy")
            #expect(request.query == "q")
            #expect(request.headers.first(name: "x-routing-KEY") == "k")
            #expect(request.head.contentLength == 3)
            #expect(request.body == Array("abc".utf8))
            #expect(request.remoteAddress == "127.0.0.1")
            #expect(!request.isTLS)
            #expect(request.id == response["X-Request-Id"])
        }
    }

    @Test func aConnectionServesManyRequests() async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            for number in 0..<200 {
                try client.send("POST /\(number) HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok")
                #expect(try client.readResponse().body == "POST /\(number) ok")
            }
        }
    }

    @Test(arguments: ["/a", "/later"])
    func pipelinedRequestsAreAnsweredInOrder(path: String) async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send(
                (1...3).map { "POST \(path)?\($0) HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n\($0)" }.joined())
            for number in 1...3 { #expect(try client.readResponse().body == "POST \(path)?\(number) \(number)") }
        }
    }

    @Test func aLongPipelineNeitherOverflowsTheStackNorLosesAnAnswer() async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            let count = 3000
            // Sent from another thread: answers fill the buffers while requests are still to be sent.
            let requests = Array(String(repeating: "GET / HTTP/1.1\r\nHost: h\r\n\r\n", count: count).utf8)
            let sender = UnsafeClient(client: client)
            DispatchQueue(label: "test.sender").async { sender.client.sendPart(requests) }
            for _ in 0..<count { #expect(try client.readResponse().status == 200) }
        }
    }

    @Test func laterRequestsWaitForTheAnswerInFlight() async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, _ in
            let client = try RawClient(port: port)
            try client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\nGET /second HTTP/1.1\r\nHost: h\r\n\r\n")
            let reply = try responder.takeHeld()
            let other = try RawClient(port: port)
            try other.send("GET /other HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try other.readResponse().status == 200)
            #expect(!responder.served.contains { $0.path == "/second" })
            reply.send(HTTPResponse(status: 202, text: "{}"))
            #expect(try client.readResponse().status == 202)
            #expect(try client.readResponse().body == "GET /second ")
        }
    }

    @Test(arguments: ["close", "Close", "CLOSE", "foo, Close"])
    func closesWhenAsked(value: String) async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: \(value)\r\n\r\n")
            #expect(try client.readResponse()["Connection"] == "close")
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test func closesWhenTheResponderAsks() async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send("GET /close HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.readResponse()["Connection"] == "close")
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test func version10ClosesUnlessKeepAliveIsAsked() async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            for value in ["keep-alive", "Keep-Alive"] {
                try client.send("GET / HTTP/1.0\r\nConnection: \(value)\r\n\r\n")
                #expect(try client.readResponse()["Connection"] == "keep-alive")
            }
            try client.send("GET / HTTP/1.0\r\n\r\n")
            #expect(try client.readResponse()["Connection"] == "close")
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test func headGetsNoBodyButItsLength() async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send("HEAD /abc HTTP/1.1\r\nHost: h\r\n\r\nGET /d HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.readResponse(hasBody: false)["Content-Length"] == "10")
            #expect(try client.readResponse().body == "GET /d ")
        }
    }

    @Test func chunkedBodiesAreDecoded() async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n")
            try client.send("4\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n")
            #expect(try client.readResponse().body == "POST / abcdefg")
            try client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.readResponse().body == "GET /next ")
        }
    }

    @Test func anOfferedUpgradeIsDeclinedByAnswering() async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send(
                "POST / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AA\r\nContent-Length: 2\r\n\r\nok")
            let response = try client.readResponse()
            #expect(response.body == "POST / ok")
            #expect(response["Connection"] == "close")
        }
    }

    @Test func aClientThatClosesItsSendingSideStillGetsTheAnswer() async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, _ in
            let client = try RawClient(port: port)
            try client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
            client.shutdownOutput()
            try responder.takeHeld().send(HTTPResponse(status: 200, text: "{}"))
            #expect(try client.readResponse().status == 200)
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test func aReplyToAClientThatIsGoneIsDropped() async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, listener in
            let client = try RawClient(port: port)
            try client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
            let reply = try responder.takeHeld()
            client.reset()
            try waitUntil { listener.openConnections == 0 }
            reply.send(HTTPResponse(status: 200))
            reply.send(HTTPResponse(status: 200))
            let other = try RawClient(port: port)
            try other.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try other.readResponse().status == 200)
        }
    }

    @Test func onlyTheFirstReplyCounts() async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, _ in
            let client = try RawClient(port: port)
            try client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\nGET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
            let first = try responder.takeHeld()
            first.send(HTTPResponse(status: 200, text: "1"))
            let second = try responder.takeHeld()
            first.send(HTTPResponse(status: 500, text: "again"))
            second.send(HTTPResponse(status: 200, text: "2"))
            #expect(try client.readResponse().body == "1")
            #expect(try client.readResponse().body == "2")
        }
    }

    @Test func manyRepliesAreCompletedWithOneHopPerLoop() async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, _ in
            let clients = try (0..<8).map { _ in try RawClient(port: port) }
            for client in clients { try client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n") }
            let replies = try clients.map { _ in try responder.takeHeld() }
            let groups = Dictionary(grouping: replies, by: \.executor)
            #expect(groups.count <= 2)
            for (executor, replies) in groups {
                executor.execute {
                    #expect(executor.isCurrent)
                    for reply in replies { reply.send(HTTPResponse(status: 202, text: "{}")) }
                }
            }
            for client in clients { #expect(try client.readResponse().status == 202) }
        }
    }

    @Test func aClientThatDoesNotReadHoldsUpOnlyItself() async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, _ in
            let client = try RawClient(port: port)
            client.shrinkReceiveBuffer()
            let get = "GET /big HTTP/1.1\r\nHost: h\r\n\r\n"
            try client.send(String(repeating: get, count: 20))
            let other = try RawClient(port: port)
            for _ in 0..<50 {
                try other.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try other.readResponse().status == 200)
            }
            // One answer is on its way; the others are not even made.
            #expect(responder.served.count { $0.path == "/big" } <= 2)
            for _ in 0..<3 { #expect(try client.readResponse().body.utf8.count == ScriptedResponder.bigBody.count) }
        }
    }
}

/// A client whose receiving and sending sides are used by two threads; sending touches nothing but the descriptor.
struct UnsafeClient: @unchecked Sendable {
    let client: RawClient
}

/// Waits until the condition holds, looking each millisecond: a thread that merely gave way would keep a processor, and
/// tasks wait for those.
///
/// - Throws: what the condition throws; `RawClient.Failure` after two minutes.
func waitUntil(_ condition: () throws -> Bool) throws {
    let limit = DispatchTime.now() + 120
    while try !condition() {
        guard DispatchTime.now() < limit else {
            throw RawClient.Failure(description: "what is waited for does not come")
        }
        usleep(1000)
    }
}
