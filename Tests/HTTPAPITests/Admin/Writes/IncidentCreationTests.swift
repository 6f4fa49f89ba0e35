import Alerting
import HTTPAPI
import Testing
import WireJSON

/// `POST /incidents` (rest-api.md sections 5 and 6.1; events-api.md section 8).
@Suite struct IncidentCreationTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let service: ServiceID
    private let integration: IntegrationID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (service, integration) = try fixture.service("db", autoResolveTimeout: 3600)
    }

    private func body(_ title: String, _ members: String = "", service: ServiceID? = nil) -> String {
        let id = serviceID(service ?? self.service)
        return
            #"{"incident":{"type":"incident","title":"\#(title)","service":{"id":"\#(id)","type":"service_reference"}\#(members)}}"#
    }

    @Test("all members") func allMembers() async throws {
        let answer = await api.post(
            "/incidents?include[]=body",
            body(
                "power ☃ out",
                #","urgency":"low","incident_key":"power/1","body":{"type":"incident_body","details":"since \"noon\"\n☃"}"#
            ), from: "jane@example.org")
        #expect(answer.status == 201)
        let incident = try #require(answer.json["incident"])
        let id = try number(.incident, incident["id"])
        #expect(incident["type"] == "incident")
        #expect(incident["incident_number"] == JSONValue(id))
        #expect(incident["title"] == "power ☃ out")
        #expect(incident["description"] == "power ☃ out")
        #expect(incident["summary"] == .string("[#\(id)] power ☃ out"))
        #expect(incident["self"] == .string("https://gw.example/incidents/\(incidentID(id))"))
        #expect(incident["status"] == "triggered")
        #expect(incident["urgency"] == "low")
        #expect(incident["incident_key"] == "power/1")
        #expect(incident["service"]?["id"] == .string(serviceID(service)))
        #expect(incident["body"] == ["type": "incident_body", "details": "since \"noon\"\n☃"])
        #expect(incident["created_at"] == "2024-05-11T02:00:00Z")
        #expect(incident["resolved_at"] == .null)
        #expect(incident["alert_counts"] == ["all": 0, "triggered": 0, "resolved": 0])
        #expect(incident["is_mergeable"] == false)
        #expect(incident["resolve_reason"] == .null)
        #expect(incident["pending_actions"] == [["type": "resolve", "at": "2024-05-11T03:00:00Z"]])
        #expect(incident["last_status_change_by"]?["summary"] == "jane@example.org")
        #expect(incident["last_status_change_by"]?["type"] == "user_reference")
        #expect(await api.incident(id, "?include[]=body") == incident)
        let log = await api.log(id)
        #expect(log.count == 1)
        #expect(log[0]["type"] == "trigger_log_entry")
        #expect(log[0]["agent"]?["summary"] == "jane@example.org")
        #expect(log[0]["channel"] == ["type": "website"])
        #expect(log[0]["event_details"] == .object([]))
        #expect(incident["first_trigger_log_entry"]?["id"] == log[0]["id"])
    }

    @Test("defaults: high urgency, a key of its own, no body") func defaults() async throws {
        var keys: Set<String> = []
        for _ in 0..<2 {
            let answer = await api.post(
                "/incidents", body("out", #","incident_key":null,"urgency":null,"body":null"#))
            #expect(answer.status == 201)
            let incident = answer.json["incident"]
            #expect(incident?["urgency"] == "high")
            #expect(incident?["body"] == nil, "without include[]=body")
            keys.insert(try #require(incident?["incident_key"]?.stringValue))
            #expect(incident?["last_status_change_by"]?["summary"] == "ops")
            let details = await api.incident(try number(.incident, incident?["id"]), "?include[]=body")["body"]
            #expect(details?["type"] == "incident_body")
            #expect(details?["details"]?.stringValue != nil, "a string, or go-pagerduty fails")
        }
        #expect(keys.count == 2)
        #expect(!keys.contains(""))
    }

    @Test("title and key at their longest") func longest() async throws {
        let title = String(repeating: "é", count: 1024)
        let key = String(repeating: "☃", count: 255)
        let answer = await api.post("/incidents", body(title, #","incident_key":"\#(key)""#))
        #expect(answer.status == 201)
        #expect(answer.json["incident"]?["title"]?.stringValue == title)
        #expect(answer.json["incident"]?["incident_key"]?.stringValue == key)
        await api.post("/incidents", body(title + "e")).isInvalid()
        await api.post("/incidents", body("t", #","incident_key":"\#(key)k""#)).isInvalid()
    }

    @Test("include[] and members that mean nothing here") func includesAndUnknown() async {
        let answer = await api.post(
            "/incidents?include[]=services&include[]=first_trigger_log_entries",
            body(
                "out",
                #","assignments":[{"assignee":{"id":"PX"}}],"priority":7,"escalation_policy":{"id":"P"},"unknown":[1],"id":"Q","status":"resolved""#
            ))
        #expect(answer.status == 201)
        #expect(answer.json["incident"]?["service"]?["type"] == "service")
        #expect(answer.json["incident"]?["first_trigger_log_entry"]?["type"] == "trigger_log_entry")
        #expect(answer.json["incident"]?["status"] == "triggered", "read-only here")
        #expect(answer.json["incident"]?["id"] != "Q")
    }

    @Test(
        "what is refused",
        arguments: [
            ("", 2001), ("{", 2001), ("[]", 2001), ("{}", 2001), (#"{"incident":[]}"#, 2001),
            (#"{"incident":null}"#, 2001), (#"{"incidents":[]}"#, 2001), (#"{"incident":{}}"#, 2003),
            (#"{"incident":{"title":"t"}}"#, 2003), (#"{"incident":{"title":"t","service":null}}"#, 2003),
            (#"{"incident":{"service":{"id":"SERVICE"}}}"#, 2003),
            (#"{"incident":{"title":null,"service":{"id":"SERVICE"}}}"#, 2003),
            (#"{"incident":{"title":"t","service":{"type":"service_reference"}}}"#, 2003),
            (#"{"incident":{"title":" \u2003","service":{"id":"SERVICE"}}}"#, 2001),
            (#"{"incident":{"title":5,"service":{"id":"SERVICE"}}}"#, 2001),
            (#"{"incident":{"title":"t","service":"SERVICE"}}"#, 2001),
            (#"{"incident":{"title":"t","service":{"id":"P00ZZZZ"}}}"#, 2001),
            (#"{"incident":{"title":"t","service":{"id":"nonsense"}}}"#, 2001),
            (#"{"incident":{"title":"t","service":{"id":"SERVICE"},"type":"alert"}}"#, 2001),
            (#"{"incident":{"title":"t","service":{"id":"SERVICE"},"urgency":"medium"}}"#, 2001),
            (#"{"incident":{"title":"t","service":{"id":"SERVICE"},"urgency":1}}"#, 2001),
            (#"{"incident":{"title":"t","service":{"id":"SERVICE"},"incident_key":7}}"#, 2001),
            (#"{"incident":{"title":"t","service":{"id":"SERVICE"},"body":{"details":{"a":1}}}}"#, 2001),
        ] as [(String, Int64)])
    func refusals(_ body: String, _ code: Int64) async {
        let before = fixture.eventCount
        let text = body.replacing("SERVICE", with: serviceID(service))
        let answer = await api.post("/incidents", text)
        answer.isRefused(400, code, code == 2003 ? "Missing Arguments" : "Invalid Input Provided")
        #expect(answer.errors?.isEmpty == false)
        #expect(await api.get("/incidents").ids("incidents").isEmpty)
        // A service that only the fold can miss is an event of its own with the outcome `refused`; the rest is none.
        #expect(fixture.eventCount <= before + (text.contains("P00ZZZZ") ? 1 : 0))
    }

    @Test("a key is taken while an incident of the service is open with it, and free afterwards") func conflict()
        async throws
    {
        let (other, _) = try fixture.service("web")
        let first = await api.post("/incidents", body("one", #","incident_key":"k""#))
        #expect(first.status == 201)
        let id = try number(.incident, first.json["incident"]?["id"])
        for status in ["triggered", "acknowledged"] {
            _ = await api.put("/incidents/\(id)", #"{"incident":{"status":"\#(status)"}}"#)
            let before = await api.everything()
            let second = await api.post("/incidents", body("two", #","incident_key":"k""#))
            second.isInvalid()
            #expect(second.errors?.first?.contains(incidentID(id)) == true)
            #expect(await api.everything() == before)
        }
        #expect(await api.post("/incidents", body("case", #","incident_key":"K""#)).status == 201)
        #expect(
            await api.post("/incidents", body("elsewhere", #","incident_key":"k""#, service: other)).status == 201)
        _ = await api.put("/incidents/\(id)", #"{"incident":{"status":"resolved"}}"#)
        #expect(await api.post("/incidents", body("two", #","incident_key":"k""#)).status == 201)
    }

    @Test("an incident that an event opened has its key, too") func conflictWithEvent() async throws {
        try fixture.event("trigger", "disk", by: integration)
        await api.post("/incidents", body("by hand", #","incident_key":"disk""#)).isInvalid()
        try fixture.event("resolve", "disk", by: integration)
        #expect(await api.post("/incidents", body("by hand", #","incident_key":"disk""#)).status == 201)
    }

    @Test("found by its key, and by the key that alerts have") func foundByKey() async throws {
        let made = await api.post("/incidents", body("by hand", #","incident_key":"a b+c""#))
        let id = try #require(made.json["incident"]?["id"]?.stringValue)
        try fixture.event("trigger", "other", by: integration)
        #expect(await api.get("/incidents?incident_key=a+b%2Bc").ids("incidents") == [id])
        #expect(await api.get("/incidents?incident_key=A+b%2Bc").ids("incidents") == [])
        // Events do not reach it: the trigger opens an incident of its own.
        let opened = try fixture.event("trigger", "a b+c", by: integration)
        #expect(await api.get("/incidents?incident_key=a+b%2Bc").ids("incidents") == [id, incidentID(opened)])
    }

    @Test("events reach it not") func unreachable() async throws {
        let made = await api.post("/incidents", body("by hand", #","incident_key":"k""#))
        let id = try number(.incident, made.json["incident"]?["id"])
        let before = await api.incident(id)
        try fixture.event("acknowledge", "k", by: integration)
        try fixture.event("resolve", "k", by: integration)
        #expect(await api.incident(id) == before)
    }

    @Test("it can be acknowledged, resolved and, without any alert, reopened") func lifecycle() async throws {
        let made = await api.post("/incidents", body("by hand"))
        let id = try number(.incident, made.json["incident"]?["id"])
        for status in ["acknowledged", "resolved", "triggered"] {
            let answer = await api.put("/incidents/\(id)", #"{"incident":{"status":"\#(status)"}}"#)
            #expect(answer.status == 200)
            #expect(answer.json["incident"]?["status"]?.stringValue == status)
        }
        #expect(
            await api.kinds(id) == [
                "trigger_log_entry", "acknowledge_log_entry", "resolve_log_entry", "reopen_log_entry",
            ])
    }
}
