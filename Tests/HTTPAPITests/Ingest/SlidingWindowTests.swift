import Alerting
import Testing

@testable import HTTPAPI

@Suite struct SlidingWindowTests {
    /// A window that the testing macros may ask, which take no mutating calls.
    private final class Counter {
        private var window: SlidingWindow

        init(seconds: Int64 = 60) { window = SlidingWindow(seconds: seconds) }

        func add(at now: Timestamp) { window.add(at: now) }
        func count(at now: Timestamp) -> Int { window.count(at: now) }
        func nextExpiry(at now: Timestamp) -> Timestamp? { window.nextExpiry(at: now) }
    }

    private func at(_ milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: 1_700_000_000_000 + milliseconds)
    }

    @Test(arguments: [0, 1, 500, 999]) func whatIsCountedStaysForAMinute(start: Int64) {
        let window = Counter()
        window.add(at: at(start))
        #expect(window.count(at: at(start)) == 1)
        #expect(window.count(at: at(start + 59_999)) == 1)
        #expect(window.count(at: at(start + 60_000)) == 0)
    }

    @Test func theWindowSlidesRatherThanStartingAnewEachMinute() {
        let window = Counter()
        for second in 0..<60 { window.add(at: at(Int64(second) * 1000)) }
        for second in 60..<90 {
            #expect(window.count(at: at(Int64(second) * 1000)) == 119 - second)
        }
    }

    /// Any second, not the calendar's.
    @Test(arguments: [0, 250, 990, 999]) func aSecondIsOverWhenAThousandMillisecondsAre(start: Int64) {
        let window = Counter(seconds: 1)
        for millisecond: Int64 in [0, 5, 500] { window.add(at: at(start + millisecond)) }
        #expect(window.count(at: at(start + 999)) == 3)
        #expect(window.count(at: at(start + 1000)) == 2)
        #expect(window.count(at: at(start + 1004)) == 2)
        #expect(window.count(at: at(start + 1005)) == 1)
        #expect(window.count(at: at(start + 1500)) == 0)
    }

    @Test(arguments: [60, 61, 119, 120, 3600, 86_400 * 365])
    func aLongPauseForgetsEverything(seconds: Int64) {
        let window = Counter()
        for second in 0..<60 { window.add(at: at(Int64(second) * 1000)) }
        #expect(window.count(at: at(59_000 + seconds * 1000)) == 0)
    }

    @Test func aPauseLeavesNoCountOfAnEarlierRoundBehind() {
        let window = Counter()
        window.add(at: at(10_000))
        #expect(window.count(at: at(69_000)) == 1)
        window.add(at: at(70_000))
        #expect(window.count(at: at(70_000)) == 1)
    }

    @Test func aClockSetBackLocksNobodyOut() {
        let window = Counter()
        for _ in 0..<5 { window.add(at: at(3_600_000)) }
        #expect(window.count(at: at(0)) == 0)
        window.add(at: at(0))
        #expect(window.count(at: at(59_000)) == 1)
        #expect(window.count(at: at(60_000)) == 0)
    }

    /// Two loops read the clock, and the second to count was the first to look.
    @Test func aRequestThatComesLateForgetsNothing() {
        let window = Counter(seconds: 1)
        window.add(at: at(5000))
        window.add(at: at(4990))
        #expect(window.count(at: at(4990)) == 2)
        #expect(window.count(at: at(5999)) == 2)
        #expect(window.count(at: at(6000)) == 0)
    }

    @Test func aClockBefore1970Counts() {
        let window = Counter()
        window.add(at: Timestamp(milliseconds: -30_000))
        #expect(window.count(at: Timestamp(milliseconds: 29_999)) == 1)
        #expect(window.count(at: Timestamp(milliseconds: 30_000)) == 0)
    }

    @Test func theOldestMakesRoomFirst() {
        let window = Counter()
        #expect(window.nextExpiry(at: at(0)) == nil)
        window.add(at: at(100))
        window.add(at: at(30_000))
        #expect(window.nextExpiry(at: at(40_000)) == at(60_100))
        #expect(window.nextExpiry(at: at(60_100)) == at(90_000))
        #expect(window.nextExpiry(at: at(90_000)) == nil)
    }

    /// A flood of a minute is kept in bounded memory: then some count a few milliseconds longer, and none shorter.
    @Test func aFloodIsCountedInWhole() {
        let window = Counter()
        for millisecond in 0..<60_000 { window.add(at: at(Int64(millisecond))) }
        #expect(window.count(at: at(59_999)) == 60_000)
        for second: Int64 in 60..<120 {
            let exact = 119_999 - Int(second) * 1000
            #expect((exact...exact + 31).contains(window.count(at: at(second * 1000))), "\(second)")
        }
        #expect(window.count(at: at(119_999)) == 0)
    }
}
