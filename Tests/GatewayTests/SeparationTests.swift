import Foundation
import GatewayTesting
import HTTPAPI
import HTTPServer
import Logging
import Testing

@testable import Gateway

/// Who answers what where, by the settings and by the sockets that a service manager hands over.
@Suite(.timeLimit(.minutes(5))) struct SeparationTests {
    private typealias Endpoint = ListenerConfiguration.Endpoint

    private static func settings(admin: [ListenAddress]) -> Settings {
        var settings = Settings()
        settings.listen = [
            ListenAddress(host: "a", port: 1, scheme: .http), ListenAddress(host: "b", port: 2, scheme: .https),
            ListenAddress(host: "c", port: 3),
        ]
        settings.admin.listen = admin
        return settings
    }

    private static func sockets(_ names: String) throws -> InheritedSockets {
        let count = names.split(separator: ":", omittingEmptySubsequences: false).count
        return try InheritedSockets(
            environment: ["LISTEN_PID": "7", "LISTEN_FDS": "\(count)", "LISTEN_FDNAMES": names], processID: 7)
    }

    private static func listening(on surface: Surface) -> [Endpoint] {
        [
            Endpoint(.address(host: "a", port: 1), encryption: .none, surface: surface),
            Endpoint(.address(host: "b", port: 2), encryption: .required, surface: surface),
            Endpoint(.address(host: "c", port: 3), encryption: .ifConfigured, surface: surface),
        ]
    }

    private static let adminAddress = ListenAddress(host: "d", port: 4, scheme: .http)
    private static let adminEndpoint = Endpoint(.address(host: "d", port: 4), encryption: .none, surface: .admin)

    @Test func withoutAnAdminListenerEverythingIsEverywhere() throws {
        #expect(Endpoint.all(Self.settings(admin: []), inherited: try .none) == Self.listening(on: .everything))
    }

    @Test func withOneTheAddressesOfListenTakeEvents() throws {
        #expect(
            Endpoint.all(Self.settings(admin: [Self.adminAddress]), inherited: try .none)
                == Self.listening(on: .events) + [Self.adminEndpoint])
    }

    @Test(arguments: ["http", "", "Admin", "admin ", "unknown"])
    func aSocketOfAnyOtherNameTakesThePlaceOfListen(_ name: String) throws {
        let sockets = try Self.sockets(name)
        #expect(Endpoint.all(Self.settings(admin: []), inherited: sockets) == [Endpoint(.descriptor(3))])
        // What the settings keep apart stays apart where systemd knows nothing of it.
        #expect(
            Endpoint.all(Self.settings(admin: [Self.adminAddress]), inherited: sockets)
                == [Endpoint(.descriptor(3), surface: .events), Self.adminEndpoint])
    }

    @Test func aSocketNamedAdminTakesThePlaceOfAdminListenAlone() throws {
        let sockets = try Self.sockets("admin")
        for addresses in [[], [Self.adminAddress]] {
            #expect(
                Endpoint.all(Self.settings(admin: addresses), inherited: sockets)
                    == Self.listening(on: .events) + [Endpoint(.descriptor(3), surface: .admin)])
        }
    }

    @Test func socketsOfEveryNameSideBySide() throws {
        let endpoints = Endpoint.all(
            Self.settings(admin: [Self.adminAddress]), inherited: try Self.sockets("admin:http:plain:admin-plain:x"))
        #expect(
            endpoints == [
                Endpoint(.descriptor(4), surface: .events),
                Endpoint(.descriptor(5), encryption: .none, surface: .events),
                Endpoint(.descriptor(7), surface: .events),
                Endpoint(.descriptor(3), surface: .admin),
                Endpoint(.descriptor(6), encryption: .none, surface: .admin),
            ])
    }

    /// The whole gateway, asked on both sides.
    @Test func aGatewayAnswersEachSideItsOwn() async throws {
        let temporary = try TemporaryDatabase()
        var settings = Settings()
        settings.database = temporary.database.path
        settings.listen = [ListenAddress(host: "127.0.0.1", port: 0)]
        settings.admin.listen = [ListenAddress(host: "127.0.0.1", port: 0), ListenAddress(host: "::1", port: 0)]
        let gateway = try Gateway(
            settings: settings, environment: [:], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await gateway.start()
        let addresses = gateway.addresses
        #expect(addresses.map(\.surface) == [.events, .admin, .admin])
        let ports = addresses.map(\.port)
        let statuses = await Self.statuses(
            ports[0], ports[1], of: ["/healthz", "/readyz", "/metrics", "/incidents", "/v2/enqueue"])
        #expect(statuses[0] == [200, 404, 404, 404, 405])
        #expect(statuses[1] == [200, 200, 200, 401, 404])
        // A reload changes neither.
        try await gateway.reload(Settings())
        #expect(await Self.statuses(ports[0], ports[1], of: ["/incidents"]) == [[404], [401]])
        await gateway.stop()
    }

    /// What a GET of each path is answered at each port; 0 where nothing is answered.
    private static func statuses(_ ports: Int..., of paths: [String]) async -> [[Int]] {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    returning: ports.map { port in
                        paths.map { path in
                            let request = "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n"
                            do {
                                return try RawConnection(port: port).exchange(Array(request.utf8)).status
                            } catch {
                                return 0
                            }
                        }
                    })
            }
        }
    }
}

extension InheritedSockets {
    /// Started by nobody who hands over sockets.
    fileprivate static var none: InheritedSockets {
        get throws { try InheritedSockets(environment: [:], processID: 1) }
    }
}
