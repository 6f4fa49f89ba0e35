import Alerting

/// Feeds a fold one event after the other, one second apart, and remembers what the last one did.
struct FoldRecorder {
    var state = FoldState()
    /// The number and time of the last event.
    private(set) var lastID: EventID = 0
    private(set) var now = Timestamp(milliseconds: 1_700_000_000_000)

    /// Everything below happens on this service and integration, unless it says otherwise.
    private(set) var service: ServiceID = 0
    private(set) var integration: IntegrationID = 0

    static let acknowledgementTimeout: Int64 = 1800
    static let autoResolveTimeout: Int64 = 14400
    static let operatorAgent = Agent.user(7, name: "Ada")

    /// A log that is empty so far.
    init() {}

    /// A log with one service and one integration.
    static func withIntegration(hasTimeouts: Bool = true, defaultSeverity: Severity = .critical) -> FoldRecorder {
        var fold = FoldRecorder()
        fold.service = fold.createService("Shop", hasTimeouts: hasTimeouts)
        fold.integration = fold.createIntegration(
            "Prometheus", of: fold.service, key: "0123456789abcdef", defaultSeverity: defaultSeverity)
        return fold
    }

    @discardableResult
    mutating func apply(_ content: EventContent, id: EventID? = nil, at moment: Timestamp? = nil) -> Outcome {
        lastID = id ?? lastID + 1
        now = moment ?? now.adding(seconds: 1)
        state.clearChanges()
        return Lifecycle.apply(Event(id: lastID, receivedAt: now, content: content), to: &state)
    }

    @discardableResult
    mutating func perform(_ command: Action.Command) -> Outcome {
        apply(.action(Action(requester: .user(7, name: "Ada"), command: command)))
    }

    @discardableResult
    mutating func update(_ updates: IncidentUpdate...) -> Outcome {
        perform(.updateIncidents(updates))
    }

    @discardableResult
    mutating func put(_ status: IncidentStatus, on incident: IncidentID) -> Outcome {
        update(IncidentUpdate(incidentID: incident, status: status))
    }

    mutating func createService(_ name: String, hasTimeouts: Bool = false) -> ServiceID {
        perform(
            .createService(
                ServiceSettings(
                    name: name, acknowledgementTimeout: hasTimeouts ? Self.acknowledgementTimeout : nil,
                    autoResolveTimeout: hasTimeouts ? Self.autoResolveTimeout : nil)))
        return lastID
    }

    mutating func createIntegration(
        _ name: String, of service: ServiceID, key: String, defaultSeverity: Severity = .critical
    ) -> IntegrationID {
        perform(.createIntegration(service: service, name: name, key: key, defaultSeverity: defaultSeverity))
        return lastID
    }

    @discardableResult
    mutating func send(
        _ action: EventAction, _ key: String = "disk", version: EventVersion = .v2,
        on integration: IntegrationID? = nil,
        severity: Severity? = .critical, attachments: Attachments = [], digest: Int64 = 1,
        _ fill: (inout AlertData) -> Void = { _ in }
    ) -> Outcome {
        apply(
            .alert(
                makeEvent(
                    action, key, version: version, on: integration, severity: severity, attachments: attachments,
                    digest: digest, fill)))
    }

    func makeEvent(
        _ action: EventAction, _ key: String = "disk", version: EventVersion = .v2,
        on integration: IntegrationID? = nil,
        severity: Severity? = .critical, attachments: Attachments = [], digest: Int64 = 1,
        _ fill: (inout AlertData) -> Void = { _ in }
    ) -> AlertEvent {
        var data = AlertData()
        if action == .trigger {
            data.summary = "disk full"
            data.source = version == .v2 ? "db1" : nil
            data.severity = version == .v2 ? severity : nil
        }
        fill(&data)
        return AlertEvent(
            version: version, action: action, integrationID: integration ?? self.integration, dedupKey: DedupKey(key),
            data: data, attachments: attachments, contentDigest: digest)
    }

    @discardableResult
    mutating func fire(
        _ kind: TimerKind, on subject: Int64, dueAt: Timestamp, nextWindow: Recurrence.Window? = nil
    ) -> Outcome {
        let timer = TimerEvent(kind: kind, subjectID: subject, dueAt: dueAt, nextWindow: nextWindow)
        return apply(.timer(timer), at: max(now, dueAt))
    }

    /// The log entries that the last event wrote.
    var written: [LogEntry] { state.changes.logEntries }

    /// Their kinds, in order.
    var writtenKinds: [LogEntryKind] { written.map(\.kind) }
}

extension Incident {
    /// The same incident but for `updatedAt`.
    var exceptUpdatedAt: Incident {
        var copy = self
        copy.updatedAt = Timestamp(milliseconds: 0)
        return copy
    }
}
