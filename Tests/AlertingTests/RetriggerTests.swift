import Alerting
import Testing

/// events-api.md section 9.1, row by row.
@Suite struct RetriggerTests {
    @Test func theWholeDataIsReplacedByTheNewestTriggers() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger) { $0.component = "old component" }
        let id = fold.lastID
        let data: (inout AlertData) -> Void = { data in
            data.summary = "disk fuller"
            data.source = "db2"
            data.component = "raid"
            data.group = "storage"
            data.class = "capacity"
            data.sentAt = Timestamp(milliseconds: 5)
            data.client = "Prometheus"
            data.clientURL = "https://prometheus.example/graph"
        }
        fold.send(.trigger, severity: .error, attachments: [.details, .links, .images], digest: 2, data)
        let alert = try #require(fold.state.alerts[id])
        var expected = AlertData()
        data(&expected)
        expected.severity = .error
        #expect(alert.data == expected)
        #expect(alert.detailsEventID == fold.lastID)
        #expect(alert.linksEventID == fold.lastID)
        #expect(alert.imagesEventID == fold.lastID)
    }

    @Test func whatTheNewestTriggerLacksIsCleared() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger, attachments: [.details, .links, .images]) { data in
            data.component = "raid"
            data.group = "storage"
            data.class = "capacity"
            data.sentAt = Timestamp(milliseconds: 5)
            data.client = "Prometheus"
            data.clientURL = "https://prometheus.example"
        }
        let id = fold.lastID
        fold.send(.trigger, digest: 2)
        let alert = try #require(fold.state.alerts[id])
        #expect(alert.data.component == nil && alert.data.group == nil && alert.data.class == nil)
        #expect(alert.data.sentAt == nil && alert.data.client == nil && alert.data.clientURL == nil)
        #expect(alert.detailsEventID == nil && alert.linksEventID == nil && alert.imagesEventID == nil)
    }

    @Test func theTitleStaysThatOfTheFirstTrigger() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        let id = fold.lastID
        fold.send(.trigger, digest: 2) { $0.summary = "disk fuller" }
        #expect(fold.state.incidents[id]?.title == "disk full")
        #expect(fold.state.alerts[id]?.data.summary == "disk fuller")
    }

    @Test(arguments: Severity.allCases, Severity.allCases)
    func severityIsTheNewestAndTheHighestIsKept(first: Severity, second: Severity) throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger, severity: first)
        let id = fold.lastID
        fold.send(.trigger, severity: second, digest: 2)
        let alert = try #require(fold.state.alerts[id])
        #expect(alert.severity == second && alert.data.severity == second)
        #expect(alert.highestSeverity == (first.rank > second.rank ? first : second))

        // events-api.md section 10: critical and error are high, warning and info low.
        func urgency(_ severity: Severity) -> Urgency { [.critical, .error].contains(severity) ? .high : .low }
        #expect(fold.state.incidents[id]?.urgency == urgency(second))
        let changes = fold.written.filter { $0.kind == .urgencyChange }
        #expect(changes.map(\.urgency) == (urgency(first) == urgency(second) ? [] : [urgency(second)]))
    }

    @Test func anAcknowledgedIncidentStaysSoWhenItsUrgencyRises() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger, severity: .info)
        let id = fold.lastID
        fold.send(.acknowledge)
        let acknowledged = try #require(fold.state.incidents[id])
        fold.send(.trigger, severity: .critical, digest: 2)
        let incident = try #require(fold.state.incidents[id])
        #expect(incident.status == .acknowledged && incident.urgency == .high)
        #expect(incident.acknowledgements == acknowledged.acknowledgements)
        #expect(incident.acknowledgementExpiresAt == acknowledged.acknowledgementExpiresAt)
    }

    @Test func anUrgencySetByHandStandsUntilTheSeverityChanges() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger, severity: .critical)
        let id = fold.lastID
        fold.update(IncidentUpdate(incidentID: id, urgency: .low))
        fold.send(.trigger, severity: .critical, digest: 2)
        #expect(fold.state.incidents[id]?.urgency == .low)
        fold.put(.acknowledged, on: id)
        fold.put(.triggered, on: id)
        #expect(fold.state.incidents[id]?.urgency == .low)
        fold.send(.trigger, severity: .error, digest: 3)
        #expect(fold.state.incidents[id]?.urgency == .high)
        #expect(fold.writtenKinds == [.trigger, .urgencyChange])
        fold.send(.trigger, severity: .error, digest: 4)
        #expect(fold.writtenKinds == [.trigger])
    }

    @Test func anUrgencySetByHandOutlastsTheResolveOfOneAlert() throws {
        var prepared = Situation.several.prepare()
        prepared.fold.send(.trigger, "memory", severity: .info, digest: 2)
        prepared.fold.update(IncidentUpdate(incidentID: prepared.incident, urgency: .low))
        prepared.fold.update(IncidentUpdate(incidentID: prepared.incident, urgency: .high))
        prepared.fold.send(.resolve)
        #expect(prepared.fold.state.incidents[prepared.incident]?.urgency == .high)
        #expect(prepared.fold.writtenKinds == [.resolve])
        prepared.fold.send(.trigger, "memory", severity: .warning, digest: 3)
        #expect(prepared.fold.state.incidents[prepared.incident]?.urgency == .low)
    }

    @Test func settingTheUrgencyThatIsThereAlreadyKeepsItAndChangesNothingElse() throws {
        var prepared = Situation.several.prepare()
        prepared.fold.send(.trigger, "memory", severity: .info, digest: 2)
        let before = try #require(prepared.fold.state.incidents[prepared.incident])
        prepared.fold.update(IncidentUpdate(incidentID: prepared.incident, urgency: before.urgency))
        #expect(prepared.fold.state.incidents[prepared.incident]?.updatedAt == before.updatedAt)
        #expect(prepared.fold.writtenKinds.isEmpty)
        prepared.fold.send(.resolve)
        #expect(prepared.fold.state.incidents[prepared.incident]?.urgency == before.urgency)
    }

    @Test func anUrgencySetByHandDoesNotPassToTheNextIncident() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        fold.update(IncidentUpdate(incidentID: fold.lastID, urgency: .low))
        fold.send(.resolve)
        fold.send(.trigger)
        #expect(fold.state.incidents[fold.lastID]?.urgency == .high)
    }

    @Test func aResolvedIncidentKeepsItsLastUrgency() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger, severity: .critical)
        let id = fold.lastID
        fold.send(.resolve)
        #expect(fold.state.incidents[id]?.urgency == .high)
        #expect(fold.writtenKinds == [.resolve])
    }

    @Test func urgencyFollowsTheGravestOfSeveralOpenAlerts() throws {
        var prepared = Situation.several.prepare()
        prepared.fold.send(.trigger, severity: .info, digest: 2)
        #expect(prepared.fold.state.incidents[prepared.incident]?.urgency == .high)
        prepared.fold.send(.trigger, "memory", severity: .warning, digest: 2)
        #expect(prepared.fold.state.incidents[prepared.incident]?.urgency == .low)
        #expect(prepared.fold.writtenKinds == [.trigger, .urgencyChange])
    }

    @Test func urgencyFallsWhenTheGravestOfSeveralAlertsResolves() throws {
        var prepared = Situation.several.prepare()
        prepared.fold.send(.trigger, "memory", severity: .info, digest: 2)
        prepared.fold.send(.resolve)
        let incident = try #require(prepared.fold.state.incidents[prepared.incident])
        #expect(incident.urgency == .low && incident.status == .triggered && incident.openAlertCount == 1)
        #expect(prepared.fold.writtenKinds == [.resolve, .urgencyChange])
        prepared.fold.send(.resolve, "memory")
        let resolved = try #require(prepared.fold.state.incidents[prepared.incident])
        #expect(resolved.status == .resolved && resolved.urgency == .low && resolved.alertCount == 2)
    }
}

