import Cryptography
import HTTPAPI
import Testing

/// The paths of events-api.md section 1, each with what it takes.
@Suite(.timeLimit(.minutes(5))) struct PathTests {
    private static let shared = "/event/push/alert/pagerduty"
    private static let changePaths = ["/v2/change/enqueue", shared + "/v2/change/enqueue"]
    private static let v1Paths = [
        "/generic/2010-04-15/create_event.json", shared + "/generic/2010-04-15/create_event.json",
    ]
    private static let v2Paths = ["/v2/enqueue", shared + "/v2/enqueue"]
    private static let detectingPaths = [
        shared, "/integration/\(RunningGateway.key)/enqueue", "/x-ere/\(RunningGateway.key)",
    ]
    private static let all = changePaths + v1Paths + v2Paths + detectingPaths

    private struct Expected {
        var body: String
        var status: Int
        var answer: String
    }

    private static func expected(_ path: String) -> [Expected] {
        let v1 = Expected(body: Body.v1(), status: 200, answer: Body.v1Answer)
        let v2 = Expected(body: Body.v2(), status: 202, answer: Body.v2Answer)
        if changePaths.contains(path) {
            return [Expected(body: Body.change(), status: 202, answer: Body.changeAnswer)]
        }
        if v1Paths.contains(path) { return [v1] }
        return v2Paths.contains(path) ? [v2] : [v1, v2]
    }

    @Test func everyPathTakesItsVersionsWithOneTrailingSlashOrNoneAndAnyQuery() async throws {
        try await RunningGateway.run { gateway in
            var sent = 0
            for path in Self.all {
                for expected in Self.expected(path) {
                    for suffix in ["", "/", "?channel_id=yyy", "/?a=b&&=", "?"] {
                        let answer = try await gateway.send(.post(path + suffix, expected.body))
                        #expect(answer.status == expected.status, "\(path)\(suffix): \(answer.body)")
                        #expect(answer.body == expected.answer, "\(path)\(suffix)")
                        #expect(answer.hasUsualFields, "\(path)\(suffix)")
                        sent += 1
                    }
                }
            }
            let stored = try await gateway.stored()
            #expect(stored.count == sent)
            #expect(stored.allSatisfy { $0.integration == gateway.integration })
        }
    }

    @Test func aVersionIsNotDetectedWhereThePathFixesIt() async throws {
        try await RunningGateway.run { gateway in
            for path in Self.v2Paths {
                let answer = try await gateway.send(.post(path, Body.v1()))
                #expect(answer.json == Body.invalid("'event_action' is missing or blank"), "\(path)")
            }
            for path in Self.v1Paths {
                let answer = try await gateway.send(.post(path, Body.v2()))
                #expect(
                    answer.json == Body.invalid("event_type is invalid (must be one of: trigger acknowledge resolve)"),
                    "\(path)")
            }
            #expect(try await gateway.stored().isEmpty)
        }
    }

    @Test func whatIsNoPathIsNotFoundAndNeverRedirected() async throws {
        let others = [
            "/", "/v2", "/v2/enqueue/x", "/v2//enqueue", "//v2//enqueue", "//", Self.shared + "//",
            Self.shared + "//v2//enqueue", Self.shared + "/x//v2/enqueue", "/v1/enqueue", "/event/push/alert",
            Self.shared + "/integration/\(RunningGateway.key)/enqueue", Self.shared + "/x-ere/\(RunningGateway.key)",
            "/integration/\(RunningGateway.key)", "/integration//enqueue", "/integration/a/b/enqueue", "/x-ere",
            "/x-ere/", "/x-ere//", "/nagios/2010-04-15", "/nagios//2010-04-15/create_event",
            "/generic/2010-04-15/create_event",
        ]
        try await RunningGateway.run { gateway in
            for path in Self.all.map({ $0 + "//" }) + others {
                for method in ["POST", "GET"] {
                    var request = WireRequest.post(path, method == "POST" ? Body.v2() : "")
                    request.method = method
                    let answer = try await gateway.send(request)
                    #expect(answer.status == 404, "\(method) \(path): \(answer.body)")
                    #expect(answer.hasUsualFields, "\(method) \(path)")
                }
            }
            #expect(try await gateway.stored().isEmpty)
        }
    }

    /// A client that appends its path to a base URL with a slash at the end.
    @Test func aBaseURLMayEndInASlash() async throws {
        let targets = [
            "//v2/enqueue", "///v2/enqueue/", "//event/push/alert/pagerduty", Self.shared + "//v2/enqueue",
            "/" + Self.shared + "///v2/enqueue?a=//", "http://gateway//v2/enqueue",
            "http://gateway:8080\(Self.shared)//v2/enqueue", "//integration/\(RunningGateway.key)/enqueue",
        ]
        try await RunningGateway.run { gateway in
            for target in targets {
                let answer = try await gateway.send(.post(target, Body.v2()))
                #expect(answer.status == 202, "\(target): \(answer.body)")
            }
            #expect(try await gateway.stored().count == targets.count)
        }
    }

    @Test(arguments: [
        "//incidents", "///incidents", "//api/incidents", "/api//incidents", "//api///incidents",
        "http://gw//incidents",
    ])
    func theRESTAPITakesTheSame(target: String) async throws {
        var settings = GatewayResponder.Settings()
        settings.admin.pathPrefix = "/api"
        try await RunningGateway.run(settings: settings) { gateway in
            try await gateway.act(
                .createToken(name: "ops", hash: SHA256.digest(of: "token"), isReadOnly: true))
            #expect(try await gateway.send(.get(target)).status == 401)
            let answer = try await gateway.send(.get(target, headers: ["Authorization: Token token=token"]))
            #expect(answer.status == 200, "\(answer.body)")
        }
    }

    @Test func onlyPostIsAllowed() async throws {
        try await RunningGateway.run { gateway in
            for path in Self.all {
                for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"] {
                    let answer = try await gateway.send(WireRequest(method: method, target: path))
                    #expect(answer.status == 405, "\(method) \(path)")
                    #expect(answer["Allow"] == "POST", "\(method) \(path)")
                    if method != "HEAD" {
                        #expect(answer.json == ["status": "invalid request", "message": "Method not allowed"])
                        #expect(answer.hasUsualFields)
                    }
                }
            }
        }
    }
}
