import Alerting
import Testing

/// events-api.md section 8.
@Suite struct DeduplicationTests {
    @Test(arguments: [
        (EventVersion.v1, EventVersion.v2), (.v2, .v1), (.v1, .v1), (.v2, .v2),
    ])
    func bothVersionsShareOneNamespace(first: EventVersion, second: EventVersion) {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger, version: first)
        let id = fold.lastID
        #expect(fold.send(.trigger, version: second, digest: 2) == .deduplicated(id, id))
        #expect(fold.written.first?.agent == .integration(fold.integration, second))
        #expect(fold.send(.acknowledge, version: second) == .acknowledged(id, id))
        #expect(fold.send(.resolve, version: second) == .resolved(id, id))
    }

    @Test func twoIntegrationsOfOneServiceDoNotDeduplicate() {
        var fold = FoldRecorder.withIntegration()
        let other = fold.createIntegration("Zabbix", of: fold.service, key: "fedcba9876543210")
        fold.send(.trigger)
        let first = fold.lastID
        #expect(fold.send(.trigger, on: other) == .opened(fold.lastID, fold.lastID))
        let second = fold.lastID
        #expect(fold.send(.resolve, on: other) == .resolved(second, second))
        #expect(fold.send(.resolve, on: other) == .dropped(.noOpenAlert))
        #expect(fold.send(.resolve) == .resolved(first, first))
    }

    @Test(arguments: [
        ("Disk", "disk"), ("caf\u{E9}", "cafe\u{301}"), ("disk", " disk"), ("disk", "disk\u{0}"),
        ("\u{212B}", "\u{C5}"),
    ])
    func keysThatDifferInAnyByteAreTwoAlerts(left: String, right: String) {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger, left)
        let first = fold.lastID
        #expect(fold.send(.acknowledge, right) == .dropped(.noOpenAlert))
        #expect(fold.send(.resolve, right) == .dropped(.noOpenAlert))
        #expect(fold.send(.trigger, right) == .opened(fold.lastID, fold.lastID))
        #expect(fold.send(.resolve, left) == .resolved(first, first))
    }

    @Test func aResolvedAlertIsNeverReopenedByAnEvent() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        let id = fold.lastID
        fold.send(.resolve)
        let alert = try #require(fold.state.alerts[id])
        let incident = try #require(fold.state.incidents[id])
        #expect(fold.send(.trigger) == .opened(fold.lastID, fold.lastID))
        fold.send(.acknowledge)
        fold.send(.resolve)
        #expect(fold.state.alerts[id] == alert)
        #expect(fold.state.incidents[id] == incident)
    }

    @Test func afterAResolveByRESTTheNextTriggerOpensANewIncident() {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        fold.put(.resolved, on: fold.lastID)
        #expect(fold.send(.resolve) == .dropped(.noOpenAlert))
        #expect(fold.send(.trigger) == .opened(fold.lastID, fold.lastID))
    }

    @Test(arguments: EventAction.allCases)
    func anEventOfAnUnknownIntegrationIsDropped(action: EventAction) {
        var fold = FoldRecorder.withIntegration()
        #expect(fold.send(action, on: 999) == .dropped(.unknownIntegration))
        #expect(fold.state.alerts.isEmpty && fold.written.isEmpty)
        #expect(
            fold.apply(.change(ChangeEvent(integrationID: 999, summary: "deployed"))) == .dropped(.unknownIntegration))
        #expect(fold.state.changes.changeEvents.isEmpty)
    }

    @Test func aChangeEventIsRecordedWithItsServiceAndTime() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        let change = ChangeEvent(
            integrationID: fold.integration, summary: "deployed", sentAt: Timestamp(milliseconds: 42))
        #expect(fold.apply(.change(change)) == .recorded)
        let recorded = try #require(fold.state.changes.changeEvents.first)
        #expect(recorded.change == change && recorded.serviceID == fold.service && recorded.id == fold.lastID)
        #expect(recorded.occurredAt == Timestamp(milliseconds: 42) && recorded.createdAt == fold.now)
        fold.apply(.change(ChangeEvent(integrationID: fold.integration, summary: "deployed")))
        #expect(fold.state.changes.changeEvents.first?.occurredAt == fold.now)
        #expect(fold.state.changes.updatedIncidents.isEmpty && fold.state.changes.insertedIncidents.isEmpty)
    }
}

/// events-api.md section 5.2: what V1 lacks.
@Suite struct VersionOneTests {
    @Test(arguments: Severity.allCases)
    func theSeverityIsTheIntegrationsDefault(severity: Severity) throws {
        var fold = FoldRecorder.withIntegration(defaultSeverity: severity)
        fold.send(.trigger, version: .v1)
        let alert = try #require(fold.state.alerts[fold.lastID])
        #expect(alert.severity == severity && alert.data.severity == severity && alert.highestSeverity == severity)
        let urgency: Urgency = severity == .critical || severity == .error ? .high : .low
        #expect(fold.state.incidents[fold.lastID]?.urgency == urgency)
    }

    @Test func theSourceIsTheClientElseTheIntegrationsName() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger, "a", version: .v1)
        #expect(fold.state.alerts[fold.lastID]?.data.source == "Prometheus")
        fold.send(.trigger, "b", version: .v1) { $0.client = "Nagios" }
        #expect(fold.state.alerts[fold.lastID]?.data.source == "Nagios")
    }

    @Test func aVersionTwoSeverityIsNotReplacedByTheDefault() throws {
        var fold = FoldRecorder.withIntegration(defaultSeverity: .info)
        fold.send(.trigger, severity: .error)
        #expect(fold.state.alerts[fold.lastID]?.severity == .error)
    }
}

/// decisions.md, "Events": what a resolve and an acknowledge change.
@Suite struct ResolveContentTests {
    private func say(_ data: inout AlertData) {
        data.summary = "recovered"
        data.source = "db9"
        data.severity = .info
        data.component = "late component"
        data.group = "late group"
        data.class = "late class"
    }

    @Test func aResolveFillsOnlyWhatWasAbsent() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger, attachments: [.links]) { $0.group = "first group" }
        let id = fold.lastID
        fold.send(.resolve, attachments: [.details, .links, .images], say)
        let alert = try #require(fold.state.alerts[id])
        #expect(alert.data.summary == "disk full" && alert.data.source == "db1" && alert.severity == .critical)
        #expect(alert.data.severity == .critical && alert.highestSeverity == .critical)
        #expect(alert.data.component == "late component" && alert.data.class == "late class")
        #expect(alert.data.group == "first group")
        #expect(alert.detailsEventID == fold.lastID && alert.imagesEventID == fold.lastID)
        #expect(alert.linksEventID == id)
        #expect(alert.triggerCount == 1)
    }

    @Test func aVersionOneResolveFillsAbsentContextsToo() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger, version: .v1)
        let id = fold.lastID
        fold.send(.resolve, version: .v1, attachments: [.links, .images])
        let alert = try #require(fold.state.alerts[id])
        #expect(alert.linksEventID == fold.lastID && alert.imagesEventID == fold.lastID)
    }

    @Test func anAcknowledgeChangesNoAlertData() throws {
        var fold = FoldRecorder.withIntegration()
        fold.send(.trigger)
        let id = fold.lastID
        let alert = try #require(fold.state.alerts[id])
        fold.send(.acknowledge, attachments: [.details, .links, .images], say)
        #expect(fold.state.alerts[id] == alert)
    }
}
