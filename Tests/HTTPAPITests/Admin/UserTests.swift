import Alerting
import HTTPAPI
import Testing
import WireJSON

/// Tokens with an e-mail address as users: who they are, and what is assigned to them (docs/rest-clients.md).
@Suite struct UserTests {
    private static let janeSecret = "jane-secret-0001"
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let integration: IntegrationID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        integration = try fixture.service("db").integration
    }

    private func id(_ token: TokenID) -> String { ExternalID.string(.token, token) }

    private func token(
        _ name: String, _ email: String?, secret: String? = nil, isReadOnly: Bool = false
    ) throws -> TokenID {
        let hash = Secrets.hash(secret ?? name)
        return try fixture.act(.createToken(name: name, hash: hash, isReadOnly: isReadOnly, email: email))
    }

    private func reference(_ token: TokenID, _ name: String) -> JSONValue {
        let url = "https://gw.example/users/\(id(token))"
        return [
            "id": .string(id(token)), "type": "user_reference", "summary": .string(name), "self": .string(url),
            "html_url": .string(url),
        ]
    }

    @Test("a user, member by member") func object() async throws {
        let jane = try token("Jane", "Jane@example.org", isReadOnly: true)
        let url = "https://gw.example/users/\(id(jane))"
        let expected: JSONValue = [
            "id": .string(id(jane)), "type": "user", "summary": "Jane", "self": .string(url), "html_url": .string(url),
            "name": "Jane", "email": "Jane@example.org", "time_zone": "UTC", "color": "green", "avatar_url": "",
            "role": "read_only_user", "description": "", "invitation_sent": false, "job_title": "",
            "contact_methods": [], "notification_rules": [], "teams": [],
        ]
        #expect(await api.get("/users/\(id(jane))").json == ["user": expected])
        #expect(await api.get("/users").json["users"]?[2] == expected)
        #expect(await api.get("/users/P000001").json["user"]?["email"] == "p000001@alertgate.invalid")
    }

    @Test("/users/me: the user who holds the token, if it has an address") func currentUser() async throws {
        let jane = try token("Jane", "jane@example.org", secret: Self.janeSecret, isReadOnly: true)
        let answer = await api.answer("GET", "/users/me", secret: Self.janeSecret)
        #expect(answer.status == 200)
        #expect(answer.json == (await api.get("/users/\(id(jane))").json))
        for secret in [AdminFixture.fullSecret, AdminFixture.readOnlySecret] {
            let other = await api.answer("GET", "/users/me", secret: secret)
            #expect(other.status == 400)
            #expect(other.json["error"]?.stringValue?.contains("account-level access token") == true)
        }
    }

    @Test("tokens with one address are one user, whose id stays when tokens are replaced") func oneUser() async throws {
        let first = try token("Jane", "jane@example.org", isReadOnly: true)
        let second = try token("Jane 2", "JANE@example.org", secret: Self.janeSecret)
        let other = try token("Joe", "joe@example.org")
        #expect(await api.get("/users").ids("users") == ["P000001", "P000002", id(first), id(other)])
        #expect(await api.get("/users/\(id(second))").json["user"]?["id"]?.stringValue == id(first))
        #expect(await api.get("/users/\(id(first))").json["user"]?["role"] == "user", "one of the tokens may write")
        try fixture.act(.revokeToken(first))
        for path in ["/users/\(id(first))", "/users/\(id(second))", "/users/me"] {
            let user = await api.answer("GET", path, secret: Self.janeSecret).json["user"]
            #expect(user?["id"]?.stringValue == id(first), "\(path)")
            #expect(user?["name"] == "Jane 2" && user?["email"] == "JANE@example.org", "\(path)")
        }
        // Who acts is named as the user who holds the token.
        let incident = try fixture.event("trigger", "disk", by: integration)
        let body = #"{"incident":{"status":"acknowledged"}}"#
        let answer = await api.answer(
            "PUT", "/incidents/\(incident)?include[]=acknowledgers", body, secret: Self.janeSecret)
        let acknowledger = answer.json["incident"]?["acknowledgements"]?[0]?["acknowledger"]
        #expect(acknowledger?["id"]?.stringValue == id(first) && acknowledger?["email"] == "JANE@example.org")
        #expect(await api.log(incident).last?["agent"] == reference(first, "Jane 2"))
        // With its last good token the user goes.
        try fixture.act(.revokeToken(second))
        await api.get("/users/\(id(first))").isNotFound()
        await api.get("/users/\(id(second))").isNotFound()
        #expect(await api.get("/users").ids("users") == ["P000001", "P000002", id(other)])
        #expect(await api.incident(incident)["assignments"]?.arrayValue?.count == 1)
    }

    @Test("open incidents are assigned to all users, resolved ones to nobody") func assignments() async throws {
        let incident = try fixture.event("trigger", "disk", by: integration)
        #expect(await api.incident(incident)["assignments"] == [])
        let jane = try token("Jane", "jane@example.org")
        let joe = try token("Joe", "joe@example.org", isReadOnly: true)
        let expected: JSONValue = [
            ["at": "2024-05-11T02:00:00Z", "assignee": reference(jane, "Jane")],
            ["at": "2024-05-11T02:00:00Z", "assignee": reference(joe, "Joe")],
        ]
        fixture.now = fixture.now.adding(seconds: 60)
        #expect(await api.incident(incident)["assignments"] == expected)
        #expect(await api.incident(incident)["assigned_via"] == "escalation_policy")
        #expect(await api.get("/incidents").json["incidents"]?[0]?["assignments"] == expected)
        let inside = await api.get("/incidents/\(incident)/alerts?include[]=incidents").json["alerts"]?[0]?["incident"]
        #expect(inside?["assignments"] == expected)
        let full = await api.incident(incident, "?include[]=assignees")["assignments"]
        #expect(full?[0]?["assignee"] == (await api.get("/users/\(id(jane))").json["user"]))
        try fixture.event("acknowledge", "disk", by: integration)
        #expect(await api.incident(incident)["assignments"] == expected)
        try fixture.event("resolve", "disk", by: integration)
        #expect(await api.incident(incident)["assignments"] == [])
    }

    @Test("user_ids[] and assigned_to_user find what is assigned") func assigned() async throws {
        let jane = id(try token("Jane", "jane@example.org"))
        let again = id(try token("Jane 2", "jane@example.org"))
        let triggered = try fixture.event("trigger", "a", by: integration)
        let acknowledged = try fixture.event("trigger", "b", by: integration)
        try fixture.event("acknowledge", "b", by: integration)
        try fixture.event("trigger", "c", by: integration)
        try fixture.event("resolve", "c", by: integration)
        let open = [triggered, acknowledged].map(incidentID)
        for (query, expected) in [
            ("user_ids[]=\(jane)", open), ("user_ids=\(jane)", open), ("user_ids[]=P000001,\(again)", open),
            ("assigned_to_user=\(jane)", open), ("assigned_to_user=\(jane)&user_ids[]=\(again)", open),
            ("user_ids[]=P000001", []), ("assigned_to_user=P000001", []), ("user_ids[]=nonsense", []),
            ("user_ids[]=\(jane)&assigned_to_user=PZZZZZZ", []), ("user_ids[]=PZZZZZZ", []),
            ("user_ids[]=\(jane)&statuses[]=acknowledged", [open[1]]),
            ("user_ids[]=\(jane)&statuses[]=resolved", []),
            ("user_ids[]=\(jane)&date_range=all&sort_by=created_at:desc", open.reversed()),
        ] as [(String, [String])] {
            let answer = await api.get("/incidents?total=true&\(query)")
            #expect(answer.ids("incidents") == expected, "\(query)")
            #expect(answer.json["total"] == JSONValue(Int64(expected.count)), "\(query)")
        }
    }

    @Test("users are found by a part of name or address, page by page") func query() async throws {
        let jane = id(try token("Jane", "jd@example.org"))
        let joe = id(try token("Joe", "joe@example.org"))
        #expect(await api.get("/users?query=JAN").ids("users") == [jane])
        #expect(await api.get("/users?query=Example.org&total=1").json["total"] == 2)
        let page = await api.get("/users?query=example.org&limit=1&offset=1&total=1")
        #expect(page.ids("users") == [joe] && page.json["more"] == false && page.json["total"] == 2)
        #expect(await api.get("/users?query=example.org&limit=1").json["more"] == true)
        #expect(await api.get("/users?offset=100").ids("users").isEmpty)
    }
}
