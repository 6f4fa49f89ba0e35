import GatewayTesting
import HTTPAPI
import Pipeline
import Testing

/// What is taken, how it is stored, and what is refused (events-api.md sections 3 and 7).
@Suite(.timeLimit(.minutes(5))) struct AcceptanceTests {
    private static let limit = 524_288

    /// A trigger of exactly that many bytes.
    private static func padded(to count: Int) -> String {
        let start = Body.v2().dropLast() + #","padding":""#
        return start + String(repeating: "x", count: count - start.utf8.count - 2) + #""}"#
    }

    @Test func theBodyIsStoredByteForByteWhateverItsContentType() async throws {
        let types = [
            nil, "application/json", "application/json; charset=UTF-8", "application/x-www-form-urlencoded",
            "text/xml", "nonsense",
        ]
        let odd =
            " \r\n\t{\"event_action\" : \"resolve\", \"event_action\":\"trigger\",\"routing_key\":\"\(RunningGateway.key)\""
            + #","agent":{"n":0.750,"big":18446744073709551616},"dedup_key":"a\u0000b","payload":{"summary":"é\u00e9e\u0301"#
            + #"","source":7,"severity":"info"}}"# + "\n"
        let bodies = [Array(Body.v2().utf8), Array(odd.utf8), [0xef, 0xbb, 0xbf] + Array(Body.v2("resolve").utf8)]
        try await RunningGateway.run { gateway in
            for type in types {
                for body in bodies {
                    let answer = try await gateway.send(
                        WireRequest(
                            target: "/v2/enqueue", headers: type.map { ["Content-Type: \($0)"] } ?? [], body: body))
                    #expect(answer.status == 202, "\(type ?? "none"): \(answer.body)")
                    #expect(answer.hasUsualFields)
                }
            }
            #expect(try await gateway.stored().map(\.body) == types.flatMap { _ in bodies })
        }
    }

    @Test(arguments: ["caf\u{E9}", "cafe\u{301}", " spaced ", "A", "a", "1", #"q\"\\"#, "😀"])
    func theKeyIsEchoedAndStoredAsItCame(key: String) async throws {
        try await RunningGateway.run { gateway in
            let answers = try await gateway.send(
                ["trigger", "acknowledge", "resolve"].flatMap { action in
                    [
                        WireRequest.post("/v2/enqueue", Body.v2(action, dedupKey: key)),
                        .post("/event/push/alert/pagerduty", Body.v1(action, incidentKey: key)),
                    ]
                })
            let sent = Array(key.utf8) == Array(#"q\"\\"#.utf8) ? #"q"\"# : key
            #expect(answers.map(\.status) == [202, 200, 202, 200, 202, 200])
            for (index, answer) in answers.enumerated() {
                let echoed = answer.json[index % 2 == 0 ? "dedup_key" : "incident_key"]?.stringValue
                #expect(echoed.map { Array($0.utf8) } == Array(sent.utf8))
                #expect(answer.json["status"] == "success")
            }
            for event in try await gateway.stored() {
                #expect(event.dedupKey.map { Array($0.utf8) } == Array(sent.utf8))
            }
        }
    }

    @Test(arguments: [nil, "", "  "] as [String?])
    func aTriggerWithoutKeyGetsOneThatIsStoredAndNeverTheSameTwice(key: String?) async throws {
        try await RunningGateway.run { gateway in
            let answers = try await gateway.send([
                .post("/v2/enqueue", Body.v2(dedupKey: key)), .post("/v2/enqueue", Body.v2(dedupKey: key)),
                .post("/event/push/alert/pagerduty", Body.v1(incidentKey: key)),
            ])
            let keys = answers.compactMap { ($0.json["dedup_key"] ?? $0.json["incident_key"])?.stringValue }
            #expect(Set(keys).count == 3)
            for key in keys {
                let digits = Array(key)
                #expect(digits.count == 32 && digits.allSatisfy { "0123456789abcdef".contains($0) }, "\(key)")
                #expect(digits[12] == "4" && "89ab".contains(digits[16]), "\(key) is no UUID of version 4")
            }
            #expect(try await gateway.stored().map(\.dedupKey) == keys)
        }
    }

    // MARK: Size and encoding

    @Test func aBodyOfTheLimitPassesAndOneByteMoreDoesNot() async throws {
        try await RunningGateway.run { gateway in
            for count in [512_000, Self.limit] {
                let answer = try await gateway.send(.post("/v2/enqueue", Self.padded(to: count)))
                #expect(answer.status == 202, "\(count)")
            }
            let answer = try await gateway.send(.post("/v2/enqueue", Self.padded(to: Self.limit + 1)))
            #expect(answer.status == 413)
            #expect(
                answer.json == [
                    "status": "invalid event", "message": "Event object is too large",
                    "errors": ["Event exceeds the maximum size of 512 KB"],
                ])
            #expect(answer.hasUsualFields)
            #expect(try await gateway.stored().map(\.body.count) == [512_000, Self.limit])
        }
    }

    @Test(arguments: [(524_288, 202), (524_289, 413)])
    func chunkedBytesAreCountedWithoutTheChunks(count: Int, status: Int) async throws {
        try await RunningGateway.run { gateway in
            let body = Array(Self.padded(to: count).utf8)
            var bytes = Array("POST /v2/enqueue HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
            for start in stride(from: 0, to: count, by: 1000) {
                let chunk = body[start..<min(start + 1000, count)]
                bytes += Array((String(chunk.count, radix: 16) + "\r\n").utf8) + chunk + Array("\r\n".utf8)
            }
            bytes += Array("0\r\n\r\n".utf8)
            let answer = try await blocking { [bytes, port = gateway.port] in
                let client = try RawClient(port: port)
                client.sendPart(bytes)
                return try client.readResponse()
            }
            #expect(answer.status == status)
            #expect(try await gateway.stored().count == (status == 202 ? 1 : 0))
        }
    }

    @Test func encodingsThatNobodyTakesApartAreRefused() async throws {
        try await RunningGateway.run { gateway in
            for encoding in ["deflate", "br", "gzip, br", "identity, deflate"] {
                let answer = try await gateway.send(
                    .post("/v2/enqueue", Body.v2(), headers: ["Content-Encoding: \(encoding)"]))
                #expect(answer.status == 415, "\(encoding)")
                #expect(answer.json == ["status": "invalid request", "message": "Unsupported content encoding"])
            }
            for encoding in ["identity", "Identity"] {
                let answer = try await gateway.send(
                    .post("/v2/enqueue", Body.v2(), headers: ["Content-Encoding: \(encoding)"]))
                #expect(answer.status == 202, "\(encoding)")
            }
        }
    }

    @Test func refusalsComeInTheirOrder() async throws {
        let encoded = ["Content-Encoding: br"]
        let get = { (target: String) in WireRequest(method: "GET", target: target, headers: encoded) }
        let tooLong = Self.limit + 1
        try await RunningGateway.run { gateway in
            #expect(try await gateway.send(get("/v2/nothing")).status == 404)
            #expect(try await gateway.send(get("/v2/enqueue")).status == 405)
            var request = WireRequest(target: "/v2/enqueue", headers: encoded, announcedLength: tooLong)
            #expect(try await gateway.send(request).status == 415)
            request = WireRequest(target: "/v2/enqueue?integration_key=x", announcedLength: tooLong)
            #expect(try await gateway.send(request).status == 413)
            let parse = try await gateway.send(.post("/v2/enqueue?integration_key=x", "[]"))
            #expect(parse.json == Body.parseError)
            let both = try await gateway.send(.post("/v2/enqueue", #"{"routing_key":"","event_action":"resolve"}"#))
            #expect(both.json == Body.invalid("'routing_key' cannot be blank", "'dedup_key' is missing or blank"))
        }
    }

    @Test(arguments: ["", "[]", "1", "null", "\"a\"", "{", "{}x", "{\"a\":1,}", "routing_key=a"])
    func whatIsNoObjectIsAParseError(body: String) async throws {
        try await RunningGateway.run { gateway in
            for path in ["/v2/enqueue", "/v2/change/enqueue", "/event/push/alert/pagerduty"] {
                let answer = try await gateway.send(.post(path, body))
                #expect(answer.status == 400)
                #expect(answer.json == Body.parseError)
            }
            let answer = try await gateway.send(.post("/generic/2010-04-15/create_event.json", body))
            #expect(answer.json["status"] == "unrecognized object")
        }
    }

    // MARK: The database refuses

    @Test func aLockedDatabaseIsAnsweredUnavailableAndServesAgain() async throws {
        try await RunningGateway.run { gateway in
            let requests = [
                WireRequest.post("/v2/enqueue", Body.v2()), .post("/event/push/alert/pagerduty", Body.v1()),
            ]
            try await gateway.whileLocked {
                let answer = try await gateway.send(requests[0])
                #expect(answer.status == 503)
                #expect(answer.json == Body.unavailable)
                #expect((answer.retryAfter ?? 0) > 0)
                #expect(answer.hasUsualFields)
            }
            #expect(try await gateway.send(requests).map(\.status) == [202, 200])
            #expect(try await gateway.stored().count == 2, "what was answered 503 is not stored")
        }
    }

    @Test func aFullQueueIsAnsweredUnavailable() async throws {
        var settings = Pipeline.Settings()
        settings.limits.waitingBytes = 4096
        try await RunningGateway.run(pipelineSettings: settings) { gateway in
            let answers = try await gateway.send([
                .post("/v2/enqueue", Self.padded(to: 5000)), .post("/v2/enqueue", Body.v2()),
            ])
            #expect(answers.map(\.status) == [503, 202])
            #expect(answers[0].json == Body.unavailable)
            #expect((answers[0].retryAfter ?? 0) > 0)
        }
    }
}
