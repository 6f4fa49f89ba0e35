import Alerting
import HTTPAPI
import Testing
import WireJSON

/// `/inhibition_rules`: an open alert holds others back (docs/noise.md).
@Suite struct InhibitionRuleTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let service: ServiceID
    private let integration: IntegrationID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (service, integration) = try fixture.service("db")
    }

    private func create(_ members: String) async -> Answer {
        await api.post("/inhibition_rules", #"{"inhibition_rule":{\#(members)}}"#, from: "jane@example.org")
    }

    private static let hostDown =
        #""source_matchers":["dedup_key=host"],"target_matchers":["severity=~\"warning|info\""]"#

    @Test("while the source is open, the target is held back and shown as such") func holdsBack() async throws {
        let answer = await create(Self.hostDown + #","equal":["integration"],"comment":"the host is the cause""#)
        #expect(answer.status == 201)
        let rule = try #require(answer.json["inhibition_rule"])
        #expect(rule["type"] == "inhibition_rule" && rule["summary"] == "the host is the cause")
        #expect(rule["service"] == .null && rule["equal"] == ["integration"] && rule["deleted_at"] == .null)
        #expect(rule["target_matchers"] == [["label": "severity", "comparison": "=~", "value": "warning|info"]])
        #expect(rule["created_by"]?["summary"] == "jane@example.org")
        let id = try #require(rule["id"]?.stringValue)
        try fixture.event("trigger", "host", by: integration, severity: "critical")
        let disk = try fixture.event("trigger", "disk", by: integration, severity: "warning")
        #expect(await api.get("/incidents?date_range=all").ids("incidents").count == 1)
        #expect(await api.get("/inhibition_rules/\(id)").json["inhibition_rule"]?["alert_counts"] == ["suppressed": 1])
        let alerts = await api.get("/inhibition_rules/\(id)/alerts?total=true").json
        #expect(alerts["total"] == 1)
        #expect(alerts["alerts"]?[0]?["alert_key"] == "disk" && alerts["alerts"]?[0]?["suppressed"] == true)
        try fixture.event("resolve", "host", by: integration)
        try fixture.fire(TimerEvent(kind: .release, subjectID: disk, dueAt: fixture.now))
        #expect(await api.get("/incidents?statuses[]=triggered").ids("incidents").count == 1)
        #expect(await api.get("/inhibition_rules/\(id)/alerts").json["alerts"] == [])
    }

    @Test("deleted, it holds back nothing, and can still be read") func deleted() async throws {
        let answer = await create(#""service":{"id":"\#(ExternalID.string(.service, service))"},"# + Self.hostDown)
        let id = try #require(answer.json["inhibition_rule"]?["id"]?.stringValue)
        #expect(answer.json["inhibition_rule"]?["service"]?["summary"] == "db")
        #expect(await api.get("/inhibition_rules").ids("inhibition_rules") == [id])
        #expect(await api.delete("/inhibition_rules/\(id)").status == 204)
        await api.delete("/inhibition_rules/\(id)").isNotFound()
        #expect(await api.get("/inhibition_rules").ids("inhibition_rules") == [])
        let shown = await api.get("/inhibition_rules/\(id)").json["inhibition_rule"]
        #expect(shown?["deleted_at"] == "2024-05-11T02:00:00Z")
        try fixture.event("trigger", "host", by: integration, severity: "critical")
        try fixture.event("trigger", "disk", by: integration, severity: "warning")
        #expect(await api.get("/incidents?date_range=all").ids("incidents").count == 2)
    }

    @Test(
        "what is refused, with a reason",
        arguments: [
            (#""source_matchers":["source=x"]"#, "target_matchers"),
            (
                #""source_matchers":[],"target_matchers":["source=x"]"#,
                "source_matchers must be an array of at least one"
            ),
            (#""source_matchers":["source=x"],"target_matchers":["severity!=info"]"#, "match everything"),
            (#""source_matchers":["x=x"],"target_matchers":["source=x"]"#, "x is none of"),
            (#""source_matchers":["source=~\"(\""],"target_matchers":["source=x"]"#, "source_matchers"),
            (#""source_matchers":["source=x"],"target_matchers":["source=y"],"equal":["colour"]"#, "colour"),
            (#""source_matchers":["source=x"],"target_matchers":["source=y"],"equal":[1]"#, "equal"),
            (
                #""source_matchers":["source=x"],"target_matchers":["source=y"],"service":{"id":"P00ZZZZ"}"#,
                "unknown service"
            ),
        ])
    func refusals(_ members: String, _ reason: String) async {
        let answer = await create(members)
        #expect(answer.status == 400)
        let said = ([answer.json["error"]?["message"]?.stringValue ?? ""] + (answer.errors ?? [])).joined(
            separator: " ")
        #expect(said.contains(reason), "\(said)")
    }
}
