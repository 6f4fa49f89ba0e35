import Alerting
import GatewayTesting
import Store
import Testing

@testable import Pipeline

/// A pipeline whose clock is set by hand: "at 30 s this, at 61 s that".
final class Timeline {
    let temporary: TemporaryDatabase
    let clock = ManualClock()
    private(set) var pipeline: Pipeline
    let integration: IntegrationID
    /// When the clock starts.
    static let start = ManualClock().now()

    init() async throws {
        temporary = try TemporaryDatabase()
        pipeline = try Pipeline.open(temporary.database, clock: clock)
        integration = try await pipeline.makeIntegration()
    }

    /// The service of the integration.
    var service: ServiceID { 1 }

    /// Sets the clock to so many seconds after the start, and has everything done on the way when it is due.
    func at(_ seconds: Int64) async throws {
        let moment = Timeline.start.adding(seconds: seconds)
        while let due = try await pipeline.look({ try TimerRows.nextDue($0) }), clock.now() < due, due < moment {
            advance(to: due)
            try await settle()
        }
        advance(to: moment)
        try await settle()
    }

    /// Sets the clock to a moment, or the next whole second after it.
    private func advance(to moment: Timestamp) {
        let milliseconds = moment.milliseconds - clock.now().milliseconds
        clock.advance(seconds: (milliseconds + (milliseconds > 0 ? 999 : 0)) / 1000)
    }

    /// Has everything done that is due.
    func settle() async throws {
        while true {
            let (now, applied) = (clock.now(), pipeline.worker.applied)
            let settings = try await pipeline.look { try FoldReader.settings($0) }
            let isDue = try await pipeline.look { connection in
                let heartbeats = try HeartbeatRows.all(connection)
                var watch = HeartbeatWatch()
                return try !TimerRows.due(at: now, limit: 1, connection).isEmpty
                    || heartbeats.contains { watch.timer(for: $0, at: now, settings: settings) != nil }
            }
            guard isDue else { return }
            // What is due after that event is the work of one that comes after it, appended now or just before.
            pipeline.tickNow()
            try await pipeline.worker.applied(through: applied + 1)
        }
    }

    /// Sends an event and waits until it is applied.
    @discardableResult
    func send(_ action: EventAction, _ key: String, severity: Severity? = .critical) async throws -> EventID {
        try await send(
            EventMaker.event(action, key, integration: integration, severity: severity, at: clock.now()))
    }

    /// Sends an event that says this, and waits until it is applied.
    @discardableResult
    func send(_ action: EventAction, _ key: String, _ data: AlertData) async throws -> EventID {
        var new = EventMaker.event(action, key, integration: integration, at: clock.now())
        new.content = .alert(
            AlertEvent(
                version: .v2, action: action, integrationID: integration, dedupKey: DedupKey(key), data: data,
                contentDigest: Timeline.digest(of: data)))
        return try await send(new)
    }

    private func send(_ new: NewEvent) async throws -> EventID {
        let event = try await pipeline.log.take(new)
        try await pipeline.worker.applied(through: event)
        return event
    }

    /// The same for the same content, in every run.
    private static func digest(of data: AlertData) -> Int64 {
        let texts = [
            data.summary, data.source, data.severity?.rawValue, data.component, data.group, data.class, data.client,
        ]
        let bytes = texts.map { $0.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined(separator: " ").utf8
        return bytes.reduce(7) { ($0 &* 31) &+ Int64($1) }
    }

    /// Has an action carried out; gives its number.
    @discardableResult
    func act(_ command: Action.Command) async throws -> EventID {
        let (id, outcome) = try await pipeline.carryOut(command)
        try #require(outcome.refusal == nil, "\(outcome)")
        return id
    }

    /// Stops, and starts so many seconds later.
    func restart(advancing seconds: Int64 = 0) async throws {
        await pipeline.stop()
        clock.advance(seconds: seconds)
        pipeline = try Pipeline.open(temporary.database, clock: clock)
        try await settle()
    }

    /// The keys of the open incidents, in the order they were opened.
    func openIncidents() async throws -> [String] {
        try await pipeline.look {
            try $0.all("SELECT incident_key FROM incidents WHERE status <> 'resolved' ORDER BY id") { $0.text(0) }
        }
    }

    /// The keys of the open alerts of each open incident, in the order the incidents were opened.
    func openAlerts() async throws -> [[String]] {
        let rows = try await pipeline.look {
            try $0.all(
                """
                SELECT i.id, a.dedup_key FROM incidents i
                LEFT JOIN alerts a ON a.incident_id = i.id AND a.status = 'triggered'
                WHERE i.status <> 'resolved' ORDER BY i.id, a.id
                """
            ) { (incident: $0.integer(0), key: $0.optionalText(1)) }
        }
        var last: IncidentID?
        return rows.reduce(into: []) { incidents, row in
            if row.incident != last { incidents.append([]) }
            last = row.incident
            if let key = row.key { incidents[incidents.count - 1].append(key) }
        }
    }

    /// The keys of the alerts that are held back, the oldest first.
    func alertsHeldBack() async throws -> [String] {
        try await pipeline.look { try $0.all("SELECT dedup_key FROM suppressed_alerts") { $0.text(0) } }
    }

    /// The keys of the incidents that flap, each with how often it changed.
    func flapping() async throws -> [String] {
        try await pipeline.look {
            try $0.all(
                "SELECT incident_key || ' ' || flap_changes FROM incidents WHERE flapping_until IS NOT NULL ORDER BY 1"
            ) { $0.text(0) }
        }
    }

    /// The keys of the incidents of storms that go on, each with the level.
    func storms() async throws -> [String] {
        try await pipeline.look {
            try $0.all(
                "SELECT incident_key || ' ' || storm_level FROM incidents WHERE storm_until IS NOT NULL ORDER BY 1"
            ) {
                $0.text(0)
            }
        }
    }

    /// How many incidents there are.
    func incidentCount() async throws -> Int64 {
        try await pipeline.look { try $0.integer("SELECT count(*) FROM incidents") ?? 0 }
    }

    /// What became of an event, with the reason if there is one.
    func outcome(of event: EventID) async throws -> String {
        let outcome = try await pipeline.look { try OutcomeRows.read(event, $0) }
        let found = try #require(outcome)
        return found.reason.map { "\(found.name): \($0)" } ?? found.name
    }

    /// Stops, and makes sure that the log gives what the tables hold.
    func finish() async throws {
        await pipeline.stop()
        let report = try Verification.run(temporary.database)
        try #require(report.isClean, "\(report.differences) \(report.damage)")
    }
}
