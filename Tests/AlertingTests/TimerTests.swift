import Alerting
import Testing

/// events-api.md section 9, "Timers".
@Suite struct TimerTests {
    @Test func withoutTimeoutsNothingIsSet() throws {
        var fold = FoldRecorder.withIntegration(hasTimeouts: false)
        fold.send(.trigger)
        let id = fold.lastID
        fold.send(.acknowledge)
        #expect(fold.written.first?.acknowledgementTimeout == 0)
        let incident = try #require(fold.state.incidents[id])
        #expect(TimerKind.allCases.allSatisfy { incident.timers[$0] == nil })
        for kind in TimerKind.allCases {
            #expect(fold.fire(kind, on: id, dueAt: fold.now.adding(seconds: 9999)) == .dropped(.timerSuperseded))
        }
    }

    @Test func aRenewedAcknowledgementSupersedesTheOldTimer() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        let id = fold.lastID
        fold.send(.acknowledge)
        let first = try #require(fold.state.incidents[id]?.acknowledgementExpiresAt)
        fold.send(.acknowledge)
        let second = try #require(fold.state.incidents[id]?.acknowledgementExpiresAt)
        #expect(second > first)
        #expect(fold.fire(.acknowledgementTimeout, on: id, dueAt: first) == .dropped(.timerSuperseded))
        #expect(fold.state.incidents[id]?.status == .acknowledged)
        #expect(fold.fire(.acknowledgementTimeout, on: id, dueAt: second) == .fired(id))
        #expect(fold.state.incidents[id]?.status == .triggered)
        #expect(fold.written.map(\.agent) == [.service(fold.service)])
        #expect(fold.fire(.acknowledgementTimeout, on: id, dueAt: second) == .dropped(.timerSuperseded))
    }

    @Test(arguments: [IncidentStatus.triggered, .resolved])
    func leavingTheAcknowledgedStateSupersedesItsTimer(status: IncidentStatus) throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        let id = fold.lastID
        fold.send(.acknowledge)
        let due = try #require(fold.state.incidents[id]?.acknowledgementExpiresAt)
        fold.put(status, on: id)
        #expect(fold.fire(.acknowledgementTimeout, on: id, dueAt: due) == .dropped(.timerSuperseded))
        #expect(fold.state.incidents[id]?.status == status)
    }

    @Test func autoResolveClosesEveryAlertAndIsByTheService() throws {
        var prepared = Situation.severalAcknowledged.prepare()
        let due = try #require(prepared.fold.state.incidents[prepared.incident]?.autoResolveAt)
        #expect(prepared.fold.fire(.autoResolve, on: prepared.incident, dueAt: due) == .fired(prepared.incident))
        let incident = try #require(prepared.fold.state.incidents[prepared.incident])
        #expect(incident.status == .resolved && incident.openAlertCount == 0)
        #expect(incident.lastStatusChangeBy == .service(prepared.fold.service))
        #expect(prepared.fold.state.alerts.values.allSatisfy { $0.status == .resolved })
        #expect(prepared.fold.writtenKinds == [.resolve])
    }

    @Test func aReopenedIncidentWaitsAnew() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        let id = fold.lastID
        let first = try #require(fold.state.incidents[id]?.autoResolveAt)
        fold.send(.resolve)
        fold.put(.triggered, on: id)
        #expect(fold.fire(.autoResolve, on: id, dueAt: first) == .dropped(.timerSuperseded))
        let second = try #require(fold.state.incidents[id]?.autoResolveAt)
        #expect(fold.fire(.autoResolve, on: id, dueAt: second) == .fired(id))
    }

    @Test func aTimerOfAnIncidentThatDoesNotExistIsDropped() {
        var fold = FoldRecorder.withIntegration()
        for kind in TimerKind.allCases {
            #expect(fold.fire(kind, on: 999, dueAt: fold.now) == .dropped(.timerSuperseded))
        }
    }

    @Test func aTimeoutBeyondTheEndOfTimeSaturates() throws {
        var fold = FoldRecorder()
        fold.perform(
            .createService(ServiceSettings(name: "S", acknowledgementTimeout: .max, autoResolveTimeout: .max)))
        let integration = fold.createIntegration("I", of: fold.lastID, key: "abcdefgh")
        fold.send(.trigger, on: integration)
        #expect(fold.state.incidents[fold.lastID]?.autoResolveAt == Timestamp(milliseconds: .max))
    }
}
