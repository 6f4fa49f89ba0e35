import Alerting
import GatewayTesting
import Testing

@testable import HTTPAPI
@testable import HTTPServer

@Suite struct ThrottleTests {
    private let clock = ManualClock()

    private func throttle(perMinute: Int = 0, perSecond: Int = 0, unknown: Int = 0) -> Throttle {
        var limits = EventRateLimits()
        limits.perMinute = perMinute
        limits.perSecond = perSecond
        limits.unknownKeysPerMinute = unknown
        return Throttle(limits: limits)
    }

    /// How many of that many pass, one right after the other.
    private func passing(
        _ throttle: Throttle, _ count: Int, _ action: EventAction? = .trigger, of integration: IntegrationID = 1
    ) -> Int {
        (0..<count).count { _ in throttle.admits(action, of: integration, at: clock.now()) }
    }

    private func strangersPassing(_ throttle: Throttle, _ count: Int, from address: String = "192.0.2.1") -> Int {
        (0..<count).count { _ in throttle.admitsUnknownKey(from: AddressNetwork(of: address), at: clock.now()) }
    }

    @Test func theUsualLimitsAreThoseOfTheSpecification() {
        let limits = EventRateLimits()
        #expect(limits.perMinute == 1000)
        #expect(limits.perSecond == 100)
        #expect(limits.unknownKeysPerMinute == 60)
    }

    // MARK: Known keys

    @Test func aMinuteTakesItsLimitAndTheNextAsMuch() {
        let throttle = throttle(perMinute: 5)
        #expect(passing(throttle, 8) == 5)
        clock.advance(seconds: 59)
        #expect(passing(throttle, 3) == 0)
        clock.advance(seconds: 1)
        #expect(passing(throttle, 8) == 5)
    }

    @Test func theMinuteSlides() {
        let throttle = throttle(perMinute: 4)
        #expect(passing(throttle, 2) == 2)
        clock.advance(seconds: 30)
        #expect(passing(throttle, 9) == 2)
        clock.advance(seconds: 30)
        #expect(passing(throttle, 9) == 2)
        clock.advance(seconds: 30)
        #expect(passing(throttle, 9) == 2)
    }

    @Test func aSecondTakesItsLimit() {
        let throttle = throttle(perMinute: 10, perSecond: 3)
        #expect(passing(throttle, 5) == 3)
        clock.advance(seconds: 1)
        #expect(passing(throttle, 5) == 3)
        clock.advance(seconds: 1)
        #expect(passing(throttle, 5) == 3)
        clock.advance(seconds: 1)
        #expect(passing(throttle, 5) == 1, "the minute's limit holds too")
    }

    /// As a burst at the turn of a second of the clock comes: 25 at 20 a second.
    @Test(arguments: [0, 700, 980, 999]) func anySecondTakesItsLimit(start: Int64) {
        let throttle = throttle(perSecond: 20)
        let begin = Timestamp(milliseconds: 1_700_000_000_000 + start)
        let passed = (0..<25).count { number in
            throttle.admits(.trigger, of: 1, at: Timestamp(milliseconds: begin.milliseconds + Int64(number) * 10))
        }
        #expect(passed == 20)
        #expect(!throttle.admits(.trigger, of: 1, at: Timestamp(milliseconds: begin.milliseconds + 999)))
        #expect(throttle.admits(.trigger, of: 1, at: Timestamp(milliseconds: begin.milliseconds + 1000)))
        #expect(!throttle.admits(.trigger, of: 1, at: Timestamp(milliseconds: begin.milliseconds + 1000)))
    }

    /// Whatever comes when: no second and no minute lets more through than its limit.
    @Test(arguments: 1...5) func noStretchOfTimeTakesMore(seed: UInt64) {
        let throttle = throttle(perMinute: 40, perSecond: 5)
        var random = SeededGenerator(seed: seed)
        var passed: [Int64] = []
        var now: Int64 = 1_700_000_000_000
        for _ in 0..<20_000 {
            now += Int64.random(in: 0...60, using: &random)
            guard throttle.admits(.trigger, of: 1, at: Timestamp(milliseconds: now)) else { continue }
            passed.append(now)
        }
        #expect(zip(passed, passed.dropFirst(5)).allSatisfy { $1 - $0 >= 1000 })
        #expect(zip(passed, passed.dropFirst(40)).allSatisfy { $1 - $0 >= 60_000 })
        #expect(passed.count > 300, "about ten minutes at 40 each: \(passed.count)")
    }

