import Alerting
import HTTPAPI
import Testing
import WireJSON

/// `POST /services`, `PUT` and `DELETE /services/{id}` (rest-api.md sections 5.8 and 6.5).
@Suite struct ServiceWriteTests {
    private let fixture: AdminFixture
    private let api: AdminAPI

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
    }

    private func create(_ members: String) async -> Answer {
        await api.post("/services", #"{"service":{\#(members)}}"#)
    }

    private func put(_ id: ServiceID, _ members: String) async -> Answer {
        await api.put("/services/\(serviceID(id))", #"{"service":{\#(members)}}"#)
    }

    private func made(_ members: String) async throws -> ServiceID {
        try number(.service, await create(members).json["service"]?["id"])
    }

    private func service(_ id: ServiceID) async -> JSONValue {
        await api.get("/services/\(serviceID(id))").json["service"] ?? .null
    }

    @Test("created with all members") func create() async throws {
        let answer = await create(
            #""type":"service","name":"Shop ☃","description":"sells","acknowledgement_timeout":600,"auto_resolve_timeout":14400"#
        )
        #expect(answer.status == 201)
        let shown = try #require(answer.json["service"])
        #expect(shown["type"] == "service")
        #expect(shown["name"] == "Shop ☃")
        #expect(shown["summary"] == "Shop ☃")
        #expect(shown["description"] == "sells")
        #expect(shown["acknowledgement_timeout"] == 600)
        #expect(shown["auto_resolve_timeout"] == 14400)
        #expect(shown["status"] == "active")
        #expect(shown["integrations"] == [])
        #expect(shown["created_at"] == "2024-05-11T02:00:00Z")
        #expect(shown["alert_grouping_parameters"] == ["type": .null, "config": .null])
        let id = try number(.service, shown["id"])
        #expect(await service(id) == shown)
        #expect(await api.get("/services").ids("services") == [serviceID(id)])
    }

    @Test("created with no more than a name: no timeouts") func defaults() async throws {
        let id = try await made(#""name":"Shop""#)
        let shown = await service(id)
        #expect(shown["description"] == "")
        #expect(shown["acknowledgement_timeout"] == .null)
        #expect(shown["auto_resolve_timeout"] == .null)
    }

    @Test("timeouts that are null or zero are never", arguments: ["null", "0"])
    func noTimeouts(_ value: String) async throws {
        let id = try await made(
            #""name":"Shop","acknowledgement_timeout":\#(value),"auto_resolve_timeout":\#(value)"#)
        #expect(await service(id)["acknowledgement_timeout"] == .null)
        _ = await put(id, #""acknowledgement_timeout":60,"auto_resolve_timeout":120"#)
        #expect(await service(id)["acknowledgement_timeout"] == 60)
        #expect(await service(id)["auto_resolve_timeout"] == 120)
        _ = await put(id, #""name":"Other""#)
        #expect(await service(id)["acknowledgement_timeout"] == 60, "absent is as it was")
        let answer = await put(id, #""acknowledgement_timeout":\#(value),"auto_resolve_timeout":\#(value)"#)
        #expect(answer.status == 200)
        #expect(answer.json["service"]?["acknowledgement_timeout"] == .null)
        #expect(answer.json["service"]?["auto_resolve_timeout"] == .null)
    }

    @Test("a change changes what it names") func update() async throws {
        let id = try await made(#""name":"Shop","description":"sells","auto_resolve_timeout":60"#)
        let before = await service(id)
        let answer = await put(id, #""name":"Store""#)
        #expect(answer.status == 200)
        #expect(answer.json["service"]?["name"] == "Store")
        #expect(answer.json["service"]?["summary"] == "Store")
        #expect(answer.json["service"]?["description"] == "sells")
        #expect(answer.json["service"]?["auto_resolve_timeout"] == 60)
        #expect(answer.json["service"]?["id"] == before["id"])
        _ = await put(id, #""description":null"#)
        #expect(await service(id)["description"] == "")
        #expect(await put(id, "").status == 200)
        #expect(await service(id)["name"] == "Store")
    }

    @Test("a name is one service's, by its bytes") func nameTaken() async throws {
        let id = try await made(#""name":"Shop""#)
        let other = try await made(#""name":"Web""#)
        let taken = await create(#""name":"Shop""#)
        taken.isInvalid()
        #expect(taken.errors?.isEmpty == false)
        await put(other, #""name":"Shop""#).isInvalid()
        #expect(await service(other)["name"] == "Web")
        #expect(await put(id, #""name":"Shop""#).status == 200, "its own")
        #expect(await create(#""name":"shop""#).status == 201)
        #expect(await api.delete("/services/\(serviceID(id))").status == 204)
        #expect(await create(#""name":"Shop""#).status == 201, "free again")
    }

    @Test(
        "what is refused",
        arguments: [
            ("", 2001), ("{", 2001), ("{}", 2001), ("[]", 2001), (#"{"service":[]}"#, 2001),
            (#"{"services":[]}"#, 2001), (#"{"service":{}}"#, 2003), (#"{"service":{"name":null}}"#, 2003),
            (#"{"service":{"name":""}}"#, 2001), (#"{"service":{"name":" \u2003"}}"#, 2001),
            (#"{"service":{"name":7}}"#, 2001), (#"{"service":{"name":"x","type":"incident"}}"#, 2001),
            (#"{"service":{"name":"x","description":7}}"#, 2001),
            (#"{"service":{"name":"x","acknowledgement_timeout":-1}}"#, 2001),
            (#"{"service":{"name":"x","acknowledgement_timeout":1.5}}"#, 2001),
            (#"{"service":{"name":"x","auto_resolve_timeout":"60"}}"#, 2001),
            (#"{"service":{"name":"x","auto_resolve_timeout":99999999999999999999}}"#, 2001),
        ] as [(String, Int64)])
    func refusals(_ body: String, _ code: Int64) async throws {
        let before = fixture.eventCount
        let answer = await api.post("/services", body)
        answer.isRefused(400, code, code == 2003 ? "Missing Arguments" : "Invalid Input Provided")
        #expect(await api.get("/services").ids("services").isEmpty)
        #expect(fixture.eventCount == before)
        // A change needs no name; everything else it refuses alike.
        let id = try await made(#""name":"Shop""#)
        let shown = await service(id)
        let change = await api.put("/services/\(serviceID(id))", body)
        #expect(change.status == (code == 2003 ? 200 : 400))
        #expect(await service(id) == shown)
    }

    @Test("a name of 255 characters and no more") func longName() async {
        let name = String(repeating: "é", count: 255)
        #expect(await create(#""name":"\#(name)""#).json["service"]?["name"]?.stringValue == name)
        await create(#""name":"\#(name)e""#).isInvalid()
    }

    @Test("the whole object sent back changes nothing, but for what was changed in it") func wholeObject() async throws
    {
        let id = try await made(
            #""name":"Shop","description":"sells","acknowledgement_timeout":600,"alert_grouping_parameters":{"type":"content_based","config":{"aggregate":"any","fields":["source","class"],"time_window":600}}"#
        )
        try fixture.act(
            .createIntegration(service: id, name: "events", key: "key-of-shop-abcd", defaultSeverity: .critical))
        try fixture.event("trigger", "k", by: fixture.eventCount)
        for query in ["", "?include[]=integrations"] {
            let stale = await api.get("/services/\(serviceID(id))\(query)")
            #expect(stale.json["service"]?["status"] == "critical")
            let text = String(decoding: stale.body, as: UTF8.self)
            #expect(await api.put("/services/\(serviceID(id))\(query)", text).json == stale.json)
            #expect(await api.get("/services/\(serviceID(id))\(query)").json == stale.json)
            let renamed = text.replacing(#""description":"sells""#, with: #""description":"sold""#)
            #expect(await api.put("/services/\(serviceID(id))", renamed).json["service"]?["description"] == "sold")
            _ = await api.put("/services/\(serviceID(id))", text)
        }
    }

    @Test("unknown and read-only members are ignored") func unknownMembers() async throws {
        let id = try await made(
            #""name":"Shop","id":"PXXXXXX","created_at":"2001-01-01","last_incident_timestamp":7,"integrations":[1],"teams":{},"escalation_policy":{"id":"P"},"incident_urgency_rule":[],"alert_creation":"x","support_hours":1,"whatever":{}"#
        )
        let before = await service(id)
        #expect(before["created_at"] == "2024-05-11T02:00:00Z")
        let answer = await put(id, #""id":"PXXXXXX","created_at":null,"summary":"x","self":"y","status":"maintenance""#)
        #expect(answer.status == 200)
        #expect(answer.json["service"] == before)
    }

    @Test("disabled and active again") func disable() async throws {
        let id = try await made(#""name":"Shop""#)
        #expect(await put(id, #""status":"disabled""#).json["service"]?["status"] == "disabled")
        #expect(await put(id, #""name":"Shop 2""#).json["service"]?["status"] == "disabled")
        #expect(await put(id, #""status":"active""#).json["service"]?["status"] == "active")
    }

    @Test("deleted with its integrations, in one event") func deleteWithIntegrations() async throws {
        let (id, integration) = try fixture.service("db")
        let other = try fixture.service("other").integration
        let second = try fixture.act(
            .createIntegration(service: id, name: "more", key: "key-of-more-abcd", defaultSeverity: .critical))
        let resolved = try fixture.event("trigger", "k", by: integration)
        try fixture.event("resolve", "k", by: integration)
        let before = fixture.eventCount
        #expect(await api.delete("/services/\(serviceID(id))").status == 204)
        #expect(fixture.eventCount == before + 1)
        for gone in [integration, second] {
            await api.get("/services/\(serviceID(id))/integrations/\(integrationID(gone))").isNotFound()
            // Accepted before, folded after.
            try fixture.event("trigger", "late", by: gone)
            #expect(try fixture.lastOutcome() == "dropped")
        }
        #expect(await api.incident(resolved)["service"]?["id"] == .string(serviceID(id)))
        #expect(await api.get("/incidents/\(resolved)/alerts").status == 200)
        // Their keys are free again, and the neighbour has its own.
        for key in ["key-of-db-abcd", "key-of-more-abcd"] {
            try fixture.act(.createIntegration(service: other - 1, name: key, key: key, defaultSeverity: .critical))
            #expect(try fixture.lastOutcome() == "applied")
        }
        try fixture.event("trigger", "k", by: other)
        #expect(try fixture.lastOutcome() == "opened")
    }

    @Test("an alert that is held back does not stand in the way: it is resolved, and nobody is called")
    func deleteWithAlertsHeldBack() async throws {
        let (id, integration) = try fixture.service("db")
        let window = Recurrence.Window(start: fixture.now, end: fixture.now.adding(seconds: 3600))
        try fixture.act(.createSilence(SilenceDraft(serviceID: id, matchers: [], window: window, isMaintenance: true)))
        let alert = try fixture.event("trigger", "k", by: integration)
        #expect(try fixture.lastOutcome() == "suppressed")
        let silence = ExternalID.string(.silence, alert - 1)
        #expect(await api.delete("/services/\(serviceID(id))").status == 204)
        try fixture.fire(try #require(try fixture.nextTimer(.release)))
        #expect(try fixture.lastOutcome() == "alert_resolved")
        #expect(try fixture.nextTimer(.release) == nil)
        let held = await api.get("/silences/\(silence)/alerts").json["alerts"]?[0]
        #expect(held?["status"] == "resolved")
        #expect(held?["html_url"]?.stringValue == "https://gw.example/silences/\(silence)/alerts")
        #expect(await api.get("/incidents?date_range=all").ids("incidents").isEmpty)
        #expect(await api.get("/silences/\(silence)").json["silence"]?["alert_counts"]?["suppressed"] == 0)
    }

    @Test("the action of older logs, which does not ask for the integrations, is refused") func olderDelete() throws {
        let id = try fixture.service("db").service
        try fixture.act(.deleteService(id))
        #expect(try fixture.lastOutcome() == "refused")
        try fixture.act(.deleteService(id, withIntegrations: false))
        #expect(try fixture.lastOutcome() == "refused")
    }

    @Test("deleted: not while it has an open incident") func delete() async throws {
        let id = try await made(#""name":"Shop""#)
        let path = "/services/\(serviceID(id))"
        let integration = try fixture.act(
            .createIntegration(service: id, name: "events", key: "key-of-shop-abcd", defaultSeverity: .critical))
        let incident = try fixture.event("trigger", "k", by: integration)
        await api.delete(path).isInvalid()
        #expect(await api.get("\(path)/integrations/\(integrationID(integration))").status == 200)
        try fixture.event("resolve", "k", by: integration)
        let manual = await api.post(
            "/incidents", #"{"incident":{"title":"t","service":{"id":"\#(serviceID(id))"}}}"#)
        for status in ["triggered", "acknowledged"] {
            let open = try number(.incident, manual.json["incident"]?["id"])
            _ = await api.put("/incidents/\(open)", #"{"incident":{"status":"\#(status)"}}"#)
            await api.delete(path).isInvalid()
            #expect(await api.get(path).status == 200)
        }
        _ = await api.put(
            "/incidents/\(try number(.incident, manual.json["incident"]?["id"]))",
            #"{"incident":{"status":"resolved"}}"#)
        let answer = await api.delete(path)
        #expect(answer.status == 204)
        #expect(answer.body.isEmpty)
        await api.get(path).isNotFound()
        await api.delete(path).isNotFound()
        await api.put(path, #"{"service":{"name":"x"}}"#).isNotFound()
        await api.post("\(path)/integrations", #"{"integration":{"name":"x"}}"#).isNotFound()
        await api.post("/incidents", #"{"incident":{"title":"t","service":{"id":"\#(serviceID(id))"}}}"#).isInvalid()
        #expect(await api.get("/services?total=1").json["total"] == 0)
        // Its incidents are still told of.
        #expect(await api.incident(incident)["service"]?["id"] == .string(serviceID(id)))
        #expect(await api.get("/incidents/\(incident)?include[]=services").status == 200)
        #expect(await api.get("/incidents/\(incident)/alerts").status == 200)
        #expect(await api.get("/incidents/\(incident)/log_entries?include[]=channels,services").status == 200)
    }

    @Test("a service that is not there", arguments: ["PZZZZZZ", "x", "7"])
    func unknown(_ id: String) async {
        await api.put("/services/\(id)", #"{"service":{"name":"x"}}"#).isNotFound()
        await api.delete("/services/\(id)").isNotFound()
    }
}
