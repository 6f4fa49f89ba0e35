import Alerting
import HTTPAPI
import Testing
import WireJSON

/// Who may write, and who is said to have written (rest-api.md section 2).
@Suite struct RequesterTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let service: ServiceID
    private let integration: IntegrationID
    private let incident: IncidentID
    private let other: IncidentID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (service, integration) = try fixture.service("db")
        incident = try fixture.event("trigger", "a", by: integration)
        other = try fixture.event("trigger", "b", by: integration)
    }

    /// A write of each kind: each succeeds after those before it.
    private var writes: [(method: String, target: String, body: String)] {
        let incidents = "/incidents/\(incident)"
        let alerts = "\(incidents)/alerts"
        let services = "/services/\(serviceID(service))"
        let integrations = "\(services)/integrations"
        return [
            ("POST", "/incidents", #"{"incident":{"title":"t","service":{"id":"\#(serviceID(service))"}}}"#),
            ("PUT", "/incidents", #"{"incidents":[{"id":"\#(incidentID(incident))","status":"acknowledged"}]}"#),
            ("PUT", incidents, #"{"incident":{"title":"renamed"}}"#),
            ("POST", "\(incidents)/notes", #"{"note":{"content":"x"}}"#),
            ("POST", "\(incidents)/snooze", #"{"duration":60}"#),
            ("PUT", "\(incidents)/merge", #"{"source_incidents":[{"id":"\#(incidentID(other))"}]}"#),
            ("PUT", alerts, #"{"alerts":[{"id":"\#(alertID(other))","status":"resolved"}]}"#),
            ("PUT", "\(alerts)/\(alertID(incident))", #"{"alert":{"status":"resolved"}}"#),
            ("POST", "/services", #"{"service":{"name":"web"}}"#),
            ("PUT", services, #"{"service":{"description":"x"}}"#),
            ("POST", integrations, #"{"integration":{"name":"x"}}"#),
            ("PUT", "\(integrations)/\(integrationID(integration))", #"{"integration":{"name":"y"}}"#),
            ("POST", "\(integrations)/\(integrationID(integration))/rotate", ""),
            ("DELETE", "\(integrations)/\(integrationID(integration))", ""),
        ]
    }

    @Test("a read-only token is refused each write, even one that is nonsense") func readOnly() async {
        let before = await api.everything()
        let count = fixture.eventCount
        let deletion = (method: "DELETE", target: "/services/\(serviceID(service))", body: "")
        for write in writes + [deletion] {
            for body in [write.body, "{"] {
                let answer = await api.answer(
                    write.method, write.target, body, secret: AdminFixture.readOnlySecret)
                #expect(answer.status == 403, "\(write.method) \(write.target)")
                #expect(answer.json == ["error": ["message": "Access Denied", "code": 2010]])
            }
            let anonymous = await api.answer(write.method, write.target, write.body, secret: nil)
            #expect(anonymous.status == 401)
        }
        #expect(fixture.eventCount == count)
        #expect(await api.everything() == before)
        #expect(
            await api.answer("GET", "/incidents/\(incident)/notes", secret: AdminFixture.readOnlySecret).status == 200)
        // Each of them is a write that a full token may do.
        for write in writes {
            let answer = await api.answer(write.method, write.target, write.body)
            #expect((200...204).contains(answer.status), "\(write.method) \(write.target): \(answer.errors ?? [])")
        }
    }

    @Test(
        "From names who wrote; without it the token's name does",
        arguments: [nil, "", "  ", "jane@example.org"] as [String?])
    func from(_ header: String?) async throws {
        let expected = header == "jane@example.org" ? "jane@example.org" : "ops"
        let writes = writes
        for write in writes {
            let answer = await api.answer(
                write.method, write.target, write.body, headers: header.map { ["From": $0] } ?? [:])
            #expect((200...204).contains(answer.status), "\(write.method) \(write.target): \(answer.errors ?? [])")
        }
        let log = await api.log(incident)
        let written = log.filter { $0["channel"]?["type"] == "website" }
        let kinds = Set(written.compactMap { $0["type"]?.stringValue })
        let expectedKinds: Set = [
            "acknowledge_log_entry", "title_change_log_entry", "annotate_log_entry", "snooze_log_entry",
            "merge_log_entry", "resolve_log_entry",
        ]
        #expect(kinds.isSuperset(of: expectedKinds))
        for entry in written {
            #expect(entry["agent"]?["type"] == "user_reference")
            #expect(entry["agent"]?["summary"]?.stringValue == expected)
        }
        let note = await api.get("/incidents/\(incident)/notes").json["notes"]?[0]
        #expect(note?["user"]?["summary"]?.stringValue == expected)
    }

    @Test("a strict API wants From on each write") func strict() async throws {
        try fixture.act(.createToken(name: "Jane", hash: [1, 2, 3], isReadOnly: true, email: "jane@example.org"))
        let strict = fixture.api(AdminConfiguration(requestsPerMinute: 0, requiresFrom: true))
        let before = fixture.eventCount
        for write in writes {
            let answer = await strict.answer(write.method, write.target, write.body)
            answer.isRefused(400, 1008, "Requester User Not Found")
        }
        #expect(fixture.eventCount == before)
        for write in writes {
            let answer = await strict.answer(
                write.method, write.target, write.body, headers: ["From": "jane@example.org"])
            #expect((200...204).contains(answer.status), "\(write.method) \(write.target): \(answer.errors ?? [])")
        }
    }
}
