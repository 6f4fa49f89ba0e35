import Alerting
import Cryptography
import GatewayTesting
import Testing

@testable import HTTPAPI
@testable import HTTPServer

/// What a client is told of the gateway's own address: `self` URLs begin with what the nearest trusted proxy says that
/// the client used, and nobody else may say so.
@Suite(.timeLimit(.minutes(5))) struct ForwardedHostTests {
    private static let forged = ["X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https"]

    /// The beginning of the `self` URL of the one service.
    private func base(
        _ headers: [String], trusting proxies: [String] = ["127.0.0.0/8"], publicURL: String? = nil
    ) async throws -> String {
        var settings = GatewayResponder.Settings()
        settings.trustedProxies = proxies.compactMap { AddressRange($0) }
        settings.admin.publicURL = publicURL
        return try await RunningGateway.run(settings: settings) { gateway in
            let hash = SHA256.digest(of: "token")
            try await gateway.act(.createToken(name: "ops", hash: hash, isReadOnly: true))
            let id = ExternalID.string(.service, 1)
            let answer = try await gateway.send(
                .get("/services/\(id)", headers: ["Authorization: Token token=token"] + headers))
            let url = try #require(answer.json["service"]?["self"]?.stringValue, "\(answer.body)")
            #expect(url.hasSuffix("/services/\(id)"))
            return String(url.dropLast("/services/\(id)".count))
        }
    }

    /// The peer of these tests is 127.0.0.1.
    @Test(arguments: [[], ["10.0.0.0/8", "::1"]])
    func whoIsNotTrustedChangesNothing(proxies: [String]) async throws {
        #expect(try await base(Self.forged, trusting: proxies) == "http://gateway")
    }

    @Test func aTrustedProxySaysWhatTheClientUsed() async throws {
        let proxies = ["127.0.0.0/8"]
        #expect(try await base([], trusting: proxies) == "http://gateway")
        #expect(try await base(Self.forged, trusting: proxies) == "https://evil.example")
        #expect(
            try await base(["X-Forwarded-Host: gw.example:8443"], trusting: proxies) == "http://gw.example:8443")
        // No scheme of ours.
        #expect(
            try await base(["X-Forwarded-Proto: javascript", "X-Forwarded-Host: "], trusting: proxies)
                == "http://gateway")
    }

    @Test(arguments: [
        (["X-Forwarded-Host: gw.example, inner", "X-Forwarded-Proto: https, http"], "https://gw.example"),
        (["X-Forwarded-Host: gw.example", "X-Forwarded-Host: inner", "X-Forwarded-Proto:HTTPS"], "https://gw.example"),
        (
            ["X-Forwarded-Host: gw.example", "X-Forwarded-Port: 8443", "X-Forwarded-Proto: https"],
            "https://gw.example:8443"
        ),
        (
            ["X-Forwarded-Host: gw.example", "X-Forwarded-Port: 443, 80", "X-Forwarded-Proto: https"],
            "https://gw.example"
        ),
        (["X-Forwarded-Host: gw.example:8443", "X-Forwarded-Port: 443"], "http://gw.example:8443"),
        (["X-Forwarded-Port: 8080"], "http://gateway:8080"),
        (["X-Forwarded-Port: 443", "X-Forwarded-Proto: https"], "https://gateway"),
        (["X-Forwarded-Host: [2001:db8::1]", "X-Forwarded-Port: 81"], "http://[2001:db8::1]:81"),
    ])
    func theFirstElementOfAListCounts(headers: [String], expected: String) async throws {
        #expect(try await base(headers) == expected)
    }

    /// What is none never gets into an answer.
    @Test(arguments: [
        ["X-Forwarded-Host: evil.example/path"], ["X-Forwarded-Host: user@evil.example"], ["X-Forwarded-Host: <b>"],
        ["X-Forwarded-Host: evil.example:x"], ["X-Forwarded-Host: <b>, gw.example"],
        ["X-Forwarded-Proto: javascript, https"],
        ["X-Forwarded-Port: 80a"], ["X-Forwarded-Port: 0"], ["X-Forwarded-Port: 65536"], ["X-Forwarded-Port: -1"],
        ["Forwarded: host=\"evil.example/path\""], ["Forwarded: host=evil.example;host=other"],
        ["Forwarded: proto=javascript"], ["Forwarded: for=192.0.2.1, host=evil.example"],
        ["X-Forwarded-Proto: http", "Forwarded: host=evil.example;proto=https"],
    ])
    func whatIsNoHostSchemeOrPortIsPassedOver(headers: [String]) async throws {
        #expect(try await base(headers) == "http://gateway")
    }

    @Test(arguments: [
        ("host=gw.example;proto=https", "https://gw.example"), ("proto=https", "https://gateway"),
        ("host=\"gw.example:8443\"; proto=HTTPS, host=inner;proto=http", "https://gw.example:8443"),
        ("for=192.0.2.1;host=\"[2001:db8::1]:81\"", "http://[2001:db8::1]:81"),
    ])
    func aForwardedFieldSaysIt(field: String, expected: String) async throws {
        #expect(try await base(["Forwarded: \(field)"]) == expected)
        #expect(try await base(["Forwarded: \(field)", "X-Forwarded-For: 192.0.2.1"]) == expected)
        #expect(try await base(["Forwarded: \(field)"], trusting: ["10.0.0.0/8"]) == "http://gateway")
    }

    /// The host of a target in absolute form counts instead of `Host` (RFC 9112 section 3.2.2).
    @Test func aTargetInAbsoluteFormNamesTheHost() {
        let head = HTTPRequest.Head(
            method: "GET", target: RequestTarget("http://gw.example:8080/services"), headers: ["Host": "other"])
        #expect(ClientOrigin(head, trusting: []).host == "gw.example:8080")
    }

    /// Also where no `self` is in the answer: who balances or filters by the first host must not be led past by the second.
    @Test(arguments: ["POST /v2/enqueue", "POST /event/push/alert/pagerduty", "GET /incidents", "GET /healthz"])
    func aBadHostIsRefusedOnEveryPath(start: String) async throws {
        try await RunningGateway.run { gateway in
            for hosts in ["Host: gateway\r\nHost: other", "Host: gate way"] {
                let answer = try await blocking { [port = gateway.port] in
                    let client = try RawClient(port: port)
                    let body = start.hasPrefix("POST") ? Body.v2() : ""
                    try client.send(
                        "\(start) HTTP/1.1\r\n\(hosts)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
                    return try client.readResponse()
                }
                #expect(answer.status == 400 && answer["Connection"] == "close", "\(answer)")
            }
            #expect(try await gateway.stored().isEmpty)
        }
    }

    /// With `public_url` neither `Host` nor a proxy has a say.
    @Test func aPublicURLStandsAboveAll() async throws {
        let url = "https://alerts.example/gate"
        #expect(try await base(Self.forged, trusting: ["127.0.0.1"], publicURL: url) == url)
        #expect(try await base(Self.forged, trusting: [], publicURL: url) == url)
    }
}
