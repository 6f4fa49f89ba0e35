import Alerting
import Testing

@testable import Pipeline

/// Events are handed to the worker without a gap and in order, or they are not: then it reads them.
@Suite struct RecentEventsTests {
    private func make(_ count: Int, bytes: Int = 10) -> [NewEvent] {
        (0..<count).map { event(String(repeating: "x", count: bytes) + "\($0)") }
    }

    private func ids(_ range: ClosedRange<EventID>) -> [EventID] { Array(range) }

    @Test func whatFollowsTheCursorIsTakenOnce() {
        var recent = RecentEvents()
        recent.add(make(3), from: 11)
        recent.add(make(2), from: 14)
        #expect(recent.take(after: 10, limit: 100).map(\.id) == ids(11...15))
        #expect(recent.take(after: 10, limit: 100).isEmpty)
        #expect(recent.take(after: 15, limit: 100).isEmpty)
        recent.add(make(1), from: 16)
        #expect(recent.take(after: 15, limit: 100).map(\.id) == [16])
    }

    @Test func aLimitLeavesTheRest() {
        var recent = RecentEvents()
        recent.add(make(5), from: 1)
        #expect(recent.take(after: 0, limit: 2).map(\.id) == [1, 2])
        #expect(recent.take(after: 2, limit: 2).map(\.id) == [3, 4])
        #expect(recent.take(after: 4, limit: 2).map(\.id) == [5])
    }

    @Test func whatWasAppliedMeanwhileIsLeftOut() {
        var recent = RecentEvents()
        recent.add(make(5), from: 1)
        #expect(recent.take(after: 3, limit: 10).map(\.id) == [4, 5])
        recent.add(make(2), from: 6)
        #expect(recent.take(after: 7, limit: 10).isEmpty)
        #expect(recent.take(after: 5, limit: 10).isEmpty)
    }

    /// The worker is behind what is kept: it has to read what lies between.
    @Test func nothingIsTakenAcrossAGap() {
        var recent = RecentEvents()
        recent.add(make(2), from: 5)
        #expect(recent.take(after: 2, limit: 10).isEmpty)
        #expect(recent.take(after: 4, limit: 10).map(\.id) == [5, 6])
        recent.add(make(2), from: 7)
        // Another process has appended 9 and 10.
        recent.add(make(2), from: 11)
        #expect(recent.take(after: 6, limit: 10).isEmpty)
        #expect(recent.take(after: 10, limit: 10).map(\.id) == [11, 12])
    }

    @Test func theyAreBoundedByCountAndBytes() {
        var recent = RecentEvents()
        recent.add(make(RecentEvents.maximumCount), from: 1)
        recent.add(make(1), from: EventID(RecentEvents.maximumCount + 1))
        #expect(recent.take(after: 0, limit: 10).isEmpty)
        #expect(recent.take(after: EventID(RecentEvents.maximumCount), limit: 10).count == 1)
        recent.add(make(RecentEvents.maximumCount + 1), from: 5000)
        #expect(recent.take(after: 4999, limit: 10).isEmpty)
        recent.add(make(3, bytes: RecentEvents.maximumBytes / 2), from: 9000)
        #expect(recent.take(after: 8999, limit: 10).isEmpty)
        recent.add(make(1, bytes: RecentEvents.maximumBytes / 2), from: 9003)
        recent.add(make(1, bytes: RecentEvents.maximumBytes / 2), from: 9004)
        #expect(recent.take(after: 9002, limit: 10).isEmpty)
        #expect(recent.take(after: 9003, limit: 10).map(\.id) == [9004])
    }

    @Test func theyAreTheEventsThatWereCommitted() throws {
        var recent = RecentEvents()
        let events = make(4)
        recent.add(events, from: 1)
        let taken = recent.take(after: 0, limit: 4)
        #expect(taken.map(\.content) == events.map(\.content))
        #expect(taken.map(\.receivedAt) == events.map(\.receivedAt))
    }
}
