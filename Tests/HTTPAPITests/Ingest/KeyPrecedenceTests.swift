import Alerting
import Testing

/// Which key decides (events-api.md section 2). A is the first integration, B the second; both are known.
@Suite(.timeLimit(.minutes(5))) struct KeyPrecedenceTests {
    private static let a = RunningGateway.key
    private static let b = RunningGateway.otherKey
    private static let unknown = RunningGateway.unknownKey

    private enum Outcome {
        case first, second
        case refused(String)
    }

    private struct Situation {
        var target: String
        var body: String
        var header: String?
        var outcome: Outcome

        init(_ target: String, _ body: String, header: String? = nil, _ outcome: Outcome) {
            self.target = target
            self.body = body
            self.header = header
            self.outcome = outcome
        }
    }

    private func check(_ situations: [Situation]) async throws {
        try await RunningGateway.run { gateway in
            var expected: [IntegrationID] = []
            for situation in situations {
                let headers = situation.header.map { ["X-Routing-Key: \($0)"] } ?? []
                let answer = try await gateway.send(.post(situation.target, situation.body, headers: headers))
                let comment = "\(situation): \(answer.status) \(answer.body)"
                switch situation.outcome {
                case .first:
                    #expect((200...202).contains(answer.status), "\(comment)")
                    expected.append(gateway.integration)
                case .second:
                    #expect((200...202).contains(answer.status), "\(comment)")
                    expected.append(gateway.otherIntegration)
                case .refused(let error):
                    #expect(answer.status == 400, "\(comment)")
                    #expect(answer.json == Body.invalid(error), "\(comment)")
                }
            }
            #expect(try await gateway.stored().map(\.integration) == expected)
        }
    }

    @Test(arguments: [
        "/v2/enqueue", "/event/push/alert/pagerduty", "/event/push/alert/pagerduty/v2/enqueue",
    ])
    func theQueryGoesBeforeTheBodyOfV2(path: String) async throws {
        let query = path + "?integration_key="
        try await check([
            Situation(query + Self.a, Body.v2(key: nil), .first),
            Situation(query + Self.a, Body.v2(key: ""), .first),
            Situation(query + Self.a, Body.v2(key: Self.a), .first),
            Situation(query + Self.a, Body.v2(key: Self.b), .first),
            Situation(query + Self.a, Body.v2(key: Self.unknown), .first),
            Situation(query + Self.a, Body.v2(key: "malformed!"), .first),
            Situation(query + Self.b, Body.v2(key: Self.a), header: Self.a, .second),
            Situation(query, Body.v2(key: Self.b), .second),
            Situation(query + "%20%09", Body.v2(key: Self.b), .second),
            Situation(query + Self.unknown, Body.v2(key: Self.a), .refused("Invalid routing key")),
            Situation(query + "short", Body.v2(key: Self.a), .refused("Invalid routing key")),
            Situation(query, Body.v2(key: Self.unknown), .refused("Invalid routing key")),
            Situation(query, Body.v2(key: " "), .refused("'routing_key' cannot be blank")),
            Situation(path, Body.v2(key: nil), .refused("'routing_key' cannot be blank")),
        ])
    }

    @Test(arguments: ["/generic/2010-04-15/create_event.json", "/event/push/alert/pagerduty"])
    func theQueryGoesBeforeTheBodyOfV1(path: String) async throws {
        let query = path + "?integration_key="
        try await check([
            Situation(query + Self.a, Body.v1(key: nil), .first),
            Situation(query + Self.a, Body.v1(key: Self.b), .first),
            Situation(query, Body.v1(key: Self.b), .second),
            Situation(query + Self.unknown, Body.v1(key: Self.a), .refused("Service key is invalid")),
            Situation(query, Body.v1(key: Self.unknown), .refused("Service key is invalid")),
            Situation(
                path, Body.v1(key: "short"), .refused("Service key is the wrong length (should be 32 characters)")),
            Situation(path, Body.v1(key: ""), .refused("Service key is missing or blank")),
        ])
    }

    @Test func aChangeEventTakesItsKeyFromTheSamePlaces() async throws {
        let path = "/v2/change/enqueue"
        try await check([
            Situation(path, Body.change(), .first),
            Situation(path + "?integration_key=" + Self.b, Body.change(), .second),
            Situation(path, Body.change(key: nil), header: Self.b, .second),
            Situation(path, Body.change(key: nil), .refused("'routing_key' cannot be blank")),
            Situation(path + "?integration_key=x", Body.change(), .refused("Invalid routing key")),
        ])
    }

    @Test func theQueryIsPercentDecodedAndItsFirstNonBlankOccurrenceCounts() async throws {
        let path = "/v2/enqueue?"
        let decoded = "%30%31" + Self.a.dropFirst(2)
        try await check([
            Situation(path + "integration_key=\(decoded)", Body.v2(key: nil), .first),
            Situation(path + "integration%5Fkey=\(Self.a)", Body.v2(key: nil), .first),
            Situation(path + "x=1&integration_key=\(Self.a)&y=2", Body.v2(key: nil), .first),
            Situation(path + "integration_key=\(Self.a)&integration_key=\(Self.b)", Body.v2(key: nil), .first),
            Situation(path + "integration_key=&integration_key=\(Self.b)", Body.v2(key: Self.a), .second),
            Situation(path + "integration_key&integration_key=%20&integration_key=\(Self.b)", Body.v2(), .second),
            Situation(
                path + "integration_key=\(Self.unknown)&integration_key=\(Self.a)", Body.v2(),
                .refused("Invalid routing key")),
            Situation(path + "Integration_Key=\(Self.b)", Body.v2(), .first),
            Situation(path + "integration_key=%20\(Self.a)", Body.v2(), .refused("Invalid routing key")),
            Situation(path + "integration_key=\(Self.a)%20", Body.v2(), .refused("Invalid routing key")),
        ])
    }

    @Test(arguments: ["/v2/enqueue", "/event/push/alert/pagerduty", "/event/push/alert/pagerduty/v2/enqueue"])
    func oneSlashBehindTheQueryKeyIsTakenOff(path: String) async throws {
        try await check([
            Situation(path + "?integration_key=\(Self.b)/", Body.v2(), .second),
            Situation(path + "/?integration_key=\(Self.b)/", Body.v2(), .second),
            Situation(path + "?integration_key=\(Self.b)//", Body.v2(), .refused("Invalid routing key")),
            Situation(path + "?integration_key=/\(Self.b)", Body.v2(), .refused("Invalid routing key")),
        ])
    }

    @Test func aKeyInThePathGoesBetweenQueryAndBody() async throws {
        let encoded = "%66" + Self.b.dropFirst()
        try await check([
            Situation("/integration/\(Self.b)/enqueue", Body.v2(key: Self.a), .second),
            Situation("/x-ere/\(Self.b)", Body.v2(key: Self.a), .second),
            Situation("/integration/\(encoded)/enqueue", Body.v1(key: nil), .second),
            Situation("/x-ere/\(encoded)/", Body.v1(key: nil), .second),
            Situation("/x-ere/\(Self.b)?integration_key=\(Self.a)", Body.v2(key: nil), .first),
            Situation("/integration/\(Self.unknown)/enqueue?integration_key=\(Self.a)", Body.v2(key: nil), .first),
            Situation("/integration/\(Self.unknown)/enqueue", Body.v2(), .refused("Invalid routing key")),
            Situation("/x-ere/short", Body.v1(), .refused("Service key is invalid")),
            Situation("/integration/%20/enqueue", Body.v2(key: Self.b), .second),
            Situation("/x-ere/%20", Body.v2(key: nil), header: Self.b, .second),
        ])
    }

    @Test func theOtherVersionsFieldAndTheHeaderComeLast() async throws {
        let crossV2 = Body.v2(key: nil).dropLast() + #","service_key":"\#(Self.b)"}"#
        let bothV2 = Body.v2(key: Self.a).dropLast() + #","service_key":"\#(Self.b)"}"#
        let crossV1 = Body.v1(key: nil).dropLast() + #","routing_key":"\#(Self.b)"}"#
        let unknownV2 = Body.v2(key: nil).dropLast() + #","service_key":"\#(Self.unknown)"}"#
        try await check([
            Situation("/v2/enqueue", String(crossV2), .second),
            Situation("/v2/enqueue", String(crossV2), header: Self.a, .second),
            Situation("/v2/enqueue", String(bothV2), .first),
            Situation("/generic/2010-04-15/create_event.json", String(crossV1), .second),
            Situation("/v2/enqueue", String(unknownV2), header: Self.a, .refused("Invalid routing key")),
            Situation("/v2/enqueue", Body.v2(key: nil), header: Self.b, .second),
            Situation("/event/push/alert/pagerduty", Body.v1(key: nil), header: Self.b, .second),
            Situation("/v2/enqueue", Body.v2(key: Self.a), header: Self.b, .first),
            Situation("/v2/enqueue", Body.v2(key: Self.unknown), header: Self.b, .refused("Invalid routing key")),
            Situation("/v2/enqueue", Body.v2(key: nil), header: "short", .refused("Invalid routing key")),
            Situation("/v2/enqueue", Body.v2(key: nil), header: "", .refused("'routing_key' cannot be blank")),
        ])
    }

    @Test func aBadKeyIsNeverAnsweredAsMissingPermission() async throws {
        try await RunningGateway.run { gateway in
            for body in [Body.v1(key: Self.unknown), Body.v2(key: Self.unknown), Body.v1(key: nil), Body.v2(key: nil)] {
                let answer = try await gateway.send(.post("/event/push/alert/pagerduty", body))
                #expect(answer.status == 400)
                #expect(answer["WWW-Authenticate"] == nil)
                #expect(!answer.body.contains(Self.unknown))
            }
        }
    }

    // MARK: Disabled and rotated

    @Test func aDisabledIntegrationIsAnsweredWithSuccessAndNothingIsStored() async throws {
        try await RunningGateway.run { gateway in
            try await gateway.act(.disableIntegration(gateway.integration))
            let answers = try await gateway.send([
                .post("/v2/enqueue", Body.v2()), .post("/event/push/alert/pagerduty", Body.v1("resolve")),
                .post("/v2/change/enqueue", Body.change()), .post("/v2/enqueue", Body.v2(dedupKey: nil)),
                .post("/v2/enqueue", Body.v2(key: Self.b)),
            ])
            #expect(answers.map(\.status) == [202, 200, 202, 202, 202])
            #expect(answers[0].body == Body.v2Answer)
            #expect(answers[1].body == Body.v1Answer)
            #expect(answers[2].body == Body.changeAnswer)
            #expect(answers[3].json["dedup_key"]?.stringValue?.utf8.count == 32)
            #expect(try await gateway.stored().map(\.integration) == [gateway.otherIntegration])
        }
    }

    @Test func aRotatedKeyIsGoodUntilItsGraceIsOver() async throws {
        try await RunningGateway.run { gateway in
            let next = "abcdefabcdefabcdefabcdefabcdefab"
            try await gateway.act(
                .rotateIntegrationKey(
                    gateway.integration, key: next,
                    previousKeyExpiresAt: gateway.clock.now().adding(seconds: 3600)))
            let both = [
                WireRequest.post("/v2/enqueue", Body.v2(key: Self.a)), .post("/v2/enqueue", Body.v2(key: next)),
            ]
            #expect(try await gateway.send(both).map(\.status) == [202, 202])
            gateway.clock.advance(seconds: 3599)
            #expect(try await gateway.send(both).map(\.status) == [202, 202])
            gateway.clock.advance(seconds: 1)
            let answers = try await gateway.send(both)
            #expect(answers.map(\.status) == [400, 202])
            #expect(answers[0].json == Body.invalid("Invalid routing key"))
            #expect(try await gateway.stored().map(\.integration) == Array(repeating: gateway.integration, count: 5))
        }
    }

    @Test func aKeyRotatedWithoutGraceIsUnknownAtOnce() async throws {
        try await RunningGateway.run { gateway in
            try await gateway.act(
                .rotateIntegrationKey(gateway.integration, key: "ops-imported_key", previousKeyExpiresAt: nil))
            let answers = try await gateway.send([
                .post("/v2/enqueue", Body.v2(key: Self.a)), .post("/v2/enqueue", Body.v2(key: "ops-imported_key")),
            ])
            #expect(answers.map(\.status) == [400, 202])
            #expect(answers[0].json == Body.invalid("Invalid routing key"))
        }
    }
}
