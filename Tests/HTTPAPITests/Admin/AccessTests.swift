import Alerting
import HTTPAPI
import Testing

/// Tokens, rights, paths, methods, sizes and rates (rest-api.md sections 1, 2, 5, 7 and 9; decisions.md "REST").
@Suite struct AccessTests {
    private let fixture: AdminFixture
    private let api: AdminAPI

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
    }

    @Test(
        "every form of the header that names the token",
        arguments: [
            "Token token=full-secret-0001", "Token token=\"full-secret-0001\"", "Token full-secret-0001",
            "Token \"full-secret-0001\"", "Bearer full-secret-0001", "Bearer \"full-secret-0001\"",
            "token token=full-secret-0001", "BEARER full-secret-0001", "Token  token=full-secret-0001 ",
            "Token token= full-secret-0001",
        ])
    func goodTokens(_ header: String) async {
        let answer = await api.answer("GET", "/incidents", secret: nil, headers: ["Authorization": header])
        #expect(answer.status == 200)
    }

    @Test(
        "what names no token",
        arguments: [
            nil, "", "Token", "Token token=", "Token token=\"\"", "Bearer", "Bearer unknown", "Basic full-secret-0001",
            "full-secret-0001", "Token token=full-secret-0001 more", "Token token=FULL-SECRET-0001",
            "Tokentoken=full-secret-0001", "Bearer token=full-secret-0001",
        ] as [String?])
    func badTokens(_ header: String?) async {
        let headers = header.map { ["Authorization": $0] } ?? [:]
        let answer = await api.answer("GET", "/incidents", secret: nil, headers: headers)
        #expect(answer.status == 401)
        #expect(answer.json == ["error": ["message": "Authentication failed", "code": 2006]])
        #expect(answer.header("Content-Type") == "application/json; charset=utf-8")
    }

    @Test("an integration key and a revoked token are no tokens") func otherSecrets() async throws {
        _ = try fixture.service("db")
        #expect(await api.answer("GET", "/incidents", secret: "key-of-db-abcd").status == 401)
        try fixture.act(.revokeToken(1))
        #expect(await api.get("/incidents").status == 401)
    }

    @Test(
        "401 comes before 404 and 405 on the API's paths",
        arguments: ["/incidents/QX", "/incidents/x/y/z", "/services/x", "/log_entries/", "/users/7", "/abilities/x"])
    func authenticationComesFirst(_ path: String) async {
        for method in ["GET", "POST", "DELETE", "PATCH"] {
            #expect(await api.answer(method, path, secret: nil).status == 401)
        }
        #expect(api.owns(path: path))
    }

    @Test(
        "a path that is not the API's is 404 with and without a token",
        arguments: [
            "/", "", "/x", "/business_services", "/incidentsx", "incidents", "//incidents", "/v2/enqueue", "/Incidents",
        ])
    func foreignPaths(_ path: String) async {
        for secret in [nil, AdminFixture.fullSecret] {
            let answer = await api.answer("GET", path, secret: secret)
            #expect(answer.status == 404)
            #expect(answer.json == ["error": ["message": "Not Found", "code": 2100]])
        }
        #expect(!api.owns(path: path))
        #expect(api.methods(path: path).isEmpty)
    }

    @Test(
        "an unknown path under the API's own is 404",
        arguments: [
            "/incidents/Q0000000000001/x", "/incidents//alerts", "/incidents/a/b/c/d", "/services/P000001/x",
            "/services/P000001/integrations/P000001/x", "/users/P000001/x", "/log_entries/a/b", "/incidents//",
            "/abilities/a/b",
        ])
    func unknownPaths(_ path: String) async {
        for method in ["GET", "PUT", "PATCH"] {
            let answer = await api.answer(method, path)
            #expect(answer.status == 404)
            #expect(answer.code == 2100)
        }
    }

    @Test(
        "a known path takes only its methods",
        arguments: [
            ("/incidents", "DELETE", "GET, POST, PUT"), ("/incidents/1", "POST", "GET, PUT"),
            ("/incidents/1/alerts/A", "DELETE", "GET, PUT"), ("/incidents/1/alerts", "POST", "GET, PUT"),
            ("/incidents/1/log_entries", "PUT", "GET"), ("/incidents/1/notes", "PUT", "GET, POST"),
            ("/incidents/1/merge", "POST", "PUT"), ("/incidents/1/snooze", "PUT", "POST"),
            ("/log_entries", "PUT", "GET"), ("/log_entries/R", "PATCH", "GET"), ("/services", "PUT", "GET, POST"),
            ("/services/P/", "POST", "GET, PUT, DELETE"), ("/services/P/integrations", "GET", "POST"),
            ("/services/P/integrations/P/rotate", "GET", "POST"), ("/users/P", "PUT", "GET"),
            ("/change_events", "POST", "GET"), ("/abilities", "HEAD", "GET"), ("/users/me", "OPTIONS", "GET"),
            ("/users", "get", "GET"), ("/services/P/integrations/P", "POST", "GET, PUT, DELETE"),
        ])
    func wrongMethods(_ path: String, _ method: String, _ allowed: String) async {
        let answer = await api.answer(method, path)
        #expect(answer.status == 405)
        #expect(answer.header("Allow") == allowed)
        #expect(answer.json == ["error": ["message": "Invalid operation", "code": 2015]])
    }

    @Test("one slash at the end is as good as none") func trailingSlash() async {
        #expect(await api.get("/incidents/").status == 200)
        #expect(await api.get("/incidents//").status == 404)
    }

    @Test("a read-only token reads, and writes nothing") func readOnly() async throws {
        let secret = AdminFixture.readOnlySecret
        #expect(await api.answer("GET", "/incidents", secret: secret).status == 200)
        let before = fixture.eventCount
        for path in ["/incidents", "/incidents/1"] {
            let answer = await api.answer("PUT", path, "{}", secret: secret)
            #expect(answer.status == 403)
            #expect(answer.json == ["error": ["message": "Access Denied", "code": 2010]])
        }
        let silence = #"{"silence":{"matchers":["source=x"],"duration":60}}"#
        #expect(await api.answer("POST", "/silences", silence, secret: secret).status == 403)
        // It changes nothing, though it is a POST.
        #expect(await api.answer("POST", "/silences/preview", silence, secret: secret).status == 200)
        #expect(await api.answer("POST", "/silences/preview", "{}", secret: secret).status == 400)
        #expect(await api.answer("PUT", "/services", secret: secret).status == 405)
        #expect(await api.answer("PUT", "/nothing", secret: secret).status == 404)
        #expect(fixture.eventCount == before)
    }

    @Test("a body over 1 MiB is 413, but only after the token") func largeBody() async {
        let body = String(repeating: " ", count: AdminAPI.maximumBodySize + 1)
        let answer = await api.answer("PUT", "/incidents", body)
        #expect(answer.status == 413)
        #expect(answer.json == ["error": ["message": "Request Entity Too Large", "code": 2001]])
        #expect(await api.answer("PUT", "/incidents", body, secret: nil).status == 401)
        #expect(await api.answer("PUT", "/incidents", String(body.dropLast())).code == 2001)
    }

    @Test("a request can be refused before its body is read") func earlyRefusal() {
        func request(_ method: String, _ path: String, _ secret: String?) -> AdminRequest {
            AdminRequest(method: method, path: path) { $0 == "Authorization" ? secret.map { "Bearer \($0)" } : nil }
        }
        let full = AdminFixture.fullSecret
        #expect(api.refusal(of: request("PUT", "/incidents", full), announcedBodySize: 1 << 20) == nil)
        #expect(api.refusal(of: request("PUT", "/incidents", full), announcedBodySize: nil) == nil)
        #expect(api.refusal(of: request("PUT", "/incidents", full), announcedBodySize: 1 << 21)?.status == 413)
        #expect(api.refusal(of: request("PUT", "/incidents", nil), announcedBodySize: 1 << 21)?.status == 401)
        #expect(api.refusal(of: request("PUT", "/users", full), announcedBodySize: nil)?.status == 405)
        #expect(api.refusal(of: request("PUT", "/x", full), announcedBodySize: nil)?.status == 404)
        #expect(api.methods(path: "/incidents") == ["GET", "POST", "PUT"])
    }

    @Test("each token has its own minute") func rateLimit() async {
        let limited = fixture.api(AdminConfiguration(requestsPerMinute: 3))
        for remaining in [2, 1, 0] {
            let answer = await limited.get("/abilities")
            #expect(answer.status == 200)
            #expect(answer.header("ratelimit-limit") == "3")
            #expect(answer.header("ratelimit-remaining") == "\(remaining)")
            #expect(answer.header("ratelimit-reset") == "60")
        }
        fixture.now = fixture.now.adding(seconds: 20)
        let refused = await limited.get("/nothing/here")
        #expect(refused.status == 404, "a path that is not the API's is not counted")
        let throttled = await limited.get("/incidents/unknown")
        #expect(throttled.status == 429)
        #expect(throttled.json == ["error": ["message": "Rate Limit Exceeded", "code": 2020]])
        #expect(throttled.header("Retry-After") == "40")
        #expect(throttled.header("ratelimit-reset") == "40")
        #expect(throttled.header("ratelimit-remaining") == "0")
        #expect(await limited.answer("GET", "/abilities", secret: AdminFixture.readOnlySecret).status == 200)
        #expect(await limited.answer("GET", "/abilities", secret: "unknown").header("ratelimit-limit") == nil)
        fixture.now = fixture.now.adding(seconds: 40)
        #expect(await limited.get("/abilities").status == 200)
    }

    @Test("the limit holds for any minute") func anyMinute() async {
        let limited = fixture.api(AdminConfiguration(requestsPerMinute: 2))
        #expect(await limited.get("/abilities").status == 200)
        fixture.now = fixture.now.adding(seconds: 59)
        #expect(await limited.get("/abilities").header("ratelimit-reset") == "1")
        fixture.now = fixture.now.adding(seconds: 1)
        let answer = await limited.get("/abilities")
        #expect(answer.status == 200)
        #expect(answer.header("ratelimit-remaining") == "0")
        #expect(answer.header("ratelimit-reset") == "59")
        let throttled = await limited.get("/abilities")
        #expect(throttled.status == 429)
        #expect(throttled.header("Retry-After") == "59")
    }

    @Test("refusals after the count carry the headers, too; without a limit there are none") func rateHeaders() async {
        let limited = fixture.api(AdminConfiguration())
        #expect(await limited.get("/incidents/x").header("ratelimit-limit") == "960")
        #expect(await limited.answer("POST", "/users").header("ratelimit-remaining") == "958")
        #expect(await api.get("/incidents").header("ratelimit-limit") == nil)
    }

    @Test("self URLs begin with what the client used, or with the public URL") func baseURLs() async throws {
        let (service, _) = try fixture.service("db")
        let id = ExternalID.string(.service, service)
        let prefixed = fixture.api(AdminConfiguration(pathPrefix: "/api", requestsPerMinute: 0))
        for (api, path, expected) in [
            (api, "/services/\(id)", "https://gw.example/services/\(id)"),
            (prefixed, "/services/\(id)", "https://gw.example/services/\(id)"),
            (prefixed, "/api/services/\(id)", "https://gw.example/api/services/\(id)"),
            (
                fixture.api(AdminConfiguration(publicURL: "https://public.example/x", requestsPerMinute: 0)),
                "/services/\(id)", "https://public.example/x/services/\(id)"
            ),
        ] {
            #expect(await api.get(path).json["service"]?["self"]?.stringValue == expected)
        }
        #expect(await api.get("/api/services/\(id)").status == 404)
    }

    @Test("a backend that fails") func backendFailures() async throws {
        let (_, integration) = try fixture.service("db")
        let incident = try fixture.event("trigger", "k", by: integration)
        fixture.fail(with: AdminFixture.FixtureError.overloaded)
        for answer in [
            await api.get("/incidents"),
            await api.answer("PUT", "/incidents/\(incident)", #"{"incident":{"status":"resolved"}}"#),
        ] {
            #expect(answer.status == 503)
            #expect(answer.json == ["error": ["message": "Service unavailable", "code": 2000]])
            #expect(answer.header("Retry-After") != nil)
        }
        fixture.fail(with: nil)
        #expect(await api.get("/incidents").status == 200)
        try fixture.execute("DROP TABLE change_events")
        let broken = await api.get("/change_events")
        #expect(broken.status == 500)
        #expect(broken.json == ["error": ["message": "An internal error has occurred.", "code": 2000]])
    }

    @Test("abilities") func abilities() async {
        let list = await api.get("/abilities").json["abilities"]?.arrayValue ?? []
        #expect(!list.isEmpty)
        for ability in list { #expect(await api.get("/abilities/\(ability.stringValue ?? "")").status == 204) }
        let lacking = await api.get("/abilities/teams")
        #expect(lacking.status == 402)
        #expect(lacking.body.isEmpty)
        #expect(await api.get("/abilities/nonsense").status == 404)
    }

    @Test("users: one for each good token without an address") func users() async throws {
        let page = await api.get("/users?limit=1&total=1")
        #expect(page.ids("users") == ["P000001"])
        #expect(page.json["total"] == 2)
        #expect(page.json["more"] == true)
        let user = page.json["users"]?[0]
        #expect(user?["html_url"]?.stringValue?.hasPrefix("https://gw.example/") == true)
        #expect(user?["summary"] == "ops")
        #expect(user?["type"] == "user")
        try fixture.act(.revokeToken(2))
        #expect(await api.get("/users").ids("users") == ["P000001"])
    }
}