    @Test func zeroIsNoLimit() {
        #expect(passing(throttle(), 5000) == 5000)
        #expect(passing(throttle(perMinute: 0, perSecond: 7), 50) == 7)
        #expect(passing(throttle(perMinute: 7, perSecond: 0), 50) == 7)
        #expect(strangersPassing(throttle(), 5000) == 5000)
    }

    @Test func integrationsAreCountedApart() {
        let throttle = throttle(perMinute: 2)
        #expect(passing(throttle, 5, of: 1) == 2)
        #expect(passing(throttle, 5, of: 2) == 2)
    }

    @Test(arguments: [EventAction.acknowledge, .resolve], [true, false])
    func recoveriesPassUpToTenTimesTheLimit(_ action: EventAction, isOfTheMinute: Bool) {
        let throttle = isOfTheMinute ? throttle(perMinute: 3) : throttle(perSecond: 3)
        #expect(passing(throttle, 40, action) == 30)
    }

    @Test func aFloodOfTriggersCountsTowardsTenTimesTheLimit() {
        let throttle = throttle(perMinute: 3)
        #expect(passing(throttle, 20, .trigger) == 3)
        #expect(passing(throttle, 20, .resolve) == 10, "throttled triggers are events of the key too")
        #expect(passing(throttle, 1, .acknowledge) == 0)
    }

    @Test func recoveriesCountTowardsTheLimitOfTriggers() {
        let throttle = throttle(perMinute: 3)
        #expect(passing(throttle, 2, .resolve) == 2)
        #expect(passing(throttle, 3, .trigger) == 1)
    }

    @Test func anEventWithoutARecognisableActionCountsAsATrigger() {
        let throttle = throttle(perMinute: 3)
        #expect(passing(throttle, 5, nil) == 3)
        #expect(passing(throttle, 5, .trigger) == 0)
    }

    @Test func aSenderThatGoesOnWhileThrottledIsServedAgain() {
        let throttle = throttle(perMinute: 6)
        var passed = 0
        for _ in 0..<240 {
            passed += passing(throttle, 1)
            clock.advance(seconds: 1)
        }
        #expect((24...26).contains(passed), "\(passed) in four minutes at six a minute")
    }

    @Test func aClockSetBackLocksNobodyOut() {
        let throttle = throttle(perMinute: 2, perSecond: 2, unknown: 2)
        #expect(passing(throttle, 3) == 2)
        #expect(strangersPassing(throttle, 3) == 2)
        clock.advance(seconds: -7200)
        #expect(passing(throttle, 3) == 2)
        #expect(strangersPassing(throttle, 3) == 2)
    }

    @Test func otherLimitsHoldFromTheNextEventOn() {
        let throttle = throttle(perMinute: 2)
        #expect(passing(throttle, 3) == 2)
        var limits = EventRateLimits()
        limits.perMinute = 5
        limits.perSecond = 0
        throttle.setLimits(limits)
        #expect(passing(throttle, 9) == 3, "what was let through before still counts")
    }

    // MARK: Unknown keys

    @Test func strangersAreCountedByAddress() {
        let throttle = throttle(unknown: 2)
        #expect(strangersPassing(throttle, 5, from: "192.0.2.1") == 2)
        #expect(strangersPassing(throttle, 5, from: "192.0.2.2") == 2)
        clock.advance(seconds: 60)
        #expect(strangersPassing(throttle, 5, from: "192.0.2.1") == 2)
    }

    @Test func strangersAndKnownKeysDoNotTouchEachOther() {
        let throttle = throttle(perMinute: 2, unknown: 2)
        #expect(strangersPassing(throttle, 5) == 2)
        #expect(passing(throttle, 5) == 2)
    }

    @Test func quietAddressesAreForgottenBeforeBusyOnes() {
        let throttle = throttle(unknown: 1)
        for number in 0..<4095 {
            _ = throttle.admitsUnknownKey(from: AddressNetwork(of: "quiet \(number)"), at: clock.now())
        }
        clock.advance(seconds: 60)
        #expect(strangersPassing(throttle, 2) == 1)
        #expect(strangersPassing(throttle, 1, from: "192.0.2.2") == 1)
        #expect(strangersPassing(throttle, 1) == 0)
    }

    @Test func aFloodOfAddressesStaysBounded() {
        let throttle = throttle(unknown: 1)
        #expect(strangersPassing(throttle, 2) == 1)
        for number in 0..<20_000 {
            #expect(throttle.admitsUnknownKey(from: AddressNetwork(of: "busy \(number)"), at: clock.now()))
        }
        #expect(strangersPassing(throttle, 1) == 1, "no table without bound can forget an address within its minute")
    }
}
