import Alerting
import HTTPAPI
import Testing
import WireJSON

/// Integrations created, changed, deleted, and their keys rotated (rest-api.md sections 5.8 and 6.5).
@Suite struct IntegrationWriteTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let service: ServiceID
    private let path: String

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        service = try fixture.act(.createService(ServiceSettings(name: "db")))
        path = "/services/\(serviceID(service))/integrations"
    }

    private func create(_ members: String = "") async -> Answer {
        await api.post(path, #"{"integration":{\#(members)}}"#)
    }

    private func made(_ members: String = "") async throws -> IntegrationID {
        try number(.integration, await create(members).json["integration"]?["id"])
    }

    @Test("created, with a key of its own, and shown") func create() async throws {
        var keys: Set<String> = []
        for type in ["events_api_v2_inbound_integration", "generic_events_api_inbound_integration"] {
            let answer = await create(#""type":"\#(type)","name":"Grafana","vendor":{"id":"PX"},"unknown":1"#)
            #expect(answer.status == 201)
            let shown = try #require(answer.json["integration"])
            #expect(shown["name"] == "Grafana")
            #expect(shown["summary"] == "Grafana")
            #expect(shown["type"]?.stringValue?.hasSuffix("_inbound_integration") == true)
            #expect(shown["service"]?["id"] == .string(serviceID(service)))
            #expect(shown["vendor"] == .null)
            let key = try #require(shown["integration_key"]?.stringValue)
            #expect(key.count == 32 && Integration.isWellFormed(key: key))
            keys.insert(key)
            let id = try number(.integration, shown["id"])
            #expect(shown["self"] == .string("https://gw.example\(path)/\(integrationID(id))"))
            #expect(await api.get("\(path)/\(integrationID(id))").json == answer.json)
        }
        #expect(keys.count == 2)
        #expect(await api.get("/services").json["services"]?[0]?["integrations"]?.arrayValue?.count == 2)
    }

    @Test("created with the key that senders have already") func givenKey() async throws {
        let answer = await create(#""name":"old","integration_key":"0123456789abcdef0123456789abcdef""#)
        #expect(answer.status == 201)
        #expect(answer.json["integration"]?["integration_key"] == "0123456789abcdef0123456789abcdef")
        let before = await api.everything()
        await create(#""name":"other","integration_key":"0123456789abcdef0123456789abcdef""#).isInvalid()
        for key in [#""short12""#, #""with a blank!""#, "12345678", #""\#(String(repeating: "a", count: 129))""#] {
            await create(#""name":"other","integration_key":\#(key)"#).isInvalid()
        }
        #expect(await api.everything() == before)
    }

    @Test("changed") func update() async throws {
        let id = try await made(#""name":"one""#)
        let target = "\(path)/\(integrationID(id))"
        let key = await api.get(target).json["integration"]?["integration_key"]
        let answer = await api.put(target, #"{"integration":{"name":"two","integration_key":"not-to-be-set"}}"#)
        #expect(answer.status == 200)
        #expect(answer.json["integration"]?["name"] == "two")
        #expect(answer.json["integration"]?["integration_key"] == key, "read-only, but for a rotation")
        let severity = await api.put(target, #"{"integration":{"default_severity":"warning","disabled":true}}"#)
        #expect(severity.json["integration"]?["default_severity"] == "warning")
        #expect(severity.json["integration"]?["disabled"] == true)
        #expect(severity.json["integration"]?["name"] == "two")
        // The whole object back.
        let text = String(decoding: severity.body, as: UTF8.self)
        #expect(await api.put(target, text).json == severity.json)
    }

    @Test(
        "what is refused",
        arguments: [
            "", "{", "{}", "[]", #"{"integration":[]}"#, #"{"integrations":[]}"#, #"{"integration":{"name":""}}"#,
            #"{"integration":{"name":7}}"#, #"{"integration":{"default_severity":"bad"}}"#,
            #"{"integration":{"disabled":"yes"}}"#,
        ])
    func refusals(_ body: String) async throws {
        let id = try await made(#""name":"one""#)
        let before = await api.get("\(path)/\(integrationID(id))").json
        await api.put("\(path)/\(integrationID(id))", body).isInvalid()
        await api.post(path, body).isInvalid()
        #expect(await api.get("\(path)/\(integrationID(id))").json == before)
        #expect(await api.get("/services").json["services"]?[0]?["integrations"]?.arrayValue?.count == 1)
    }

    @Test("deleted: not while it has an open alert, wherever that lives") func delete() async throws {
        let id = try await made()
        let target = "\(path)/\(integrationID(id))"
        let (_, other) = try fixture.service("web")
        let taker = try fixture.event("trigger", "x", by: other)
        let incident = try fixture.event("trigger", "k", by: id)
        await api.delete(target).isInvalid()
        _ = await api.put(
            "/incidents/\(taker)/merge", #"{"source_incidents":[{"id":"\#(incidentID(incident))"}]}"#)
        await api.delete(target).isInvalid()
        #expect(await api.get(target).status == 200)
        try fixture.event("resolve", "k", by: id)
        let answer = await api.delete(target)
        #expect(answer.status == 204)
        #expect(answer.body.isEmpty)
        await api.get(target).isNotFound()
        await api.delete(target).isNotFound()
        await api.put(target, #"{"integration":{"name":"x"}}"#).isNotFound()
        await api.post("\(target)/rotate").isNotFound()
        #expect(await api.get("/services/\(serviceID(service))").json["service"]?["integrations"] == [])
        // Its alert is still told of.
        #expect(await api.get("/incidents/\(taker)/alerts").ids("alerts").count == 2)
        #expect(await api.get("/incidents/\(taker)/log_entries?include[]=channels").status == 200)
    }

    @Test("the key of a deleted one is free again") func keyIsFree() async throws {
        let id = try await made(#""integration_key":"0123456789abcdef""#)
        await create(#""integration_key":"0123456789abcdef""#).isInvalid()
        #expect(await api.delete("\(path)/\(integrationID(id))").status == 204)
        #expect(await create(#""integration_key":"0123456789abcdef""#).status == 201)
    }

    @Test("a rotation gives another key; nobody else gets the former while it is good") func rotate() async throws {
        let id = try await made(#""integration_key":"0123456789abcdef""#)
        let answer = await api.post("\(path)/\(integrationID(id))/rotate")
        #expect(answer.status == 200)
        let key = try #require(answer.json["integration"]?["integration_key"]?.stringValue)
        #expect(key != "0123456789abcdef" && key.count == 32)
        #expect(await api.get("\(path)/\(integrationID(id))").json == answer.json)
        await create(#""integration_key":"0123456789abcdef""#).isInvalid()
        fixture.now = fixture.now.adding(seconds: 86_399)
        await create(#""integration_key":"0123456789abcdef""#).isInvalid()
        fixture.now = fixture.now.adding(seconds: 1)
        #expect(await create(#""integration_key":"0123456789abcdef""#).status == 201)
    }

    @Test("an integration that is not there, or another service's") func unknown() async throws {
        let id = try await made()
        let (other, foreign) = try fixture.service("web")
        for target in [
            "\(path)/\(integrationID(foreign))", "/services/\(serviceID(other))/integrations/\(integrationID(id))",
            "\(path)/PZZZZZZ", "\(path)/x", "/services/PZZZZZZ/integrations/\(integrationID(id))",
        ] {
            await api.put(target, #"{"integration":{"name":"x"}}"#).isNotFound()
            await api.delete(target).isNotFound()
            await api.post("\(target)/rotate").isNotFound()
        }
        for id in ["PZZZZZZ", "x"] {
            await api.post("/services/\(id)/integrations", #"{"integration":{"name":"x"}}"#).isNotFound()
        }
    }
}
