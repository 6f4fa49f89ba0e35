import Alerting
import HTTPAPI
import Testing
import WireJSON

/// `PUT /incidents/{id}/alerts/{alert_id}` (rest-api.md section 5.4; decisions.md "REST"): an alert moved.
@Suite struct AlertMoveTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let integration: IntegrationID
    private let source: IncidentID
    private let target: IncidentID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (_, integration) = try fixture.service("db")
        source = try fixture.event("trigger", "a", by: integration)
        target = try fixture.event("trigger", "b", by: integration, severity: "info")
    }

    private func move(_ alert: AlertID, from: IncidentID, to: IncidentID, _ members: String = "") async -> Answer {
        await api.put(
            "/incidents/\(from)/alerts/\(alertID(alert))",
            #"{"alert":{"type":"alert","incident":{"id":"\#(incidentID(to))","type":"incident_reference"}\#(members)}}"#,
            from: "jane@example.org")
    }

    @Test("a move that empties the source resolves it for good") func emptiesSource() async {
        fixture.now = fixture.now.adding(seconds: 60)
        let answer = await move(source, from: source, to: target)
        #expect(answer.status == 200)
        #expect(answer.json["alert"]?["incident"]?["id"] == .string(incidentID(target)))
        #expect(answer.json["alert"]?["status"] == "triggered")
        #expect(
            answer.json["alert"]?["self"]
                == .string("https://gw.example/incidents/\(incidentID(target))/alerts/\(alertID(source))"))
        #expect(await api.alerts(target) == ["a triggered", "b triggered"])
        #expect(await api.alerts(source) == [])
        let left = await api.incident(source)
        #expect(left["status"] == "resolved")
        #expect(left["resolved_at"] == "2024-05-11T02:01:00Z")
        #expect(left["last_status_change_by"]?["summary"] == "jane@example.org")
        #expect(left["alert_counts"] == ["all": 0, "triggered": 0, "resolved": 0])
        #expect(left["resolve_reason"]?["type"] == "merge_resolve_reason")
        #expect(left["resolve_reason"]?["incident"]?["id"] == .string(incidentID(target)))
        #expect(left["pending_actions"] == [])
        let taker = await api.incident(target)
        #expect(taker["status"] == "triggered")
        #expect(taker["alert_counts"] == ["all": 2, "triggered": 2, "resolved": 0])
        #expect(taker["urgency"] == "high")
        for id in [source, target] { #expect(await api.kinds(id).contains("alert_move_log_entry")) }
        await api.put("/incidents/\(source)", #"{"incident":{"status":"triggered"}}"#)
            .isRefused(400, 1019, "Incident Already Merged")
    }

    @Test("what comes for the alert applies where it now lives") func eventsFollow() async throws {
        _ = await move(source, from: source, to: target)
        try fixture.event("trigger", "a", by: integration, severity: "warning")
        #expect(await api.incident(target)["urgency"] == "low")
        try fixture.event("resolve", "a", by: integration)
        #expect(await api.alerts(target) == ["a resolved", "b triggered"])
        try fixture.event("resolve", "b", by: integration)
        #expect(await api.incident(target)["status"] == "resolved")
    }

    @Test("a source with another open alert stays as it is") func sourceStaysOpen() async throws {
        let third = try fixture.event("trigger", "c", by: integration)
        _ = await move(third, from: third, to: source)
        try fixture.event("acknowledge", "a", by: integration)
        _ = await move(third, from: source, to: target)
        let left = await api.incident(source)
        #expect(left["status"] == "acknowledged")
        #expect(left["resolve_reason"] == .null)
        #expect(left["alert_counts"] == ["all": 1, "triggered": 1, "resolved": 0])
        #expect(await api.alerts(target) == ["b triggered", "c triggered"])
    }

    @Test("a source that keeps only resolved alerts is resolved for good, too") func sourceKeepsResolved() async throws
    {
        let third = try fixture.event("trigger", "c", by: integration)
        _ = await move(third, from: third, to: source)
        try fixture.event("resolve", "c", by: integration)
        _ = await move(source, from: source, to: target)
        let left = await api.incident(source)
        #expect(left["status"] == "resolved")
        #expect(left["resolve_reason"]?["incident"]?["id"] == .string(incidentID(target)))
        #expect(left["alert_counts"] == ["all": 1, "triggered": 0, "resolved": 1])
        await api.put("/incidents/\(source)", #"{"incident":{"status":"triggered"}}"#)
            .isRefused(400, 1019, "Incident Already Merged")
    }

    @Test("nor by way of an alert that it kept") func keptAlertDoesNotReopen() async throws {
        let third = try fixture.event("trigger", "c", by: integration)
        _ = await move(third, from: third, to: source)
        try fixture.event("resolve", "c", by: integration)
        _ = await move(source, from: source, to: target)
        let before = await api.everything()
        let element = #"{"id":"\#(alertID(third))","status":"triggered"}"#
        await api.put("/incidents/\(source)/alerts/\(alertID(third))", #"{"alert":\#(element)}"#)
            .isRefused(400, 1019, "Incident Already Merged")
        await api.put("/incidents/\(source)/alerts", #"{"alerts":[\#(element)]}"#)
            .isRefused(400, 1019, "Incident Already Merged")
        #expect(await api.everything() == before)
        #expect(await api.alerts(source) == ["c resolved"])
    }

    @Test("a resolved alert moves, and leaves its open incident open") func resolvedAlert() async throws {
        let third = try fixture.event("trigger", "c", by: integration)
        _ = await move(third, from: third, to: source)
        try fixture.event("resolve", "c", by: integration)
        #expect(await move(third, from: source, to: target).status == 200)
        #expect(await api.incident(source)["status"] == "triggered")
        #expect(await api.alerts(source) == ["a triggered"])
        #expect(await api.alerts(target) == ["b triggered", "c resolved"])
        #expect(await api.incident(target)["urgency"] == "low", "it is not open")
    }

    @Test("to an incident of another service") func otherService() async throws {
        let (_, web) = try fixture.service("web")
        let other = try fixture.event("trigger", "c", by: web)
        #expect(await move(source, from: source, to: other).status == 200)
        let alert = await api.get("/incidents/\(other)/alerts/\(alertID(source))").json["alert"]
        #expect(alert?["integration"]?["id"] == .string(integrationID(integration)))
    }

    @Test("resolved and moved in one request") func resolvedAndMoved() async {
        let answer = await move(source, from: source, to: target, #","status":"resolved""#)
        #expect(answer.status == 200)
        #expect(answer.json["alert"]?["status"] == "resolved")
        #expect(answer.json["alert"]?["incident"]?["id"] == .string(incidentID(target)))
        #expect(await api.incident(source)["status"] == "resolved")
        #expect(await api.alerts(target) == ["a resolved", "b triggered"])
    }

    @Test("a target that is resolved or not there takes nothing") func badTargets() async throws {
        try fixture.event("resolve", "b", by: integration)
        let before = await api.everything()
        await move(source, from: source, to: target).isInvalid()
        await move(source, from: source, to: 9999).isInvalid()
        #expect(await api.everything() == before)
    }

    @Test("a snoozed source that is left empty is not woken") func snoozedSource() async throws {
        _ = await api.post("/incidents/\(source)/snooze", #"{"duration":60}"#)
        let due = fixture.now.adding(seconds: 60)
        _ = await move(source, from: source, to: target)
        fixture.now = due
        try fixture.fire(TimerEvent(kind: .snooze, subjectID: source, dueAt: due))
        #expect(await api.incident(source)["status"] == "resolved")
        #expect(await api.incident(source)["acknowledgements"] == [])
    }
}