/// events-api.md section 9.2.
@Suite struct RepeatTests {
    @Test func identicalRepeatsAreCountedIntoOneEntry() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        let id = fold.lastID
        let entry = try #require(fold.written.first).id
        for count in 1...5 {
            fold.send(.trigger) { $0.sentAt = Timestamp(milliseconds: Int64(count)) }
            #expect(fold.written.isEmpty)
            let repeats = try #require(fold.state.changes.repeats[entry])
            #expect(repeats.count == count && repeats.lastAt == fold.now)
        }
        let alert = try #require(fold.state.alerts[id])
        #expect(alert.triggerCount == 6 && alert.repeatCount == 5 && alert.updatedAt == fold.now)
        #expect(alert.data.sentAt == Timestamp(milliseconds: 5))
    }

    @Test func onlyConsecutiveTriggersOfOneContentAreRepeats() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger, digest: 1)
        let id = fold.lastID
        fold.send(.trigger, digest: 2)
        #expect(fold.writtenKinds == [.trigger])
        fold.send(.trigger, digest: 1)
        #expect(fold.writtenKinds == [.trigger])
        let entry = try #require(fold.written.first).id
        fold.send(.trigger, digest: 1)
        #expect(fold.written.isEmpty)
        #expect(fold.state.changes.repeats.keys.elementsEqual([entry]))
        let alert = try #require(fold.state.alerts[id])
        #expect(alert.triggerCount == 4 && alert.repeatCount == 1)
    }

    @Test func theNextAlertOfAKeyStartsItsOwnCount() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        fold.send(.trigger)
        fold.send(.resolve)
        fold.send(.trigger)
        #expect(fold.writtenKinds == [.trigger])
        #expect(fold.state.alerts[fold.lastID]?.triggerCount == 1)
    }

    @Test func aRepeatOfThousandsWritesNoFurtherEntry() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        let id = fold.lastID
        for _ in 0..<3000 {
            fold.send(.trigger)
            #expect(fold.written.isEmpty)
        }
        #expect(fold.state.alerts[id]?.repeatCount == 3000)
    }
}
