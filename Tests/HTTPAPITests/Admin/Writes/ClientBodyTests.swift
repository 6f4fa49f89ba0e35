import Alerting
import HTTPAPI
import Testing
import WireJSON

/// Bodies as real clients send them: references that are not set as `{}`, and objects without their wrapper.
@Suite struct ClientBodyTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let service: ServiceID
    private let integration: IntegrationID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (service, integration) = try fixture.service("db")
    }

    @Test(
        "go-pagerduty resolves alerts: an empty reference is none",
        arguments: ["{}", "null", #"{"id":null,"type":null}"#])
    func emptyReferences(_ empty: String) async throws {
        let members =
            #""type":"alert","status":"resolved","service":\#(empty),"incident":\#(empty),"integration":\#(empty)"#
        let one = try fixture.event("trigger", "one", by: integration)
        let list = await api.put(
            "/incidents/\(one)/alerts",
            #"{"alerts":[{"id":"\#(ExternalID.string(.alert, one))",\#(members)}]}"#)
        #expect(list.status == 200)
        #expect(list.json["alerts"]?[0]?["status"] == "resolved")
        let two = try fixture.event("trigger", "two", by: integration)
        let path = "/incidents/\(two)/alerts/\(ExternalID.string(.alert, two))"
        let single = await api.put(path, #"{"alert":{\#(members)}}"#)
        #expect(single.status == 200)
        #expect(single.json["alert"]?["status"] == "resolved")
        #expect(single.json["alert"]?["incident"]?["id"]?.stringValue == incidentID(two))
    }

    @Test("a reference that names something wrong is refused, as is a required one that is empty")
    func wrongReferences() async throws {
        let number = try fixture.event("trigger", "k", by: integration)
        let path = "/incidents/\(number)/alerts/\(ExternalID.string(.alert, number))"
        for reference in [#"{"id":""}"#, #"{"id":"x"}"#, #"{"type":"incident_reference"}"#, "[]", #""""#] {
            let answer = await api.put(path, #"{"alert":{"status":"resolved","incident":\#(reference)}}"#)
            #expect(answer.status == 400, "\(reference)")
        }
        #expect(await api.alerts(number) == ["k triggered"])
        let answer = await api.post("/incidents", #"{"incident":{"title":"t","service":{}}}"#)
        answer.isRefused(400, 2003, "Missing Arguments")
        #expect(answer.errors == ["service is missing"])
    }

    @Test("an empty service makes no silence or rule of all services") func ownResources() async throws {
        let before = fixture.eventCount
        let matchers = #""service":{},"matchers":["severity=info"],"duration":60"#
        #expect(await api.post("/silences", #"{"silence":{\#(matchers)}}"#).status == 400)
        let rule = #""service":{},"source_matchers":["severity=critical"],"target_matchers":["severity=info"]"#
        #expect(await api.post("/inhibition_rules", #"{"inhibition_rule":{\#(rule)}}"#).status == 400)
        #expect(fixture.eventCount == before)
    }

    @Test("a body without its wrapper that has a type is the object") func bareObjects() async throws {
        let made = await api.post("/services", #"{"type":"service","name":"Shop"}"#)
        #expect(made.status == 201)
        let id = try #require(made.json["service"]?["id"]?.stringValue)
        let changed = await api.put("/services/\(id)", #"{"type":"service","name":"Store","service":null}"#)
        #expect(changed.json["service"]?["name"] == "Store")
        let type = #""type":"events_api_v2_inbound_integration""#
        let created = await api.post(
            "/services/\(id)/integrations", #"{\#(type),"name":"i","service":{"id":"\#(id)"}}"#)
        #expect(created.status == 201)
        let key = try #require(created.json["integration"]?["id"]?.stringValue)
        let renamed = await api.put("/services/\(id)/integrations/\(key)", #"{\#(type),"name":"j"}"#)
        #expect(renamed.json["integration"]?["name"] == "j")
        let incident = await api.post(
            "/incidents", #"{"type":"incident","title":"dark","service":{"id":"\#(id)","type":"service_reference"}}"#)
        #expect(incident.status == 201)
        let manual = try number(.incident, incident.json["incident"]?["id"])
        let update = await api.put("/incidents/\(manual)", #"{"type":"incident","status":"acknowledged"}"#)
        #expect(update.json["incident"]?["status"] == "acknowledged")
        let note = await api.post("/incidents/\(manual)/notes", #"{"type":"note","content":"x"}"#)
        #expect(note.json["note"]?["content"] == "x")
        let opened = try fixture.event("trigger", "k", by: integration)
        let alert = "/incidents/\(opened)/alerts/\(ExternalID.string(.alert, opened))"
        let resolved = await api.put(alert, #"{"type":"alert","status":"resolved","incident":{}}"#)
        #expect(resolved.json["alert"]?["status"] == "resolved")
    }

    @Test(
        "neither wrapper nor type: refused",
        arguments: [
            #"{"name":"x"}"#, #"{"type":null,"name":"x"}"#, #"{"type":7,"name":"x"}"#,
            #"{"type":"incident","name":"x"}"#,
            #"{"service":[],"type":"service","name":"x"}"#, #"["type"]"#,
        ])
    func noObject(_ body: String) async {
        await api.post("/services", body).isInvalid()
        #expect(await api.get("/services?total=1").json["total"] == 1)
    }

    @Test("the gateway's own resources, too, are taken without a wrapper by their type alone") func ownWrapper() async {
        let members = #""matchers":["severity=info"],"duration":60"#
        #expect(await api.post("/silences", #"{"type":"silence",\#(members)}"#).status == 201)
        await api.post("/silences", "{\(members)}").isInvalid()
    }
}
