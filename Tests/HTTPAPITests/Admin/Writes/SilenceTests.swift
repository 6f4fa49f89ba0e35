import Alerting
import HTTPAPI
import Testing
import WireJSON

/// `/silences`: set, changed, ended, looked at before and after (docs/noise.md).
@Suite struct SilenceTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let service: ServiceID
    private let integration: IntegrationID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (service, integration) = try fixture.service("db")
    }

    private var serviceText: String { ExternalID.string(.service, service) }

    private func create(_ members: String) async -> Answer {
        await api.post("/silences", #"{"silence":{\#(members)}}"#, from: "jane@example.org")
    }

    private func id(_ answer: Answer) throws -> String { try #require(answer.json["silence"]?["id"]?.stringValue) }

    @Test("a silence holds back what matches, and shows what it does") func holdsBack() async throws {
        let answer = await create(
            #""matchers":["severity=~\"warning|info\"",{"label":"component","comparison":"!=","value":"x"}],"#
                + #""service":{"id":"\#(serviceText)"},"duration":3600,"comment":"disks""#)
        #expect(answer.status == 201)
        let silence = try #require(answer.json["silence"])
        #expect(silence["type"] == "silence" && silence["summary"] == "disks" && silence["comment"] == "disks")
        #expect(silence["status"] == "active")
        #expect(silence["starts_at"] == "2024-05-11T02:00:00Z" && silence["ends_at"] == "2024-05-11T03:00:00Z")
        #expect(silence["service"]?["summary"] == "db" && silence["created_by"]?["summary"] == "jane@example.org")
        #expect(
            silence["matchers"] == [
                ["label": "severity", "comparison": "=~", "value": "warning|info"],
                ["label": "component", "comparison": "!=", "value": "x"],
            ])
        #expect(silence["ended_at"] == .null && silence["ended_by"] == .null && silence["recurrence"] == .null)
        let id = try id(answer)

        try fixture.event("trigger", "disk", by: integration, severity: "warning")
        try fixture.event("trigger", "memory", by: integration, severity: "critical")
        #expect(await api.get("/incidents?date_range=all").ids("incidents").count == 1)
        let shown = await api.get("/silences/\(id)").json["silence"]
        #expect(shown?["alert_counts"] == ["all": 1, "suppressed": 1])
        let alerts = await api.get("/silences/\(id)/alerts?include[]=services").json["alerts"]
        #expect(alerts?.arrayValue?.count == 1)
        let alert = try #require(alerts?[0])
        #expect(alert["alert_key"] == "disk" && alert["suppressed"] == true && alert["status"] == "triggered")
        #expect(alert["incident"] == .null && alert["self"] == .null && alert["first_trigger_log_entry"] == .null)
        #expect(alert["html_url"]?.stringValue == "https://gw.example/silences/\(id)/alerts")
        #expect(alert["service"]?["name"] == "db")

        try fixture.event("resolve", "disk", by: integration)
        #expect(
            await api.get("/silences/\(id)").json["silence"]?["alert_counts"] == ["all": 1, "suppressed": 0])
        #expect(await api.get("/silences/\(id)/alerts").json["alerts"]?[0]?["suppressed"] == false)
        #expect(await api.get("/incidents?date_range=all").ids("incidents").count == 1)
    }

    @Test("ended, it stays in the list, and lets go of what it held") func ends() async throws {
        let id = try id(await create(#""matchers":["dedup_key=disk"],"duration":60"#))
        let alert = try fixture.event("trigger", "disk", by: integration)
        #expect(await api.delete("/silences/\(id)").status == 204)
        let shown = await api.get("/silences/\(id)").json["silence"]
        #expect(shown?["status"] == "expired" && shown?["ended_at"] == "2024-05-11T02:00:00Z")
        #expect(shown?["ended_by"]?["summary"] == "ops")
        await api.delete("/silences/\(id)").isNotFound()
        await api.put("/silences/\(id)", #"{"silence":{"comment":"x"}}"#).isNotFound()
        try fixture.fire(TimerEvent(kind: .release, subjectID: alert, dueAt: fixture.now))
        let incidents = await api.get("/incidents?date_range=all&include[]=body&include[]=first_trigger_log_entries")
            .json
        let incident = try #require(incidents["incidents"]?[0])
        #expect(incident["status"] == "triggered" && incident["incident_key"] == "disk")
        #expect(incident["incident_number"]?.integerValue ?? 0 > alert)
        #expect(incident["first_trigger_log_entry"]?["type"] == "trigger_log_entry")
        let alerts = await api.get("/incidents/\(try #require(incident["id"]?.stringValue))/alerts").json
        #expect(alerts["alerts"]?[0]?["id"] == .string(ExternalID.string(.alert, alert)))
        #expect(alerts["alerts"]?[0]?["suppressed"] == false)
        #expect(alerts["alerts"]?[0]?["first_trigger_log_entry"]?["id"] == incident["first_trigger_log_entry"]?["id"])
        #expect(await api.get("/incidents?incident_key=disk&date_range=all").ids("incidents").count == 1)
    }

    @Test("end and comment can be changed") func changes() async throws {
        let id = try id(await create(#""matchers":["source=o"],"duration":60"#))
        fixture.now = fixture.now.adding(seconds: 30)
        let answer = await api.put("/silences/\(id)", #"{"silence":{"duration":600,"comment":"longer"}}"#)
        #expect(answer.status == 200)
        #expect(answer.json["silence"]?["ends_at"] == "2024-05-11T02:10:30Z")
        #expect(answer.json["silence"]?["comment"] == "longer")
        let zoned = await api.put(
            "/silences/\(id)?time_zone=Europe/Berlin", #"{"silence":{"ends_at":"2024-05-11T05:00:00"}}"#)
        #expect(zoned.json["silence"]?["ends_at"] == "2024-05-11T05:00:00+02:00")
        await api.put("/silences/\(id)", #"{"silence":{"ends_at":"2024-05-11T01:00:00Z"}}"#).isInvalid()
    }

    @Test("one that comes back") func recurs() async throws {
        let answer = await create(
            #""matchers":["group=nightly"],"recurrence":{"rule":"freq=weekly;byday=su","time_zone":"Europe/Berlin","#
                + #""local_start":"2024-05-01T03:00","duration":7200}"#)
        #expect(answer.status == 201)
        let silence = answer.json["silence"]
        #expect(silence?["status"] == "pending")
        #expect(silence?["starts_at"] == "2024-05-12T01:00:00Z" && silence?["ends_at"] == "2024-05-12T03:00:00Z")
        #expect(
            silence?["recurrence"] == [
                "rule": "FREQ=WEEKLY;BYDAY=SU", "time_zone": "Europe/Berlin", "local_start": "2024-05-01T03:00",
                "duration": 7200,
            ])
    }

    @Test("a rule as a calendar writes it, with exceptions and an end by the clock") func calendarRule() async throws {
        let answer = await create(
            #""matchers":["group=nightly"],"recurrence":{"rule":"DTSTART;TZID=Europe/Berlin:20240501T220000\nrrule:freq=weekly;byday=su;\n"#
                + #"EXDATE;TZID=Europe/Berlin:20240519T220000","exdates":["2024-05-26"],"until_time":"06:00"}"#)
        #expect(answer.status == 201)
        let silence = answer.json["silence"]
        #expect(silence?["starts_at"] == "2024-05-12T20:00:00Z" && silence?["ends_at"] == "2024-05-13T04:00:00Z")
        #expect(
            silence?["recurrence"] == [
                "rule": "FREQ=WEEKLY;BYDAY=SU", "time_zone": "Europe/Berlin", "local_start": "2024-05-01T22:00",
                "until_time": "06:00", "exdates": ["2024-05-19T22:00", "2024-05-26"],
            ])
    }

    @Test("an end by the clock, when it is set and when it is changed") func clockEnd() async throws {
        let answer = await create(
            #""matchers":["group=x"],"starts_at":"2024-05-11T18:00:00Z","until_time":"06:00","time_zone":"Europe/Berlin""#
        )
        #expect(answer.json["silence"]?["ends_at"] == "2024-05-12T04:00:00Z")
        // A change counts from now on, so that the silence has to have begun by the new end.
        let early = await api.put("/silences/\(try id(answer))", #"{"silence":{"until_time":"17:00"}}"#)
        #expect(early.status == 400)
        let id = try id(await create(#""matchers":["group=y"],"duration":60"#))
        let changed = await api.put(
            "/silences/\(id)?time_zone=EST5EDT", #"{"silence":{"until_time":"23:30"}}"#)
        #expect(changed.status == 200)
        let end = try #require(changed.json["silence"]?["ends_at"]?.stringValue)
        #expect(end.hasSuffix("T23:30:00-04:00"))
    }

    @Test("a service without matchers is under maintenance") func maintenance() async throws {
        let id = try id(
            await create(
                #""service":{"id":"\#(serviceText)","type":"service_reference"},"maintenance":true,"duration":60"#))
        #expect(await api.get("/services/\(serviceText)").json["service"]?["status"] == "maintenance")
        try fixture.event("trigger", "disk", by: integration)
        #expect(await api.get("/incidents?date_range=all").ids("incidents").isEmpty)
        fixture.now = fixture.now.adding(seconds: 60)
        #expect(await api.get("/services/\(serviceText)").json["service"]?["status"] == "active")
        let shown = await api.get("/silences/\(id)").json["silence"]
        #expect(shown?["summary"] == "maintenance" && shown?["maintenance"] == true && shown?["matchers"] == [])
    }

    @Test("from an incident: its service, what its alerts share, and a day") func fromIncident() async throws {
        let incident = try fixture.event("trigger", "disk (1)", by: integration)
        let answer = await create(#""incident":{"id":"\#(incidentID(incident))"}"#)
        #expect(answer.status == 201)
        #expect(
            answer.json["silence"]?["matchers"] == [["label": "dedup_key", "comparison": "=", "value": "disk (1)"]])
        #expect(answer.json["silence"]?["service"]?["id"] == .string(serviceText))
        #expect(answer.json["silence"]?["ends_at"] == "2024-05-12T02:00:00Z")
        await create(#""incident":{"id":"\#(incidentID(9999))"}"#).isInvalid()
    }

    @Test("a preview tells what would have been held back, and changes nothing") func preview() async throws {
        try fixture.event("trigger", "old", by: integration, severity: "warning")
        fixture.now = fixture.now.adding(seconds: 86_401)
        try fixture.event("trigger", "a", by: integration, severity: "warning")
        try fixture.event("resolve", "a", by: integration)
        try fixture.event("trigger", "b", by: integration, severity: "warning")
        try fixture.event("trigger", "c", by: integration, severity: "critical")
        let before = fixture.eventCount
        let answer = await api.post(
            "/silences/preview", #"{"silence":{"matchers":["severity=warning"],"duration":60}}"#)
        #expect(answer.status == 200 && fixture.eventCount == before)
        let preview = answer.json["preview"]
        #expect(preview?["examined"] == 3 && preview?["matched"] == 2 && preview?["open"] == 1)
        #expect(preview?["is_cut"] == false && preview?["samples"]?.arrayValue?.count == 2)
        #expect(preview?["samples"]?[0]?["alert_key"] == "b")
        #expect(await api.get("/silences").json["silences"] == [])
    }

    @Test("lists: the newest first, by status and service") func lists() async throws {
        let active = try id(await create(#""matchers":["severity=info"],"duration":60"#))
        let pending = try id(
            await create(
                #""matchers":["severity=info"],"starts_at":"2024-05-12T00:00:00Z","ends_at":"2024-05-13T00:00:00Z""#))
        let ended = try id(await create(#""service":{"id":"\#(serviceText)"},"maintenance":true,"duration":60"#))
        #expect(await api.delete("/silences/\(ended)").status == 204)
        for (query, ids) in [
            ("", [ended, pending, active]), ("?statuses[]=active", [active]), ("?statuses[]=expired", [ended]),
            ("?statuses[]=pending&statuses[]=active", [pending, active]), ("?service_ids[]=\(serviceText)", [ended]),
            ("?limit=1&offset=1", [pending]),
        ] {
            #expect(await api.get("/silences\(query)").ids("silences") == ids, "\(query)")
        }
        #expect(await api.get("/silences?total=true&limit=1").json["total"] == 3)
        await api.get("/silences?statuses[]=open").isInvalid()
    }

    @Test(
        "what is refused, with a reason",
        arguments: [
            (#""duration":60"#, "silence.matchers is missing"),
            (#""matchers":[],"duration":60"#, "silence.matchers must be an array of at least one matcher"),
            (#""matchers":["severity!=critical"],"duration":60"#, "match everything"),
            (#""matchers":["severity=warning"]"#, "ends_at, duration or until_time is missing"),
            (#""matchers":["severity"],"duration":60"#, "matchers"), (#""matchers":"x","duration":60"#, "array"),
            (#""matchers":["colour=red"],"duration":60"#, "colour is none of summary, source"),
            (#""matchers":["source=~\"(\""],"duration":60"#, "source"),
            (#""matchers":[{"label":"source","comparison":"~","value":"x"}],"duration":60"#, "comparison"),
            (#""matchers":["source=x"],"duration":0"#, "duration"),
            (#""matchers":["source=x"],"duration":60,"ends_at":"2024-05-12T00:00:00Z""#, "exclude"),
            (#""matchers":["source=x"],"ends_at":"2024-05-10T00:00:00Z""#, "invalid window"),
            (#""matchers":["source=x"],"ends_at":"tomorrow""#, "ends_at"),
            (#""matchers":["source=x"],"duration":60,"service":{"id":"P00ZZZZ"}"#, "unknown service"),
            (
                #""matchers":["source=x"],"recurrence":{"rule":"FREQ=HOURLY","local_start":"2024-05-01T03:00","duration":60}"#,
                "recurrence: rule"
            ),
            (
                #""matchers":["source=x"],"recurrence":{"rule":"FREQ=DAILY","local_start":"2024-05-01T03:00"}"#,
                "recurrence: duration"
            ),
            (
                #""matchers":["source=x"],"recurrence":{"rule":"FREQ=DAILY","local_start":"2024-05-01T03:00","duration":60,"exdates":["x"]}"#,
                "recurrence: exdates"
            ),
            (#""matchers":["source=x"],"until_time":"6:00""#, "until_time must be"),
            (#""matchers":["source=x"],"until_time":"06:00","time_zone":"Mars/Base""#, "time_zone must be"),
            (#""matchers":["source=x"],"until_time":"06:00","duration":60"#, "exclude"),
            (#""matchers":["source=x"],"duration":60,"time_zone":"UTC""#, "time_zone goes with until_time"),
            (
                #""matchers":["source=x"],"duration":60,"recurrence":{"rule":"FREQ=DAILY","local_start":"2024-05-01T03:00","duration":60}"#,
                "recurrence"
            ),
        ])
    func refusals(_ members: String, _ reason: String) async {
        let answer = await create(members)
        #expect(answer.status == 400)
        let said = ([answer.json["error"]?["message"]?.stringValue ?? ""] + (answer.errors ?? [])).joined(
            separator: " ")
        #expect(said.contains(reason), "\(said)")
        #expect(await api.get("/silences").json["silences"] == [])
    }
}
