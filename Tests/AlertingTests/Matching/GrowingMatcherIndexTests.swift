import Testing

@testable import Alerting

/// Matcher sets that come and go: the answers are those of an index built at once, and the work does not grow with the
/// square of their number.
struct GrowingMatcherIndexTests {
    private static func entry(_ id: Int64, _ matcher: String) throws -> GrowingMatcherIndex.Entry {
        (id, id % 3 == 0 ? 1 : nil, try MatcherSet(LabelMatcher.parse(matcher)))
    }

    private static func alerts() -> [Alert] {
        var fold = FoldRecorder.withIntegration(hasTimeouts: false)
        for number in 0..<12 {
            fold.apply(
                .alert(
                    AlertEvent(
                        version: .v2, action: .trigger, integrationID: fold.integration,
                        dedupKey: DedupKey("key \(number)"), data: AlertData(), attachments: [], contentDigest: 0)))
        }
        return Array(fold.state.alerts.values)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>) func theAnswersAreThoseOfAnIndexBuiltAtOnce(seed: UInt64) throws {
        var generator = RandomRuleTests.Generator(state: seed)
        var entries: [Int64: GrowingMatcherIndex.Entry] = [:]
        var index = GrowingMatcherIndex([])
        let alerts = Self.alerts()
        for step in 0..<400 {
            let id = Int64.random(in: 0..<60, using: &generator)
            if entries[id] != nil {
                entries[id] = nil
                index.remove(id)
            } else {
                let matchers = [
                    "dedup_key=\"key \(id % 12)\"", "severity=~\"crit.*\"", "dedup_key=~\"key [0-\(id % 10)]\"",
                ]
                let entry = try Self.entry(id, matchers[Int(id + Int64(step)) % 3])
                entries[id] = entry
                index.insert(entry)
            }
            let whole = ServiceMatcherIndex(Array(entries.values))
            #expect(index.count == entries.count)
            for alert in alerts { #expect(index.matching(alert) == whole.matching(alert)) }
        }
    }

    /// Ten times the sets may cost ten times the work and a little, not a hundred times.
    @Test func theWorkGrowsWithTheNumberOfSets() throws {
        func work(_ count: Int64) throws -> Int {
            var index = GrowingMatcherIndex([])
            for id in 0..<count { index.insert(try Self.entry(id, "dedup_key=a\(id)")) }
            for id in 0..<count { index.remove(id) }
            return index.indexedCount
        }
        let (few, many) = (try work(500), try work(5000))
        #expect(many < 20 * few && many < 5000 * 30, "\(few) and \(many)")
    }

    @Test func theSilencesOfALogAreIndexedAFewTimesEach() throws {
        var fold = FoldRecorder.withIntegration(hasTimeouts: false)
        for number in 0..<1000 { _ = try fold.silence("dedup_key=a\(number)") }
        #expect(fold.state.silences.indexedCount < 1000 * 25)
        #expect(fold.state.silences.all.count == 1000)
    }

    @Test func aTableInShardsIsADictionary() {
        var generator = RandomRuleTests.Generator(state: 7)
        var table = ShardedTable<Int>()
        var expected: [Int64: Int] = [:]
        for step in 0..<2000 {
            let key = Int64.random(in: -100...100, using: &generator) * 512
            let value = step % 3 == 0 ? nil : step
            let before = table
            table[key] = value
            #expect(before[key] == expected[key])
            expected[key] = value
            #expect(table[key] == value && table.count == expected.count)
        }
        #expect(table.values.sorted() == expected.values.sorted())
    }
}
