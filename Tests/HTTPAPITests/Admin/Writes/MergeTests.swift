import Alerting
import HTTPAPI
import Testing
import WireJSON

/// `PUT /incidents/{id}/merge` (rest-api.md section 5.7; decisions.md "REST"): what it does.
@Suite struct MergeTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let integration: IntegrationID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (_, integration) = try fixture.service("db")
    }

    private func merge(_ sources: [IncidentID], into target: IncidentID) async -> Answer {
        let list = sources.map { #"{"id":"\#(incidentID($0))","type":"incident_reference"}"# }
        return await api.put(
            "/incidents/\(target)/merge", #"{"source_incidents":[\#(list.joined(separator: ","))]}"#,
            from: "jane@example.org")
    }

    private func counts(_ all: Int64, _ triggered: Int64) -> JSONValue {
        ["all": JSONValue(all), "triggered": JSONValue(triggered), "resolved": JSONValue(all - triggered)]
    }

    @Test("the alerts move, the sources end, the target stays as it was") func merge() async throws {
        let (_, web) = try fixture.service("web")
        let target = try fixture.event("trigger", "a", by: integration)
        let first = try fixture.event("trigger", "b", by: integration)
        let second = try fixture.event("trigger", "c", by: web)
        fixture.now = fixture.now.adding(seconds: 60)
        let answer = await merge([first, second], into: target)
        #expect(answer.status == 200)
        let merged = try #require(answer.json["incident"])
        #expect(merged["id"] == .string(incidentID(target)))
        #expect(merged["status"] == "triggered")
        #expect(merged["last_status_change_at"] == "2024-05-11T02:00:00Z")
        #expect(merged["updated_at"] == "2024-05-11T02:01:00Z")
        #expect(merged["alert_counts"] == counts(3, 3))
        #expect(merged["resolve_reason"] == .null)
        #expect(merged["title"] == "summary of a")
        #expect(merged["incident_key"] == "a")
        #expect(await api.incident(target) == merged)
        #expect(await api.alerts(target) == ["a triggered", "b triggered", "c triggered"])
        for source in [first, second] {
            let shown = await api.incident(source)
            #expect(shown["status"] == "resolved")
            #expect(shown["resolved_at"] == "2024-05-11T02:01:00Z")
            #expect(shown["alert_counts"] == counts(0, 0))
            #expect(shown["is_mergeable"] == false)
            #expect(shown["pending_actions"] == [])
            #expect(shown["acknowledgements"] == [])
            #expect(shown["last_status_change_by"]?["summary"] == "jane@example.org")
            #expect(shown["resolve_reason"]?["type"] == "merge_resolve_reason")
            #expect(shown["resolve_reason"]?["incident"]?["id"] == .string(incidentID(target)))
            #expect(shown["resolve_reason"]?["incident"]?["type"] == "incident_reference")
            #expect(await api.alerts(source) == [])
            #expect(await api.get("/incidents/\(source)/alerts/\(alertID(source))").status == 404)
            let alert = await api.get("/incidents/\(target)/alerts/\(alertID(source))").json["alert"]
            #expect(alert?["incident"]?["id"] == .string(incidentID(target)))
            #expect(await api.kinds(source).contains("merge_log_entry"))
            #expect(await api.kinds(source).contains("resolve_log_entry"))
        }
        #expect(await api.kinds(target).contains("merge_log_entry"))
        // The alert of the other service keeps where it came from.
        let foreign = await api.get("/incidents/\(target)/alerts/\(alertID(second))").json["alert"]
        #expect(foreign?["integration"]?["id"] == .string(integrationID(web)))
    }

    @Test("an acknowledged target stays acknowledged, an acknowledged or snoozed source ends") func statuses()
        async throws
    {
        let target = try fixture.event("trigger", "a", by: integration)
        let acknowledged = try fixture.event("trigger", "b", by: integration)
        let snoozed = try fixture.event("trigger", "c", by: integration)
        try fixture.event("acknowledge", "a", by: integration)
        try fixture.event("acknowledge", "b", by: integration)
        _ = await api.post("/incidents/\(snoozed)/snooze", #"{"duration":60}"#)
        let before = await api.incident(target)
        let answer = await merge([acknowledged, snoozed], into: target)
        #expect(answer.json["incident"]?["status"] == "acknowledged")
        #expect(answer.json["incident"]?["acknowledgements"] == before["acknowledgements"])
        let due = fixture.now.adding(seconds: 60)
        fixture.now = due
        try fixture.fire(TimerEvent(kind: .snooze, subjectID: snoozed, dueAt: due))
        #expect(await api.incident(snoozed)["status"] == "resolved")
        #expect(await api.incident(snoozed)["pending_actions"] == [])
    }

    @Test("a resolved source with alerts is merged, too") func resolvedSource() async throws {
        let target = try fixture.event("trigger", "a", by: integration)
        let source = try fixture.event("trigger", "b", by: integration)
        try fixture.event("resolve", "b", by: integration)
        let answer = await merge([source], into: target)
        #expect(answer.status == 200)
        #expect(answer.json["incident"]?["alert_counts"] == counts(2, 1))
        #expect(await api.alerts(target) == ["a triggered", "b resolved"])
        #expect(await api.incident(source)["alert_counts"] == counts(0, 0))
        #expect(await api.incident(source)["resolve_reason"]?["type"] == "merge_resolve_reason")
    }

    @Test("an incident that a person opened takes alerts in") func manualTarget() async throws {
        let (service, events) = try fixture.service("web")
        let made = await api.post(
            "/incidents", #"{"incident":{"title":"t","urgency":"low","service":{"id":"\#(serviceID(service))"}}}"#)
        let target = try number(.incident, made.json["incident"]?["id"])
        let source = try fixture.event("trigger", "b", by: events)
        let answer = await merge([source], into: target)
        #expect(answer.status == 200)
        #expect(answer.json["incident"]?["alert_counts"] == counts(1, 1))
        #expect(answer.json["incident"]?["is_mergeable"] == true)
        #expect(answer.json["incident"]?["urgency"] == "high", "there is an open alert of high urgency now")
        try fixture.event("resolve", "b", by: events)
        #expect(await api.incident(target)["status"] == "resolved")
    }

    @Test("urgency follows the open alerts") func urgency() async throws {
        let target = try fixture.event("trigger", "a", by: integration, severity: "info")
        let source = try fixture.event("trigger", "b", by: integration, severity: "critical")
        #expect(await api.incident(target)["urgency"] == "low")
        #expect(await merge([source], into: target).json["incident"]?["urgency"] == "high")
        #expect(await api.kinds(target).contains("urgency_change_log_entry"))
        try fixture.event("resolve", "b", by: integration)
        #expect(await api.incident(target)["urgency"] == "low")
    }

    @Test("what comes for a moved alert applies where it now lives") func eventsFollow() async throws {
        let target = try fixture.event("trigger", "a", by: integration)
        let source = try fixture.event("trigger", "b", by: integration)
        _ = await merge([source], into: target)
        let ended = await api.incident(source)
        let log = await api.log(source)
        let count = await api.get("/incidents").ids("incidents").count

        try fixture.event("trigger", "b", by: integration, severity: "warning")
        let alert = await api.get("/incidents/\(target)/alerts/\(alertID(source))").json["alert"]
        #expect(alert?["severity"] == "warning")
        #expect(await api.log(target).last?["type"] == "trigger_log_entry")
        try fixture.event("acknowledge", "b", by: integration)
        #expect(await api.incident(target)["status"] == "acknowledged")
        try fixture.event("resolve", "b", by: integration)
        #expect(await api.incident(target)["status"] == "acknowledged", "another alert is open")
        #expect(await api.alerts(target) == ["a triggered", "b resolved"])
        try fixture.event("resolve", "a", by: integration)
        #expect(await api.incident(target)["status"] == "resolved")
        #expect(await api.get("/incidents").ids("incidents").count == count)
        #expect(await api.incident(source) == ended)
        #expect(await api.log(source) == log)
        // Resolved, it is never reopened by an event: the next trigger opens another incident.
        let next = try fixture.event("trigger", "b", by: integration)
        #expect(await api.get("/incidents?incident_key=b&statuses[]=triggered").ids("incidents") == [incidentID(next)])
    }

    @Test("a source is found by its key, and so is where its alert now lives") func foundByKey() async throws {
        let target = try fixture.event("trigger", "a", by: integration)
        let source = try fixture.event("trigger", "b", by: integration)
        _ = await merge([source], into: target)
        #expect(
            await api.get("/incidents?incident_key=b").ids("incidents") == [incidentID(target), incidentID(source)])
    }

    @Test("a merged source cannot be reopened, nor acknowledged, nor snoozed, but annotated") func source() async throws
    {
        let target = try fixture.event("trigger", "a", by: integration)
        let source = try fixture.event("trigger", "b", by: integration)
        _ = await merge([source], into: target)
        let path = "/incidents/\(source)"
        await api.put(path, #"{"incident":{"status":"triggered"}}"#).isRefused(400, 1019, "Incident Already Merged")
        await api.put("/incidents", #"{"incidents":[{"id":"\#(incidentID(source))","status":"triggered"}]}"#)
            .isRefused(400, 1019, "Incident Already Merged")
        await api.put(path, #"{"incident":{"status":"acknowledged"}}"#)
            .isRefused(400, 1001, "Incident Already Resolved")
        await api.post(path + "/snooze", #"{"duration":60}"#).isRefused(400, 1001, "Incident Already Resolved")
        #expect(await api.put(path, #"{"incident":{"status":"resolved"}}"#).status == 200)
        #expect(await api.post(path + "/notes", #"{"note":{"content":"see the other"}}"#).status == 200)
        // Not even once the target is resolved.
        _ = await api.put("/incidents/\(target)", #"{"incident":{"status":"resolved"}}"#)
        await api.put(path, #"{"incident":{"status":"triggered"}}"#).isRefused(400, 1019, "Incident Already Merged")
    }

    @Test("a target that is reopened has all alerts that were open again") func reopenedTarget() async throws {
        let target = try fixture.event("trigger", "a", by: integration)
        let source = try fixture.event("trigger", "b", by: integration)
        _ = await merge([source], into: target)
        _ = await api.put("/incidents/\(target)", #"{"incident":{"status":"resolved"}}"#)
        #expect(await api.alerts(target) == ["a resolved", "b resolved"])
        _ = await api.put("/incidents/\(target)", #"{"incident":{"status":"triggered"}}"#)
        #expect(await api.alerts(target) == ["a triggered", "b triggered"])
    }

    @Test("a target can be the source of the next merge") func chain() async throws {
        let ids = try ["a", "b", "c"].map { try fixture.event("trigger", $0, by: integration) }
        _ = await merge([ids[0]], into: ids[1])
        let answer = await merge([ids[1]], into: ids[2])
        #expect(answer.status == 200)
        #expect(answer.json["incident"]?["alert_counts"] == counts(3, 3))
        #expect(await api.incident(ids[0])["resolve_reason"]?["incident"]?["id"] == .string(incidentID(ids[1])))
        #expect(await api.incident(ids[1])["resolve_reason"]?["incident"]?["id"] == .string(incidentID(ids[2])))
    }
}
