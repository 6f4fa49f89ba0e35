import Alerting
import HTTPAPI
import Testing
import WireJSON

/// `PUT /incidents/{id}/alerts/{alert_id}` (rest-api.md section 5.4): one alert resolved and reopened.
@Suite struct AlertWriteTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let integration: IntegrationID
    /// Holds the alerts `a` and `b`.
    private let incident: IncidentID
    private let other: IncidentID

    init() async throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (_, integration) = try fixture.service("db")
        incident = try fixture.event("trigger", "a", by: integration)
        other = try fixture.event("trigger", "b", by: integration)
        let merged = await api.put(
            "/incidents/\(incident)/merge", #"{"source_incidents":[{"id":"\#(incidentID(other))"}]}"#)
        try #require(merged.status == 200)
    }

    private func put(_ alert: AlertID, _ members: String, of id: IncidentID? = nil) async -> Answer {
        await api.put("/incidents/\(id ?? incident)/alerts/\(alertID(alert))", #"{"alert":{\#(members)}}"#)
    }

    private func resolve(_ alert: AlertID) async -> Answer { await put(alert, #""type":"alert","status":"resolved""#) }

    @Test("one of several is resolved, the incident stays open") func resolveOne() async {
        fixture.now = fixture.now.adding(seconds: 60)
        let answer = await resolve(incident)
        #expect(answer.status == 200)
        #expect(answer.json.objectValue?.map(\.name) == ["alert"])
        #expect(answer.json["alert"]?["id"] == .string(alertID(incident)))
        #expect(answer.json["alert"]?["status"] == "resolved")
        #expect(answer.json["alert"]?["resolved_at"] == "2024-05-11T02:01:00Z")
        #expect(await api.get("/incidents/\(incident)/alerts/\(alertID(incident))").json == answer.json)
        let shown = await api.incident(incident)
        #expect(shown["status"] == "triggered")
        #expect(shown["alert_counts"] == ["all": 2, "triggered": 1, "resolved": 1])
        #expect(shown["updated_at"] == "2024-05-11T02:01:00Z")
        #expect(await api.log(incident).last?["type"] == "resolve_log_entry")
        #expect(await api.log(incident).last?["summary"] == "Resolved by ops.")
    }

    @Test("the last open one resolves the incident") func resolveLast() async {
        _ = await resolve(incident)
        let answer = await resolve(other)
        #expect(answer.json["alert"]?["status"] == "resolved")
        let shown = await api.incident(incident)
        #expect(shown["status"] == "resolved")
        #expect(shown["resolve_reason"] == .null)
        #expect(shown["alert_counts"] == ["all": 2, "triggered": 0, "resolved": 2])
        #expect(shown["last_status_change_by"]?["type"] == "user_reference")
        // What was resolved by hand is a key without an open alert.
        #expect(await api.kinds(incident).filter { $0 == "resolve_log_entry" }.count == 2)
    }

    @Test("the next trigger of a resolved alert's key opens an incident") func nextTrigger() async throws {
        _ = await resolve(incident)
        let next = try fixture.event("trigger", "a", by: integration)
        #expect(await api.incident(next)["status"] == "triggered")
        #expect(await api.alerts(incident) == ["a resolved", "b triggered"])
    }

    @Test("resolving the resolved and triggering the triggered changes nothing") func unchanged() async {
        _ = await resolve(incident)
        fixture.now = fixture.now.adding(seconds: 60)
        let before = await api.everything()
        #expect(await resolve(incident).status == 200)
        #expect(await put(other, #""status":"triggered""#).status == 200)
        #expect(await put(other, "").status == 200)
        #expect(await put(other, #""status":null,"incident":null,"unknown":1,"severity":"info""#).status == 200)
        #expect(await put(other, #""incident":{"id":"\#(incidentID(incident))"}"#).status == 200)
        #expect(await api.everything() == before)
    }

    @Test("a resolved alert of an open incident is reopened") func reopen() async throws {
        _ = await resolve(incident)
        let answer = await put(incident, #""status":"triggered""#)
        #expect(answer.status == 200)
        #expect(answer.json["alert"]?["status"] == "triggered")
        #expect(answer.json["alert"]?["resolved_at"] == .null)
        #expect(await api.incident(incident)["alert_counts"] == ["all": 2, "triggered": 2, "resolved": 0])
        #expect(await api.log(incident).last?["type"] == "reopen_log_entry")
        // Open it is found by its key again.
        try fixture.event("resolve", "a", by: integration)
        #expect(await api.alerts(incident) == ["a resolved", "b triggered"])
    }

    @Test("a resolved incident is open again with its alert, and only with that one") func reopenIncident() async {
        _ = await api.put("/incidents/\(incident)", #"{"incident":{"status":"resolved"}}"#)
        let answer = await put(other, #""status":"triggered""#)
        #expect(answer.status == 200)
        #expect(await api.alerts(incident) == ["a resolved", "b triggered"])
        let shown = await api.incident(incident)
        #expect(shown["status"] == "triggered")
        #expect(shown["resolved_at"] == .null)
        #expect(shown["alert_counts"] == ["all": 2, "triggered": 1, "resolved": 1])
    }

    @Test("not while its key is open elsewhere") func conflict() async throws {
        _ = await resolve(incident)
        try fixture.event("trigger", "a", by: integration)
        let before = await api.everything()
        await put(incident, #""status":"triggered""#).isInvalid()
        #expect(await api.everything() == before)
        try fixture.event("resolve", "a", by: integration)
        #expect(await put(incident, #""status":"triggered""#).status == 200)
    }

    @Test("urgency follows the open alerts") func urgency() async throws {
        try fixture.event("trigger", "b", by: integration, severity: "info")
        #expect(await api.incident(incident)["urgency"] == "high")
        _ = await resolve(incident)
        #expect(await api.incident(incident)["urgency"] == "low")
        _ = await put(incident, #""status":"triggered""#)
        #expect(await api.incident(incident)["urgency"] == "high")
    }

    @Test("an alert that is not there, and one of another incident") func unknown() async throws {
        let foreign = try fixture.event("trigger", "c", by: integration)
        let before = await api.everything()
        await put(9999, #""status":"resolved""#).isNotFound()
        await put(foreign, #""status":"resolved""#).isNotFound()
        await put(incident, #""status":"resolved""#, of: foreign).isNotFound()
        await put(incident, #""status":"resolved""#, of: 9999).isNotFound()
        for id in ["x", "\(incident)", incidentID(incident)] {
            await api.put("/incidents/\(incident)/alerts/\(id)", #"{"alert":{"status":"resolved"}}"#).isNotFound()
        }
        #expect(await api.everything() == before)
    }

    @Test(
        "bodies that are refused",
        arguments: [
            ("", 2001), ("{", 2001), ("{}", 2001), ("[]", 2001), (#"{"status":"resolved"}"#, 2001),
            (#"{"alert":[]}"#, 2001), (#"{"alert":null}"#, 2001), (#"{"alerts":[{"status":"resolved"}]}"#, 2001),
            (#"{"alert":{"status":"acknowledged"}}"#, 1003), (#"{"alert":{"status":""}}"#, 1003),
            (#"{"alert":{"status":1}}"#, 1003), (#"{"alert":{"type":"incident","status":"resolved"}}"#, 2001),
            (#"{"alert":{"incident":"Q"}}"#, 2001), (#"{"alert":{"incident":{"id":"nonsense"}}}"#, 2001),
            (#"{"alert":{"incident":{"type":"incident_reference"}}}"#, 2003),
        ] as [(String, Int64)])
    func bodies(_ body: String, _ code: Int64) async {
        let before = await api.everything()
        let answer = await api.put("/incidents/\(incident)/alerts/\(alertID(incident))", body)
        #expect(answer.status == 400)
        #expect(answer.code == code)
        #expect(await api.everything() == before)
    }
}
