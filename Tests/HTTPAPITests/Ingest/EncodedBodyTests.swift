import Cryptography
import GatewayTesting
import HTTPAPI
import Pipeline
import Testing

/// Compressed bodies, and those that are not UTF-8.
@Suite(.timeLimit(.minutes(5))) struct EncodedBodyTests {
    private static let limit = 524_288
    private static let gzip = ["Content-Encoding: gzip"]

    /// A trigger of exactly that many bytes, all but a few of them alike.
    private static func padded(to count: Int) -> [UInt8] {
        let start = Array((Body.v2().dropLast() + #","padding":""#).utf8)
        return start + [UInt8](repeating: UInt8(ascii: "x"), count: count - start.count - 2) + Array(#""}"#.utf8)
    }

    private func post(_ body: [UInt8], _ headers: [String] = gzip, to path: String = "/v2/enqueue") -> WireRequest {
        WireRequest(target: path, headers: headers, body: body)
    }

    // MARK: gzip

    @Test func whatWasCompressedIsStored() async throws {
        let paths = [
            ("/v2/enqueue", Body.v2(), 202), ("/v2/change/enqueue", Body.change(), 202),
            ("/event/push/alert/pagerduty", Body.v1(), 200), ("/generic/2010-04-15/create_event.json", Body.v1(), 200),
        ]
        try await RunningGateway.run { gateway in
            for (path, body, status) in paths {
                let answer = try await gateway.send(post(Gzip.compress(Array(body.utf8)), to: path))
                #expect(answer.status == status, "\(path): \(answer.body)")
            }
            #expect(try await gateway.stored().map(\.body) == paths.map { Array($0.1.utf8) })
        }
    }

    @Test(arguments: ["gzip", "GZip", "x-gzip", "gzip, identity", "identity, X-GZIP", "gzip,", " , gzip"])
    func theCodingMayBeWrittenLikeThis(coding: String) async throws {
        try await RunningGateway.run { gateway in
            let body = Gzip.compress(Array(Body.v2().utf8))
            let answer = try await gateway.send(post(body, ["Content-Encoding: \(coding)"]))
            #expect(answer.status == 202)
        }
    }

    @Test(arguments: ["gzip, gzip", "deflate", "br", "zstd", "compress", "gzip, br", "br, gzip", "gzip x", "gzip;q=1"])
    func otherCodingsAreRefused(coding: String) async throws {
        try await RunningGateway.run { gateway in
            let twice = Gzip.compress(Gzip.compress(Array(Body.v2().utf8)))
            for body in [twice, Array(Body.v2().utf8), []] {
                let answer = try await gateway.send(post(body, ["Content-Encoding: \(coding)"]))
                #expect(answer.status == 415, "\(answer.body)")
                #expect(answer.json == ["status": "invalid request", "message": "Unsupported content encoding"])
            }
            let fields = coding.split(separator: ",").map { "Content-Encoding: \($0)" }
            #expect(try await gateway.send(post(twice, fields)).status == 415)
        }
    }

    @Test func membersFollowEachOther() async throws {
        try await RunningGateway.run { gateway in
            let body = Array(Body.v2().utf8)
            let parts = Gzip.compress(Array(body[..<20])) + Gzip.compress([]) + Gzip.compress(Array(body[20...]))
            let answer = try await gateway.send(post(parts))
            #expect(answer.status == 202)
            #expect(try await gateway.stored().map(\.body) == [body])
        }
    }

    @Test func whatIsNoGzipIsAParseError() async throws {
        let whole = Gzip.compress(Array(Body.v2().utf8))
        var altered = whole
        altered[whole.count / 2] ^= 0x55
        var wrongSum = whole
        wrongSum[whole.count - 8] ^= 1
        var wrongLength = whole
        wrongLength[whole.count - 1] ^= 1
        let damaged: [[UInt8]] = [
            [], Array(Body.v2().utf8), Array(whole.dropLast()), Array(whole.dropLast(8)), Array(whole.prefix(10)),
            [0x1F, 0x8B],
            altered, wrongSum, wrongLength, whole + [0], whole + Array("x".utf8), whole + whole.dropLast(),
            Array(whole.dropFirst(10)), Gzip.compress(Array(Body.v2().utf8), windowBits: 15), Gzip.compress([]),
            whole + whole,
        ]
        try await RunningGateway.run { gateway in
            for (index, body) in damaged.enumerated() {
                let answer = try await gateway.send(post(body))
                #expect(answer.status == 400, "\(index): \(answer.body)")
                #expect(answer.json == Body.parseError, "\(index)")
                let v1 = try await gateway.send(post(body, to: "/generic/2010-04-15/create_event.json"))
                #expect(v1.json["status"] == "unrecognized object", "\(index)")
            }
            #expect(try await gateway.stored().isEmpty)
        }
    }

    @Test func theLimitCountsWhatWasInflated() async throws {
        try await RunningGateway.run { gateway in
            #expect(try await gateway.send(post(Gzip.compress(Self.padded(to: Self.limit)))).status == 202)
            let more = [
                Gzip.compress(Self.padded(to: Self.limit + 1)),
                // Over the limit by its last member alone, and by what is no event at all.
                Gzip.compress(Self.padded(to: Self.limit)) + Gzip.compress(Array("x".utf8)),
                Gzip.compress([UInt8](repeating: 0, count: 64 << 20)),
            ]
            for body in more {
                let answer = try await gateway.send(post(body))
                #expect(answer.status == 413)
                #expect(answer.json["message"] == "Event object is too large")
            }
            #expect(try await gateway.stored().map(\.body.count) == [Self.limit])
        }
    }

    /// Behind the limit nothing is inflated: what is damaged only there is too large all the same.
    @Test func nothingIsInflatedBeyondTheLimit() async throws {
        var bomb = Gzip.compress([UInt8](repeating: 0, count: 64 << 20))
        bomb = Array(bomb.prefix(bomb.count / 2))
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(post(bomb))
            #expect(answer.status == 413)
        }
    }

    @Test func aCompressedBodyOverTheLimitIsRefusedAsItComes() async throws {
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(
                WireRequest(target: "/v2/enqueue", headers: Self.gzip, announcedLength: Self.limit + 1))
            #expect(answer.status == 413)
        }
    }

    @Test func theQueueCountsInflatedBytes() async throws {
        var settings = Pipeline.Settings()
        settings.limits.waitingBytes = 4096
        try await RunningGateway.run(pipelineSettings: settings) { gateway in
            let body = Gzip.compress(Self.padded(to: 5000))
            #expect(body.count < 1000)
            let answer = try await gateway.send(post(body))
            #expect(answer.status == 503)
        }
    }

    @Test func refusalsAreCounted() async throws {
        try await RunningGateway.run { gateway in
            _ = try await gateway.send(post([1, 2, 3]))
            _ = try await gateway.send(post(Gzip.compress(Self.padded(to: Self.limit + 1))))
            _ = try await gateway.send(post([], ["Content-Encoding: br"]))
            let page = try PrometheusText(try await gateway.send(.get("/metrics")).body)
            for reason in ["parse_error", "too_large", "unsupported_encoding"] {
                #expect(page[#"alertgate_rejections_total{reason="\#(reason)"}"#] == 1, "\(reason)")
            }
        }
    }

    // MARK: gzip to the REST API

    @Test func theRESTAPITakesItToo() async throws {
        try await RunningGateway.run { gateway in
            let hash = SHA256.digest(of: "token")
            try await gateway.act(.createToken(name: "ops", hash: hash, isReadOnly: false))
            let token = "Authorization: Token token=token"
            let body = Gzip.compress(Array(#"{"service":{"name":"Zipped"}}"#.utf8))
            let large = Gzip.compress([UInt8](repeating: UInt8(ascii: " "), count: AdminAPI.maximumBodySize + 1))
            let cases: [(body: [UInt8], headers: [String], status: Int)] = [
                (body, Self.gzip, 401), (body, Self.gzip + [token], 201), (body, ["Content-Encoding: br", token], 415),
                (body, ["Content-Encoding: gzip, gzip", token], 415),
                (Array(body.dropLast()), Self.gzip + [token], 400),
                (large, Self.gzip + [token], 413), (body, [token], 400),
            ]
            for (index, entry) in cases.enumerated() {
                let answer = try await gateway.send(post(entry.body, entry.headers, to: "/services"))
                #expect(answer.status == entry.status, "\(index): \(answer.body)")
                if entry.status == 201 { #expect(answer.json["service"]?["name"] == "Zipped") }
            }
            // Without a body its encoding does not matter.
            #expect(try await gateway.send(.get("/services", headers: ["Content-Encoding: br", token])).status == 200)
        }
    }

    // MARK: ISO 8859-1

    @Test func anEventInLatin1IsStoredInUTF8AndCounted() async throws {
        let body = Body.v2(dedupKey: "Größe")
        let latin1 = body.unicodeScalars.map { UInt8($0.value) }
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(post(latin1, ["Content-Type: application/json"]))
            #expect(answer.status == 202)
            #expect(answer.json["dedup_key"] == "Größe")
            #expect(try await gateway.send(post(Gzip.compress(latin1))).status == 202)
            #expect(try await gateway.send(post(Array(body.utf8), [])).status == 202)
            let stored = try await gateway.stored()
            #expect(stored.map(\.body) == [Array(body.utf8), Array(body.utf8), Array(body.utf8)])
            let page = try PrometheusText(try await gateway.send(.get("/metrics")).body)
            #expect(page["alertgate_events_latin1_total"] == 2)
        }
    }

    @Test func whatIsRefusedIsNotCountedAsLatin1() async throws {
        try await RunningGateway.run { gateway in
            let body = Body.v2(key: RunningGateway.unknownKey, dedupKey: "Größe").unicodeScalars.map { UInt8($0.value) }
            #expect(try await gateway.send(post(body, [])).status == 400)
            let page = try PrometheusText(try await gateway.send(.get("/metrics")).body)
            #expect(page["alertgate_events_latin1_total"] == 0)
        }
    }
}
