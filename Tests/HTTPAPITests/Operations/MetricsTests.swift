import Cryptography
import GatewayTesting
import HTTPAPI
import Pipeline
import Testing

@Suite(.timeLimit(.minutes(5))) struct MetricsTests {
    private func page(_ gateway: RunningGateway) async throws -> PrometheusText {
        // Waits for the worker, so that the page shows everything answered so far.
        _ = try await gateway.stored()
        let answer = try await gateway.send(.get("/metrics"))
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try PrometheusText(answer.body)
    }

    @Test func eventsAreCountedByKindActionAndOutcome() async throws {
        try await RunningGateway.run { gateway in
            let before = try await page(gateway)
            _ = try await gateway.send([
                .post("/v2/enqueue", Body.v2(dedupKey: "a")), .post("/v2/enqueue", Body.v2(dedupKey: "a")),
                .post("/v2/enqueue", Body.v2(dedupKey: "b")),
                .post("/v2/enqueue", Body.v2("acknowledge", dedupKey: "b")),
                .post("/event/push/alert/pagerduty", Body.v1(incidentKey: "c")),
                .post("/event/push/alert/pagerduty", Body.v1("resolve", incidentKey: "c")),
                .post("/v2/enqueue", Body.v2("resolve", dedupKey: "never")),
                .post("/v2/change/enqueue", Body.change()),
            ])
            let after = try await page(gateway)
            func count(_ kind: String, _ action: String, _ outcome: String) -> Double {
                after[#"alertgate_events_total{kind="\#(kind)",action="\#(action)",outcome="\#(outcome)"}"#]
            }
            #expect(count("v2", "trigger", "opened") == 2)
            #expect(count("v2", "trigger", "deduplicated") == 1)
            #expect(count("v2", "acknowledge", "acknowledged") == 1)
            #expect(count("v1", "trigger", "opened") == 1)
            #expect(count("v1", "resolve", "resolved") == 1)
            #expect(count("v2", "resolve", "dropped") == 1)
            #expect(after.samples.filter { $0.key.contains(#"kind="change""#) }.map(\.value) == [1])
            #expect(after[#"alertgate_open_incidents{status="triggered"}"#] == 1)
            #expect(after[#"alertgate_open_incidents{status="acknowledged"}"#] == 1)
            let name = "alertgate_events_committed_total"
            #expect(after[name] - before[name] == 8)
            #expect(after["alertgate_worker_lag_events"] == 0)
            #expect(after["alertgate_worker_lag_seconds"] == 0)
            #expect(after["alertgate_queue_events"] == 0)
            #expect(after["alertgate_connections"] >= 1)
            for size in ["database", "wal", "volume_free"] { #expect(after["alertgate_\(size)_bytes"] > 0) }
        }
    }

    /// In the form of Prometheus' own programs: a gauge that is always 1, so that queries can join its labels.
    @Test func thePageNamesTheBuild() async throws {
        try await RunningGateway.run { gateway in
            let page = try await page(gateway)
            #expect(page.types["alertgate_build_info"] == "gauge")
            #expect(page[#"alertgate_build_info{version="9.8.7",commit="abc1234",sqlite="3.99.0"}"#] == 1)
        }
    }

    /// What an alarm looks at is there before it happens for the first time.
    @Test func everyReasonIsThereFromTheStart() async throws {
        try await RunningGateway.run { gateway in
            let page = try await page(gateway)
            let reasons = page.samples.filter { $0.key.hasPrefix("alertgate_rejections_total{") }
            #expect(reasons.count == 11 && reasons.values.allSatisfy { $0 == 0 })
            let refusals = page.samples.filter { $0.key.hasPrefix("alertgate_listener_refusals_total{") }
            #expect(refusals.count == 6 && refusals.values.allSatisfy { $0 == 0 })
            #expect(page["alertgate_events_set_aside_total"] == 0)
            #expect(page["alertgate_retention_last_pass_timestamp_seconds"] == 0)
            #expect(page["alertgate_start_timestamp_seconds"] == Double(gateway.clock.now().milliseconds) / 1000)
        }
    }

    /// A fault is counted as one; a recovery that comes late is none.
    @Test func whatIsSetAsideIsCounted() async throws {
        try await RunningGateway.run { gateway in
            _ = try await gateway.send(.post("/v2/enqueue", Body.v2("resolve", dedupKey: "never")))
            #expect(try await page(gateway)["alertgate_events_set_aside_total"] == 0)
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                do {
                    try gateway.pipeline.log.append(EventMaker.event(.trigger, integration: 999)) { result in
                        continuation.resume(with: result.map { _ in }.mapError { $0 })
                    }
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            #expect(try await page(gateway)["alertgate_events_set_aside_total"] == 1)
        }
    }

    /// The page says what `/readyz` says, and each scrape has it looked at anew.
    @Test func readinessIsThatOfTheLastLook() async throws {
        try await RunningGateway.run { gateway in
            #expect(try await page(gateway)["alertgate_ready"] == 1)
            let (status, ready) = try await gateway.whileLocked { () async throws -> (Int, Double) in
                let status = try await gateway.send(.get("/readyz")).status
                return (status, try await page(gateway)["alertgate_ready"])
            }
            #expect(status == 503 && ready == 0)
            // Nobody asks `/readyz` any more.
            var isReady = false
            while !isReady { isReady = try await page(gateway)["alertgate_ready"] == 1 }
        }
    }

    @Test func histogramsCumulate() async throws {
        try await RunningGateway.run { gateway in
            let before = try await page(gateway)
            _ = try await gateway.send(Array(repeating: .post("/v2/enqueue", Body.v2()), count: 20))
            let after = try await page(gateway)
            let names = after.types.filter { $0.value == "histogram" }.keys.sorted()
            let moved = ["alertgate_commit_events", "alertgate_commit_seconds"]
            #expect(names == moved + ["alertgate_retention_step_seconds"])
            for name in names {
                let buckets = after.buckets(name)
                #expect(buckets == buckets.sorted())
                #expect(buckets.last == after[name + "_count"])
            }
            for name in moved {
                #expect(after[name + "_count"] >= before[name + "_count"] + 20, "one by one, so 20 commits")
                #expect(after[name + "_sum"] > before[name + "_sum"])
            }
            #expect(after["alertgate_commit_events_sum"] == after["alertgate_events_committed_total"])
            #expect(after["alertgate_commit_events_count"] == after["alertgate_commits_total"])
        }
    }

    @Test func refusalsAreCountedByReason() async throws {
        var settings = GatewayResponder.Settings()
        settings.rateLimits.perMinute = 3
        try await RunningGateway.run(settings: settings) { gateway in
            let path = "/v2/enqueue"
            _ = try await gateway.send([
                .post(path, "{"), .post(path, "{"), .post(path, Body.v2(key: nil)),
                .post(path, Body.v2(key: RunningGateway.unknownKey)), .post(path, Body.v2("explode")), .get(path),
                .post(path, Body.v2()),
            ])
            _ = try await gateway.send(.post(path, Body.v2(), headers: ["Content-Encoding: br"]))
            let large = Body.v2() + String(repeating: " ", count: 524_289)
            _ = try await gateway.send(.post(path, large))
            try await gateway.whileLocked { _ = try await gateway.send(.post(path, Body.v2())) }
            _ = try await gateway.send([.post(path, Body.v2()), .post(path, Body.v2())])
            let page = try await page(gateway)
            let expected: [String: Double] = [
                "parse_error": 2, "missing_key": 1, "unknown_key": 1, "invalid_event": 1, "method_not_allowed": 1,
                "unsupported_encoding": 1, "too_large": 1, "throttled": 2, "unavailable": 1,
            ]
            for (reason, count) in expected {
                #expect(page[#"alertgate_rejections_total{reason="\#(reason)"}"#] == count, "\(reason)")
            }
            for reason in AppendError.Reason.allCases {
                let count = reason == .failed ? 1.0 : 0
                #expect(
                    page[#"alertgate_events_unavailable_total{reason="\#(reason.rawValue)"}"#] == count, "\(reason)")
            }
            try await gateway.act(.disableIntegration(gateway.otherIntegration))
            _ = try await gateway.send(.post(path, Body.v2(key: RunningGateway.otherKey)))
            #expect(try await self.page(gateway)["alertgate_events_ignored_total"] == 1)
        }
    }

    /// The log says why events are answered 503, at most once a minute for each reason.
    @Test func theReasonOfA503IsLoggedOnceAMinute() async throws {
        let log = KeptLog()
        try await RunningGateway.run(log: log) { gateway in
            func refuse() async throws {
                let status = try await gateway.whileLocked {
                    try await gateway.send(.post("/v2/enqueue", Body.v2())).status
                }
                #expect(status == 503)
            }
            func said() -> [String] { log.lines.filter { $0.hasPrefix("warning events are answered 503") } }
            try await refuse()
            try await refuse()
            #expect(said().count == 1 && said()[0].contains("write_failed"), "\(said())")
            gateway.clock.advance(seconds: 60)
            try await refuse()
            #expect(said().count == 2, "\(said())")
        }
    }

    @Test func noKeyAndNoTokenStandsInThePage() async throws {
        try await RunningGateway.run { gateway in
            let token = "secret-token-value"
            try await gateway.act(
                .createToken(name: "ops", hash: SHA256.digest(of: token), isReadOnly: true))
            _ = try await gateway.send([
                .post("/v2/enqueue", Body.v2()), .post("/v2/enqueue?integration_key=\(RunningGateway.otherKey)", "{}"),
                .post("/x-ere/\(RunningGateway.unknownKey)", Body.v2()),
                .get("/incidents", headers: ["Authorization: Token token=\(token)"]),
                .get("/incidents", headers: ["Authorization: Token token=wrong-token"]),
            ])
            let text = try await gateway.send(.get("/metrics")).body
            let page = try PrometheusText(text)
            #expect(page[#"alertgate_admin_answers_total{status="200"}"#] == 1)
            #expect(page[#"alertgate_admin_answers_total{status="401"}"#] == 1)
            let secrets = [
                RunningGateway.key, RunningGateway.otherKey, RunningGateway.unknownKey, token, "wrong-token",
            ]
            for secret in secrets {
                #expect(!text.contains(secret.prefix(8)))
                #expect(!text.contains(secret.suffix(8)))
            }
        }
    }
}
