import Alerting
import Testing

/// rest-api.md section 5.3 beyond the table of states.
@Suite struct IncidentUpdateTests {
    private static func withIncidents(_ keys: String...) -> (FoldRecorder, [IncidentID]) {
        var fold = FoldRecorder.withIntegration()
        let ids = keys.map { key in
            fold.send(.trigger, key)
            return fold.lastID
        }
        return (fold, ids)
    }

    @Test func bulkIsAllOrNothing() {
        var (fold, ids) = Self.withIncidents("a", "b", "c")
        fold.put(.resolved, on: ids[2])
        let before = fold.state
        let outcome = fold.update(
            IncidentUpdate(incidentID: ids[0], status: .acknowledged, title: "changed", urgency: .low),
            IncidentUpdate(incidentID: ids[1], status: .resolved),
            IncidentUpdate(incidentID: ids[2], status: .acknowledged))
        #expect(outcome == .refused(.incidentResolved, subject: ids[2]))
        #expect(fold.state.incidents == before.incidents && fold.state.alerts == before.alerts)
        #expect(fold.written.isEmpty)
        #expect(fold.state.changes.updatedIncidents.isEmpty && fold.state.changes.updatedAlerts.isEmpty)
        #expect(
            fold.update(
                IncidentUpdate(incidentID: ids[0], status: .resolved),
                IncidentUpdate(incidentID: 999, status: .resolved))
                == .refused(.unknownIncident, subject: 999))
        #expect(fold.state.incidents == before.incidents)
    }

    @Test func bulkAppliesEachElement() throws {
        var (fold, ids) = Self.withIncidents("a", "b", "c")
        #expect(
            fold.update(
                IncidentUpdate(incidentID: ids[2], status: .resolved, resolution: "restarted"),
                IncidentUpdate(incidentID: ids[0], status: .acknowledged),
                IncidentUpdate(incidentID: ids[1], title: "renamed")) == .applied(nil))
        #expect(ids.map { fold.state.incidents[$0]?.status } == [.acknowledged, .triggered, .resolved])
        #expect(fold.state.incidents[ids[1]]?.title == "renamed")
        #expect(fold.written.map(\.incidentID) == [ids[2], ids[0], ids[1]])
        #expect(fold.written.map(\.note) == ["restarted", nil, nil])
        #expect(fold.written.map(\.title) == [nil, nil, "renamed"])
    }

    @Test func aWholeBulkOfTwoHundredAndFiftyFits() {
        var fold = FoldRecorder.withIntegration()
        let ids = (0..<250).map { number in
            fold.send(.trigger, "key \(number)")
            return fold.lastID
        }
        let updates = ids.map { IncidentUpdate(incidentID: $0, status: .acknowledged, title: "t", urgency: .low) }
        #expect(fold.perform(.updateIncidents(updates)) == .applied(nil))
        #expect(fold.written.count == 750)
        #expect(Set(fold.written.map(\.id)).count == 750)
        #expect(fold.written.allSatisfy { LogEntry.event(of: $0.id) == fold.lastID })
    }

    @Test func anEmptyBulkChangesNothing() {
        var (fold, _) = Self.withIncidents("a")
        #expect(fold.perform(.updateIncidents([])).name == "unchanged")
    }

    @Test func noChangeLeavesUpdatedAt() {
        var (fold, ids) = Self.withIncidents("a")
        fold.update(IncidentUpdate(incidentID: ids[0], title: "title", urgency: .low))
        let before = fold.state.incidents[ids[0]]
        #expect(
            fold.update(IncidentUpdate(incidentID: ids[0], status: .triggered, title: "title", urgency: .low))
                == .unchanged(ids[0]))
        #expect(fold.state.incidents[ids[0]] == before && fold.written.isEmpty)
    }

    @Test func titlesDifferByBytes() throws {
        var (fold, ids) = Self.withIncidents("a")
        fold.update(IncidentUpdate(incidentID: ids[0], title: "caf\u{E9}"))
        #expect(fold.update(IncidentUpdate(incidentID: ids[0], title: "cafe\u{301}")) == .applied(ids[0]))
        let title = try #require(fold.state.incidents[ids[0]]).title
        #expect(Array(title.utf8) == Array("cafe\u{301}".utf8))
    }

    @Test func reopeningBringsBackWhatTheFinalResolveClosed() throws {
        var prepared = Situation.several.prepare()
        let id = prepared.incident
        prepared.fold.send(.resolve, "memory")
        let memory = try #require(prepared.fold.state.alerts.values.first { $0.key.dedupKey == DedupKey("memory") })
        prepared.fold.put(.resolved, on: id)
        #expect(prepared.fold.put(.triggered, on: id) == .applied(id))
        let incident = try #require(prepared.fold.state.incidents[id])
        #expect(incident.openAlertCount == 1 && incident.alertCount == 2)
        #expect(prepared.fold.state.alerts[prepared.alert ?? 0]?.status == .triggered)
        #expect(prepared.fold.state.alerts[memory.id] == memory)
        #expect(prepared.fold.send(.trigger, digest: 9).name == "deduplicated")
    }

    @Test func reopeningBringsBackAllThatOneResolveClosed() throws {
        var prepared = Situation.several.prepare()
        prepared.fold.put(.resolved, on: prepared.incident)
        prepared.fold.put(.triggered, on: prepared.incident)
        #expect(prepared.fold.state.incidents[prepared.incident]?.openAlertCount == 2)
        try checkInvariants(prepared.fold.state)
    }

    @Test func anIncidentThatEventsResolvedReopensWithItsLastAlert() throws {
        var (fold, ids) = Self.withIncidents("a")
        fold.send(.resolve, "a")
        #expect(fold.put(.triggered, on: ids[0]) == .applied(ids[0]))
        #expect(fold.state.alerts[ids[0]]?.status == .triggered)
        let incident = try #require(fold.state.incidents[ids[0]])
        #expect(incident.status == .triggered && incident.resolvedAt == nil)
        #expect(incident.autoResolveAt == fold.now.adding(seconds: FoldRecorder.autoResolveTimeout))
        try checkInvariants(fold.state)
    }

    @Test func reopeningIsRefusedWhileTheKeyIsOpenElsewhere() throws {
        var (fold, ids) = Self.withIncidents("a")
        fold.put(.resolved, on: ids[0])
        fold.send(.trigger, "a")
        let newer = fold.lastID
        let before = fold.state.incidents
        #expect(fold.put(.triggered, on: ids[0]) == .refused(.alertOpenElsewhere, subject: ids[0]))
        #expect(fold.state.incidents == before && fold.written.isEmpty)
        fold.put(.resolved, on: newer)
        #expect(fold.put(.triggered, on: ids[0]) == .applied(ids[0]))
        #expect(fold.put(.triggered, on: newer) == .refused(.alertOpenElsewhere, subject: newer))
        try checkInvariants(fold.state)
    }

    @Test func oneBulkCannotReopenTwoIncidentsOfOneKey() throws {
        var (fold, ids) = Self.withIncidents("a")
        fold.send(.resolve, "a")
        fold.send(.trigger, "a")
        let second = fold.lastID
        fold.send(.resolve, "a")
        let outcome = fold.update(
            IncidentUpdate(incidentID: ids[0], status: .triggered),
            IncidentUpdate(incidentID: second, status: .triggered))
        #expect(outcome == .refused(.alertOpenElsewhere, subject: second))
        #expect(fold.state.incidents.values.allSatisfy { $0.status == .resolved })
        // Resolving the one and reopening the other in one request is fine.
        fold.put(.triggered, on: second)
        #expect(
            fold.update(
                IncidentUpdate(incidentID: second, status: .resolved),
                IncidentUpdate(incidentID: ids[0], status: .triggered)) == .applied(nil))
        try checkInvariants(fold.state)
    }

    @Test func eachUserHasOneAcknowledgement() throws {
        var (fold, ids) = Self.withIncidents("a")
        func acknowledge(_ requester: Action.Requester, _ fold: inout FoldRecorder) {
            fold.apply(
                .action(
                    Action(
                        requester: requester,
                        command: .updateIncidents([IncidentUpdate(incidentID: ids[0], status: .acknowledged)]))))
        }
        acknowledge(.user(7, name: "Ada"), &fold)
        acknowledge(.commandLine, &fold)
        let second = fold.now
        acknowledge(.user(7, name: "Ada"), &fold)
        let incident = try #require(fold.state.incidents[ids[0]])
        #expect(
            incident.acknowledgements == [
                Acknowledgement(at: second, agent: .commandLine),
                Acknowledgement(at: fold.now, agent: .user(7, name: "Ada")),
            ])
    }
}
