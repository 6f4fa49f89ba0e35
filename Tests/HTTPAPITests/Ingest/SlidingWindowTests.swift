import Alerting
import Testing

@testable import HTTPAPI

@Suite struct SlidingWindowTests {
    /// A window that the testing macros may ask, which take no mutating calls.
    private final class Counter {
        private var window: SlidingWindow

        init(at now: Timestamp) { window = SlidingWindow(at: now) }

        func count(at now: Timestamp) { window.count(at: now) }
        func lastMinute(at now: Timestamp) -> Int { window.lastMinute(at: now) }
        func thisSecond(at now: Timestamp) -> Int { window.thisSecond(at: now) }
        func isEmpty(at now: Timestamp) -> Bool { window.isEmpty(at: now) }
    }

    private func at(_ milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: 1_700_000_000_000 + milliseconds)
    }

    @Test func whatIsCountedStaysForAMinute() {
        let window = Counter(at: at(0))
        window.count(at: at(0))
        #expect(window.lastMinute(at: at(0)) == 1)
        #expect(window.lastMinute(at: at(59_999)) == 1)
        #expect(window.lastMinute(at: at(60_000)) == 0)
        #expect(window.isEmpty(at: at(60_000)))
    }

    @Test func theWindowSlidesRatherThanStartingAnewEachMinute() {
        let window = Counter(at: at(0))
        for second in 0..<60 { window.count(at: at(Int64(second) * 1000)) }
        for second in 60..<90 {
            #expect(window.lastMinute(at: at(Int64(second) * 1000)) == 119 - second)
        }
    }

    @Test func aSecondIsOverWhenTheNextBegins() {
        let window = Counter(at: at(0))
        for millisecond: Int64 in [0, 500, 999] { window.count(at: at(millisecond)) }
        #expect(window.thisSecond(at: at(999)) == 3)
        #expect(window.thisSecond(at: at(1000)) == 0)
        #expect(window.lastMinute(at: at(1000)) == 3)
    }

    @Test(arguments: [60, 61, 119, 120, 3600, 86_400 * 365])
    func aLongPauseForgetsEverything(seconds: Int64) {
        let window = Counter(at: at(0))
        for second in 0..<60 { window.count(at: at(Int64(second) * 1000)) }
        #expect(window.lastMinute(at: at(59_000 + seconds * 1000)) == 0)
    }

    @Test func aPauseLeavesNoCountOfAnEarlierRoundBehind() {
        let window = Counter(at: at(0))
        window.count(at: at(10_000))
        #expect(window.lastMinute(at: at(69_000)) == 1)
        window.count(at: at(70_000))
        #expect(window.lastMinute(at: at(70_000)) == 1)
        #expect(window.thisSecond(at: at(70_000)) == 1)
    }

    @Test func aClockSetBackLocksNobodyOut() {
        let window = Counter(at: at(3_600_000))
        for _ in 0..<5 { window.count(at: at(3_600_000)) }
        #expect(window.lastMinute(at: at(0)) == 0)
        window.count(at: at(0))
        #expect(window.lastMinute(at: at(59_000)) == 1)
        #expect(window.lastMinute(at: at(60_000)) == 0)
    }

    @Test func aClockBefore1970Counts() {
        let window = Counter(at: Timestamp(milliseconds: -30_000))
        window.count(at: Timestamp(milliseconds: -30_000))
        #expect(window.lastMinute(at: Timestamp(milliseconds: 29_000)) == 1)
        #expect(window.lastMinute(at: Timestamp(milliseconds: 31_000)) == 0)
    }
}
