import Foundation
import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// The daemon killed at random moments under load, again and again on one database.
    @Suite struct KillTests {
        /// `ALERTGATE_KILL_ROUNDS` sets how many times; `ALERTGATE_KILL_SEED` repeats a run.
        private static let environment = ProcessInfo.processInfo.environment
        private static let rounds = environment["ALERTGATE_KILL_ROUNDS"].flatMap { Int($0) } ?? 25

        @Test func keepsEveryAnsweredEventAndOneIncidentForEachKey() async throws {
            let seed = Self.environment["ALERTGATE_KILL_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1..<1 << 32)
            print("ALERTGATE_KILL_SEED=\(seed) ALERTGATE_KILL_ROUNDS=\(Self.rounds)")
            try await blocking {
                var random = SplitMix(state: seed)
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                var answered: [Load.Answered] = []
                for round in 0..<Self.rounds {
                    let program = try daemon.spawn()
                    if round % 5 == 4 {
                        // While it starts, and perhaps folds what the last round left.
                        usleep(useconds_t.random(in: 0...60_000, using: &random))
                        try daemon.kill()
                        continue
                    }
                    try daemon.waitUntilReady(program)
                    let wanted = Int.random(in: 1...300, using: &random)
                    let load = Load(
                        daemon: daemon, name: "round\(round)", connections: 8, keys: 40, mode: .keepAlive,
                        wanted: wanted)
                    try load.waitUntilReached()
                    // Not waiting for anything: this is the random moment.
                    usleep(useconds_t.random(in: 0...5_000, using: &random))
                    try daemon.kill()
                    let result = try load.finish()
                    #expect(result.refusals.isEmpty, "seed \(seed), round \(round)")
                    #expect(result.answered.count >= wanted, "seed \(seed), round \(round): \(program.standardError)")
                    answered += result.answered
                    try Self.check(answered, daemon, "seed \(seed), round \(round)")
                }
                // As the last kill left it, and as the next daemon makes it.
                #expect(try daemon.run("verify").status == 0, "seed \(seed)")
                try daemon.start()
                try Self.waitUntilFolded(daemon)
                try daemon.terminate()
                try Self.check(answered, daemon, "seed \(seed), at the end")
                try Self.checkIncidents(answered, daemon, "seed \(seed)")
                let verified = try daemon.run("verify")
                #expect(verified.status == 0, "seed \(seed): \(verified.output)\(verified.errors)")
            }
        }

        @Test func keepsAcknowledgesAndResolvesToo() async throws {
            let seed = Self.environment["ALERTGATE_KILL_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1..<1 << 32)
            let rounds = max(4, Self.rounds / 3)
            print("ALERTGATE_KILL_SEED=\(seed), \(rounds) mixed rounds")
            try await blocking {
                var random = SplitMix(state: seed)
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                var answered: [Load.Answered] = []
                for round in 0..<rounds {
                    let place = "seed \(seed), mixed round \(round)"
                    let program = try daemon.spawn()
                    try daemon.waitUntilReady(program)
                    // Few keys, so that alerts open, close and open anew all the time.
                    let wanted = Int.random(in: 1...300, using: &random)
                    let load = Load(
                        daemon: daemon, name: "round\(round)", connections: 8, keys: 5, mode: .keepAlive,
                        wanted: wanted, mixture: random.next())
                    try load.waitUntilReached()
                    // Not waiting for anything: this is the random moment.
                    usleep(useconds_t.random(in: 0...5_000, using: &random))
                    try daemon.kill()
                    let result = try load.finish()
                    #expect(result.refusals.isEmpty, "\(place)")
                    #expect(result.answered.count >= wanted, "\(place): \(program.standardError)")
                    answered += result.answered
                    try Self.check(answered, daemon, place)
                    let verified = try daemon.run("verify")
                    #expect(verified.status == 0, "\(place): \(verified.output)\(verified.errors)")
                }
                try daemon.start()
                try Self.waitUntilFolded(daemon)
                try daemon.terminate()
                let twice = try daemon.query(
                    "SELECT dedup_key FROM alerts WHERE status = 'triggered' GROUP BY dedup_key HAVING count(*) > 1")
                #expect(twice.isEmpty, "seed \(seed): more than one open alert")
                #expect(
                    try daemon.query("SELECT DISTINCT action FROM events WHERE kind IN ('v1', 'v2') ORDER BY action")
                        == ["acknowledge", "resolve", "trigger"])
                #expect(try daemon.run("verify").status == 0, "seed \(seed)")
            }
        }

        /// Every answered event is in the log, once, byte for byte, and those of one connection in their order.
        private static func check(_ answered: [Load.Answered], _ daemon: DaemonProcess, _ place: String) throws {
            #expect(try daemon.query("PRAGMA integrity_check") == ["ok"], "\(place)")
            var identifiers: [[UInt8]: Int] = [:]
            var last = 0
            for row in try daemon.query("SELECT id, hex(body) FROM events WHERE kind IN ('v1', 'v2') ORDER BY rowid") {
                let columns = row.split(separator: "|")
                let id = try #require(Int(columns[0]))
                let body = bytes(columns[1])
                #expect(id > last, "\(place)")
                #expect(identifiers.updateValue(id, forKey: body) == nil, "\(place): event \(id) is there twice")
                last = id
            }
            var newest: [String: Int] = [:]
            for event in answered {
                guard let id = identifiers[event.body] else {
                    Issue.record("\(place): lost: \(String(decoding: event.body, as: UTF8.self))")
                    return
                }
                let sender = "\(event.key.prefix { $0 != "-" })/\(event.connection)"
                #expect(id > newest[sender] ?? 0, "\(place)")
                newest[sender] = id
            }
        }

        /// Each key has one incident with one open alert, which took every trigger of that key in the log.
        private static func checkIncidents(_ answered: [Load.Answered], _ daemon: DaemonProcess, _ place: String) throws
        {
            let rows = try daemon.query(
                """
                SELECT e.dedup_key, count(DISTINCT a.incident_id), count(DISTINCT a.id), count(DISTINCT e.id),
                       max(a.trigger_count), max(i.open_alert_count), min(i.status), min(o.outcome) <> 'x'
                  FROM events e
                  LEFT JOIN event_outcomes o ON o.event_id = e.id
                  LEFT JOIN alerts a ON a.dedup_key = e.dedup_key
                  LEFT JOIN incidents i ON i.id = a.incident_id
                 WHERE e.kind IN ('v1', 'v2') GROUP BY e.dedup_key
                """)
            var seen: Set<String> = []
            for row in rows {
                let columns = row.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
                seen.insert(columns[0])
                #expect(columns[1...] == ["1", "1", columns[3], columns[3], "1", "triggered", "1"], "\(place): \(row)")
            }
            #expect(Set(answered.map(\.key)).subtracting(seen).isEmpty, "\(place)")
            let pending = try daemon.query(
                "SELECT count(*) FROM events WHERE id NOT IN (SELECT event_id FROM event_outcomes)")
            #expect(pending == ["0"], "\(place)")
        }

        private static func waitUntilFolded(_ daemon: DaemonProcess) throws {
            try daemon.program?.wait(for: "the end of the fold") {
                try daemon.query("SELECT (SELECT event_id FROM worker_cursor) = (SELECT max(id) FROM events)") == ["1"]
            }
        }

        private static func bytes(_ hex: Substring) -> [UInt8] {
            var result: [UInt8] = []
            result.reserveCapacity(hex.utf8.count / 2)
            var high: UInt8?
            for digit in hex.utf8 {
                let value = digit < 0x3A ? digit - 0x30 : digit - 0x37
                if let first = high {
                    result.append(first << 4 | value)
                    high = nil
                } else {
                    high = value
                }
            }
            return result
        }
    }
}

/// SplitMix64, so that a seed gives the same moments again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
