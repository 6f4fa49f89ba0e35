import Foundation
import GatewayTesting
import Synchronization
import Testing

extension Faults.HostileClients {
    /// So many different dedup keys that nothing in memory may grow with them.
    @Test func manyDedupKeys() async throws {
        try await Self.withDaemon { daemon in
            let count = Effort.of(20_000, soak: 1_000_000)
            try Self.flood(daemon, count: count, expecting: [202]) { number in
                Site.trigger("key \(number)", routingKey: daemon.key)
            }
            try Self.sendWell(daemon, "normal", count: 10)
            let stored = try daemon.query("SELECT count(*) FROM events WHERE dedup_key LIKE 'key %'")
            #expect(stored == ["\(count)"])
        }
    }

    /// So many different unknown keys that nothing in memory may grow with them; a sender with a good key goes on.
    @Test func manyUnknownKeys() async throws {
        try await Self.withDaemon { daemon in
            try Self.flood(daemon, count: Effort.of(50_000, soak: 1_000_000), expecting: [400]) { number in
                Site.trigger("k", routingKey: Self.unknownKey(number))
            }
            try Self.sendWell(daemon, "normal", count: 10)
            #expect(try daemon.query("SELECT count(*) FROM events WHERE dedup_key = 'k'") == ["0"])
        }
    }

    /// The same under the limit of unknown keys for each address: hardly any is told that it is unknown, and the good key
    /// of that same address is none of those that are limited.
    @Test func manyUnknownKeysUnderTheirLimit() async throws {
        try await Self.withDaemon(unknownKeysPerMinute: 60) { daemon in
            let count = Effort.of(600, soak: 1_000_000)
            let answers = try Self.flood(daemon, count: count, expecting: [400, 429]) { number in
                Site.trigger("k", routingKey: Self.unknownKey(number))
            }
            #expect(answers[400, default: 0] >= 60)
            #expect(answers[429, default: 0] > count / 2, "\(answers)")
            try Self.sendWell(daemon, "normal", count: 10)
            #expect(try daemon.query("SELECT count(*) FROM events WHERE dedup_key = 'k'") == ["0"])
        }
    }

    private static func unknownKey(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "f", count: 32 - digits.count) + digits
    }

    /// Four connections, each with many requests under way. Gives how often each status was answered.
    @discardableResult
    private static func flood(
        _ daemon: DaemonProcess, count: Int, expecting statuses: Set<Int>,
        _ body: @escaping @Sendable (Int) -> String
    ) throws -> [Int: Int] {
        let answers = Mutex<[Int: Int]>([:])
        let wrong = Mutex<[String]>([])
        let group = DispatchGroup()
        for sender in 0..<4 {
            DispatchQueue.global().async(group: group) {
                do {
                    let connection = try RawConnection(port: daemon.port, limit: 120)
                    for start in stride(from: sender * 50, to: count, by: 200) {
                        let numbers = start..<min(start + 50, count)
                        try connection.send(
                            numbers.flatMap { daemon.request("/v2/enqueue", Array(body($0).utf8)) })
                        for _ in numbers {
                            let reply = try connection.receive()
                            answers.withLock { $0[reply.status, default: 0] += 1 }
                            if !statuses.contains(reply.status) {
                                wrong.withLock { $0.append("\(reply.status) \(reply.text)") }
                            }
                        }
                    }
                } catch {
                    wrong.withLock { $0.append("\(error)") }
                }
            }
        }
        group.wait()
        let list = wrong.withLock { $0 }
        #expect(list.isEmpty, "\(list.count): \(list.prefix(3))")
        return answers.withLock { $0 }
    }
}
