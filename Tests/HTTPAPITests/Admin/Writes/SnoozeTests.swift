import Alerting
import HTTPAPI
import Testing
import WireJSON

/// `POST /incidents/{id}/snooze` (rest-api.md section 5.7; decisions.md "REST").
@Suite struct SnoozeTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let integration: IntegrationID
    private let incident: IncidentID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (_, integration) = try fixture.service("db")
        incident = try fixture.event("trigger", "disk", by: integration)
    }

    private func snooze(_ duration: String = "60", _ id: IncidentID? = nil) async -> Answer {
        await api.post("/incidents/\(id ?? incident)/snooze", #"{"duration":\#(duration)}"#)
    }

    private func put(_ status: String) async -> Answer {
        await api.put("/incidents/\(incident)", #"{"incident":{"status":"\#(status)"}}"#)
    }

    @Test("a second and a week are the bounds; the answer is 201", arguments: [1, 60, 604_800])
    func bounds(_ duration: Int64) async throws {
        let answer = await api.post(
            "/incidents/\(incidentID(incident))/snooze", #"{"duration":\#(duration)}"#, from: "jane@example.org")
        #expect(answer.status == 201)
        let end = ["2024-05-11T02:00:01Z", "2024-05-11T02:01:00Z", "2024-05-18T02:00:00Z"]
        let at = try #require([1: end[0], 60: end[1], 604_800: end[2]][duration])
        let shown = answer.json["incident"]
        #expect(shown?["status"] == "acknowledged")
        #expect(shown?["pending_actions"] == [["type": "unacknowledge", "at": .string(at)]])
        #expect(shown?["acknowledgements"]?[0]?["acknowledger"]?["summary"] == "jane@example.org")
        #expect(shown?["last_status_change_by"]?["summary"] == "jane@example.org")
        #expect(await api.incident(incident) == shown)
    }

    @Test(
        "a duration that is none",
        arguments: [
            "0", "-1", "604801", #""60""#, "1.5", "null", "true", "[60]", "{}", "99999999999999999999", "1e400", #""""#,
        ])
    func badDurations(_ duration: String) async {
        let before = fixture.eventCount
        let answer = await snooze(duration)
        answer.isRefused(400, 1013, "Snooze Duration is Invalid")
        #expect(fixture.eventCount == before)
        #expect(await api.incident(incident)["status"] == "triggered")
    }

    @Test("no duration at all", arguments: ["{}", #"{"incident":{"duration":60}}"#, "[]", "60", "null"])
    func missing(_ body: String) async {
        await api.post("/incidents/\(incident)/snooze", body).isRefused(400, 1013, "Snooze Duration is Invalid")
    }

    @Test("a body that is no JSON") func noJSON() async {
        for body in ["", "{", #"{"duration":01}"#] {
            let answer = await api.post("/incidents/\(incident)/snooze", body)
            answer.isInvalid()
            #expect(answer.errors == ["JSON parse error"])
        }
    }

    @Test("an incident that is not there, and one that is resolved") func notOpen() async {
        for id in ["9999", "Q00000000ZZZZZ", "x"] {
            await api.post("/incidents/\(id)/snooze", #"{"duration":60}"#).isNotFound()
        }
        _ = await put("resolved")
        let before = await api.everything()
        await snooze().isRefused(400, 1001, "Incident Already Resolved")
        #expect(await api.everything() == before)
    }

    @Test("the log tells for how long, and what will happen when") func logEntry() async {
        _ = await snooze("90")
        #expect(
            await api.kinds(incident) == ["trigger_log_entry", "acknowledge_log_entry", "snooze_log_entry"])
        let entry = await api.log(incident).last
        #expect(entry?["summary"] == "Snoozed by ops.")
        #expect(entry?["channel"]?["type"]?.stringValue != nil)
        #expect(entry?["channel"]?["duration"] == 90)
        #expect(entry?["changed_actions"] == [["type": "unacknowledge", "at": "2024-05-11T02:01:30Z"]])
        let overview = await api.get("/incidents/\(incident)/log_entries?is_overview=true").ids("log_entries")
        #expect(overview.count == 3)
    }

    @Test("an acknowledged incident stays so, with its acknowledgement") func acknowledged() async throws {
        try fixture.event("acknowledge", "disk", by: integration)
        let before = await api.incident(incident)["acknowledgements"]
        fixture.now = fixture.now.adding(seconds: 5)
        let answer = await snooze()
        #expect(answer.status == 201)
        #expect(answer.json["incident"]?["status"] == "acknowledged")
        #expect(answer.json["incident"]?["last_status_change_at"] == "2024-05-11T02:00:00Z")
        #expect(
            answer.json["incident"]?["pending_actions"] == [["type": "unacknowledge", "at": "2024-05-11T02:01:05Z"]])
        #expect(before?[0] != nil && answer.json["incident"]?["acknowledgements"]?[0] == before?[0])
    }

    @Test("when it falls due the incident is triggered again, by the service") func fallsDue() async throws {
        _ = await snooze()
        let due = fixture.now.adding(seconds: 60)
        fixture.now = due
        try fixture.fire(TimerEvent(kind: .snooze, subjectID: incident, dueAt: due))
        let shown = await api.incident(incident)
        #expect(shown["status"] == "triggered")
        #expect(shown["acknowledgements"] == [])
        #expect(shown["pending_actions"] == [])
        #expect(shown["last_status_change_at"] == "2024-05-11T02:01:00Z")
        #expect(shown["last_status_change_by"]?["type"] == "service_reference")
        #expect(shown["alert_counts"] == ["all": 1, "triggered": 1, "resolved": 0])
        let entry = await api.log(incident).last
        #expect(entry?["type"] == "unacknowledge_log_entry")
        #expect(entry?["agent"]?["type"] == "service_reference")
        #expect(entry?["channel"] == ["type": "timeout"])
        // Once is enough.
        let log = await api.log(incident)
        try fixture.fire(TimerEvent(kind: .snooze, subjectID: incident, dueAt: due))
        #expect(await api.log(incident) == log)
    }

    @Test("an acknowledge, by event or through REST, keeps the snooze") func acknowledgeKeeps() async throws {
        _ = await snooze()
        let pending = await api.incident(incident)["pending_actions"]
        let due = fixture.now.adding(seconds: 60)
        fixture.now = fixture.now.adding(seconds: 10)
        try fixture.event("acknowledge", "disk", by: integration)
        #expect(await api.incident(incident)["pending_actions"] == pending)
        _ = await put("acknowledged")
        #expect(await api.incident(incident)["pending_actions"] == pending)
        try fixture.event("trigger", "disk", by: integration, severity: "warning")
        #expect(await api.incident(incident)["status"] == "acknowledged", "a re-trigger wakes nobody")
        #expect(await api.incident(incident)["pending_actions"] == pending)
        fixture.now = due
        try fixture.fire(TimerEvent(kind: .snooze, subjectID: incident, dueAt: due))
        #expect(await api.incident(incident)["status"] == "triggered")
    }

    @Test("a resolve, by event or through REST, and an un-acknowledge end the snooze", arguments: [0, 1, 2])
    func ends(_ way: Int) async throws {
        _ = await snooze()
        let due = fixture.now.adding(seconds: 60)
        switch way {
        case 0: try fixture.event("resolve", "disk", by: integration)
        case 1: _ = await put("resolved")
        default: _ = await put("triggered")
        }
        #expect(await api.incident(incident)["pending_actions"] == [])
        let before = await api.incident(incident)
        #expect(before["status"] == (way == 2 ? "triggered" : "resolved"))
        fixture.now = due
        try fixture.fire(TimerEvent(kind: .snooze, subjectID: incident, dueAt: due))
        #expect(await api.incident(incident) == before)
        // Neither a reopening nor another acknowledgement brings it back.
        _ = await put("triggered")
        _ = await put("acknowledged")
        #expect(await api.incident(incident)["pending_actions"] == [])
    }

    @Test("another snooze takes the place of the first") func again() async throws {
        _ = await snooze("60")
        let first = fixture.now.adding(seconds: 60)
        fixture.now = fixture.now.adding(seconds: 30)
        let answer = await snooze("600")
        #expect(answer.status == 201)
        #expect(
            answer.json["incident"]?["pending_actions"] == [["type": "unacknowledge", "at": "2024-05-11T02:10:30Z"]])
        #expect(await api.kinds(incident).filter { $0 == "snooze_log_entry" }.count == 2)
        fixture.now = first
        try fixture.fire(TimerEvent(kind: .snooze, subjectID: incident, dueAt: first))
        #expect(await api.incident(incident)["status"] == "acknowledged")
    }

    @Test("of a service with timeouts: snooze instead of the acknowledgement's, and auto-resolve goes on")
    func timeouts()
        async throws
    {
        let (_, quick) = try fixture.service("quick", acknowledgementTimeout: 1800, autoResolveTimeout: 14400)
        let id = try fixture.event("trigger", "k", by: quick)
        try fixture.event("acknowledge", "k", by: quick)
        let answer = await snooze("3600", id)
        #expect(
            answer.json["incident"]?["pending_actions"] == [
                ["type": "unacknowledge", "at": "2024-05-11T03:00:00Z"],
                ["type": "resolve", "at": "2024-05-11T06:00:00Z"],
            ])
        let expiry = fixture.now.adding(seconds: 1800)
        fixture.now = expiry
        try fixture.fire(TimerEvent(kind: .acknowledgementTimeout, subjectID: id, dueAt: expiry))
        #expect(await api.incident(id)["status"] == "acknowledged")
    }
}
