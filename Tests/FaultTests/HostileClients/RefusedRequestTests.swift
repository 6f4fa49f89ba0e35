import Foundation
import GatewayTesting
import Glibc
import Testing

extension Faults.HostileClients {
    /// A request that must not be taken: how it begins, and what goes on without end.
    struct Attack: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var start: String
        var endless = ""
    }

    private static let post = "POST /v2/enqueue HTTP/1.1\r\nHost: gateway\r\n"

    static let attacks = [
        Attack(testDescription: "announced too large", start: "\(post)Content-Length: 10000000000\r\n\r\n"),
        Attack(
            testDescription: "endless body", start: "\(post)Content-Length: 10000000000\r\n\r\n",
            endless: String(repeating: "x", count: 65_536)),
        Attack(
            testDescription: "endless chunks", start: "\(post)Transfer-Encoding: chunked\r\n\r\n",
            endless: "10000\r\n\(String(repeating: "x", count: 65_536))\r\n"),
        Attack(
            testDescription: "endless small chunks", start: "\(post)Transfer-Encoding: chunked\r\n\r\n",
            endless: String(repeating: "1\r\nx\r\n", count: 10_000)),
        Attack(
            testDescription: "endless extension of a chunk", start: "\(post)Transfer-Encoding: chunked\r\n\r\n1;",
            endless: String(repeating: "x", count: 65_536)),
        Attack(
            testDescription: "endless trailers", start: "\(post)Transfer-Encoding: chunked\r\n\r\n0\r\n",
            endless: String(repeating: "X-Trailer: x\r\n", count: 1000)),
        Attack(testDescription: "no chunk", start: "\(post)Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
        Attack(
            testDescription: "a chunk of more than 64 bits",
            start: "\(post)Transfer-Encoding: chunked\r\n\r\n1FFFFFFFFFFFFFFFFF\r\nx"),
        Attack(testDescription: "a negative length", start: "\(post)Content-Length: -1\r\n\r\n"),
        Attack(
            testDescription: "two lengths", start: "\(post)Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
        Attack(
            testDescription: "length and chunks",
            start: "\(post)Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Attack(
            testDescription: "endless headers", start: post,
            endless: String(repeating: "X-Header: x\r\n", count: 1000)),
        Attack(
            testDescription: "an endless header", start: "\(post)X-Header: ",
            endless: String(repeating: "x", count: 65_536)),
        Attack(
            testDescription: "an endless target", start: "GET /", endless: String(repeating: "x", count: 65_536)),
        Attack(testDescription: "a handshake", start: "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\r\n\r\n"),
        Attack(testDescription: "zeros", start: "\u{0}", endless: String(repeating: "\u{0}", count: 65_536)),
    ]

    @Test func whatIsNoRequestIsEnded() async throws {
        try await Self.withDaemon { daemon in
            for attack in Self.attacks {
                for round in 0..<Effort.of(2, soak: 200) {
                    try Self.expectRefused(attack, daemon)
                    try Self.sendWell(daemon, "\(attack.testDescription) \(round)", count: 2)
                }
            }
        }
    }

    /// Answered with a status of 400 or above, or closed: at the latest when the time for a body is over, since what stands
    /// beside the data of a chunk is skipped and counts for nothing else. A gateway that keeps still is none of both.
    private static func expectRefused(_ attack: Attack, _ daemon: DaemonProcess) throws {
        let connection = try RawConnection(port: daemon.port)
        do {
            try connection.send(Array(attack.start.utf8))
            let part = Array(attack.endless.utf8)
            let end = Date().addingTimeInterval(20)
            while !part.isEmpty {
                try connection.send(part)
                guard Date() < end else {
                    Issue.record("\(attack.testDescription) goes on and on")
                    return
                }
            }
        } catch let RawConnectionError.system(_, code) where code == EPIPE || code == ECONNRESET {
            return  // Closed while it was still sending.
        }
        do {
            let reply = try connection.receive()
            #expect((400..<600).contains(reply.status), "\(attack.testDescription): \(reply.status)")
        } catch RawConnectionError.closed {
        } catch let RawConnectionError.system(_, code) where code == ECONNRESET {
        } catch {
            Issue.record("\(attack.testDescription): \(error)")
        }
    }
}
