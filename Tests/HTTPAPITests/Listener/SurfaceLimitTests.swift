import Dispatch
import Foundation
import Synchronization
import Testing

@testable import HTTPAPI
@testable import HTTPServer

/// What senders leave to the admin API, and the limits that hold wherever a connection comes in.
@Suite(.timeLimit(.minutes(5))) struct SurfaceLimitTests {
    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    /// Runs a listener for events and one for the admin API, and gives their ports.
    private func withTwo(
        configure: (inout ListenerConfiguration) -> Void,
        _ work: @escaping @Sendable (_ events: Int, _ admin: Int, _ listener: HTTPListener) throws -> Void
    ) async throws {
        try await withListener(configure: { configuration in
            configuration.endpoints = [Surface.events, .admin].map {
                .init(.address(host: "127.0.0.1", port: 0), surface: $0)
            }
            configure(&configuration)
        }) { _, listener in
            let addresses = listener.boundAddresses
            #expect(addresses.map(\.surface) == [.events, .admin])
            try work(addresses[0].port, addresses[1].port, listener)
        }
    }

    private static func open(_ count: Int, port: Int) throws -> [RawClient] {
        try (0..<count).map { _ in
            let client = try RawClient(port: port)
            try client.send(get)
            guard try client.readResponse().status == 200 else { throw RawClient.Failure(description: "refused") }
            return client
        }
    }

    @Test func aFloodOfSendersLeavesConnectionsToTheAdminAPI() async throws {
        try await withTwo(configure: { $0.maximumConnections = 8 }) { events, admin, listener in
            let senders = try Self.open(6, port: events)
            for _ in 0..<20 { #expect(try RawClient(port: events).readUntilGone().isEmpty) }
            let operators = try Self.open(2, port: admin)
            // One bound for both.
            #expect(try RawClient(port: admin).readUntilGone().isEmpty)
            #expect(listener.openConnections == 8)
            operators[0].close()
            try waitUntil { listener.openConnections == 7 }
            // What the operator gives back is no sender's.
            #expect(try RawClient(port: events).readUntilGone().isEmpty)
            _ = try Self.open(1, port: admin)
            withExtendedLifetime((senders, operators)) {}
        }
    }

    @Test func operatorsMayUseWhatSendersDoNot() async throws {
        try await withTwo(configure: { $0.maximumConnections = 8 }) { events, admin, _ in
            let operators = try Self.open(8, port: admin)
            #expect(try RawClient(port: events).readUntilGone().isEmpty)
            withExtendedLifetime(operators) {}
        }
    }

    @Test(arguments: [(1, 0), (3, 0), (4, 1), (8, 2), (256, 64), (4096, 64), (1_000_000, 64)])
    func aQuarterIsKeptAndAtMost64(of connections: Int, kept: Int) {
        var configuration = ListenerConfiguration(endpoints: [])
        configuration.maximumConnections = connections
        #expect(configuration.reservedConnections == kept)
    }

    /// Where nothing is apart, nothing is kept.
    @Test func withoutAnAdminListenerAllConnectionsAreForEverybody() async throws {
        try await withListener(configure: { $0.maximumConnections = 8 }) { port, _ in
            let clients = try Self.open(8, port: port)
            withExtendedLifetime(clients) {}
        }
    }

    @Test func bodiesOfSendersLeaveRoomForThoseOfTheAdminAPI() {
        var configuration = ListenerConfiguration(endpoints: [])
        configuration.maximumUnfinishedBodyBytes = 1600
        let context = ListenerContext(configuration: configuration, responder: ScriptedResponder())
        #expect(context.takeBodyBytes(1400, behind: 0, leavingReserve: true))
        #expect(!context.takeBodyBytes(1, behind: 0, leavingReserve: true))
        #expect(context.takeBodyBytes(200, behind: 0, leavingReserve: false))
        #expect(!context.takeBodyBytes(1, behind: 0, leavingReserve: false))
        context.bodyBytes.giveBack(1600)
        #expect(context.takeBodyBytes(1600, behind: 0, leavingReserve: false))
    }

    /// Large ones, taken part by part, leave room for the small: on either surface.
    @Test(arguments: [(Surface.everything, 120), (.events, 100)])
    func largeBodiesLeaveRoomForSmallOnes(surface: Surface, parts: Int) {
        var configuration = ListenerConfiguration(endpoints: [])
        configuration.maximumUnfinishedBodyBytes = 1600
        configuration.smallBodyBytes = 20
        let context = ListenerContext(configuration: configuration, responder: ScriptedResponder())
        var taken = 0
        while context.takeBodyBytes(10, behind: 20, leavingReserve: surface == .events) { taken += 1 }
        #expect(taken == parts)
        #expect(context.takeBodyBytes(20, behind: 0, leavingReserve: surface == .events))
        #expect(context.takeBodyBytes(10, behind: 10, leavingReserve: surface == .events))
        #expect(!context.takeBodyBytes(11, behind: 10, leavingReserve: surface == .events))
    }

    /// All that the gateway holds at full ingest has room in 64 MiB, the bodies that are not whole yet included.
    @Test func unfinishedBodiesTakeAQuarterOfTheMemoryAtMost() {
        let configuration = ListenerConfiguration(endpoints: [])
        #expect(configuration.maximumUnfinishedBodyBytes <= 16 << 20)
        #expect(configuration.reservedUnfinishedBodyBytes >= AdminAPI.maximumBodySize)
        #expect(configuration.reservedSmallBodyBytes >= 200 * configuration.smallBodyBytes)
    }

    /// Those who are refused take nothing meanwhile: the number is never over the limit, and the reserve is there for
    /// whoever may use it at each moment.
    @Test func aReserveHoldsWhileManyAreRefused() {
        let quota = Quota(limit: 10)
        #expect((0..<8).allSatisfy { _ in quota.take(1, leaving: 2) })
        let refusedThoughThereWasRoom = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for _ in 0..<5000 {
                if thread == 0 {
                    if quota.take(2) { quota.giveBack(2) } else { refusedThoughThereWasRoom.add(1, ordering: .relaxed) }
                } else if quota.take(1, leaving: 2) {
                    quota.giveBack(1)
                    refusedThoughThereWasRoom.add(1, ordering: .relaxed)
                }
            }
        }
        #expect(refusedThoughThereWasRoom.load(ordering: .relaxed) == 0)
        #expect(quota.count == 8)
    }

    @Test func timesHoldForEach() async throws {
        try await withTwo(configure: {
            $0.timeouts.head = .milliseconds(100)
            $0.timeouts.body = .milliseconds(100)
        }) { events, admin, listener in
            for port in [events, admin] {
                let inHead = try RawClient(port: port)
                try inHead.send("GET / HT")
                #expect(try inHead.readResponse().status == 503)
                let inBody = try RawClient(port: port)
                try inBody.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na")
                #expect(try inBody.readResponse().status == 503)
            }
            #expect(listener.refusals == [.timeouts: 4])
        }
        try await withTwo(configure: { $0.timeouts.idle = .milliseconds(100) }) { events, admin, _ in
            for port in [events, admin] {
                let rest = try RawClient(port: port).readUntilGone()
                #expect(rest.isEmpty)
            }
        }
    }

    @Test func sizesHoldForEach() async throws {
        try await withTwo(configure: { _ in }) { events, admin, _ in
            for port in [events, admin] {
                let longHead = try RawClient(port: port)
                try longHead.send("GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "x", count: 17_000))\r\n\r\n")
                #expect(try longHead.readResponse().status == 400)
                let longBody = try RawClient(port: port)
                try longBody.send("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 17\r\n\r\n")
                #expect(try longBody.readResponse().status == 413)
            }
        }
    }
}
