import Alerting
import HTTPAPI
import Testing
import WireJSON

/// `PUT /incidents/{id}/alerts` (rest-api.md section 5.4; decisions.md "REST").
@Suite struct AlertBulkTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let integration: IntegrationID
    /// Holds the alerts `a`, `b` and `c`.
    private let incident: IncidentID
    private let alerts: [AlertID]
    private let other: IncidentID

    init() async throws {
        let fixture = try AdminFixture()
        let (_, integration) = try fixture.service("db")
        alerts = try ["a", "b", "c"].map { try fixture.event("trigger", $0, by: integration) }
        api = fixture.api()
        self.fixture = fixture
        self.integration = integration
        incident = alerts[0]
        other = try fixture.event("trigger", "other", by: integration)
        let sources = alerts.dropFirst().map { #"{"id":"\#(incidentID($0))"}"# }.joined(separator: ",")
        let merged = await api.put("/incidents/\(incident)/merge", #"{"source_incidents":[\#(sources)]}"#)
        try #require(merged.status == 200)
    }

    private func put(_ elements: String...) async -> Answer {
        await api.put("/incidents/\(incident)/alerts", #"{"alerts":[\#(elements.joined(separator: ","))]}"#)
    }

    private func resolved(_ place: Int) -> String {
        #"{"id":"\#(alertID(alerts[place]))","type":"alert","status":"resolved"}"#
    }

    private func moved(_ place: Int, to target: IncidentID? = nil) -> String {
        #"{"id":"\#(alertID(alerts[place]))","incident":{"id":"\#(incidentID(target ?? other))","type":"incident_reference"}}"#
    }

    @Test("answers with the alerts in the order of the request") func order() async {
        let answer = await put(resolved(2), moved(0))
        #expect(answer.status == 200)
        #expect(answer.ids("alerts") == [alertID(alerts[2]), alertID(alerts[0])])
        #expect(answer.json["alerts"]?[0]?["status"] == "resolved")
        #expect(answer.json["alerts"]?[1]?["incident"]?["id"] == .string(incidentID(other)))
        #expect(await api.alerts(incident) == ["b triggered", "c resolved"])
        #expect(await api.incident(incident)["alert_counts"] == ["all": 2, "triggered": 1, "resolved": 1])
        #expect(await api.alerts(other) == ["a triggered", "other triggered"])
    }

    @Test("all resolved: the incident, too, once") func resolveAll() async {
        #expect(await put(resolved(0), resolved(1), resolved(2)).status == 200)
        #expect(await api.incident(incident)["status"] == "resolved")
        #expect(await api.incident(incident)["resolve_reason"] == .null)
        #expect(await api.alerts(incident) == ["a resolved", "b resolved", "c resolved"])
    }

    @Test("all moved: the incident ends as a merged one") func moveAll() async {
        #expect(await put(moved(0), moved(1), moved(2)).status == 200)
        let shown = await api.incident(incident)
        #expect(shown["status"] == "resolved")
        #expect(shown["resolve_reason"]?["incident"]?["id"] == .string(incidentID(other)))
        #expect(shown["alert_counts"] == ["all": 0, "triggered": 0, "resolved": 0])
        #expect(await api.incident(other)["alert_counts"] == ["all": 4, "triggered": 4, "resolved": 0])
        await api.put("/incidents/\(incident)", #"{"incident":{"status":"triggered"}}"#)
            .isRefused(400, 1019, "Incident Already Merged")
    }

    @Test("the same alert twice: the later element wins, and stands once in the answer") func twice() async {
        let id = alertID(alerts[0])
        let answer = await put(
            #"{"id":"\#(id)","status":"resolved"}"#, resolved(1), #"{"id":"\#(id)","status":"triggered"}"#)
        #expect(answer.status == 200)
        #expect(answer.ids("alerts") == [id, alertID(alerts[1])])
        #expect(await api.alerts(incident) == ["a triggered", "b resolved", "c triggered"])
    }

    @Test("an empty list does nothing") func empty() async {
        let before = await api.everything()
        let answer = await put()
        #expect(answer.status == 200)
        #expect(answer.json["alerts"] == [])
        #expect(await api.everything() == before)
        await api.put("/incidents/9999/alerts", #"{"alerts":[]}"#).isNotFound()
    }

    @Test("all or nothing") func allOrNothing() async throws {
        try fixture.event("resolve", "b", by: integration)
        let elsewhere = try fixture.event("trigger", "b", by: integration)
        let gone = try fixture.event("trigger", "gone", by: integration)
        try fixture.event("resolve", "gone", by: integration)
        let before = await api.everything()
        for (element, status, code) in [
            (#"{"id":"\#(alertID(9999))","status":"resolved"}"#, 404, 2100),
            (#"{"id":"\#(alertID(elsewhere))","status":"resolved"}"#, 404, 2100),
            (#"{"id":"nonsense","status":"resolved"}"#, 404, 2100),
            (#"{"status":"resolved"}"#, 400, 2003), (#"{"id":null}"#, 400, 2003),
            (#"{"id":"\#(alertID(alerts[1]))","status":"triggered"}"#, 400, 2001),
            (#"{"id":"\#(alertID(alerts[1]))","status":"closed"}"#, 400, 1003),
            (#"{"id":"\#(alertID(alerts[1]))","type":"incident"}"#, 400, 2001), (moved(1, to: gone), 400, 2001),
            (moved(1, to: 9999), 400, 2001), ("7", 400, 2001), ("null", 400, 2001), (#""x""#, 400, 2001),
        ] as [(String, Int, Int64)] {
            let answer = await put(resolved(0), element)
            #expect(answer.status == status, "\(element)")
            #expect(answer.code == code, "\(element)")
            #expect(await api.everything() == before, "\(element)")
            #expect(await api.alerts(incident) == ["a triggered", "b resolved", "c triggered"])
        }
    }

    @Test(
        "what is no list", arguments: ["{}", "[]", #"{"alerts":{}}"#, #"{"alerts":null}"#, #"{"alert":{}}"#, "7", ""])
    func wrapper(_ body: String) async {
        await api.put("/incidents/\(incident)/alerts", body).isInvalid()
    }

    @Test("250 alerts and no more") func limit() async {
        let before = await api.everything()
        let elements = Array(repeating: resolved(0), count: 251)
        let tooMany = await api.put(
            "/incidents/\(incident)/alerts", #"{"alerts":[\#(elements.joined(separator: ","))]}"#)
        tooMany.isTooLarge()
        #expect(await api.everything() == before)
        let most = await api.put(
            "/incidents/\(incident)/alerts", #"{"alerts":[\#(elements.dropLast().joined(separator: ","))]}"#)
        #expect(most.status == 200)
        #expect(most.ids("alerts") == [alertID(alerts[0])])
    }
}
