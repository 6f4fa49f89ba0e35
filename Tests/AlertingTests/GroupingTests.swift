import Alerting
import Testing

/// Alerts of a service become one incident by a rule (rest-api.md section 6.5, `alert_grouping_parameters`).
@Suite struct GroupingTests {
    private func grouped(_ grouping: AlertGrouping) -> FoldRecorder {
        var fold = FoldRecorder.withIntegration(hasTimeouts: false)
        set(grouping, &fold)
        return fold
    }

    private func set(_ grouping: AlertGrouping?, _ fold: inout FoldRecorder) {
        var update = ServiceUpdate()
        update.alertGrouping = grouping.map { .on($0) } ?? .off
        fold.perform(.updateService(fold.service, update))
    }

    @discardableResult
    private func trigger(
        _ key: String, component: String? = nil, group: String? = nil, severity: Severity = .critical,
        at moment: Timestamp? = nil, _ fold: inout FoldRecorder
    ) -> Outcome {
        let event = fold.makeEvent(.trigger, key, severity: severity) {
            $0.component = component
            $0.group = group
        }
        return fold.apply(.alert(event), at: moment)
    }

    @Test func equalFieldsMeetInOneIncident() throws {
        var fold = grouped(.contentBased(fields: [.component], aggregate: .all, timeWindow: nil))
        #expect(trigger("a", component: "db", &fold) == .opened(fold.lastID, fold.lastID))
        let first = fold.lastID
        #expect(trigger("b", component: "db", severity: .info, &fold) == .grouped(fold.lastID, first))
        let second = fold.lastID
        #expect(fold.writtenKinds == [.trigger])
        #expect(trigger("c", component: "web", &fold) == .opened(fold.lastID, fold.lastID))
        let incident = try #require(fold.state.incidents[first])
        #expect(incident.alertCount == 2 && incident.openAlertCount == 2 && incident.openHighUrgencyCount == 1)
        #expect(fold.state.alerts[second]?.incidentID == first)
        // The incident resolves with its last alert, and takes no more.
        #expect(fold.send(.resolve, "a") == .alertResolved(first, first))
        #expect(fold.state.incidents[first]?.urgency == .low)
        #expect(fold.send(.resolve, "b") == .resolved(second, first))
        #expect(trigger("d", component: "db", &fold) == .opened(fold.lastID, fold.lastID))
    }

    @Test func aRepeatOfAGroupedAlertIsDeduplicated() {
        var fold = grouped(.time(timeWindow: nil))
        trigger("a", &fold)
        let first = fold.lastID
        trigger("b", &fold)
        let second = fold.lastID
        #expect(trigger("b", &fold) == .deduplicated(second, first))
        #expect(fold.state.incidents[first]?.alertCount == 2)
    }

    @Test func joiningKeepsTheStatusAndRaisesTheUrgency() {
        var fold = grouped(.time(timeWindow: nil))
        trigger("a", severity: .warning, &fold)
        let first = fold.lastID
        fold.send(.acknowledge, "a")
        fold.update(IncidentUpdate(incidentID: first, urgency: .low))
        #expect(trigger("b", severity: .error, &fold) == .grouped(fold.lastID, first))
        #expect(fold.writtenKinds == [.trigger, .urgencyChange])
        #expect(fold.state.incidents[first]?.status == .acknowledged)
        #expect(fold.state.incidents[first]?.urgency == .high)
    }

