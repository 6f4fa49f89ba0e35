import Alerting
import HTTPAPI
import Testing
import WireJSON

/// Alerts, log entries, services, integrations and change events (rest-api.md sections 5.4, 5.5, 5.8, 5.9 and 6).
@Suite struct AlertAndLogTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let service: ServiceID
    private let integration: IntegrationID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (service, integration) = try fixture.service("db")
    }

    private static let richEvent = #"""
        {"event_action":"trigger","dedup_key":"k","client":"Grafana","client_url":"https://g/",
        "links":[{"href":"https://l/","text":"logs"},{"href":""},{"href":"https://m/"}],
        "images":[{"src":"https://i/","href":"https://h/","alt":"graph"}],
        "payload":{"summary":"disk full","source":"h1","severity":"error","component":"disk","group":"prod",
        "class":"capacity","timestamp":"2015-07-17T08:42:58.315+0000",
        "custom_details":{ "free": 1.50, "big":12345678901234567890, "e":1e3, "a":["x"] }}}
        """#
    private static let richDetails = #"{ "free": 1.50, "big":12345678901234567890, "e":1e3, "a":["x"] }"#

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

    private func integrationReference(_ type: String) -> JSONValue {
        let id = ExternalID.string(.integration, integration)
        return reference(
            type, id, "db events", "services/\(ExternalID.string(.service, service))/integrations/\(id)")
    }

    private func contains(_ answer: Answer, _ text: String) -> Bool {
        String(decoding: answer.body, as: UTF8.self).contains(text)
    }

    @Test("an alert, member by member") func alert() async throws {
        let number = try fixture.send(Self.richEvent, by: integration)
        let id = ExternalID.string(.alert, number)
        let incident = incidentID(number)
        let entry = ExternalID.string(.logEntry, number * 4096)
        let contexts: JSONValue = [
            ["type": "link", "href": "https://l/", "text": "logs"], ["type": "link", "href": "https://m/"],
            ["type": "image", "src": "https://i/", "href": "https://h/", "alt": "graph"],
        ]
        let details = try JSONValue(parsing: Array(Self.richDetails.utf8))
        let expected: JSONValue = [
            "id": .string(id), "type": "alert", "summary": "disk full",
            "self": .string("https://gw.example/incidents/\(incident)/alerts/\(id)"),
            "html_url": .string("https://gw.example/incidents/\(incident)/alerts/\(id)"),
            "created_at": "2024-05-11T02:00:00Z", "resolved_at": .null, "status": "triggered", "alert_key": "k",
            "severity": "error", "suppressed": false, "service": serviceReference,
            "incident": reference("incident", incident, "[#\(number)] disk full", "incidents/\(incident)"),
            "integration": integrationReference("events_api_v2_inbound_integration"),
            "first_trigger_log_entry": reference(
                "trigger_log_entry", entry, "Triggered through the API.", "log_entries/\(entry)"),
            "body": [
                "type": "alert_body", "contexts": contexts, "details": details,
                "cef_details": [
                    "client": "Grafana", "client_url": "https://g/", "contexts": contexts,
                    "creation_time": "2015-07-17T08:42:58.315Z", "dedup_key": "k", "description": "disk full",
                    "details": details, "event_class": "capacity", "message": "disk full", "mutations": [],
                    "priority": .null, "reporter_component": .null, "reporter_location": .null,
                    "service_group": "prod", "severity": "error", "source_component": "disk",
                    "source_location": .null, "source_origin": "h1", "urgency": .null, "version": "1.0",
                ],
            ],
            "privilege": .null,
        ]
        let one = await api.get("/incidents/\(incident)/alerts/\(id)")
        #expect(one.status == 200)
        #expect(one.json["alert"] == expected)
        #expect(contains(one, Self.richDetails), "details keep their bytes")
        let list = await api.get("/incidents/\(number)/alerts")
        #expect(list.json == ["alerts": .array([expected]), "limit": 25, "offset": 0, "total": .null, "more": false])
    }

    @Test(
        "details of every kind stand in an object",
        arguments: [
            (nil, "{}", "{}"), ("null", "{}", "{}"), ("{}", "{}", "{}"), ("[1, 2]", #"{"details":[1, 2]}"#, "[1, 2]"),
            (#""text""#, #"{"details":"text"}"#, #""text""#), ("1.0", #"{"details":1.0}"#, "1.0"),
            ("false", #"{"details":false}"#, "false"),
        ] as [(String?, String, String)])
    func details(_ given: String?, _ body: String, _ cef: String) async throws {
        let member = given.map { #","custom_details":\#($0)"# } ?? ""
        let number = try fixture.send(
            #"{"event_action":"trigger","dedup_key":"k","payload":{"summary":"s","source":"h","severity":"info"\#(member)}}"#,
            by: integration)
        let answer = await api.get("/incidents/\(number)/alerts")
        #expect(contains(answer, #""details":\#(body),"cef_details""#))
        #expect(contains(answer, #""details":\#(cef),"event_class""#))
    }

    @Test("a V1 event's alert") func v1() async throws {
        let number = try fixture.send(
            #"""
            {"event_type":"trigger","incident_key":"srv/http","description":"down","client":"Nagios",
            "details":{"ping":"1500ms"},"contexts":[{"type":"image","src":"https://i/"},{"type":"link","href":"https://l/"}]}
            """#, to: .v1, by: integration)
        let answer = await api.get("/incidents/\(number)/alerts")
        let alert = answer.json["alerts"]?[0]
        #expect(alert?["body"]?["details"] == ["ping": "1500ms"])
        #expect(alert?["body"]?["contexts"]?.arrayValue?.compactMap { $0["type"]?.stringValue } == ["link", "image"])
        #expect(alert?["body"]?["cef_details"]?["source_origin"] == "Nagios")
        #expect(alert?["severity"] == "critical")
        let entry = await api.get("/incidents/\(number)/log_entries").json["log_entries"]?[0]
        #expect(entry?["agent"] == integrationReference("generic_events_api_inbound_integration"))
    }

    @Test("alerts of an incident, filtered, sorted and in full") func alertList() async throws {
        let a = try fixture.event("trigger", "a", by: integration)
        fixture.now = fixture.now.adding(seconds: 1)
        let b = try fixture.event("trigger", "b", by: integration)
        let c = try fixture.event("trigger", "c", by: integration)
        try fixture.event("resolve", "b", by: integration)
        try fixture.execute("UPDATE alerts SET incident_id = \(a)")
        for (query, expected) in [
            ("", [a, b, c]), ("statuses[]=resolved", [b]), ("statuses=triggered,resolved", [a, b, c]),
            ("alert_key=c", [c]), ("alert_key=C", []), ("alert_key=", [a, b, c]),
            ("sort_by=created_at:desc", [c, b, a]), ("sort_by=resolved_at", [b, a, c]),
            ("sort_by=resolved_at:desc", [c, a, b]), ("limit=1&offset=1", [b]),
            ("alert_key=b&statuses[]=triggered", []),
        ] as [(String, [Int64])] {
            let answer = await api.get("/incidents/\(a)/alerts?\(query)")
            #expect(answer.ids("alerts") == expected.map { ExternalID.string(.alert, $0) }, "\(query)")
        }
        #expect(await api.get("/incidents/\(a)/alerts?limit=2&total=1").json["more"] == true)
        #expect(await api.get("/incidents/\(a)/alerts?limit=2&total=1").json["total"] == 3)
        let full = await api.get("/incidents/\(a)/alerts?include[]=services,first_trigger_log_entries,incidents")
        let alert = full.json["alerts"]?[2]
        #expect(alert?["service"]?["type"] == "service")
        #expect(alert?["service"]?["last_incident_timestamp"] == "2024-05-11T02:00:01Z")
        #expect(alert?["incident"]?["type"] == "incident")
        #expect(alert?["incident"]?["service"] == serviceReference)
        #expect(alert?["first_trigger_log_entry"]?["type"] == "trigger_log_entry")
        #expect(await api.get("/incidents/\(b)/alerts").ids("alerts").isEmpty)
        #expect(await api.get("/incidents/\(b)/alerts/\(ExternalID.string(.alert, b))").status == 404)
        #expect(await api.get("/incidents/\(a)/alerts/\(ExternalID.string(.alert, b))").status == 200)
        #expect(await api.get("/incidents/\(a)/alerts/\(b)").status == 404)
    }

    @Test("the log of an incident, the newest first, with what each kind has") func logEntries() async throws {
        let number = try fixture.send(Self.richEvent, by: integration)
        try fixture.event("acknowledge", "k", by: integration)
        _ = await api.answer("PUT", "/incidents/\(number)", #"{"incident":{"status":"triggered"}}"#)
        _ = await api.answer("PUT", "/incidents/\(number)", #"{"incident":{"status":"acknowledged"}}"#)
        _ = await api.answer("PUT", "/incidents/\(number)", #"{"incident":{"title":"t","urgency":"low"}}"#)
        try fixture.event("resolve", "k", by: integration)
        _ = await api.answer("PUT", "/incidents/\(number)", #"{"incident":{"status":"triggered"}}"#)
        let answer = await api.get("/incidents/\(number)/log_entries")
        let entries = answer.json["log_entries"]?.arrayValue ?? []
        let found = entries.map { "\($0["type"]?.stringValue ?? ""): \($0["summary"]?.stringValue ?? "")" }
        #expect(
            found.filter { !$0.hasPrefix("urgency_change_log_entry: Urgency changed to high") } == [
                "reopen_log_entry: Reopened by ops.", "resolve_log_entry: Resolved through the API.",
                "urgency_change_log_entry: Urgency changed to low.", "title_change_log_entry: Title changed to t.",
                "acknowledge_log_entry: Acknowledged by ops.", "unacknowledge_log_entry: Unacknowledged by ops.",
                "acknowledge_log_entry: Acknowledged through the API.",
                "trigger_log_entry: Triggered through the API.",
            ])
        for entry in entries {
            let isFromEvent = entry["summary"]?.stringValue?.hasSuffix("through the API.") == true
            #expect(entry["channel"] == (isFromEvent ? ["type": "api"] : ["type": "website"]))
            #expect(entry["service"] == serviceReference)
            #expect(entry["teams"] == [])
            #expect(entry["contexts"] == [])
            let isAcknowledgement = entry["type"] == "acknowledge_log_entry"
            #expect(entry["acknowledgement_timeout"] == (isAcknowledgement ? 0 : nil))
            #expect(entry["note"] == nil)
            if !isFromEvent { #expect(entry["event_details"] == .object([])) }
        }
        let id = ExternalID.string(.logEntry, number * 4096)
        let incident = incidentID(number)
        let first: JSONValue = [
            "id": .string(id), "type": "trigger_log_entry", "summary": "Triggered through the API.",
            "self": .string("https://gw.example/log_entries/\(id)"),
            "html_url": .string("https://gw.example/log_entries/\(id)"),
            "created_at": "2024-05-11T02:00:00Z",
            "agent": integrationReference("events_api_v2_inbound_integration"), "channel": ["type": "api"],
            "service": serviceReference,
            "incident": reference("incident", incident, "[#\(number)] t", "incidents/\(incident)"), "teams": [],
            "contexts": [], "event_details": ["description": "disk full"],
        ]
        #expect(entries.last == first)
        #expect(await api.get("/log_entries/\(id)").json == ["log_entry": first])
        let overview = await api.get("/log_entries?is_overview=true").json["log_entries"]?.arrayValue?
            .compactMap { $0["type"]?.stringValue }
        #expect(
            overview == [
                "resolve_log_entry", "acknowledge_log_entry", "unacknowledge_log_entry", "acknowledge_log_entry",
                "trigger_log_entry",
            ])
    }

    @Test("channels in full: what the event said, and of the key only its end") func channels() async throws {
        let number = try fixture.send(Self.richEvent, by: integration)
        let answer = await api.get("/incidents/\(number)/log_entries?include[]=channels")
        let channel = answer.json["log_entries"]?[0]?["channel"]
        #expect(channel?["type"] == "api")
        #expect(channel?["summary"] == "disk full")
        #expect(channel?["description"] == "disk full")
        #expect(channel?["incident_key"] == "k")
        #expect(channel?["client"] == "Grafana")
        #expect(channel?["client_url"] == "https://g/")
        #expect(channel?["service_key"] == "abcd")
        #expect(channel?["cef_details"]?["source_origin"] == "h1")
        #expect(contains(answer, Self.richDetails))
        #expect(!contains(answer, "key-of-db"))
    }

    @Test("repeats are counted in the details of the first") func repeats() async throws {
        let number = try fixture.send(Self.richEvent, by: integration)
        fixture.now = fixture.now.adding(seconds: 5)
        try fixture.send(Self.richEvent, by: integration)
        try fixture.send(Self.richEvent, by: integration)
        let answer = await api.get("/incidents/\(number)/log_entries?include[]=channels&time_zone=Europe/Berlin")
        let details = answer.json["log_entries"]?[0]?["channel"]?["details"]
        #expect(answer.json["log_entries"]?.arrayValue?.count == 1)
        #expect(details?["free"] == .number("1.50"))
        #expect(details?["repeat_count"] == 2)
        #expect(details?["last_repeated_at"] == "2024-05-11T04:00:05+02:00")
        for (key, given) in [("x", "[7]"), ("y", "{ }"), ("z", "null")] {
            let body =
                #"{"event_action":"trigger","dedup_key":"\#(key)","payload":{"summary":"s","source":"h","severity":"info","custom_details":\#(given)}}"#
            let other = try fixture.send(body, by: integration)
            try fixture.send(body, by: integration)
            let entries = await api.get("/incidents/\(other)/log_entries?include[]=channels").json["log_entries"]
            let details = entries?[0]?["channel"]?["details"]
            #expect(details?["repeat_count"] == 1)
            #expect(details?["details"] == (given == "[7]" ? [7] : nil))
        }
    }

    @Test("timers are the service's") func timers() async throws {
        let (quick, events) = try fixture.service("quick", autoResolveTimeout: 60)
        let number = try fixture.event("trigger", "k", by: events)
        fixture.now = fixture.now.adding(seconds: 60)
        try fixture.fire(TimerEvent(kind: .autoResolve, subjectID: number, dueAt: fixture.now))
        let entry = await api.get("/incidents/\(number)/log_entries?include[]=channels").json["log_entries"]?[0]
        let id = ExternalID.string(.service, quick)
        #expect(entry?["agent"] == reference("service", id, "quick", "services/\(id)"))
        #expect(entry?["channel"] == ["type": "timeout"])
        #expect(entry?["type"] == "resolve_log_entry")
        #expect(entry?["event_details"] == .object([]))
    }

    @Test("log entries of all incidents, with everything in full") func allLogEntries() async throws {
        let a = try fixture.event("trigger", "a", by: integration)
        let b = try fixture.event("trigger", "b", by: integration)
        let answer = await api.get("/log_entries?include[]=incidents&include[]=services&include[]=teams&total=1")
        #expect(answer.ids("log_entries") == [b, a].map { ExternalID.string(.logEntry, $0 * 4096) })
        #expect(answer.json["total"] == 2)
        let entry = answer.json["log_entries"]?[0]
        #expect(entry?["incident"]?["type"] == "incident")
        #expect(entry?["incident"]?["incident_number"] == JSONValue(b))
        #expect(entry?["service"]?["status"] == "critical")
        for id in ["R", "x", "7", ExternalID.string(.logEntry, 99 * 4096), ExternalID.string(.logEntry, a * 4096 + 1)] {
            #expect(await api.get("/log_entries/\(id)").status == 404)
        }
    }

    @Test("a service, member by member, and how it is doing") func serviceObject() async throws {
        let id = ExternalID.string(.service, service)
        let expected: JSONValue = [
            "id": .string(id), "type": "service", "summary": "db",
            "self": .string("https://gw.example/services/\(id)"),
            "html_url": .string("https://gw.example/services/\(id)"), "name": "db", "description": "",
            "created_at": "2024-05-11T02:00:00Z", "updated_at": "2024-05-11T02:00:00Z",
            "status": "active", "last_incident_timestamp": .null, "auto_resolve_timeout": .null,
            "acknowledgement_timeout": .null, "alert_creation": "create_alerts_and_incidents",
            "alert_grouping_parameters": ["type": .null, "config": .null],
            "flap_detection": .null, "storm_detection": .null,
            "incident_urgency_rule": ["type": "constant", "urgency": "severity_based"],
            "escalation_policy": reference(
                "escalation_policy", "PDEFLT1", "Default", "escalation_policies/PDEFLT1"),
            "integrations": .array([integrationReference("events_api_v2_inbound_integration")]), "teams": [],
            "addons": [], "scheduled_actions": [], "support_hours": .null, "response_play": .null,
        ]
        #expect(await api.get("/services/\(id)").json == ["service": expected])
        #expect(await api.get("/services").json["services"] == .array([expected]))
        try fixture.event("trigger", "a", by: integration)
        try fixture.event("acknowledge", "a", by: integration)
        #expect(await api.get("/services/\(id)").json["service"]?["status"] == "warning")
        try fixture.event("trigger", "b", by: integration)
        #expect(await api.get("/services").json["services"]?[0]?["status"] == "critical")
        try fixture.event("resolve", "a", by: integration)
        try fixture.event("resolve", "b", by: integration)
        let calm = await api.get("/services/\(id)").json["service"]
        #expect(calm?["status"] == "active")
        #expect(calm?["last_incident_timestamp"] == "2024-05-11T02:00:00Z")
        for id in ["P", "x", ExternalID.string(.service, 999), ExternalID.string(.service, integration)] {
            #expect(await api.get("/services/\(id)").status == 404)
        }
    }

    @Test("services by name") func serviceList() async throws {
        for name in ["Web", "api", "Äpfel"] { _ = try fixture.service(name) }
        for (query, expected) in [
            ("", ["Web", "api", "db", "Äpfel"]), ("sort_by=name:desc", ["Äpfel", "db", "api", "Web"]),
            ("sort_by=name:asc", ["Web", "api", "db", "Äpfel"]), ("query=WEB", ["Web"]), ("query=P", ["api", "Äpfel"]),
            ("query=%C3%A4", []), ("name=web", []), ("name=Web", ["Web"]), ("query=%25", []), ("query=_", []),
            ("limit=2", ["Web", "api"]), ("limit=2&offset=3", ["Äpfel"]),
        ] {
            let names = await api.get("/services?\(query)").json["services"]?.arrayValue?
                .compactMap { $0["name"]?.stringValue }
            #expect(names == expected, "\(query)")
        }
        #expect(await api.get("/services?limit=2&total=1").json["total"] == 4)
    }

    @Test("integration keys: to full tokens, in full integrations, and nowhere else") func integrationKeys()
        async throws
    {
        let serviceID = ExternalID.string(.service, service)
        let id = ExternalID.string(.integration, integration)
        let path = "/services/\(serviceID)/integrations/\(id)"
        let full = await api.get(path)
        #expect(
            full.json["integration"] == [
                "id": .string(id), "type": "events_api_v2_inbound_integration", "summary": "db events",
                "self": .string("https://gw.example\(path)"),
                "html_url": .string("https://gw.example\(path)"),
                "name": "db events",
                "service": serviceReference, "created_at": "2024-05-11T02:00:00Z", "vendor": .null,
                "integration_key": "key-of-db-abcd", "default_severity": "critical", "disabled": false,
                "heartbeat_interval": .null,
            ])
        let number = try fixture.send(Self.richEvent, by: integration)
        for target in ["/services?include[]=integrations", "/services/\(serviceID)?include[]=integrations", path] {
            #expect(contains(await api.get(target), "key-of-db-abcd"))
            let readOnly = await api.answer("GET", target, secret: AdminFixture.readOnlySecret)
            #expect(readOnly.status == 200)
            #expect(!contains(readOnly, "key-of-db"))
            #expect(contains(readOnly, #""integration_key":null"#))
        }
        for target in [
            "/services", "/services/\(serviceID)", "/log_entries?include[]=channels&include[]=services",
            "/incidents/\(number)?include[]=services&include[]=integrations", "/incidents/\(number)/alerts",
        ] {
            #expect(!contains(await api.get(target), "key-of-db"), "\(target)")
        }
        let (other, _) = try fixture.service("other")
        #expect(await api.get("/services/\(ExternalID.string(.service, other))/integrations/\(id)").status == 404)
        #expect(await api.get("/services/\(serviceID)/integrations/\(serviceID)").status == 404)
    }

    @Test("change events") func changeEvents() async throws {
        let (_, second) = try fixture.service("web")
        let json = #"""
            {"payload":{"summary":"Deploy","source":"ci","timestamp":"2024-05-10T00:00:00Z","custom_details":{"n":1.0}},
            "links":[{"href":"https://l/","text":"t"}],"images":[{"src":"https://i/"}]}
            """#
        let first = try fixture.send(json, to: .change, by: integration)
        let plain = try fixture.send(#"{"payload":{"summary":"Flag"}}"#, to: .change, by: second)
        let id = ExternalID.string(.changeEvent, first)
        let integrationID = ExternalID.string(.integration, integration)
        let expected: JSONValue = [
            "id": .string(id), "type": "change_event", "summary": "Deploy",
            "self": .string("https://gw.example/change_events/\(id)"),
            "html_url": .string("https://gw.example/change_events/\(id)"),
            "timestamp": "2024-05-10T00:00:00Z",
            "source": "ci", "integration": integrationReference("inbound_integration"),
            "services": .array([serviceReference]), "custom_details": ["n": .number("1.0")],
            "links": [["href": "https://l/", "text": "t"]], "images": [["src": "https://i/"]],
        ]
        #expect(await api.get("/change_events/\(id)").json == ["change_event": expected])
        let ids = [plain, first].map { ExternalID.string(.changeEvent, $0) }
        for (query, expected) in [
            ("", ids), ("integration_ids[]=\(integrationID)", [ids[1]]), ("integration_ids[]=x", []),
            ("since=2024-05-11", [ids[0]]), ("until=2024-05-11", [ids[1]]), ("limit=1", [ids[0]]),
            ("since=2024-05-10T02:00:00%2B0200&until=2024-05-10T00:00:00.001Z", [ids[1]]),
        ] {
            #expect(await api.get("/change_events?\(query)").ids("change_events") == expected, "\(query)")
        }
        let page = await api.get("/change_events?limit=1&total=1").json
        #expect(page["more"] == true)
        #expect(page["total"] == 2)
        let other = await api.get("/change_events/\(ids[0])").json["change_event"]
        #expect(other?["custom_details"] == .object([]))
        #expect(other?["source"] == .null)
        #expect(other?["timestamp"] == "2024-05-11T02:00:00Z")
        for id in ["x", "P", ExternalID.string(.changeEvent, 1)] {
            #expect(await api.get("/change_events/\(id)").status == 404)
        }
        #expect(await api.get("/incidents").ids("incidents").isEmpty)
    }
}
