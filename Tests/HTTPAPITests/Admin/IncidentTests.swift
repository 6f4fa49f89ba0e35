import Alerting
import HTTPAPI
import Testing
import WireJSON

/// The incident object and what changes it (rest-api.md sections 5.2, 5.3 and 6.1; decisions.md "REST").
@Suite struct IncidentTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let service: ServiceID
    private let integration: IntegrationID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (service, integration) = try fixture.service("db", acknowledgementTimeout: 1800, autoResolveTimeout: 14400)
    }

    private func reference(_ type: String, _ id: String, _ summary: String, _ path: String) -> JSONValue {
        [
            "id": .string(id), "type": .string("\(type)_reference"), "summary": .string(summary),
            "self": .string("https://gw.example/\(path)"), "html_url": .string("https://gw.example/\(path)"),
        ]
    }

    private var serviceReference: JSONValue {
        let id = ExternalID.string(.service, service)
        return reference("service", id, "db", "services/\(id)")
    }

    @Test("an incident just opened, member by member") func object() async throws {
        let number = try fixture.event("trigger", "disk", by: integration)
        let id = incidentID(number)
        let entry = ExternalID.string(.logEntry, number * 4096)
        let expected: JSONValue = [
            "id": .string(id), "type": "incident", "summary": "[#\(number)] summary of disk",
            "self": .string("https://gw.example/incidents/\(id)"),
            "html_url": .string("https://gw.example/incidents/\(id)"),
            "incident_number": JSONValue(number), "title": "summary of disk", "description": "summary of disk",
            "created_at": "2024-05-11T02:00:00Z", "updated_at": "2024-05-11T02:00:00Z", "status": "triggered",
            "incident_key": "disk", "service": serviceReference, "assignments": [],
            "assigned_via": "escalation_policy", "last_status_change_at": "2024-05-11T02:00:00Z",
            "last_status_change_by": serviceReference, "resolved_at": .null,
            "first_trigger_log_entry": reference(
                "trigger_log_entry", entry, "Triggered through the API.", "log_entries/\(entry)"),
            "alert_counts": ["all": 1, "triggered": 1, "resolved": 0], "is_mergeable": true,
            "escalation_policy": reference("escalation_policy", "PDEFLT1", "Default", "escalation_policies/PDEFLT1"),
            "teams": [],
            "impacted_services": .array([serviceReference]),
            "pending_actions": [["type": "resolve", "at": "2024-05-11T06:00:00Z"]], "acknowledgements": [],
            "basic_alert_grouping": .null, "alert_grouping": .null, "flapping": .null, "storm": .null,
            "priority": .null,
            "conference_bridge": .null,
            "incident_type": ["name": "incident_default"], "incidents_responders": [], "responder_requests": [],
            "subscriber_requests": [], "urgency": "high", "resolve_reason": .null,
        ]
        for target in ["/incidents/\(id)", "/incidents/\(number)", "/incidents/\(id)/"] {
            let answer = await api.get(target)
            #expect(answer.status == 200)
            #expect(answer.json["incident"] == expected)
        }
        #expect(await api.get("/incidents").json["incidents"] == .array([expected]))
    }

    @Test(
        "what names no incident",
        arguments: ["0007", "999999", "Q0000000009999", "q0000000000007", "A0000000000005", "x", "7x", "%37%20", "-1"])
    func unknown(_ id: String) async throws {
        try fixture.event("trigger", "disk", by: integration)
        for path in ["", "/alerts", "/log_entries", "/notes", "/alerts/A0000000000005"] {
            let answer = await api.get("/incidents/\(id)\(path)")
            #expect(answer.status == 404)
            #expect(answer.json == ["error": ["message": "Not Found", "code": 2100]])
        }
        let put = await api.answer("PUT", "/incidents/\(id)", #"{"incident":{"status":"resolved"}}"#)
        #expect(put.status == 404)
        #expect(put.code == 2100)
    }

    @Test("acknowledged by event: the service is shown; by REST: the token's user") func acknowledgers() async throws {
        let number = try fixture.event("trigger", "disk", by: integration)
        try fixture.event("acknowledge", "disk", by: integration)
        fixture.now = fixture.now.adding(seconds: 60)
        let answer = await api.answer(
            "PUT", "/incidents/\(number)", #"{"incident":{"type":"incident_reference","status":"acknowledged"}}"#,
            headers: ["From": "  jane@example.org "])
        #expect(answer.status == 200)
        let incident = answer.json["incident"]
        let jane = reference("user", "P000001", "jane@example.org", "users/P000001")
        #expect(
            incident?["acknowledgements"] == [
                ["at": "2024-05-11T02:00:00Z", "acknowledger": serviceReference],
                ["at": "2024-05-11T02:01:00Z", "acknowledger": jane],
            ])
        #expect(incident?["last_status_change_by"] == serviceReference)
        #expect(
            incident?["pending_actions"] == [
                ["type": "unacknowledge", "at": "2024-05-11T02:31:00Z"],
                ["type": "resolve", "at": "2024-05-11T06:00:00Z"],
            ])
        let full = await api.get("/incidents/\(number)?include[]=acknowledgers,agents").json["incident"]
        #expect(full?["acknowledgements"]?[0]?["acknowledger"]?["type"] == "service")
        #expect(full?["acknowledgements"]?[0]?["acknowledger"]?["status"] == "warning")
        #expect(full?["acknowledgements"]?[1]?["acknowledger"]?["type"] == "user")
        #expect(full?["acknowledgements"]?[1]?["acknowledger"]?["name"] == "jane@example.org")
        #expect(full?["last_status_change_by"]?["type"] == "service")
    }

    @Test("resolved: no acknowledgement, nothing pending, the resolution in the log") func resolve() async throws {
        let number = try fixture.event("trigger", "disk", by: integration)
        let body = #"{"incident":{"status":"resolved","resolution":"swapped it"}}"#
        for from in ["", "   "] {
            let answer = await api.answer("PUT", "/incidents/\(number)", body, headers: ["From": from])
            let incident = answer.json["incident"]
            #expect(answer.status == 200)
            #expect(incident?["status"] == "resolved")
            #expect(incident?["resolved_at"] == "2024-05-11T02:00:00Z")
            #expect(incident?["alert_counts"] == ["all": 1, "triggered": 0, "resolved": 1])
            #expect(incident?["pending_actions"] == [])
            #expect(incident?["last_status_change_by"] == reference("user", "P000001", "ops", "users/P000001"))
        }
        let entries = await api.get("/incidents/\(number)/log_entries").json["log_entries"]
        #expect(entries?.arrayValue?.count == 2)
        #expect(entries?[0]?["note"] == "swapped it")
        #expect(entries?[0]?["summary"] == "Resolved by ops.")
    }

    @Test("a strict API wants From on writes, and on writes only") func strictFrom() async throws {
        let number = try fixture.event("trigger", "disk", by: integration)
        try fixture.act(.createToken(name: "Jane", hash: [1, 2, 3], isReadOnly: true, email: "Jane@example.org"))
        let strict = fixture.api(AdminConfiguration(requiresFrom: true))
        let body = #"{"incident":{"status":"acknowledged"}}"#
        for headers in [[:], ["From": ""], ["From": "  "], ["From": "joe@example.org"], ["From": "ops"]] {
            let answer = await strict.answer("PUT", "/incidents/\(number)", body, headers: headers)
            #expect(answer.status == 400)
            #expect(answer.json["error"] == ["message": "Requester User Not Found", "code": 1008])
        }
        #expect(await strict.get("/incidents/\(number)").json["incident"]?["status"] == "triggered")
        let named = await strict.answer("PUT", "/incidents/\(number)", body, headers: ["From": "jane@example.org"])
        #expect(named.status == 200)
    }

    @Test("include[] gives the objects in full") func includes() async throws {
        let number = try fixture.send(
            #"{"event_action":"trigger","dedup_key":"k","payload":{"summary":"s","source":"h","severity":"info","custom_details":{"load":1.50}}}"#,
            by: integration)
        let all = "include[]=services&include[]=first_trigger_log_entries&include[]=body&include[]=teams"
        for target in [
            "/incidents/\(number)?\(all)", "/incidents/\(number)?include=services,first_trigger_log_entries,body",
        ] {
            let incident = await api.get(target).json["incident"]
            #expect(incident?["service"]?["type"] == "service")
            #expect(incident?["service"]?["status"] == "critical")
            #expect(incident?["service"]?["integrations"]?.arrayValue?.count == 1)
            #expect(incident?["first_trigger_log_entry"]?["type"] == "trigger_log_entry")
            #expect(incident?["first_trigger_log_entry"]?["event_details"] == ["description": "s"])
            #expect(incident?["body"] == ["type": "incident_body", "details": ["load": .number("1.50")]])
        }
        let list = await api.get("/incidents?\(all)").json["incidents"]?[0]
        #expect(list?["body"]?["details"] == ["load": .number("1.50")])
        let plain = try fixture.event("trigger", "plain", by: integration)
        let body = await api.get("/incidents/\(plain)?include[]=body").json["incident"]?["body"]
        #expect(body?["details"] == .object([]))
    }

    @Test("a merged incident says into which") func merged() async throws {
        let target = try fixture.event("trigger", "a", by: integration)
        let source = try fixture.event("trigger", "b", by: integration)
        try fixture.event("resolve", "b", by: integration)
        try fixture.execute(
            "UPDATE incidents SET merged_into_incident_id = \(target), alert_count = 0 WHERE id = \(source)")
        let incident = await api.get("/incidents/\(source)").json["incident"]
        let id = incidentID(target)
        #expect(
            incident?["resolve_reason"] == [
                "type": "merge_resolve_reason",
                "incident": reference("incident", id, "[#\(target)] summary of a", "incidents/\(id)"),
            ])
        #expect(incident?["is_mergeable"] == false)
        let reopening = await api.answer("PUT", "/incidents/\(source)", #"{"incident":{"status":"triggered"}}"#)
        #expect(reopening.status == 400)
        #expect(reopening.code == 1019)
        #expect(reopening.message == "Incident Already Merged")
    }

    @Test(
        "every status to every status",
        arguments: ["triggered", "acknowledged", "resolved"], ["triggered", "acknowledged", "resolved"])
    func transitions(_ current: String, _ wanted: String) async throws {
        let number = try fixture.event("trigger", "disk", by: integration)
        if current == "acknowledged" { try fixture.event("acknowledge", "disk", by: integration) }
        if current == "resolved" { try fixture.event("resolve", "disk", by: integration) }
        let before = await api.get("/incidents/\(number)").json["incident"]
        fixture.now = fixture.now.adding(seconds: 100)
        let answer = await api.answer("PUT", "/incidents/\(number)", #"{"incident":{"status":"\#(wanted)"}}"#)
        let newest = await api.get("/incidents/\(number)/log_entries").json["log_entries"]?[0]?["type"]?.stringValue
        switch (current, wanted) {
        case ("resolved", "acknowledged"):
            #expect(answer.status == 400)
            #expect(answer.code == 1001)
            #expect(answer.message == "Incident Already Resolved")
            #expect(await api.get("/incidents/\(number)").json["incident"] == before)
        case ("triggered", "triggered"), ("resolved", "resolved"):
            #expect(answer.status == 200)
            #expect(answer.json["incident"] == before)
        default:
            #expect(answer.status == 200)
            #expect(answer.json["incident"]?["status"]?.stringValue == wanted)
            #expect(answer.json["incident"]?["updated_at"] == "2024-05-11T02:01:40Z")
            let type =
                switch (current, wanted) {
                case ("resolved", _): "reopen_log_entry"
                case (_, "triggered"): "unacknowledge_log_entry"
                case (_, "acknowledged"): "acknowledge_log_entry"
                default: "resolve_log_entry"
                }
            #expect(newest == type)
        }
    }

    @Test("an incident whose key is open elsewhere is not reopened") func reopenConflict() async throws {
        let old = try fixture.event("trigger", "disk", by: integration)
        try fixture.event("resolve", "disk", by: integration)
        try fixture.event("trigger", "disk", by: integration)
        let answer = await api.answer("PUT", "/incidents/\(old)", #"{"incident":{"status":"triggered"}}"#)
        #expect(answer.status == 400)
        #expect(answer.code == 2001)
        #expect(answer.errors?.first?.contains(incidentID(old)) == true)
    }

    @Test("title and urgency, and members that are ignored") func otherMembers() async throws {
        let number = try fixture.event("trigger", "disk", by: integration)
        let title = String(repeating: "é", count: 1024)
        let body = """
            {"incident":{"id":"ignored","type":"incident","title":"\(title)","urgency":"low","status":null,
            "priority":{"id":"x"},"assignments":[1],"escalation_level":2,"service":7,"unknown":{}},"other":1}
            """
        let answer = await api.answer("PUT", "/incidents/\(number)", body)
        #expect(answer.status == 200, "\(answer.errors ?? [])")
        #expect(answer.json["incident"]?["title"]?.stringValue == title)
        #expect(answer.json["incident"]?["description"]?.stringValue == title)
        #expect(answer.json["incident"]?["urgency"] == "low")
        #expect(answer.json["incident"]?["status"] == "triggered")
        let types = await api.get("/incidents/\(number)/log_entries").json["log_entries"]?.arrayValue?
            .compactMap { $0["type"]?.stringValue }
        #expect(types == ["urgency_change_log_entry", "title_change_log_entry", "trigger_log_entry"])
    }

    @Test(
        "bodies of PUT /incidents/{id} that are refused",
        arguments: [
            ("", 2001, "JSON parse error"), ("{", 2001, "JSON parse error"), ("{}", 2001, nil), ("[]", 2001, nil),
            (#"{"incident":[]}"#, 2001, nil), (#"{"incident":null}"#, 2001, nil), (#"{"incidents":[]}"#, 2001, nil),
            (#"{"incident":{"status":"open"}}"#, 1003, nil), (#"{"incident":{"status":""}}"#, 1003, nil),
            (#"{"incident":{"status":1}}"#, 1003, nil), (#"{"incident":{"status":"Resolved"}}"#, 1003, nil),
            (#"{"incident":{"type":"alert"}}"#, 2001, nil), (#"{"incident":{"type":3}}"#, 2001, nil),
            (#"{"incident":{"title":""}}"#, 2001, nil), (#"{"incident":{"title":" \u2003"}}"#, 2001, nil),
            (#"{"incident":{"title":5}}"#, 2001, nil), (#"{"incident":{"urgency":"medium"}}"#, 2001, nil),
            (#"{"incident":{"urgency":null,"resolution":{}}}"#, 2001, nil),
            (#"{"incident":{"title":"\#(String(repeating: "a", count: 1025))"}}"#, 2001, nil),
        ] as [(String, Int64, String?)])
    func badBodies(_ body: String, _ code: Int64, _ detail: String?) async throws {
        let number = try fixture.event("trigger", "disk", by: integration)
        let before = fixture.eventCount
        let answer = await api.answer("PUT", "/incidents/\(number)", body)
        #expect(answer.status == 400)
        #expect(answer.code == code)
        #expect(answer.message == (code == 1003 ? "Invalid Status Provided" : "Invalid Input Provided"))
        if let detail { #expect(answer.errors == [detail]) }
        #expect(fixture.eventCount == before)
    }

    @Test("bulk: the answer has the incidents in the order of the request") func bulk() async throws {
        let ids = try ["a", "b", "c"].map { incidentID(try fixture.event("trigger", $0, by: integration)) }
        let body = """
            {"incidents":[{"id":"\(ids[2])","type":"incident_reference","status":"resolved"},
            {"id":"\(ids[0])","status":"resolved"},{"id":"\(ids[1])","urgency":"low"},
            {"id":"\(ids[0])","status":"acknowledged"}]}
            """
        let answer = await api.answer("PUT", "/incidents", body)
        #expect(answer.status == 200)
        #expect(answer.ids("incidents") == [ids[2], ids[0], ids[1]])
        let statuses = answer.json["incidents"]?.arrayValue?.compactMap { $0["status"]?.stringValue }
        #expect(statuses == ["resolved", "acknowledged", "triggered"])
        #expect(answer.json["limit"] == nil)
        let again = await api.answer("PUT", "/incidents", #"{"incidents":[]}"#)
        #expect(again.status == 200)
        #expect(again.json == ["incidents": []])
    }

    @Test("bulk: all or nothing") func bulkIsAtomic() async throws {
        let open = incidentID(try fixture.event("trigger", "open", by: integration))
        let done = incidentID(try fixture.event("trigger", "done", by: integration))
        try fixture.event("resolve", "done", by: integration)
        let before = await api.get("/incidents").json
        for (element, code, detail) in [
            (#"{"id":"\#(done)","status":"acknowledged"}"#, 1001, done),
            (#"{"id":"Q0000000009999","status":"resolved"}"#, 2001, "Q0000000009999"),
            (#"{"id":"nonsense","status":"resolved"}"#, 2001, "nonsense"), (#"{"id":7}"#, 2001, "7"),
            (#"{"status":"resolved"}"#, 2003, nil), (#"{"id":null}"#, 2003, nil), ("7", 2001, nil),
            ("null", 2001, nil), (#"{"id":"\#(done)","status":"x"}"#, 1003, nil),
            (#"{"id":"\#(done)","type":"service"}"#, 2001, nil), (#"{"id":"\#(done)","title":" "}"#, 2001, nil),
        ] as [(String, Int64, String?)] {
            let body = #"{"incidents":[{"id":"\#(open)","status":"resolved"},\#(element)]}"#
            let answer = await api.answer("PUT", "/incidents", body)
            #expect(answer.status == 400, "\(element)")
            #expect(answer.code == code, "\(element)")
            if code == 2003 { #expect(answer.message == "Missing Arguments") }
            if let detail { #expect(answer.errors?.first?.contains(detail) == true, "\(element)") }
            #expect(await api.get("/incidents").json == before)
        }
    }

    @Test(
        "bulk: what is no list",
        arguments: ["{}", "[]", #"{"incidents":{}}"#, #"{"incidents":null}"#, #"{"incident":{}}"#, "7"])
    func bulkWrapper(_ body: String) async {
        let answer = await api.answer("PUT", "/incidents", body)
        #expect(answer.status == 400)
        #expect(
            answer.json == [
                "error": [
                    "message": "Invalid Input Provided", "code": 2001, "errors": ["Incidents must be an array"],
                ]
            ])
    }

    @Test("bulk: 250 incidents and no more") func bulkLimit() async throws {
        let id = incidentID(try fixture.event("trigger", "disk", by: integration))
        for (count, status) in [(250, 200), (251, 413)] {
            let elements = Array(repeating: #"{"id":"\#(id)","urgency":"low"}"#, count: count).joined(separator: ",")
            let answer = await api.answer("PUT", "/incidents", #"{"incidents":[\#(elements)]}"#)
            #expect(answer.status == status)
            if status == 413 {
                #expect(answer.json == ["error": ["message": "Request Entity Too Large", "code": 2001]])
            }
        }
    }

    @Test("notes, the newest first, without pagination") func notes() async throws {
        let number = try fixture.event("trigger", "disk", by: integration)
        #expect(await api.get("/incidents/\(number)/notes").json == ["notes": []])
        try fixture.execute(
            """
            INSERT INTO notes (id, incident_id, content, created_at, agent) VALUES
                (900, \(number), 'first', 1715392800000, 'user:1:jane'), (901, \(number), 'second', 1715392801000,
                'command_line'), (902, 1, 'other', 1715392801000, 'command_line')
            """)
        let notes = await api.get("/incidents/\(number)/notes").json
        #expect(notes.objectValue?.map(\.name) == ["notes"])
        #expect(notes["notes"]?.arrayValue?.compactMap { $0["content"]?.stringValue } == ["second", "first"])
        let id = ExternalID.string(.note, 900)
        #expect(
            notes["notes"]?[1] == [
                "id": .string(id), "content": "first", "created_at": "2024-05-11T02:00:00Z",
                "updated_at": "2024-05-11T02:00:00Z",
                "user": reference("user", "P000001", "jane", "users/P000001"),
                "channel": ["summary": "The REST API"],
            ])
    }
}