    @Test func missingValuesAreEqualUnlessAllAreMissing() {
        var fold = grouped(.contentBased(fields: [.component, .group], aggregate: .all, timeWindow: nil))
        trigger("a", component: "db", &fold)
        let first = fold.lastID
        #expect(trigger("b", component: "db", &fold) == .grouped(fold.lastID, first))
        #expect(trigger("c", component: "db", group: "", &fold) == .opened(fold.lastID, fold.lastID))
        #expect(trigger("d", group: "db", &fold) == .opened(fold.lastID, fold.lastID))
        for key in ["e", "f"] { #expect(trigger(key, &fold) == .opened(fold.lastID, fold.lastID)) }
    }

    @Test func valuesAreComparedByTheirBytesAndNotAcrossFields() {
        var fold = grouped(.contentBased(fields: [.component, .group], aggregate: .all, timeWindow: nil))
        for (component, group) in [
            ("caf\u{E9}", "x"), ("cafe\u{301}", "x"), ("caf\u{E9} group=1:x", "x"), ("caf\u{E9}", "x "),
            ("x", "caf\u{E9}"),
        ] {
            #expect(trigger("\(component)/\(group)", component: component, group: group, &fold).name == "opened")
        }
    }

    @Test func anyFieldLeadsToTheOldestIncident() {
        var fold = grouped(.contentBased(fields: [.component, .group], aggregate: .any, timeWindow: nil))
        trigger("a", component: "db", group: "east", &fold)
        let first = fold.lastID
        trigger("b", component: "web", group: "west", &fold)
        let second = fold.lastID
        #expect(trigger("c", component: "web", group: "east", &fold) == .grouped(fold.lastID, first))
        #expect(trigger("d", component: "cache", group: "west", &fold) == .grouped(fold.lastID, second))
        #expect(trigger("e", component: "cache", group: "north", &fold) == .grouped(fold.lastID, second))
    }

    @Test func theWindowOfFieldsRollsOnWithEachAlert() {
        var fold = grouped(.contentBased(fields: [.component], aggregate: .all, timeWindow: 60))
        trigger("a", component: "db", &fold)
        let (first, start) = (fold.lastID, fold.now)
        #expect(trigger("b", component: "db", at: start.adding(seconds: 60), &fold) == .grouped(fold.lastID, first))
        #expect(trigger("c", component: "db", at: start.adding(seconds: 120), &fold) == .grouped(fold.lastID, first))
        let late = Timestamp(milliseconds: start.adding(seconds: 180).milliseconds + 1)
        #expect(trigger("d", component: "db", at: late, &fold) == .opened(fold.lastID, fold.lastID))
        let next = fold.lastID
        #expect(trigger("e", component: "db", at: late, &fold) == .grouped(fold.lastID, next))
    }

    @Test func theWindowOfTimeBeginsWithTheIncident() {
        var fold = grouped(.time(timeWindow: 60))
        trigger("a", &fold)
        let (first, start) = (fold.lastID, fold.now)
        #expect(trigger("b", at: start.adding(seconds: 60), &fold) == .grouped(fold.lastID, first))
        #expect(trigger("c", at: start.adding(seconds: 61), &fold) == .opened(fold.lastID, fold.lastID))
    }

    @Test func anIncidentThatWasResolvedTakesNoMoreEvenWhenReopened() {
        var fold = grouped(.time(timeWindow: nil))
        trigger("a", &fold)
        let first = fold.lastID
        fold.put(.resolved, on: first)
        fold.put(.triggered, on: first)
        #expect(trigger("b", &fold) == .opened(fold.lastID, fold.lastID))
    }

    @Test func aFullIncidentIsFollowedByAnother() {
        var fold = grouped(.time(timeWindow: nil))
        trigger("0", &fold)
        let first = fold.lastID
        for number in 1..<Incident.maximumAlertCount { trigger("\(number)", &fold) }
        #expect(fold.state.incidents[first]?.alertCount == Incident.maximumAlertCount)
        #expect(trigger("one more", &fold) == .opened(fold.lastID, fold.lastID))
        let second = fold.lastID
        #expect(trigger("and one", &fold) == .grouped(fold.lastID, second))
    }

    @Test func anotherRuleBeginsAnew() {
        var fold = grouped(.time(timeWindow: nil))
        trigger("a", &fold)
        let first = fold.lastID
        set(nil, &fold)
        #expect(trigger("b", &fold) == .opened(fold.lastID, fold.lastID))
        set(.time(timeWindow: nil), &fold)
        #expect(trigger("c", &fold) == .opened(fold.lastID, fold.lastID))
        #expect(fold.lastID != first)
    }

    @Test func servicesDoNotShareGroups() {
        var fold = grouped(.time(timeWindow: nil))
        trigger("a", &fold)
        let service = fold.createService("Bank")
        let integration = fold.createIntegration("Zabbix", of: service, key: "fedcba9876543210")
        #expect(fold.send(.trigger, "a", on: integration) == .opened(fold.lastID, fold.lastID))
    }
}
