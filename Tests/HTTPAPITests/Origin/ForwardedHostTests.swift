import Alerting
import Crypto
import GatewayTesting
import Testing

@testable import HTTPAPI

/// What a client is told of the gateway's own address: `self` URLs begin with what the nearest trusted proxy says that
/// the client used, and nobody else may say so.
@Suite(.timeLimit(.minutes(5))) struct ForwardedHostTests {
    private static let forged = ["X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https"]

    /// The beginning of the `self` URL of the one service.
    private func base(
        _ headers: [String], trusting proxies: [String], publicURL: String? = nil
    ) async throws -> String {
        var settings = GatewayResponder.Settings()
        settings.trustedProxies = proxies.compactMap { AddressRange($0) }
        settings.admin.publicURL = publicURL
        return try await RunningGateway.run(settings: settings) { gateway in
            let hash = Array(SHA256.hash(data: Array("token".utf8)))
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

    /// With `public_url` neither `Host` nor a proxy has a say.
    @Test func aPublicURLStandsAboveAll() async throws {
        let url = "https://alerts.example/gate"
        #expect(try await base(Self.forged, trusting: ["127.0.0.1"], publicURL: url) == url)
        #expect(try await base(Self.forged, trusting: [], publicURL: url) == url)
    }
}
