import Foundation
import GatewayTesting
import Testing

extension Faults.HostileClients {
    /// 240 MB of bodies that never come to their end. What has no room is answered 503 and closed, what has is held and
    /// taken when it ends after all, and an event of the usual size always finds room.
    @Test func unfinishedBodiesAreBoundedTogether() async throws {
        let timeouts = ["idle_timeout: 600", "body_timeout: 600"]
        try await Self.withDaemon(timeouts: timeouts, holding: 32) { daemon in
            let size = 400_000
            var connections: [RawConnection] = []
            for number in 0..<600 {
                let connection = try RawConnection(port: daemon.port)
                try connection.send(Array(daemon.request("/v2/enqueue", Self.body(number, size, daemon)).dropLast()))
                connections.append(connection)
                if number % 50 == 49 { try Self.sendWell(daemon, "normal \(number)", count: 5) }
            }
            // Three quarters of the room are for those that are not small.
            let room = (16 << 20) * 3 / 4
            let program = try #require(daemon.program)
            try program.wait(for: "the end of what has no room") {
                connections.count { !$0.hasInput } * (size - 1) <= room
            }
            let (refused, held) = (connections.filter(\.hasInput), connections.filter { !$0.hasInput })
            #expect(held.count * size > room * 2 / 3, "\(held.count)")
            for connection in refused {
                let reply = try connection.receive()
                #expect(reply.status == 503 && reply.header("Retry-After") != nil, "\(reply)")
                #expect(reply.header("Connection") == "close")
                #expect(try connection.isClosedByServer())
            }
            // Down to the last byte, as far as others than the small ones can.
            let fillers = try [100_000, 50_000, 25_000, 17_000].flatMap { [$0, $0] }.map { size in
                try Self.begin(size, daemon)
            }
            let small = try (0...13).reversed().flatMap { [1 << $0, 1 << $0] }.map { size in
                try Self.begin(size, daemon)
            }
            try Self.sendWell(daemon, "meanwhile", count: 20)
            for connection in fillers + small { connection.close() }
            for connection in held {
                try connection.send([UInt8(ascii: "}")])
                #expect(try connection.receive().status == 202)
            }
            for connection in connections { connection.close() }
            try Self.sendWell(daemon, "afterwards", count: 10)
        }
    }

    /// A connection with a body of which so many bytes have come.
    private static func begin(_ size: Int, _ daemon: DaemonProcess) throws -> RawConnection {
        let connection = try RawConnection(port: daemon.port)
        let head = "POST /v2/enqueue HTTP/1.1\r\nHost: gateway\r\nContent-Length: 500000\r\n\r\n"
        try connection.send(Array(head.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: size))
        return connection
    }

    /// An event of that many bytes.
    private static func body(_ number: Int, _ size: Int, _ daemon: DaemonProcess) -> [UInt8] {
        let start =
            #"{"routing_key":"\#(daemon.key)","event_action":"trigger","dedup_key":"large \#(number)","#
            + #""payload":{"summary":"s","source":"db1","severity":"critical","custom_details":""#
        let end = #""}}"#
        let padding = [UInt8](repeating: UInt8(ascii: "x"), count: size - start.utf8.count - end.utf8.count)
        return Array(start.utf8) + padding + Array(end.utf8)
    }
}
