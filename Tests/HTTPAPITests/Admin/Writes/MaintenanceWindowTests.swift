import Alerting
import HTTPAPI
import Testing
import WireJSON

/// `/maintenance_windows`: PagerDuty's view of silences over whole services (docs/rest-clients.md).
@Suite struct MaintenanceWindowTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let service: ServiceID
    private let integration: IntegrationID

    /// The clock stands at 2024-05-11T02:00:00Z.
    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (service, integration) = try fixture.service("db")
    }

    private func body(
        _ start: String = "2024-05-11T02:00:00Z", _ end: String = "2024-05-11T04:00:00Z", _ more: String = ""
    ) -> String {
        let services = #"[{"id":"\#(serviceID(service))","type":"service_reference"}]"#
        return
            #"{"maintenance_window":{"type":"maintenance_window","start_time":"\#(start)","end_time":"\#(end)","services":\#(services)\#(more)}}"#
    }

    private func made(_ body: String) async throws -> String {
        let answer = await api.post("/maintenance_windows", body)
        return try #require(answer.json["maintenance_window"]?["id"]?.stringValue)
    }

    private func window(_ id: String) async -> JSONValue {
        await api.get("/maintenance_windows/\(id)").json["maintenance_window"] ?? .null
    }

    @Test("a window, member by member, which is a silence over the service") func create() async throws {
        let answer = await api.post(
            "/maintenance_windows",
            body("2024-05-11T04:00:00+02:00", "2024-05-11T04:00:00Z", #","description":"disks ☃""#),
            from: "jane@example.org")
        #expect(answer.status == 201)
        let number = fixture.eventCount
        let id = ExternalID.string(.silence, number)
        let url = "https://gw.example/maintenance_windows/\(id)"
        let (user, path) = ("https://gw.example/users/P000001", "https://gw.example/services/\(serviceID(service))")
        let expected: JSONValue = [
            "id": .string(id), "type": "maintenance_window", "summary": "disks ☃", "self": .string(url),
            "html_url": .string(url), "sequence_number": JSONValue(number), "start_time": "2024-05-11T02:00:00Z",
            "end_time": "2024-05-11T04:00:00Z", "description": "disks ☃",
            "created_by": [
                "id": "P000001", "type": "user_reference", "summary": "jane@example.org", "self": .string(user),
                "html_url": .string(user),
            ],
            "services": [
                [
                    "id": .string(serviceID(service)), "type": "service_reference", "summary": "db",
                    "self": .string(path),
                    "html_url": .string(path),
                ]
            ], "teams": [],
        ]
        #expect(answer.json == ["maintenance_window": expected])
        #expect(await window(id) == expected)
        #expect(
            await api.get("/maintenance_windows?total=1").json == [
                "maintenance_windows": .array([expected]), "limit": 25, "offset": 0, "total": 1, "more": false,
            ])
        #expect(await api.get("/silences/\(id)").json["silence"]?["matchers"] == [])
        #expect(await api.get("/services/\(serviceID(service))").json["service"]?["status"] == "maintenance")
        try fixture.event("trigger", "k", by: integration)
        #expect(try fixture.lastOutcome() == "suppressed")
    }

    @Test("a start in the past is now; a body without its wrapper is taken") func pastStart() async throws {
        let services = #"[{"id":"\#(serviceID(service))"}]"#
        let id = try await made(
            #"{"type":"maintenance_window","start_time":"2024-05-01","end_time":"2024-05-12","services":\#(services)}"#)
        #expect(await window(id)["start_time"] == "2024-05-11T02:00:00Z")
        #expect(await window(id)["summary"] == "maintenance")
    }

    @Test("what is refused stores nothing") func refusals() async throws {
        let other = try fixture.service("other").service
        let before = fixture.eventCount
        let (one, two) = (serviceID(service), serviceID(other))
        let times = #""start_time":"2024-05-11T02:00:00Z","end_time":"2024-05-11T04:00:00Z""#
        for (members, code) in [
            (times, 2003), (#"\#(times),"services":[]"#, 2003), (#"\#(times),"services":null"#, 2003),
            (#"\#(times),"services":{}"#, 2001), (#"\#(times),"services":["\#(one)"]"#, 2001),
            (#"\#(times),"services":[{}]"#, 2003), (#"\#(times),"services":[{"id":"PZ"}]"#, 2001),
            (#"\#(times),"services":[{"id":"\#(one)"},{"id":"\#(two)"}]"#, 2001),
            (#"\#(times),"services":[{"id":"\#(one)"}],"type":"silence""#, 2001),
            (#"\#(times),"services":[{"id":"\#(one)"}],"description":7"#, 2001),
            (#""start_time":"2024-05-11T02:00:00Z","services":[{"id":"\#(one)"}]"#, 2003),
            (#""end_time":"2024-05-11T04:00:00Z","services":[{"id":"\#(one)"}]"#, 2003),
            (#""start_time":"soon","end_time":"2024-05-11T04:00:00Z","services":[{"id":"\#(one)"}]"#, 2001),
        ] as [(String, Int64)] {
            let answer = await api.post("/maintenance_windows", #"{"maintenance_window":{\#(members)}}"#)
            #expect(answer.status == 400 && answer.code == code, "\(members)")
        }
        for body in ["", "[]", "{}", #"{"maintenance_window":[]}"#] {
            await api.post("/maintenance_windows", body).isInvalid()
        }
        #expect(fixture.eventCount == before)
        for times in [
            ("2024-05-11T04:00:00Z", "2024-05-11T04:00:00Z"), ("2024-05-11T05:00:00Z", "2024-05-11T04:00:00Z"),
            ("2024-05-10T00:00:00Z", "2024-05-11T01:00:00Z"),
        ] {
            await api.post("/maintenance_windows", body(times.0, times.1)).isInvalid()
        }
        #expect(await api.get("/silences").ids("silences").isEmpty)
    }

    @Test("changed: end and description, and nothing else") func update() async throws {
        let id = try await made(body())
        let path = "/maintenance_windows/\(id)"
        let answer = await api.put(
            path, #"{"maintenance_window":{"end_time":"2024-05-11T06:00:00Z","description":"longer"}}"#)
        #expect(answer.status == 200)
        let shown = await window(id)
        #expect(answer.json["maintenance_window"] == shown)
        #expect(shown["end_time"] == "2024-05-11T06:00:00Z" && shown["description"] == "longer")
        // The whole object sent back changes nothing.
        let before = try #require(await api.get("/silences/\(id)").json["silence"])
        let whole = String(decoding: await api.get(path).body, as: UTF8.self)
        fixture.now = fixture.now.adding(seconds: 60)
        #expect(await api.put(path, whole).json["maintenance_window"] == shown)
        #expect(await api.get("/silences/\(id)").json["silence"] == before)
        for members in [
            #""start_time":"2024-05-11T02:30:00Z""#, #""services":[{"id":"PZZZZZZ"}]"#, #""end_time":"soon""#,
            #""end_time":"2024-05-11T02:00:30Z""#, #""end_time":7"#, #""type":"service""#,
        ] {
            await api.put(path, #"{"maintenance_window":{\#(members)}}"#).isInvalid()
        }
        #expect(await window(id) == shown)
    }

    @Test("deleted: one that has begun ends now, one that has not is gone") func delete() async throws {
        let begun = try await made(body())
        let coming = try await made(body("2024-05-12T02:00:00Z", "2024-05-12T04:00:00Z"))
        try fixture.event("trigger", "k", by: integration)
        #expect(try fixture.lastOutcome() == "suppressed")
        fixture.now = fixture.now.adding(seconds: 600)
        for id in [begun, coming] {
            let answer = await api.delete("/maintenance_windows/\(id)")
            #expect(answer.status == 204 && answer.body.isEmpty)
        }
        #expect(await window(begun)["end_time"] == "2024-05-11T02:10:00Z")
        await api.get("/maintenance_windows/\(coming)").isNotFound()
        #expect(await api.get("/maintenance_windows").ids("maintenance_windows") == [begun])
        await api.delete("/maintenance_windows/\(begun)").isNotFound()
        await api.delete("/maintenance_windows/\(coming)").isNotFound()
        try fixture.fire(try #require(try fixture.nextTimer(.release)))
        #expect(try fixture.lastOutcome() == "opened")
    }

    @Test("listed by where they stand, by service and by description") func list() async throws {
        let other = try fixture.service("other").service
        let past = try await made(body("2024-05-11T02:00:00Z", "2024-05-11T02:30:00Z", #","description":"Past one""#))
        let ongoing = try await made(body())
        let future = try await made(body("2024-05-12T02:00:00Z", "2024-05-12T04:00:00Z"))
        let window = Recurrence.Window(start: fixture.now, end: fixture.now.adding(seconds: 7200))
        let elsewhere = ExternalID.string(
            .silence,
            try fixture.act(
                .createSilence(SilenceDraft(serviceID: other, matchers: [], window: window, isMaintenance: true))))
        let matcher = LabelMatcher(label: "severity", comparison: .equal, value: "info")
        // Silences of a part of a service, or of all services, are no windows.
        for service in [other, nil] {
            try fixture.act(.createSilence(SilenceDraft(serviceID: service, matchers: [matcher], window: window)))
            await api.get("/maintenance_windows/\(ExternalID.string(.silence, fixture.eventCount))").isNotFound()
            await api.delete("/maintenance_windows/\(ExternalID.string(.silence, fixture.eventCount))").isNotFound()
        }
        fixture.now = fixture.now.adding(seconds: 3600)
        for (query, expected) in [
            ("", [elsewhere, future, ongoing, past]), ("filter=all", [elsewhere, future, ongoing, past]),
            ("filter=past", [past]), ("filter=ongoing", [elsewhere, ongoing]), ("filter=future", [future]),
            ("filter=open", [elsewhere, future, ongoing]), ("query=PAST", [past]), ("query=nothing", []),
            ("service_ids[]=\(serviceID(other))", [elsewhere]), ("service_ids[]=nonsense", []), ("team_ids[]=P1", []),
            ("limit=1&offset=1", [future]),
        ] as [(String, [String])] {
            #expect(await api.get("/maintenance_windows?\(query)").ids("maintenance_windows") == expected, "\(query)")
        }
        await api.get("/maintenance_windows?filter=current").isInvalid()
        let wrong = await api.put("/maintenance_windows", "{}")
        #expect(wrong.status == 405 && wrong.header("Allow") == "GET, POST")
        let readOnly = await api.answer(
            "POST", "/maintenance_windows", body(), secret: AdminFixture.readOnlySecret)
        #expect(readOnly.status == 403)
    }
}
