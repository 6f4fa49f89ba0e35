import Testing

@testable import HTTPAPI

/// What is answered where events and the admin API have addresses of their own.
@Suite(.timeLimit(.minutes(5))) struct SurfaceTests {
    private static let shared = "/event/push/alert/pagerduty"
    private static let eventPaths = [
        shared, "/v2/enqueue", "/v2/change/enqueue", "/generic/2010-04-15/create_event.json", shared + "/v2/enqueue",
        shared + "/v2/change/enqueue", shared + "/generic/2010-04-15/create_event.json",
        "/integration/\(RunningGateway.key)/enqueue", "/x-ere/\(RunningGateway.key)", "/v2/enqueue/",
        "//v2/enqueue", shared + "//v2/enqueue",
    ]
    private static let adminPaths = [
        "/incidents", "/incidents/", "/incidents/1", "/incidents/1/notes", "/log_entries", "/services", "/users/me",
        "/abilities", "/change_events", "/pd/incidents", "/%69ncidents", "http://gateway/incidents", "/incidents?a=b",
        "//incidents", "///pd/incidents", "/pd//incidents", "http://gateway//incidents",
    ]
    private static let operations = ["/readyz", "/metrics", "/openapi.json"]

    private static var prefixed: GatewayResponder.Settings {
        var settings = GatewayResponder.Settings()
        settings.admin.pathPrefix = "/pd"
        return settings
    }

    private static func body(for path: String) -> String {
        if path.contains("change") { return Body.change() }
        return path.contains("generic") ? Body.v1() : Body.v2()
    }

    @Test func whereEventsComeInTheyAreTaken() async throws {
        try await RunningGateway.run(settings: Self.prefixed, on: .events) { gateway in
            for path in Self.eventPaths {
                let answer = try await gateway.send(.post(path, Self.body(for: path)))
                #expect((200..<300).contains(answer.status), "\(path): \(answer.body)")
            }
            #expect(try await gateway.stored().count == Self.eventPaths.count)
            #expect(try await gateway.send(.get("/v2/enqueue")).status == 405)
            #expect(try await gateway.send(.get("/healthz")).status == 200)
            #expect(try await gateway.send(.post("/healthz", "{}")).status == 405)
        }
    }

    /// A sender learns nothing of the rest: not even whether a token is good, or which methods there are.
    @Test func whereEventsComeInNothingElseIsFound() async throws {
        try await RunningGateway.run(settings: Self.prefixed, on: .events) { gateway in
            let tellTale = ["Authorization: Token token=none", "X-Forwarded-Host: admin", "X-Original-URL: /incidents"]
            for path in Self.adminPaths + Self.operations + ["/", "//metrics", "/healthz/", "/healthz/../incidents"] {
                for method in ["GET", "POST", "PUT", "DELETE"] {
                    var request = WireRequest.post(path, method == "POST" ? "{}" : "", headers: tellTale)
                    request.method = method
                    let answer = try await gateway.send(request)
                    #expect(answer.status == 404, "\(method) \(path): \(answer.body)")
                    #expect(answer.json == ["status": "invalid request", "message": "Not found"], "\(method) \(path)")
                    #expect(answer.hasUsualFields)
                }
            }
            let head = try await gateway.send(WireRequest(method: "HEAD", target: "/metrics"))
            #expect(head.status == 404 && head.body.isEmpty)
        }
    }

    /// What a connection was good for before gives it no further rights.
    @Test func aConnectionThatSentEventsFindsNothingElse() async throws {
        try await RunningGateway.run(on: .events) { gateway in
            let answers = try await gateway.send([
                .post("/v2/enqueue", Body.v2()), .get("/incidents"), .get("/metrics"), .post("/v2/enqueue", Body.v2()),
            ])
            #expect(answers.map(\.status) == [202, 404, 404, 202])
        }
    }

    @Test func whereTheAdminAPIIsNoEventIsTaken() async throws {
        var settings = GatewayResponder.Settings()
        // A prefix that makes an events path look like one of the API's.
        settings.admin.pathPrefix = "/integration"
        try await RunningGateway.run(settings: settings, on: .admin) { gateway in
            for path in Self.eventPaths + ["/integration/incidents/enqueue"] {
                for method in ["POST", "GET"] {
                    var request = WireRequest.post(path, method == "POST" ? Self.body(for: path) : "")
                    request.method = method
                    let answer = try await gateway.send(request)
                    #expect(answer.status == 404, "\(method) \(path): \(answer.body)")
                    #expect(answer.json["error"]?["code"] == 2100, "\(method) \(path)")
                    #expect(answer.hasUsualFields)
                }
            }
            #expect(try await gateway.stored().isEmpty)
        }
    }

    @Test func whereTheAdminAPIIsAllOfItIs() async throws {
        try await RunningGateway.run(settings: Self.prefixed, on: .admin) { gateway in
            for path in Self.adminPaths {
                let answer = try await gateway.send(.get(path))
                #expect(answer.status == 401, "\(path)")
            }
            for path in Self.operations + ["/healthz"] {
                #expect(try await gateway.send(.get(path)).status == 200, "\(path)")
            }
            #expect(try await gateway.send(.get("/nothing")).json["error"]?["code"] == 2100)
        }
    }

    /// The body of what is not found is not waited for.
    @Test func aBodyIsNotReadFirst() async throws {
        for (surface, path) in [(Surface.events, "/incidents"), (.admin, "/v2/enqueue")] {
            try await RunningGateway.run(on: surface) { gateway in
                let request = WireRequest(target: path, announcedLength: 1 << 30)
                let answer = try await gateway.send(request)
                #expect(answer.status == 404)
            }
        }
    }
}
