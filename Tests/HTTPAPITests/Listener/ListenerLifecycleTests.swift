import Dispatch
import Glibc
import GatewayTesting
import Testing

@testable import HTTPAPI
@testable import HTTPServer

/// Starting, stopping and the number of connections.
@Suite(.timeLimit(.minutes(5))) struct ListenerLifecycleTests {
    private func makeListener(
        _ responder: ScriptedResponder,
        _ endpoints: [ListenerConfiguration.Endpoint] = [.address(host: "127.0.0.1", port: 0)]
    ) -> HTTPListener {
        HTTPListener(configuration: .patient(endpoints), responder: responder)
    }

    @Test func listensOnEveryEndpoint() async throws {
        let listener = makeListener(
            ScriptedResponder(), [.address(host: "127.0.0.1", port: 0), .address(host: "::1", port: 0)])
        #expect(listener.boundAddresses.isEmpty)
        try await listener.start()
        let addresses = listener.boundAddresses
        #expect(addresses.map(\.host) == ["127.0.0.1", "::1"])
        #expect(addresses.allSatisfy { $0.port > 0 })
        await listener.stop(gracePeriod: .zero)
        #expect(listener.boundAddresses.isEmpty)
    }

    @Test func anAddressInUseIsNamedAndNothingStaysOpen() async throws {
        let first = makeListener(ScriptedResponder())
        try await first.start()
        let taken = try #require(first.boundAddresses.first).port
        let second = makeListener(
            ScriptedResponder(), [.address(host: "127.0.0.1", port: 0), .address(host: "127.0.0.1", port: taken)])
        let error = await #expect(throws: ListenerError.self) { try await second.start() }
        #expect(error?.description == "cannot listen on 127.0.0.1:\(taken): Address already in use")
        #expect(second.boundAddresses.isEmpty)
        await second.stop(gracePeriod: .zero)
        await first.stop(gracePeriod: .zero)
    }

    @Test func startsOnce() async throws {
        let listener = makeListener(ScriptedResponder())
        try await listener.start()
        await #expect(throws: ListenerError.alreadyStarted) { try await listener.start() }
        await listener.stop(gracePeriod: .zero)
        await listener.stop(gracePeriod: .zero)
        await #expect(throws: ListenerError.alreadyStarted) { try await listener.start() }
    }

    @Test func adoptsAnOpenListeningSocket() async throws {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(bound == 0 && listen(descriptor, 16) == 0)
        let listener = makeListener(ScriptedResponder(), [.descriptor(descriptor)])
        try await listener.start()
        let port = try #require(listener.boundAddresses.first).port
        try await blocking {
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.readResponse().status == 200)
        }
        await listener.stop(gracePeriod: .zero)
    }

    @Test func aDescriptorThatIsNoSocketIsRefused() async throws {
        let descriptor = open("/dev/null", O_RDONLY)
        let listener = makeListener(ScriptedResponder(), [.descriptor(descriptor)])
        let error = await #expect(throws: ListenerError.self) { try await listener.start() }
        #expect(error?.description.hasPrefix("cannot listen on descriptor \(descriptor): ") == true)
    }

    @Test func furtherConnectionsAreClosedAtOnce() async throws {
        try await withListener(configure: { $0.maximumConnections = 2 }) { port, listener in
            let clients = try (0..<2).map { _ in try RawClient(port: port) }
            for client in clients {
                try client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try client.readResponse().status == 200)
            }
            #expect(try RawClient(port: port).readUntilGone().isEmpty)
            #expect(listener.openConnections == 2)
            #expect(listener.refusals == [.connections: 1])
            clients[0].close()
            try waitUntil { listener.openConnections == 1 }
            let late = try RawClient(port: port)
            try late.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try late.readResponse().status == 200)
        }
    }

    @Test func stoppingAnswersWhatIsInFlightAndClosesWhatIsIdle() async throws {
        let responder = ScriptedResponder()
        let listener = makeListener(responder)
        try await listener.start()
        let port = try #require(listener.boundAddresses.first).port
        // Three connections: one idle, one being answered, one inside its body.
        let clients = try await blocking {
            let idle = try RawClient(port: port)
            try idle.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try idle.readResponse().status == 200)
            let inFlight = try RawClient(port: port)
            try inFlight.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
            let reply = try responder.takeHeld()
            let inBody = try RawClient(port: port)
            try inBody.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
            #expect(try inBody.readHead() == "HTTP/1.1 100 Continue")
            return (UnsafeClient(client: idle), UnsafeClient(client: inFlight), UnsafeClient(client: inBody), reply)
        }
        async let stopped: Void = listener.stop(gracePeriod: .seconds(60))
        try await blocking {
            // The idle one is closed first, and no other waits for it.
            #expect(try clients.0.client.readToEnd().isEmpty)
            #expect(throws: (any Error).self) { try RawClient(port: port) }
            try clients.2.client.send("abcd")
            let answer = try clients.2.client.readResponse()
            #expect(answer.body == "POST / abcd")
            #expect(answer["Connection"] == "close")
            clients.3.send(HTTPResponse(status: 202, text: "{}"))
            let held = try clients.1.client.readResponse()
            #expect(held.status == 202)
            #expect(held["Connection"] == "close")
            #expect(try clients.1.client.readToEnd().isEmpty)
        }
        await stopped
        #expect(listener.openConnections == 0)
    }

    @Test func stoppingClosesTheRestAtTheDeadline() async throws {
        let responder = ScriptedResponder()
        let listener = makeListener(responder)
        try await listener.start()
        let port = try #require(listener.boundAddresses.first).port
        let (client, reply) = try await blocking {
            let client = try RawClient(port: port)
            try client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
            return (UnsafeClient(client: client), try responder.takeHeld())
        }
        // The answer it waits for comes only after it has given up on it.
        await listener.stop(gracePeriod: .milliseconds(200))
        let rest = try await blocking { try client.client.readUntilGone() }
        #expect(rest.isEmpty)
        #expect(listener.openConnections == 0)
        // Far too late: nothing is there to take it.
        reply.send(HTTPResponse(status: 202, text: "{}"))
    }

    @Test func aStoppedListenerFreesItsAddress() async throws {
        let first = makeListener(ScriptedResponder())
        try await first.start()
        let port = try #require(first.boundAddresses.first).port
        try await blocking {
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            _ = try client.readToEnd()
        }
        await first.stop(gracePeriod: .seconds(1))
        let second = makeListener(ScriptedResponder(), [.address(host: "127.0.0.1", port: port)])
        try await second.start()
        await second.stop(gracePeriod: .zero)
    }
}
