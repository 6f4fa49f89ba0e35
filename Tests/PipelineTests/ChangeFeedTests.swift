import Alerting
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// Subscribers learn which incidents each commit changed, and never delay the worker.
@Suite(.timeLimit(.minutes(5))) struct ChangeFeedTests {
    private let notices = Collector<Int>()

    @Test func whatChangesIsPublishedAfterItIsCommitted() async throws {
        let temporary = try TemporaryDatabase()
        let pipeline = try Pipeline.open(temporary.database)
        let integration = try await pipeline.makeIntegration()
        let (notices, continuation) = AsyncStream.makeStream(of: Void.self)
        let subscription = pipeline.changes.subscribe { continuation.yield() }
        var notice = notices.makeAsyncIterator()
        func change(_ event: NewEvent) async throws -> (EventID, ChangeFeed.Changes?) {
            let id = try await pipeline.log.take(event)
            await notice.next()
            return (id, subscription.take())
        }
        let (first, opened) = try await change(EventMaker.event(.trigger, "a", integration: integration))
        #expect(opened == .init(applied: first, incidents: [first], isOverrun: false))
        #expect(subscription.take() == nil)
        // A repeat, an acknowledgement, a note and a recovery all concern the same incident.
        let (second, repeated) = try await change(EventMaker.event(.trigger, "a", integration: integration))
        #expect(repeated == .init(applied: second, incidents: [first], isOverrun: false))
        let (third, acknowledged) = try await change(EventMaker.event(.acknowledge, "a", integration: integration))
        #expect(acknowledged == .init(applied: third, incidents: [first], isOverrun: false))
        let noted = try await pipeline.carryOut(.addNote(first, content: "on it")).id
        await notice.next()
        #expect(subscription.take() == .init(applied: noted, incidents: [first], isOverrun: false))
        // What is published can be read.
        let (_, resolved) = try await change(EventMaker.event(.resolve, "a", integration: integration))
        #expect(resolved?.incidents == [first])
        let reader = try temporary.database.openReader()
        #expect(try reader.first("SELECT status FROM incidents") { $0.text(0) } == "resolved")
        reader.close()
        // An event that changes no incident moves the position all the same.
        let (last, dropped) = try await change(EventMaker.event(.resolve, "unknown", integration: integration))
        #expect(dropped == .init(applied: last, incidents: [], isOverrun: false))
        subscription.end()
        await pipeline.stop()
    }

    @Test func aSlowSubscriberIsNotifiedOnceAndGetsMergedChanges() {
        let feed = ChangeFeed()
        let subscription = feed.subscribe { [notices] in notices.add(1) }
        feed.publish(applied: 1, incidents: [1])
        feed.publish(applied: 2, incidents: [2])
        feed.publish(applied: 3, incidents: [1])
        #expect(notices.values.count == 1)
        #expect(subscription.take() == .init(applied: 3, incidents: [1, 2], isOverrun: false))
        feed.publish(applied: 4, incidents: [4])
        #expect(notices.values.count == 2)
        #expect(subscription.take() == .init(applied: 4, incidents: [4], isOverrun: false))
    }

    @Test func beyondItsBoundASubscriberIsToldThatItMissedSome() {
        let feed = ChangeFeed()
        let subscription = feed.subscribe(bound: 3) {}
        let other = feed.subscribe {}
        feed.publish(applied: 3, incidents: [1, 2, 3])
        feed.publish(applied: 4, incidents: [4])
        feed.publish(applied: 5, incidents: [5])
        #expect(subscription.take() == .init(applied: 5, incidents: [], isOverrun: true))
        #expect(other.take() == .init(applied: 5, incidents: [1, 2, 3, 4, 5], isOverrun: false))
        feed.publish(applied: 6, incidents: [6])
        #expect(subscription.take() == .init(applied: 6, incidents: [6], isOverrun: false))
    }

    @Test func withoutSubscribersNothingIsComputed() {
        let feed = ChangeFeed()
        var computed = 0
        func incidents() -> Set<IncidentID> {
            computed += 1
            return [1]
        }
        feed.publish(applied: 1, incidents: incidents())
        #expect(computed == 0)
        do {
            let subscription = feed.subscribe {}
            feed.publish(applied: 2, incidents: incidents())
            #expect(subscription.take() != nil)
        }
        // One that was released is unsubscribed, and so is one that ended.
        feed.publish(applied: 3, incidents: incidents())
        let ended = feed.subscribe { [notices] in notices.add(1) }
        ended.end()
        ended.end()
        feed.publish(applied: 4, incidents: incidents())
        #expect(computed == 1)
        #expect(ended.take() == nil && notices.values.count == 0)
    }
}
