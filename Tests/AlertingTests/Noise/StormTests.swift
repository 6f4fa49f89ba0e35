import Testing

@testable import Alerting

/// Storm mode in the fold alone: what counts, and where its limits are (docs/noise.md).
@Suite struct StormTests {
    private static func fold(_ detection: StormDetection) -> FoldRecorder {
        var fold = FoldRecorder.withIntegration(hasTimeouts: false)
        var update = ServiceUpdate()
        update.stormDetection = .on(detection)
        #expect(fold.perform(.updateService(fold.service, update)) == .applied(nil))
        return fold
    }

    /// Sends a trigger of a new key, so many seconds after the last event.
    @discardableResult
    private func trigger(_ fold: inout FoldRecorder, _ key: Int, after seconds: Int64 = 0) -> Outcome {
        fold.apply(.alert(fold.makeEvent(.trigger, "key-\(key)")), at: fold.now.adding(seconds: seconds))
    }

    private func isOpened(_ outcome: Outcome) -> Bool {
        if case .opened = outcome { true } else { false }
    }

    @Test(arguments: [
        // Threshold, seconds between two triggers, how many incidents ten alerts are: the one that is too many takes the
        // rest.
        (Int64(2), Int64(0), 3), (2, 10, 3), (2, 29, 3), (2, 30, 10), (2, 60, 10), (9, 0, 10), (10, 0, 10), (5, 10, 6),
        (5, 12, 10),
    ])
    func whatIsAboveTheThresholdWithinAMinuteIsTooMany(threshold: Int64, gap: Int64, incidents: Int) {
        var fold = Self.fold(StormDetection(thresholds: [threshold], quiet: 86_400))
        for key in 1...10 { trigger(&fold, key, after: gap) }
        #expect(fold.state.incidents.count == incidents)
    }

    @Test func everyLevelIsToldOnceThoughItIsPassedAgain() {
        var fold = Self.fold(StormDetection(thresholds: [2, 4], quiet: 600))
        var told: [Int] = []
        for key in 1...20 {
            trigger(&fold, key, after: key == 11 ? 120 : 0)
            if fold.writtenKinds.contains(.annotate) { told.append(key) }
        }
        #expect(told == [3, 5])
        #expect(fold.state.incidents.count == 3)
    }

    @Test func aRepeatedTriggerIsNoNewIncident() {
        var fold = Self.fold(StormDetection(thresholds: [2], quiet: 600))
        for _ in 1...10 { trigger(&fold, 1) }
        #expect(isOpened(trigger(&fold, 2)))
        #expect(fold.state.incidents.values.allSatisfy { $0.storm == nil })
    }

    @Test func aGroupTakesItsAlertsAlsoInAStorm() throws {
        var fold = Self.fold(StormDetection(thresholds: [2], quiet: 600))
        var update = ServiceUpdate()
        update.alertGrouping = .on(.contentBased(fields: [.source], aggregate: .all, timeWindow: nil))
        fold.perform(.updateService(fold.service, update))
        var first: [EventID] = []
        for source in ["a", "b", "c"] {
            fold.send(.trigger, "first of \(source)") { $0.source = source }
            first.append(fold.lastID)
        }
        #expect(fold.state.incidents[first[2]]?.storm != nil)
        #expect(fold.send(.trigger, "again") { $0.source = "a" } == .grouped(fold.lastID, first[0]))
        #expect(fold.send(.trigger, "other") { $0.source = "d" } == .grouped(fold.lastID, first[2], .storm))
    }

    @Test func afterAFullOneTheNextBeginsAtOnce() throws {
        var fold = Self.fold(StormDetection(thresholds: [2], quiet: 600))
        let count = Int(Storm.maximumAlertCount)
        for key in 1...(count + 2) { trigger(&fold, key) }
        let full = try #require(fold.state.incidents.values.first { $0.storm != nil })
        #expect(full.alertCount == Storm.maximumAlertCount && fold.state.incidents.count == 3)
        #expect(isOpened(trigger(&fold, count + 3)))
        let next = try #require(fold.state.incidents[fold.lastID])
        #expect(next.storm?.level == 1 && fold.state.changes.stormLinks.map(\.earlier) == [full.id])
        #expect(trigger(&fold, count + 4) == .grouped(fold.lastID, next.id, .storm))
    }

    @Test func aClockThatWasSetBackCountsAnewAndLosesNothing() throws {
        var fold = Self.fold(StormDetection(thresholds: [2, 6], quiet: 600))
        for key in 1...5 { trigger(&fold, key) }
        for key in 6...10 { trigger(&fold, key, after: key == 6 ? -3600 : 0) }
        let storm = try #require(fold.state.incidents.values.compactMap(\.storm).first)
        #expect(fold.state.incidents.count == 3 && storm.count == 5 && storm.level == 1)
        #expect(storm.until == fold.now.adding(seconds: 600))
    }

    /// The gateway was down when it should have been over: an alert that comes before the timer calls.
    @Test func whatComesAfterItsEndDoesNotJoinItThoughTheTimerIsLate() throws {
        var fold = Self.fold(StormDetection(thresholds: [2], quiet: 600))
        for key in 1...4 { trigger(&fold, key) }
        #expect(trigger(&fold, 5, after: 599) == .grouped(fold.lastID, 6, .storm))
        #expect(isOpened(trigger(&fold, 6, after: 1)))
    }

    @Test func otherSettingsOfTheServiceLeaveItAlone() {
        var fold = Self.fold(StormDetection(thresholds: [2], quiet: 600))
        for key in 1...4 { trigger(&fold, key) }
        var update = ServiceUpdate()
        update.flapDetection = .on(FlapDetection())
        update.alertGrouping = .on(.contentBased(fields: [.component], aggregate: .all, timeWindow: nil))
        fold.perform(.updateService(fold.service, update))
        #expect(trigger(&fold, 5) == .grouped(fold.lastID, 6, .storm))
        update = ServiceUpdate()
        update.stormDetection = .off
        fold.perform(.updateService(fold.service, update))
        #expect(isOpened(trigger(&fold, 6)))
    }

    @Test(arguments: [
        StormDetection(thresholds: []), StormDetection(thresholds: [1]), StormDetection(thresholds: [1001]),
        StormDetection(thresholds: [5, 5]), StormDetection(thresholds: [2, 3, 4, 5, 6, 7]),
        StormDetection(thresholds: [2], quiet: 59),
    ])
    func whatTheLogHoldsButMayNotBeIsNone(detection: StormDetection) {
        let fold = Self.fold(StormDetection())
        var other = fold
        var update = ServiceUpdate()
        update.stormDetection = .on(detection)
        other.perform(.updateService(other.service, update))
        #expect(other.state.services[other.service]?.stormDetection == nil)
    }
}
