import Alerting
import GatewayTesting
import Store
import Testing

/// The views for the shell: the right rows, times in ISO 8601.
@Suite struct ViewsTests {
    private let temporary: TemporaryDatabase
    private let connection: Connection

    /// Events 1 to 8; 2023-11-14T22:13:20.000Z is 1,700,000,000,000.
    init() throws {
        temporary = try TemporaryDatabase()
        connection = try temporary.database.openWriter(creating: true)
        func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + milliseconds) }
        try connection.append([
            try EventMaker.action(.createService(ServiceSettings(name: "Shop")), at: at(0)),
            try EventMaker.action(
                .createIntegration(service: 1, name: "Prometheus", key: "secret-key-1", defaultSeverity: .critical),
                at: at(0)),
            EventMaker.event(.trigger, "disk", integration: 2, at: at(1)),
            EventMaker.event(.trigger, "disk", integration: 2, at: at(999)),
            EventMaker.event(.trigger, "memory", integration: 2, severity: .info, at: at(2000)),
            EventMaker.event(.resolve, "unheard of", integration: 2, at: at(3000)),
            try EventMaker.action(
                .updateIncidents([IncidentUpdate(incidentID: 5, status: .resolved, resolution: "restarted")]),
                by: .user(9, name: "Ada"), at: at(61_001)),
        ])
        try connection.fold(batch: 512)
        try connection.append([EventMaker.event(.acknowledge, "disk", integration: 2, at: at(86_400_000))])
    }

    @Test func openIncidentsShowsThoseThatNeedSomebody() throws {
        let rows = try connection.all(
            "SELECT number, status, urgency, service, title, incident_key, open_alerts, created_at, updated_at FROM open_incidents"
        ) { row in (0..<9).map { row.text(Int32($0)) } }
        #expect(
            rows == [
                [
                    "3", "triggered", "high", "Shop", "disk full", "disk", "1", "2023-11-14T22:13:20Z",
                    "2023-11-14T22:13:20Z",
                ]
            ])
    }

    @Test func theTimelineTellsAnIncidentsHistory() throws {
        func timeline(_ incident: Int64) throws -> [[String]] {
            try connection.all(
                "SELECT at, kind, agent, repeats, text, event FROM incident_timeline WHERE incident = ?",
                { $0.add(incident) }
            ) { row in (0..<6).map { row.text(Int32($0)) } }
        }
        #expect(try timeline(3) == [["2023-11-14T22:13:20.001Z", "trigger", "v2:2", "1", "disk full", "3"]])
        #expect(
            try timeline(5) == [
                ["2023-11-14T22:13:22.000Z", "trigger", "v2:2", "0", "disk full", "5"],
                ["2023-11-14T22:14:21.001Z", "resolve", "user:9:Ada", "0", "restarted", "7"],
            ])
    }

    @Test func theTraceSaysWhatBecameOfEachEvent() throws {
        let rows = try connection.all(
            """
            SELECT event, received_at, kind, action, integration, dedup_key, outcome, reason, alert, incident,
                incident_status
            FROM event_trace WHERE event >= 3 ORDER BY event
            """
        ) { row in (0..<11).map { row.optionalText(Int32($0)) ?? "-" } }
        #expect(
            rows == [
                [
                    "3", "2023-11-14T22:13:20.001Z", "v2", "trigger", "Prometheus", "disk", "opened", "-", "3", "3",
                    "triggered",
                ],
                [
                    "4", "2023-11-14T22:13:20.999Z", "v2", "trigger", "Prometheus", "disk", "deduplicated", "-", "3",
                    "3", "triggered",
                ],
                [
                    "5", "2023-11-14T22:13:22.000Z", "v2", "trigger", "Prometheus", "memory", "opened", "-", "5", "5",
                    "resolved",
                ],
                [
                    "6", "2023-11-14T22:13:23.000Z", "v2", "resolve", "Prometheus", "unheard of", "dropped",
                    "no open alert", "-", "-", "-",
                ],
                [
                    "7", "2023-11-14T22:14:21.001Z", "action", "update_incidents", "-", "-", "applied", "-", "-", "5",
                    "resolved",
                ],
                [
                    "8", "2023-11-15T22:13:20.000Z", "v2", "acknowledge", "Prometheus", "disk", "waiting", "-", "-",
                    "-",
                    "-",
                ],
            ])
    }

    @Test func recentEventsShowsTheNewestHundredFirst() throws {
        try connection.append((0..<150).map { _ in EventMaker.event(.resolve, integration: 2) })
        let events = try connection.all("SELECT event FROM recent_events") { $0.integer(0) }
        #expect(events == Array((59...158).reversed()))
    }

    @Test func noViewShowsASecret() throws {
        for view in ["open_incidents", "incident_timeline", "event_trace", "recent_events"] {
            #expect(try connection.dump(view).allSatisfy { !$0.contains("secret-key") })
        }
    }
}
