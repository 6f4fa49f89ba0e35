import GatewayTesting
import HTTPAPI
import HTTPServer
import Testing

/// The limits of events-api.md section 11 as a sender meets them.
@Suite(.timeLimit(.minutes(5))) struct ThrottleAnswerTests {
    private static let shared = "/event/push/alert/pagerduty"
    private static let key = "?integration_key=\(RunningGateway.key)"

    private func settings(perMinute: Int = 0, unknown: Int = 0, proxies: [String] = []) -> GatewayResponder.Settings {
        var settings = GatewayResponder.Settings()
        settings.rateLimits.perMinute = perMinute
        settings.rateLimits.perSecond = 0
        settings.rateLimits.unknownKeysPerMinute = unknown
        settings.trustedProxies = proxies.compactMap { AddressRange($0) }
        return settings
    }

    private func expectThrottled(_ answer: RawClient.Response, _ status: Int, _ comment: String) {
        #expect(answer.status == status, "\(comment): \(answer.body)")
        #expect(answer.json == Body.throttled, "\(comment)")
        #expect((answer.retryAfter ?? 0) > 0, "\(comment)")
        #expect(answer.hasUsualFields, "\(comment)")
    }

    @Test func theStatusFollowsTheEventsVersion() async throws {
        try await RunningGateway.run(settings: settings(perMinute: 1)) { gateway in
            _ = try await gateway.send(.post("/v2/enqueue", Body.v2()))
            let table: [(String, String, Int)] = [
                ("/v2/enqueue", Body.v2(), 429), (Self.shared, Body.v2(), 429), (Self.shared, Body.v1(), 403),
                ("/generic/2010-04-15/create_event.json", Body.v1(), 403),
                ("/v2/change/enqueue", Body.change(), 429), (Self.shared + Self.key, "{}", 429),
                ("/generic/2010-04-15/create_event.json" + Self.key, "{}", 403),
                ("/v2/enqueue", Body.v2("explode"), 429),
            ]
            for (path, body, status) in table {
                let answer = try await gateway.send(.post(path, body))
                expectThrottled(answer, status, "\(path) \(body)")
            }
            let stored = try await gateway.stored()
            #expect(stored.count == 1, "throttled events are not stored")
            gateway.clock.advance(seconds: 60)
            #expect(try await gateway.send(.post(Self.shared, Body.v1())).status == 200)
        }
    }

    @Test func resolvesGoThroughAFloodOfTriggers() async throws {
        try await RunningGateway.run(settings: settings(perMinute: 2)) { gateway in
            let triggers = try await gateway.send(Array(repeating: .post("/v2/enqueue", Body.v2()), count: 4))
            #expect(triggers.map(\.status) == [202, 202, 429, 429])
            let requests = ["resolve", "acknowledge"].flatMap { action in
                [WireRequest.post("/v2/enqueue", Body.v2(action)), .post(Self.shared, Body.v1(action))]
            }
            let recoveries = try await gateway.send(requests)
            #expect(recoveries.map(\.status) == [202, 200, 202, 200])
            let more = try await gateway.send(Array(repeating: .post("/v2/enqueue", Body.v2("resolve")), count: 14))
            #expect(more.map(\.status) == Array(repeating: 202, count: 12) + [429, 429])
        }
    }

    @Test func invalidEventsCountAndParseErrorsDoNot() async throws {
        try await RunningGateway.run(settings: settings(perMinute: 3)) { gateway in
            let broken = try await gateway.send(Array(repeating: .post("/v2/enqueue" + Self.key, "{"), count: 10))
            #expect(broken.allSatisfy { $0.status == 400 })
            let invalid = WireRequest.post("/v2/enqueue", Body.v2("explode"))
            let answers = try await gateway.send([invalid, invalid, .post("/v2/enqueue", Body.v2()), invalid])
            #expect(answers.map(\.status) == [400, 400, 202, 429])
        }
    }

    @Test func unknownKeysAreLimitedApartFromKnownOnes() async throws {
        try await RunningGateway.run(settings: settings(perMinute: 2, unknown: 2)) { gateway in
            let missing = try await gateway.send(
                Array(repeating: .post("/v2/enqueue", Body.v2(key: nil)), count: 5)
                    + Array(repeating: .post("/v2/enqueue?integration_key=x", "{"), count: 5))
            #expect(missing.allSatisfy { $0.status == 400 }, "missing keys and parse errors do not count")
            let unknown = WireRequest.post("/v2/enqueue", Body.v2(key: RunningGateway.unknownKey))
            #expect(try await gateway.send([unknown, unknown]).map(\.status) == [400, 400])
            expectThrottled(try await gateway.send(unknown), 429, "V2")
            let change = WireRequest.post("/v2/change/enqueue", Body.change(key: RunningGateway.unknownKey))
            expectThrottled(try await gateway.send(change), 429, "change")
            let v1 = WireRequest.post(Self.shared, Body.v1(key: "short"))
            expectThrottled(try await gateway.send(v1), 403, "V1")
            #expect(try await gateway.send(.post("/v2/enqueue", Body.v2())).status == 202, "known keys go on")
            gateway.clock.advance(seconds: 60)
            #expect(try await gateway.send(unknown).status == 400)
        }
    }

    @Test func aForwardedAddressCountsOnlyFromATrustedProxy() async throws {
        let requests = (1...4).map { number in
            WireRequest.post(
                "/v2/enqueue", Body.v2(key: RunningGateway.unknownKey),
                headers: ["X-Forwarded-For: 192.0.2.\(number)"])
        }
        for proxies in [[], ["10.0.0.0/8"]] {
            try await RunningGateway.run(settings: settings(unknown: 1, proxies: proxies)) { gateway in
                let statuses = try await gateway.send(requests).map(\.status)
                #expect(statuses == [400, 429, 429, 429], "\(proxies)")
            }
        }
        let proxies = ["127.0.0.0/8", "10.0.0.0/8"]
        try await RunningGateway.run(settings: settings(unknown: 1, proxies: proxies)) { gateway in
            let statuses = try await gateway.send(requests + requests).map(\.status)
            #expect(statuses == [400, 400, 400, 400, 429, 429, 429, 429])
            let forged = (5...8).map { number in
                WireRequest.post(
                    "/v2/enqueue", Body.v2(key: RunningGateway.unknownKey),
                    headers: ["X-Forwarded-For: 203.0.113.\(number), 192.0.2.99, 10.0.0.1"])
            }
            #expect(
                try await gateway.send(forged).map(\.status) == [400, 429, 429, 429],
                "what a client claims left of its own address does not count")
        }
    }

    /// A sender that floods waits for its answer, while others are served; it would take their processor time else.
    @Test func aSenderAboveItsLimitWaitsForTheAnswerAndNobodyElseDoes() async throws {
        var settings = settings(perMinute: 1)
        settings.rateLimits.answerDelay = 3_600_000
        try await RunningGateway.run(settings: settings) { gateway in
            let flood = WireRequest.post("/v2/enqueue", Body.v2(key: RunningGateway.otherKey))
            #expect(try await gateway.send(flood).status == 202)
            try await blocking { [port = gateway.port] in
                let flooding = try RawClient(port: port)
                flooding.sendPart(flood.bytes)
                let other = try RawClient(port: port)
                var page: PrometheusText
                repeat {
                    other.sendPart(WireRequest.get("/metrics").bytes)
                    page = try PrometheusText(other.readResponse().body)
                } while page.samples[#"alertgate_rejections_total{reason="throttled"}"#] != 1
                other.sendPart(WireRequest.post("/v2/enqueue", Body.v2()).bytes)
                #expect(try other.readResponse().status == 202)
                #expect(try !flooding.hasInput(withinMilliseconds: 0))
            }
        }
    }

    @Test func otherLimitsHoldAfterAReload() async throws {
        try await RunningGateway.run(settings: settings(perMinute: 1)) { gateway in
            let request = WireRequest.post("/v2/enqueue", Body.v2())
            let before = try await gateway.send([request, request]).map(\.status)
            #expect(before == [202, 429])
            gateway.responder.reload(settings())
            let after = try await gateway.send([request, request]).map(\.status)
            #expect(after == [202, 202])
        }
    }
}
