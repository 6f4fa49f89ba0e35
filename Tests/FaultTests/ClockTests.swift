import Alerting
import GatewayTesting
import Pipeline
import Store
import Testing

@testable import HTTPAPI

extension Faults {
    /// Clocks that are set. The order of the log is the order of arrival; nothing waits for hours that never pass, and
    /// nobody is locked out.
    @Suite(.timeLimit(.minutes(10))) struct Clocks {
        private func event(
            _ action: EventAction, _ key: String, _ integration: IntegrationID, _ clock: ManualClock
        ) -> NewEvent {
            EventMaker.event(action, key, integration: integration, at: clock.now())
        }

        @Test func aTimerKeepsItsMomentWhenTheClockIsSet() async throws {
            let temporary = try TemporaryDatabase()
            let clock = ManualClock()
            let pipeline = try Pipeline.open(temporary.database, clock: clock)
            let integration = try await pipeline.makeIntegration(autoResolveTimeout: 90)
            let trigger = try await pipeline.log.take(event(.trigger, "disk", integration, clock))
            try await pipeline.caughtUp()
            // Hours back: the alarm stays, and further events are taken in order.
            clock.advance(seconds: -5 * 3600)
            let repeated = try await pipeline.log.take(event(.trigger, "disk", integration, clock))
            #expect(repeated > trigger)
            try await pipeline.caughtUp()
            #expect(try await openIncidents(pipeline) == 1)
            // Hours forward, over the moment: due at once.
            clock.advance(seconds: 10 * 3600)
            try await blocking {
                let reader = try temporary.database.openReader()
                defer { reader.close() }
                try eventually("end of the incident") {
                    try reader.integer("SELECT count(*) FROM incidents WHERE status <> 'resolved'") == 0
                }
            }
            await pipeline.stop()
            try expectSound(temporary.database)
        }

        /// Random settings of the clock, back and forward by hours, under events and timers.
        @Test(arguments: 1...UInt64(3)) func theLogDecidesWhateverTheClockSays(seed: UInt64) async throws {
            let temporary = try TemporaryDatabase()
            let clock = ManualClock()
            var generator = SeededGenerator(seed: seed)
            let pipeline = try Pipeline.open(temporary.database, clock: clock)
            let integration = try await pipeline.makeIntegration(acknowledgementTimeout: 600, autoResolveTimeout: 3600)
            var last: EventID = 0
            for _ in 0..<Effort.of(300, soak: 20_000) {
                clock.advance(seconds: Int64.random(in: -7200...7200, using: &generator))
                let action = [EventAction.trigger, .trigger, .acknowledge, .resolve].randomElement(using: &generator)
                let key = "key \(Int.random(in: 0..<8, using: &generator))"
                let id = try await pipeline.log.take(event(action ?? .trigger, key, integration, clock))
                #expect(id > last)
                last = id
            }
            try await pipeline.caughtUp()
            // A day later everything that was open has resolved by itself.
            clock.advance(seconds: 365 * 86_400)
            try await blocking {
                let reader = try temporary.database.openReader()
                defer { reader.close() }
                try eventually("end of the incidents") {
                    try reader.integer("SELECT count(*) FROM incidents WHERE status <> 'resolved'") == 0
                }
            }
            let twice = try await pipeline.look { connection in
                try connection.integer(
                    """
                    SELECT count(*) FROM (SELECT 1 FROM alerts WHERE status <> 'resolved'
                    GROUP BY integration_id, dedup_key HAVING count(*) > 1)
                    """)
            }
            #expect(twice == 0)
            await pipeline.stop()
            try expectSound(temporary.database)
        }

        private func openIncidents(_ pipeline: Pipeline) async throws -> Int64? {
            try await pipeline.look { try $0.integer("SELECT count(*) FROM incidents WHERE status <> 'resolved'") }
        }

        private static let limits: EventRateLimits = {
            var limits = EventRateLimits()
            limits.perMinute = 10
            limits.perSecond = 0
            return limits
        }()

        @Test(arguments: [-6 * 3600, -61, -3, 61, 3600, 6 * 3600] as [Int64])
        func aClockThatIsSetLocksNobodyOut(seconds: Int64) {
            let throttle = Throttle(limits: Self.limits)
            let now = Timestamp(milliseconds: 1_700_000_000_000)
            for _ in 0..<10 { #expect(throttle.admits(.trigger, of: 1, at: now)) }
            #expect(!throttle.admits(.trigger, of: 1, at: now))
            #expect(throttle.admits(.trigger, of: 1, at: now.adding(seconds: seconds)))
        }

        /// Two event loops read the clock on either side of a second and are counted in the other order. That is no clock that
        /// was set: a sender must not get a new minute out of it.
        @Test func requestsThatCrossASecondKeepTheirWindow() {
            let throttle = Throttle(limits: Self.limits)
            var admitted = 0
            for second in Int64(0)..<20 {
                let late = Timestamp(milliseconds: 1_700_000_000_000 + second * 1000)
                let early = Timestamp(milliseconds: late.milliseconds - 1)
                for moment in [late, early, late, early] where throttle.admits(.trigger, of: 1, at: moment) {
                    admitted += 1
                }
            }
            #expect(admitted == 10)
        }

        /// A leap second is no moment of ours: refused as any other moment that does not exist (events-api.md section 6).
        /// The hour that daylight saving leaves out or has twice is told apart by its zone, and none is looked up.
        @Test func leapSecondsAndDaylightSavingOverTheWire() async throws {
            let temporary = try TemporaryDatabase()
            let site = try await Site(temporary.database)
            func post(_ key: String, _ timestamp: String) async throws -> Int {
                let body =
                    #"{"routing_key":"\#(Site.key)","event_action":"trigger","dedup_key":"\#(key)","#
                    + #""payload":{"summary":"s","source":"db1","severity":"critical","timestamp":"\#(timestamp)"}}"#
                return try await site.post(body).status
            }
            #expect(try await post("leap", "2016-12-31T23:59:60Z") == 400)
            #expect(try await post("left out", "2024-03-31T02:30:00+01:00") == 202)
            #expect(try await post("first", "2024-10-27T02:30:00+02:00") == 202)
            #expect(try await post("second", "2024-10-27T02:30:00+01:00") == 202)
            let sent = try await site.pipeline.look { connection in
                try connection.all("SELECT sent_at FROM events WHERE dedup_key IS NOT NULL ORDER BY id") {
                    $0.integer(0)
                }
            }
            #expect(sent == [1_711_848_600_000, 1_729_989_000_000, 1_729_992_600_000])
            await site.stop()
            try expectSound(temporary.database)
        }
    }
}
