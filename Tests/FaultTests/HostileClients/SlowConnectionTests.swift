import GatewayTesting
import Glibc
import Testing

extension Faults.HostileClients {
    /// Connections that say nothing, and such that never come to the end of what they say: all are there while others are
    /// served, and no time runs out on them.
    @Test func slowAndSilentConnectionsHoldUpNobody() async throws {
        let timeouts = ["idle_timeout: 3600", "head_timeout: 600", "body_timeout: 600"]
        try await Self.withDaemon(timeouts: timeouts, holding: 32) { daemon in
            let wanted = 10_000
            // Both ends need some for other things.
            let count = min(wanted, Self.raiseFileLimit() - 1000)
            if count < wanted {
                print("\(count) idle connections instead of \(wanted): the limit on descriptors is too low")
            }
            let idle = try (0..<count).map { _ in try RawConnection(port: daemon.port) }
            var dripping = try (0..<200).map { number in
                try Dripper(daemon, start: number % 2 == 0 ? Self.halfHead : Self.halfBody)
            }
            for round in 0..<Effort.of(20, soak: 600) {
                let program = try #require(daemon.program)
                try program.wait(for: "\(count) idle connections and 200 that drip") {
                    for index in dripping.indices { try dripping[index].drip() }
                    return try Self.connections(of: daemon) >= count + dripping.count
                }
                try Self.sendWell(daemon, "normal \(round)", count: 10)
                #expect(try daemon.get("/readyz").status == 200)
            }
            let open = try Self.connections(of: daemon)
            #expect(open >= count + dripping.count, "\(open)")
            for connection in idle { connection.close() }
            for dripper in dripping { dripper.close() }
            try Self.sendWell(daemon, "afterwards", count: 10)
        }
    }

    private static let halfHead = "POST /v2/enqueue HTTP/1.1\r\nHost: "
    private static let halfBody =
        "POST /v2/enqueue HTTP/1.1\r\nHost: gateway\r\nContent-Length: 400000\r\n\r\n{\"routing_key\":"

    /// How many connections the daemon says that it has, the one that asks included.
    private static func connections(of daemon: DaemonProcess) throws -> Int {
        let page = try daemon.get("/metrics").text
        let line = page.split(separator: "\n").first { $0.hasPrefix("alertgate_connections ") }
        return try #require(line?.split(separator: " ").last.flatMap { Int($0) }, "\(page)")
    }

    /// A connection with a request that goes on byte by byte; a new one as soon as the gateway has closed it.
    private struct Dripper {
        private let port: Int
        private let start: [UInt8]
        private var connection: RawConnection

        init(_ daemon: DaemonProcess, start: String) throws {
            port = daemon.port
            self.start = Array(start.utf8)
            connection = try Dripper.open(port, self.start)
        }

        mutating func drip() throws {
            do {
                try connection.send([UInt8(ascii: "x")])
            } catch let RawConnectionError.system(_, code) where code == EPIPE || code == ECONNRESET {
                connection.close()
                connection = try Dripper.open(port, start)
            }
        }

        func close() { connection.close() }

        private static func open(_ port: Int, _ start: [UInt8]) throws -> RawConnection {
            let connection = try RawConnection(port: port)
            try connection.send(start)
            return connection
        }
    }
}
