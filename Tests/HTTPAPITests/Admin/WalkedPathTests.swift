import Alerting
import HTTPAPI
import Testing
import WireJSON

/// Paths that clients walk on their way: the one escalation policy, who is on call, change events beside incidents, and
/// what there is none of (docs/rest-clients.md).
@Suite struct WalkedPathTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let service: ServiceID
    private let integration: IntegrationID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (service, integration) = try fixture.service("db")
    }

    private func user(_ name: String) throws -> String {
        let command = Action.Command.createToken(
            name: name, hash: Secrets.hash(name), isReadOnly: true, email: "\(name)@example.org")
        return ExternalID.string(.token, try fixture.act(command))
    }

    private func change(_ summary: String, by integration: IntegrationID) throws -> String {
        let event = try fixture.send(#"{"payload":{"summary":"\#(summary)"}}"#, to: .change, by: integration)
        return ExternalID.string(.changeEvent, event)
    }

    @Test("the one escalation policy leads from every service to the users") func escalationPolicy() async throws {
        let jane = try user("jane")
        let url = "https://gw.example/escalation_policies/PDEFLT1"
        let target: JSONValue = [
            "id": .string(jane), "type": "user_reference", "summary": "jane",
            "self": .string("https://gw.example/users/\(jane)"),
            "html_url": .string("https://gw.example/users/\(jane)"),
        ]
        let reference = await api.get("/services/\(serviceID(service))").json["service"]?["escalation_policy"]
        #expect(reference?["self"]?.stringValue == url)
        let answer = await api.get("/escalation_policies/PDEFLT1")
        let policy = try #require(answer.json["escalation_policy"])
        #expect(policy["id"] == "PDEFLT1" && policy["type"] == "escalation_policy" && policy["name"] == "Default")
        #expect(policy["self"]?.stringValue == url && policy["html_url"]?.stringValue == url)
        #expect(policy["num_loops"] == 0 && policy["teams"] == [])
        #expect(policy["services"]?.arrayValue?.map { $0["id"]?.stringValue } == [serviceID(service)])
        #expect(
            policy["escalation_rules"] == [
                [
                    "id": "PDEFLTR", "escalation_delay_in_minutes": 30,
                    "escalation_rule_assignment_strategy": ["type": "assign_to_everyone"], "targets": .array([target]),
                ]
            ])
        let list = await api.get("/escalation_policies?total=true")
        #expect(
            list.json == [
                "escalation_policies": .array([policy]), "limit": 25, "offset": 0, "total": 1, "more": false,
            ])
        for (query, count) in [
            ("query=def", 1), ("query=other", 0), ("user_ids[]=\(jane)", 1), ("user_ids[]=P000001", 0),
            ("team_ids[]=P1", 0), ("offset=1", 0),
        ] {
            #expect(
                await api.get("/escalation_policies?\(query)").ids("escalation_policies").count == count, "\(query)")
        }
        await api.get("/escalation_policies/PDEFLT2").isNotFound()
        await api.get("/escalation_policies/pdeflt1").isNotFound()
    }

    @Test("every user with an address is on call") func onCalls() async throws {
        #expect(await api.get("/oncalls").json["oncalls"] == [])
        let jane = try user("jane")
        _ = try user("joe")
        let list = await api.get("/oncalls?total=1&user_ids[]=\(jane)")
        #expect(list.json["total"] == 1)
        let entry = try #require(list.json["oncalls"]?[0])
        #expect(entry["user"]?["id"]?.stringValue == jane && entry["user"]?["type"] == "user_reference")
        #expect(entry["escalation_policy"]?["id"] == "PDEFLT1" && entry["escalation_level"] == 1)
        #expect(entry["schedule"] == .null && entry["start"] == .null && entry["end"] == .null)
        #expect(await api.get("/oncalls?include[]=users").json["oncalls"]?[1]?["user"]?["email"] == "joe@example.org")
        for (query, count) in [
            ("", 2), ("escalation_policy_ids[]=PDEFLT1", 2), ("escalation_policy_ids[]=P1", 0),
            ("schedule_ids[]=P1", 0),
            ("user_ids[]=P000001", 0), ("limit=1", 1),
        ] {
            #expect(await api.get("/oncalls?\(query)").json["oncalls"]?.arrayValue?.count == count, "\(query)")
        }
    }

    @Test(
        "what there is none of: an empty page",
        arguments: ["notifications", "priorities", "schedules", "teams", "vendors"])
    func emptyPages(_ name: String) async {
        let list = await api.get("/\(name)?limit=7&offset=3&total=true")
        #expect(list.status == 200)
        #expect(
            list.json
                == .object([
                    JSONValue.Member(name, []), JSONValue.Member("limit", 7), JSONValue.Member("offset", 3),
                    JSONValue.Member("total", 0), JSONValue.Member("more", false),
                ]))
        await api.get("/\(name)?limit=x").isInvalid()
        await api.get("/\(name)/P000001").isNotFound()
        let wrong = await api.post("/\(name)", "{}")
        #expect(wrong.status == 405 && wrong.header("Allow") == "GET")
        #expect(await api.answer("GET", "/\(name)", secret: nil).status == 401)
    }

    @Test("what a user or an incident has none of") func emptyLists() async throws {
        let incident = try fixture.event("trigger", "k", by: integration)
        for (path, expected) in [
            ("/users/P000001/contact_methods", ["contact_methods": []]),
            ("/users/P000001/notification_rules", ["notification_rules": []]),
            ("/incidents/\(incident)/past_incidents", ["past_incidents": [], "total": 0, "limit": 5]),
            ("/incidents/\(incidentID(incident))/related_incidents", ["related_incidents": []]),
        ] as [(String, JSONValue)] {
            let answer = await api.get(path)
            #expect(answer.status == 200 && answer.json == expected, "\(path)")
            let wrong = await api.put(path, "{}")
            #expect(wrong.status == 405 && wrong.header("Allow") == "GET", "\(path)")
        }
        for path in [
            "/users/PZZZZZZ/contact_methods", "/users/x/notification_rules", "/users/me/contact_methods",
            "/incidents/999/past_incidents", "/incidents/x/related_incidents", "/incidents/999/related_change_events",
            "/services/PZZZZZZ/change_events", "/services/x/change_events", "/users/P000001/teams", "/past_incidents",
        ] {
            await api.get(path).isNotFound()
        }
    }

    @Test("change events of a service, and those in the day before an incident") func changeEvents() async throws {
        let (other, otherIntegration) = try fixture.service("other")
        let start = fixture.now
        let early = try change("early", by: integration)
        fixture.now = start.adding(seconds: 1)
        let old = try change("old", by: integration)
        _ = try change("elsewhere", by: otherIntegration)
        fixture.now = start.adding(seconds: 86_401)
        let new = try change("new", by: integration)
        let incident = try fixture.event("trigger", "k", by: integration)
        fixture.now = start.adding(seconds: 86_402)
        let later = try change("later", by: integration)

        let list = await api.get("/services/\(serviceID(service))/change_events?total=1")
        #expect(list.ids("change_events") == [later, new, old, early])
        #expect(list.json["total"] == 4 && list.json["more"] == false)
        let path = "/services/\(serviceID(service))/change_events"
        #expect(await api.get("\(path)?limit=1&offset=1").ids("change_events") == [new])
        #expect(await api.get("\(path)?since=2024-05-12T02:00:02Z").ids("change_events") == [later])
        #expect(
            await api.get("\(path)?integration_ids[]=\(integrationID(otherIntegration))").ids("change_events").isEmpty)
        #expect(await api.get("/services/\(serviceID(other))/change_events").ids("change_events").count == 1)

        let related = await api.get("/incidents/\(incident)/related_change_events")
        #expect(related.ids("change_events") == [new, old])
        #expect(related.json["change_events"]?[0]?["correlation_reason"] == ["reason": "most_recent"])
        #expect(related.json["change_events"]?[0]?["summary"] == "new")
        #expect(
            await api.get("/incidents/\(incidentID(incident))/related_change_events?limit=1").ids("change_events")
                == [new])
        try fixture.event("resolve", "k", by: integration)
        #expect(await api.delete("/services/\(serviceID(service))").status == 204)
        await api.get(path).isNotFound()
        #expect(await api.get("/incidents/\(incident)/related_change_events").ids("change_events") == [new, old])
    }
}
