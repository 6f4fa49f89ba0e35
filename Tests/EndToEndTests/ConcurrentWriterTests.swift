import Foundation
import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// Sixteen clients at work on the same incidents while events arrive.
    @Suite struct ConcurrentWriterTests {
        /// `ALERTGATE_WRITERS_SEED` repeats what the clients ask for, if not in which order they are heard.
        private static let seed =
            ProcessInfo.processInfo.environment["ALERTGATE_WRITERS_SEED"].flatMap { UInt64($0) }
            ?? UInt64.random(in: 1..<1 << 32)

        @Test func theyEndInAStateThatVerifyConfirms() async throws {
            print("ALERTGATE_WRITERS_SEED=\(Self.seed)")
            try await withDaemon { daemon in
                // Few keys, so that alerts open, close and open anew while they are moved about.
                let load = Load(
                    daemon: daemon, name: "writers", connections: 2, keys: 12, mode: .keepAlive, wanted: 50,
                    mixture: Self.seed)
                try load.waitUntilReached()
                let writers = AdminWriters(
                    daemon: daemon, clients: 16, writes: 250, until: Date().addingTimeInterval(12), seed: Self.seed)
                let record = try writers.finish()
                load.stop()
                let events = try load.finish()
                #expect(record.faults.isEmpty, "seed \(Self.seed): \(record.faults.prefix(3))")
                #expect(events.refusals.isEmpty && events.failures.isEmpty, "\(events.refusals.prefix(3))")
                for write in AdminWriters.Write.allCases {
                    #expect(record.successes(write) > 0, "seed \(Self.seed): no \(write.rawValue): \(record.answers)")
                }
                try daemon.terminate()
                #expect(
                    try daemon.query("SELECT count(*) FROM notes") == ["\(record.successes(.note))"], "each note once")
                for (what, sql) in Self.contradictions {
                    #expect(try daemon.query(sql).isEmpty, "seed \(Self.seed): \(what)")
                }
                let verified = try daemon.run("verify")
                #expect(verified.status == 0, "seed \(Self.seed): \(verified.output)\(verified.errors)")
            }
        }

        /// What no state may hold.
        private static let contradictions = [
            (
                "two open alerts of one key",
                "SELECT 1 FROM alerts WHERE status = 'triggered' GROUP BY integration_id, dedup_key HAVING count(*) > 1"
            ),
            (
                "counts that are not those of the alerts",
                """
                SELECT i.id FROM incidents i WHERE i.alert_count <> (SELECT count(*) FROM alerts WHERE incident_id = i.id)
                OR i.open_alert_count <>
                    (SELECT count(*) FROM alerts WHERE incident_id = i.id AND status = 'triggered')
                """
            ),
            (
                "an open incident without an open alert, or a resolved one with one",
                "SELECT id FROM incidents WHERE (status <> 'resolved') <> (open_alert_count > 0)"
            ),
            (
                "a merged incident that is open",
                "SELECT id FROM incidents WHERE merged_into_incident_id IS NOT NULL AND status <> 'resolved'"
            ),
            (
                "a snooze of an incident that is not acknowledged",
                "SELECT id FROM incidents WHERE snoozed_until IS NOT NULL AND status <> 'acknowledged'"
            ),
            ("an event without an outcome", "SELECT id FROM events EXCEPT SELECT event_id FROM event_outcomes"),
            ("an event that the fold gave up", "SELECT 1 FROM event_outcomes WHERE reason = 'could not be applied'"),
        ]
    }
}
