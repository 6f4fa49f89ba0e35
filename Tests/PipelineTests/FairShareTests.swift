import Alerting
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// One sender at full speed leaves room in the queue for the others.
@Suite(.timeLimit(.minutes(5))) struct FairShareTests {
    private typealias Claim = FairShare.Claim

    /// A queue with so many places, filled by the rule alone.
    private final class Queue {
        var places = 120
        var bytes = 1_000_000
        var shares = FairShare()
        var waiting: [IntegrationID: Int] = [:]

        /// Takes as many events of an integration as find room, and says how many.
        func fill(_ integration: IntegrationID, _ action: EventAction = .trigger, bytes size: Int = 10) -> Int {
            var taken = 0
            while take(integration, action, bytes: size) { taken += 1 }
            return taken
        }

        func take(_ integration: IntegrationID, _ action: EventAction = .trigger, bytes size: Int = 10) -> Bool {
            guard places > 0, size <= bytes else { return false }
            let claim = Claim(FairShareTests.event(action, integration, bytes: size))
            guard shares.take(claim, ofFree: FairShare.Amount(events: places, bytes: bytes)) else { return false }
            places -= 1
            bytes -= size
            waiting[integration, default: 0] += 1
            return true
        }

        func commit(_ integration: IntegrationID, bytes size: Int = 10) {
            shares.giveBack(Claim(FairShareTests.event(.trigger, integration, bytes: size)))
            places += 1
            bytes += size
            waiting[integration, default: 0] -= 1
        }
    }

    private static func event(_ action: EventAction, _ integration: IntegrationID, bytes: Int) -> NewEvent {
        var event = EventMaker.event(action, "key", integration: integration)
        event.body = Array(repeating: UInt8(ascii: "x"), count: bytes)
        return event
    }

    @Test func oneThatFloodsGetsHalf() {
        let queue = Queue()
        #expect(queue.fill(1) == 60)
        #expect(queue.take(2))
        #expect(!queue.take(1))
    }

    /// However many flood at once, in turn, each gets as much as is left for the next.
    @Test(arguments: 1...9) func manyThatFloodLeaveRoomForAnother(count: Int) {
        let queue = Queue()
        for _ in 0..<200 { for integration in 1...IntegrationID(count) { _ = queue.take(integration) } }
        let share = 120 / (count + 1)
        for integration in 1...IntegrationID(count) {
            #expect(abs(queue.waiting[integration, default: 0] - share) <= 1, "\(queue.waiting)")
        }
        #expect(queue.places >= share)
        #expect(queue.take(100))
    }

    @Test func bytesHaveTheirShareToo() {
        let queue = Queue()
        #expect(queue.fill(1, bytes: 100_000) == 5)
        #expect(queue.take(1, bytes: 0))
        #expect(queue.take(2, bytes: 100_000))
        #expect(!queue.take(1, bytes: 100_000))
    }

    /// docs/architecture.md, promise 4: a flood of triggers does not block the recoveries of its own integration.
    @Test(arguments: [EventAction.acknowledge, .resolve]) func recoveriesFindRoomWhereTriggersDoNot(action: EventAction)
    {
        let queue = Queue()
        #expect(queue.fill(1) == 60)
        #expect(queue.fill(1, action) == 36)
        #expect(queue.places == 24)
        #expect(queue.take(2))
    }

    @Test func whatIsCommittedMakesRoom() {
        let queue = Queue()
        _ = queue.fill(1)
        queue.commit(1)
        #expect(queue.fill(1) == 1)
        for _ in 0..<60 { queue.commit(1) }
        #expect(queue.fill(1) == 60)
        queue.shares.giveAllBack()
        queue.places = 120
        #expect(queue.fill(1) == 60)
    }

    /// Timers and people's actions have the whole queue.
    @Test func whatNobodySendsIsNotLimited() throws {
        var shares = FairShare()
        let action = try EventMaker.action(.createService(ServiceSettings(name: "Shop")), at: ManualClock().now())
        for _ in 0..<1000 {
            let isTaken = shares.take(Claim(action), ofFree: FairShare.Amount(events: 1, bytes: 10_000))
            #expect(isTaken)
        }
    }

    /// In the log itself: one integration fills its share while the disk keeps still, another is taken all the same, and
    /// after the commit the first is, too.
    @Test(arguments: [true, false]) func aFloodOfOneLeavesRoomForAnother(byCount: Bool) async throws {
        let temporary = try TemporaryDatabase()
        var limits = EventLog.Limits()
        limits.eventsPerCommit = 4
        if byCount { limits.waitingEvents = 64 } else { limits.waitingBytes = 64 * 100 }
        let log = try EventLog(
            connection: try temporary.database.openWriter(creating: true), limits: limits, measurements: Measurements())
        let blocker = try temporary.database.openWriter(creating: false)
        try blocker.execute("BEGIN IMMEDIATE")
        let receipts = Collector<EventID>()
        func append(_ integration: IntegrationID) throws {
            try log.append(Self.event(.trigger, integration, bytes: 100)) { result in
                if case .success(let id) = result { receipts.add(id) }
            }
        }
        var taken = 0
        var refusal: AppendError?
        while refusal == nil {
            do {
                try append(1)
                taken += 1
            } catch {
                refusal = error as? AppendError
            }
        }
        guard case .overShare = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        // The writer has taken some away, which wait for the lock.
        #expect((32...36).contains(taken))
        for _ in 0..<8 { try append(2) }
        try blocker.execute("COMMIT")
        #expect(await receipts.collected(taken + 8).count == taken + 8)
        try append(1)
        _ = await receipts.collected(taken + 9)
        log.close()
    }
}
