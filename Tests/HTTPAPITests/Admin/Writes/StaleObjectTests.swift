import Alerting
import HTTPAPI
import Testing
import WireJSON

/// Objects that a client got and sends back whole, as the Python clients do (rest-api.md sections 1.6 and 3): members
/// that cannot be set are ignored, those that can be are wishes.
@Suite struct StaleObjectTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let integration: IntegrationID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (_, integration) = try fixture.service("db")
    }

    private func text(_ answer: Answer) -> String { String(decoding: answer.body, as: UTF8.self) }

    @Test("an incident as it is changes nothing") func fresh() async throws {
        let id = try fixture.event("trigger", "a", by: integration)
        let shown = await api.get("/incidents/\(id)?include[]=services,first_trigger_log_entries,body,acknowledgers")
        fixture.now = fixture.now.adding(seconds: 60)
        let before = await api.everything()
        let answer = await api.put("/incidents/\(id)", text(shown))
        #expect(answer.status == 200)
        #expect(await api.everything() == before)
    }

    @Test("an incident with its status changed, after things went on") func incident() async throws {
        let id = try fixture.event("trigger", "a", by: integration)
        let stale = text(await api.get("/incidents/\(id)"))
        fixture.now = fixture.now.adding(seconds: 60)
        let second = try fixture.event("trigger", "b", by: integration)
        _ = await api.put("/incidents/\(id)/merge", #"{"source_incidents":[{"id":"\#(incidentID(second))"}]}"#)
        _ = await api.post("/incidents/\(id)/notes", #"{"note":{"content":"x"}}"#)
        let answer = await api.put(
            "/incidents/\(id)",
            stale.replacing(#""status":"triggered""#, with: #""status":"acknowledged""#))
        #expect(answer.status == 200)
        #expect(answer.json["incident"]?["status"] == "acknowledged")
        #expect(answer.json["incident"]?["alert_counts"] == ["all": 2, "triggered": 2, "resolved": 0])
        #expect(answer.json["incident"]?["updated_at"] == "2024-05-11T02:01:00Z")
    }

    @Test("a whole list of incidents, in bulk") func bulk() async throws {
        for key in ["a", "b", "c"] { try fixture.event("trigger", key, by: integration) }
        let page = await api.get("/incidents")
        let stale = text(page).replacing(#""status":"triggered""#, with: #""status":"resolved""#)
        let answer = await api.put("/incidents", stale)
        #expect(answer.status == 200)
        #expect(answer.ids("incidents") == page.ids("incidents"))
        #expect(await api.get("/incidents?statuses[]=resolved").ids("incidents").count == 3)
    }

    @Test("an alert as it is, and resolved") func alert() async throws {
        let id = try fixture.event("trigger", "a", by: integration)
        let target = "/incidents/\(id)/alerts/\(alertID(id))"
        let shown = text(await api.get(target))
        let before = await api.everything()
        #expect(await api.put(target, shown).status == 200)
        #expect(await api.everything() == before)
        let resolved = await api.put(
            target, shown.replacing(#""status":"triggered""#, with: #""status":"resolved""#))
        #expect(resolved.status == 200)
        #expect(resolved.json["alert"]?["status"] == "resolved")
        // The first object, sent again, names the incident that the alert is in: no move, but a reopening.
        #expect(await api.put(target, shown).json["alert"]?["status"] == "triggered")
    }

    @Test("a list of alerts, in bulk, with everything in full") func alerts() async throws {
        let id = try fixture.event("trigger", "a", by: integration)
        let second = try fixture.event("trigger", "b", by: integration)
        _ = await api.put("/incidents/\(id)/merge", #"{"source_incidents":[{"id":"\#(incidentID(second))"}]}"#)
        let page = await api.get("/incidents/\(id)/alerts?include[]=services,first_trigger_log_entries,incidents")
        let before = await api.everything()
        let answer = await api.put("/incidents/\(id)/alerts", text(page))
        #expect(answer.status == 200)
        #expect(answer.ids("alerts") == [alertID(id), alertID(second)])
        #expect(await api.everything() == before)
    }
}
