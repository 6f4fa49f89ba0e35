import Testing

@testable import HTTPAPI
@testable import HTTPServer

/// Requests that are refused by the listener or before their body.
@Suite struct ListenerRefusalTests {
    static let badRequestBody = #"{"status":"invalid request","message":"Bad request"}"#

    static let malformed: [String] = [
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: abc\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / FTP/1.1\r\n\r\n",
        "nonsense\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}",
        "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
        "GET / HTTP/1.1\r\n: h\r\n\r\n",
        "GET / HTTP/1.1\r\nBad Name: h\r\n\r\n",
        "GET /a b HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 100_000) + "\r\n\r\n",
        "GET /" + String(repeating: "x", count: 100_000) + " HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n" + (0..<2000).map { "X\($0): y\r\n" }.joined() + "\r\n",
        "GET / HTTP/1.1\r\n" + (0..<100).map { "X\($0): \(String(repeating: "y", count: 1000))\r\n" }.joined() + "\r\n",
    ]

    @Test(arguments: malformed)
    func malformedInputIsAnsweredAndClosed(input: String) async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, _ in
            let client = try RawClient(port: port)
            client.sendPart(Array(input.utf8))
            let response = try client.readResponse()
            #expect(response.statusLine == "HTTP/1.1 400 Bad Request")
            #expect(response.body == Self.badRequestBody)
            #expect(response["Content-Type"] == "application/json; charset=utf-8")
            #expect(response["Connection"] == "close")
            #expect(response["X-Request-Id"]?.isEmpty == false)
            #expect(try client.readToEnd().isEmpty)
            #expect(responder.served.isEmpty)
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: \r\nHost: a\r\n\r\n", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", "GET / HTTP/1.1\r\nHost: <a>\r\n\r\n",
        "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nHost: b\r\n\r\nok",
        "POST / HTTP/1.1\r\nHost: \"a\"\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    ])
    func twoHostsOrOneThatIsNoneAreRefused(input: String) async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, _ in
            let client = try RawClient(port: port)
            client.sendPart(Array((input + "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n").utf8))
            let response = try client.readResponse()
            #expect(response.statusLine == "HTTP/1.1 400 Bad Request")
            #expect(response.body == #"{"status":"invalid request","message":"Bad Host header"}"#)
            #expect(response["Connection"] == "close")
            #expect(try client.readToEnd().isEmpty)
            #expect(responder.served.isEmpty)
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a.example:8080\r\n\r\n", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / HTTP/1.1\r\nHost: my_app \r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET http://a:80/ HTTP/1.1\r\nHost: a:80\r\n\r\n",
    ])
    func oneHostOrNoneIsServed(input: String) async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send(input)
            #expect(try client.readResponse().status == 200)
        }
    }

    @Test func garbageBehindARequestDoesNotSpoilItsAnswer() async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, _ in
            let client = try RawClient(port: port)
            try client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n")
            try responder.takeHeld().send(HTTPResponse(status: 202, text: "{}"))
            #expect(try client.readResponse().status == 202)
            #expect(try client.readResponse().status == 400)
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test(arguments: ["GET / HT", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabc"])
    func inputThatEndsInTheMiddleIsABadRequest(input: String) async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send(input)
            client.shutdownOutput()
            #expect(try client.readResponse().body == Self.badRequestBody)
            #expect(try client.readToEnd().isEmpty)
        }
    }

    // MARK: Expect

    @Test func anAdmittedBodyIsAskedFor() async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n")
            #expect(try client.readHead() == "HTTP/1.1 100 Continue")
            try client.send("abc")
            #expect(try client.readResponse().body == "POST / abc")
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.readResponse().status == 200)
        }
    }

    @Test(arguments: [
        ("/missing", "100-continue", 3, 404), ("/small", "100-continue", 17, 413), ("/", "200-ok", 3, 417),
        ("/", "100-continue, x", 3, 417),
    ])
    func aRefusedBodyIsNotAskedFor(path: String, expectation: String, length: Int, status: Int) async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send(
                "POST \(path) HTTP/1.1\r\nHost: h\r\nContent-Length: \(length)\r\nExpect: \(expectation)\r\n\r\n")
            let response = try client.readResponse()
            #expect(response.status == status)
            #expect(response.body.hasPrefix("{"))
            #expect(response["Connection"] == "close")
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test(arguments: ["POST / HTTP/1.0\r\n", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n"])
    func noInterimResponseWhereNoneIsWanted(start: String) async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send(start + "Expect: 100-continue\r\n\r\n")
            #expect(try client.readResponse().status == 200)
        }
    }

    // MARK: Refusal before the body

    @Test func aRefusalWithoutBodyLeavesTheConnectionOpen() async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, _ in
            let client = try RawClient(port: port)
            for start in ["GET /missing", "POST /missing"] {
                try client.send("\(start) HTTP/1.1\r\nHost: h\r\n\r\n")
                let response = try client.readResponse()
                #expect(response.status == 404)
                #expect(response["Connection"] == nil)
            }
            try client.send("HEAD /missing HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.readResponse(hasBody: false).status == 404)
            #expect(try client.readResponse().status == 200)
            #expect(responder.served.count == 1)
        }
    }

    @Test func aRefusalWithBodyIsReadableThoughTheWholeBodyIsSentFirst() async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            let body = String(repeating: "x", count: 900_000)
            try client.send("POST /missing HTTP/1.1\r\nHost: h\r\nContent-Length: 900000\r\n\r\n" + body)
            #expect(try client.readResponse().status == 404)
            #expect(try client.readToEnd().isEmpty)
        }
    }

    // MARK: Size

    @Test(arguments: [16, 17])
    func theLimitIsExact(length: Int) async throws {
        try await withListener { port, _ in
            let body = String(repeating: "x", count: length)
            let inChunks = "Transfer-Encoding: chunked\r\n\r\n\(String(length, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            for rest in ["Content-Length: \(length)\r\n\r\n\(body)", inChunks] {
                let client = try RawClient(port: port)
                try client.send("POST /small HTTP/1.1\r\nHost: h\r\n" + rest)
                let response = try client.readResponse()
                #expect(response.status == (length <= 16 ? 200 : 413))
                #expect(response["Connection"] == (length <= 16 ? nil : "close"))
                if length > 16 { #expect(response.body == #"{"status":"invalid event"}"#) }
            }
        }
    }

    @Test func anAnnouncedLengthIsRefusedBeforeTheBody() async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n")
            #expect(try client.readResponse().status == 413)
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test func bodiesUnderWayAreBoundedTogether() async throws {
        try await withListener(configure: { $0.maximumUnfinishedBodyBytes = 1500 }) { port, listener in
            let start = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\nExpect: 100-continue\r\n\r\n"
            let body = String(repeating: "x", count: 899)
            let first = try RawClient(port: port)
            try first.send(start)
            _ = try first.readHead()
            let second = try RawClient(port: port)
            try second.send(start)
            _ = try second.readHead()
            for client in [first, second] { try client.send(body) }
            // Which of the two is refused depends on whose bytes come first; exactly one is.
            try waitUntil {
                try first.hasInput(withinMilliseconds: 10) || second.hasInput(withinMilliseconds: 10)
            }
            let isFirstRefused = try first.hasInput(withinMilliseconds: 0)
            let (refused, served) = isFirstRefused ? (first, second) : (second, first)
            let refusal = try refused.readResponse()
            #expect(refusal.status == 503)
            #expect(refusal["Retry-After"] == "1")
            #expect(listener.refusals == [.bodies: 1])
            try served.send("x")
            #expect(try served.readResponse().status == 200)
            // Both have given back what they had taken.
            for _ in 0..<3 {
                let client = try RawClient(port: port)
                try client.send(start)
                _ = try client.readHead()
                try client.send(body + "x")
                #expect(try client.readResponse().status == 200)
            }
        }
    }

    @Test func endlessInputBehindAnUpgradeIsNotKept() async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, listener in
            let client = try RawClient(port: port)
            try client.send("GET /hold HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
            let reply = try responder.takeHeld()
            var count = 0
            while client.sendPart([UInt8](repeating: 0, count: 65536)), count < 100_000 { count += 1 }
            #expect(count < 1000)
            try waitUntil { listener.openConnections == 0 }
            #expect(listener.openConnections == 0)
            reply.send(HTTPResponse(status: 200))
        }
    }

    @Test(arguments: [true, false])
    func aMebibyteBeyondTheLimitIsReadBeforeClosing(isChunked: Bool) async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, _ in
            let client = try RawClient(port: port)
            // What is discarded is counted in bytes on the wire, chunk framing included.
            let length = 16 + 1024 * 1024 - 64
            let body = String(repeating: "x", count: length)
            try client.send(
                "POST /small HTTP/1.1\r\nHost: h\r\n"
                    + (isChunked
                        ? "Transfer-Encoding: chunked\r\n\r\n\(String(length, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
                        : "Content-Length: \(length)\r\n\r\n\(body)"))
            #expect(try client.readResponse().status == 413)
            #expect(try client.readToEnd().isEmpty)
            #expect(responder.served.isEmpty)
        }
    }

    @Test func anEndlessBodyIsCutOff() async throws {
        try await withListener(configure: { $0.timeouts.linger = .seconds(600) }) { port, listener in
            let client = try RawClient(port: port)
            try client.send("POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = Array(("10000\r\n" + String(repeating: "x", count: 65536) + "\r\n").utf8)
            var count = 0
            while client.sendPart(chunk), count < 100_000 { count += 1 }
            #expect(count < 1000)
            try waitUntil { listener.openConnections == 0 }
            #expect(listener.openConnections == 0)
        }
    }
}
