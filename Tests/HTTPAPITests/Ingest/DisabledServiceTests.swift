import Alerting
import Cryptography
import Foundation
import HTTPAPI
import Store
import Testing
import WireJSON

/// What senders notice of services and integrations that the admin API changes (rest-api.md section 5.8).
@Suite struct DisabledServiceTests {
    private static let secret = "full-secret-0001"

    private static func write(
        _ gateway: RunningGateway, _ method: String, _ target: String, _ body: String = ""
    ) async throws -> RawClient.Response {
        var request = WireRequest(method: method, target: target, body: Array(body.utf8))
        request.headers = ["Authorization: Token token=\(secret)"]
        if method != "POST" { request.headers.append("Content-Length: \(body.utf8.count)") }
        return try await gateway.send(request)
    }

    private static func run(_ work: (RunningGateway, ServiceID) async throws -> Void) async throws {
        try await RunningGateway.run { gateway in
            try await gateway.act(
                .createToken(
                    name: "ops", hash: SHA256.digest(of: secret), isReadOnly: false))
            let integration = gateway.integration
            let service = try await gateway.look {
                try ServiceQueries.integrations([integration], $0)[integration]?.serviceID
            }
            try await work(gateway, try #require(service))
        }
    }

    @Test("a disabled service answers with success and stores nothing") func disabledService() async throws {
        try await Self.run { gateway, service in
            let path = "/services/\(ExternalID.string(.service, service))"
            let disabled = try await Self.write(gateway, "PUT", path, #"{"service":{"status":"disabled"}}"#)
            #expect(disabled.status == 200)
            #expect(disabled.json["service"]?["status"] == "disabled")
            for (target, body, status, answer) in [
                ("/v2/enqueue", Body.v2(), 202, Body.v2Answer),
                ("/v2/enqueue", Body.v2(key: RunningGateway.otherKey), 202, Body.v2Answer),
                ("/v2/enqueue", Body.v2("resolve"), 202, Body.v2Answer),
                ("/generic/2010-04-15/create_event.json", Body.v1(), 200, Body.v1Answer),
                ("/v2/change/enqueue", Body.change(), 202, Body.changeAnswer),
            ] {
                let response = try await gateway.send(.post(target, body))
                #expect(response.status == status)
                #expect(response.body == answer)
            }
            #expect(try await gateway.stored().isEmpty)
            // The answer still tells of mistakes.
            #expect(try await gateway.send(.post("/v2/enqueue", Body.v2("nonsense"))).status == 400)
            let incidents = try await Self.write(gateway, "GET", "/incidents?date_range=all")
            #expect(incidents.json["incidents"] == [])
            _ = try await Self.write(gateway, "PUT", path, #"{"service":{"status":"active"}}"#)
            #expect(try await gateway.send(.post("/v2/enqueue", Body.v2())).status == 202)
            #expect(try await gateway.stored().count == 1)
        }
    }

    @Test("a disabled integration, and its neighbour") func disabledIntegration() async throws {
        try await Self.run { gateway, service in
            let path =
                "/services/\(ExternalID.string(.service, service))/integrations/\(ExternalID.string(.integration, gateway.integration))"
            let disabled = try await Self.write(gateway, "PUT", path, #"{"integration":{"disabled":true}}"#)
            #expect(disabled.status == 200)
            #expect(try await gateway.send(.post("/v2/enqueue", Body.v2())).body == Body.v2Answer)
            #expect(try await gateway.stored().isEmpty)
            #expect(try await gateway.send(.post("/v2/enqueue", Body.v2(key: RunningGateway.otherKey))).status == 202)
            #expect(try await gateway.stored().count == 1)
        }
    }

    @Test("an open incident of a disabled service can still be seen to") func openIncident() async throws {
        try await Self.run { gateway, service in
            _ = try await gateway.send(.post("/v2/enqueue", Body.v2()))
            _ = try await Self.write(
                gateway, "PUT", "/services/\(ExternalID.string(.service, service))",
                #"{"service":{"status":"disabled"}}"#)
            let list = try await Self.write(gateway, "GET", "/incidents?date_range=all")
            let number = try #require(list.json["incidents"]?[0]?["incident_number"]?.integerValue)
            let resolved = try await Self.write(
                gateway, "PUT", "/incidents/\(number)", #"{"incident":{"status":"resolved"}}"#)
            #expect(resolved.json["incident"]?["status"] == "resolved")
        }
    }

    @Test("a rotated key and the one before it, until that runs out") func rotation() async throws {
        try await Self.run { gateway, service in
            let path =
                "/services/\(ExternalID.string(.service, service))/integrations/\(ExternalID.string(.integration, gateway.integration))"
            let rotated = try await Self.write(gateway, "POST", "\(path)/rotate")
            #expect(rotated.status == 200)
            let key = try #require(rotated.json["integration"]?["integration_key"]?.stringValue)
            #expect(key != RunningGateway.key)
            func status(_ key: String) async throws -> Int {
                try await gateway.send(.post("/v2/enqueue", Body.v2(key: key))).status
            }
            #expect(try await status(key) == 202)
            #expect(try await status(RunningGateway.key) == 202)
            // Both keys are one integration: one alert.
            let list = try await Self.write(gateway, "GET", "/incidents?date_range=all")
            #expect(list.json["incidents"]?.arrayValue?.count == 1)
            gateway.clock.advance(seconds: 86_399)
            #expect(try await status(RunningGateway.key) == 202)
            gateway.clock.advance(seconds: 1)
            #expect(try await status(RunningGateway.key) == 400)
            #expect(try await status(key) == 202)
        }
    }

    @Test("the key of a deleted integration is nobody's") func deleted() async throws {
        try await Self.run { gateway, service in
            let path =
                "/services/\(ExternalID.string(.service, service))/integrations/\(ExternalID.string(.integration, gateway.integration))"
            _ = try await Self.write(gateway, "POST", "\(path)/rotate")
            #expect(try await Self.write(gateway, "DELETE", path).status == 204)
            let answer = try await gateway.send(.post("/v2/enqueue", Body.v2()))
            #expect(answer.status == 400)
            #expect(answer.json == Body.invalid("Invalid routing key"))
        }
    }
}
