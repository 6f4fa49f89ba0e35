import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPAPI
@testable import HTTPServer

/// Requests that are sent ahead of the answer to the one before: kept, in order, as far as there is room.
@Suite(.timeLimit(.minutes(5))) struct RequestsAheadTests {
    private func context(_ bytes: Int) -> ListenerContext {
        var configuration = ListenerConfiguration(endpoints: [])
        configuration.maximumUnfinishedBodyBytes = bytes
        return ListenerContext(configuration: configuration, responder: ScriptedResponder())
    }

    private static func body(_ count: Int) -> ConnectionInput {
        .part(.body(ByteBuffer(bytes: [UInt8](repeating: 7, count: count))))
    }

    @Test func whatWaitsTakesRoomAndGivesItBack() throws {
        let context = context(10_000)
        var waiting = WaitingInput()
        let kept = [Self.body(4000), Self.body(6000), .end].map {
            waiting.append($0, leavingReserve: false, of: context)
        }
        #expect(kept == [true, false, true])
        #expect(context.bodyBytes.count >= 4000 && waiting.hasEnd)
        let first = waiting.popFirst(of: context)
        guard case .part(.body(let bytes)) = first else {
            Issue.record("\(String(describing: first))")
            return
        }
        #expect(bytes.readableBytes == 4000)
        #expect(context.bodyBytes.count < 1000)
        waiting.removeAll(of: context)
        #expect(waiting.isEmpty && context.bodyBytes.count == 0)
    }

    /// Small requests take more memory than bytes on the wire.
    @Test func aHeadCostsMoreThanItsBytes() {
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: ["Host": "h"])
        #expect(ConnectionInput.part(.head(head)).cost >= 500)
        #expect(ConnectionInput.part(.end(nil)).cost > 0)
    }

    /// The answer in flight is then the last, and is delivered; nothing is held of what came behind it.
    @Test func withoutRoomTheAnswerInFlightIsTheLast() async throws {
        let responder = ScriptedResponder()
        try await withListener(responder, configure: { $0.maximumUnfinishedBodyBytes = 4000 }) { port, listener in
            let client = try RawClient(port: port)
            let ahead = String(repeating: "GET /ahead HTTP/1.1\r\nHost: h\r\n\r\n", count: 100)
            try client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n" + ahead)
            let reply = try responder.takeHeld()
            // Others are served meanwhile, with bodies: what was sent ahead and dropped takes no room.
            let other = try RawClient(port: port)
            try other.send(
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n" + String(repeating: "x", count: 900))
            #expect(try other.readResponse().status == 200)
            reply.send(HTTPResponse(status: 202, text: "{}"))
            let answer = try client.readResponse()
            #expect(answer.status == 202 && answer["Connection"] == "close")
            #expect(try client.readToEnd().isEmpty)
            #expect(!responder.served.contains { $0.path == "/ahead" })
            #expect(listener.refusals == [.requestsAhead: 1])
            client.close()
            try waitUntil { listener.openConnections == 1 }
        }
    }

    /// All that the kernel holds comes in when the client closes its side.
    @Test func theRoomHoldsWhenTheClientClosesItsSideBehindALot() async throws {
        let responder = ScriptedResponder()
        try await withListener(responder, configure: { $0.maximumUnfinishedBodyBytes = 4000 }) { port, listener in
            let client = try RawClient(port: port)
            try client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
            let reply = try responder.takeHeld()
            try client.send(String(repeating: "GET /ahead HTTP/1.1\r\nHost: h\r\n\r\n", count: 20_000))
            client.shutdownOutput()
            // Answered before, they would be served as they come.
            try waitUntil { listener.refusals == [.requestsAhead: 1] }
            reply.send(HTTPResponse(status: 202, text: "{}"))
            #expect(try client.readResponse().status == 202)
            _ = try client.readUntilGone()
            #expect(responder.served.count { $0.path == "/ahead" } < 20_000)
        }
    }
}
