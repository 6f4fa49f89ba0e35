import GatewayTesting
import HTTPAPI
import Logging
import Pipeline
import Testing

@Suite(.timeLimit(.minutes(5))) struct HealthTests {
    @Test func readinessTellsOfEveryCheck() async throws {
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(.get("/readyz"))
            #expect(answer.status == 200, "\(answer.body)")
            #expect(answer.hasUsualFields)
            let checks = answer.json["checks"]?.arrayValue ?? []
            let names = checks.compactMap { $0["name"]?.stringValue }
            #expect(names == ["writer", "worker", "files", "disk", "wal", "schema"])
            #expect(checks.allSatisfy { $0["ok"] == true })
        }
    }

    @Test func aLockedDatabaseIsAliveButNotReady() async throws {
        try await RunningGateway.run { gateway in
            try await gateway.whileLocked {
                #expect(try await gateway.send(.get("/healthz")).status == 200)
                let answer = try await gateway.send(.get("/readyz"))
                #expect(answer.status == 503)
                let checks = answer.json["checks"]?.arrayValue ?? []
                #expect(checks.first?["name"] == "writer")
                #expect(checks.first?["ok"] == false)
                #expect(try await gateway.send(.get("/metrics")).status == 200, "reading goes on")
            }
            #expect(try await gateway.send(.get("/readyz")).status == 200)
        }
    }

    @Test func aVolumeBelowItsWatermarkIsNotReady() async throws {
        let temporary = try TemporaryDatabase()
        var settings = Pipeline.Settings()
        settings.minimumFreeBytes = .max
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let pipeline = try Pipeline(database: temporary.database, settings: settings, logger: logger)
        let health = await withCheckedContinuation { continuation in
            Health.look(at: pipeline) { continuation.resume(returning: $0) }
        }
        await pipeline.stop()
        #expect(!health.isReady)
        #expect(health.checks.filter { !$0.isGood }.map(\.name) == ["disk"])
    }

    @Test(arguments: ["/healthz", "/readyz", "/metrics"])
    func onlyGetAndHeadAreAllowed(path: String) async throws {
        try await RunningGateway.run { gateway in
            let post = try await gateway.send(.post(path, "{}"))
            #expect(post.status == 405)
            #expect(post["Allow"] == "GET, HEAD")
            let put = try await gateway.send(WireRequest(method: "PUT", target: path))
            #expect(put.status == 405)
            let answers = try await gateway.send([
                WireRequest(method: "HEAD", target: path), .get(path), .get(path + "?a=b"),
            ])
            #expect(answers.map(\.status) == [200, 200, 200])
            #expect(answers[0].body.isEmpty)
            #expect((answers[0]["Content-Length"].flatMap(Int.init) ?? 0) > 0)
        }
    }
}
