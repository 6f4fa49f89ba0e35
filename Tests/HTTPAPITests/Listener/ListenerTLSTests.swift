import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import GatewayTesting
import Testing

@testable import HTTPAPI
@testable import HTTPServer

/// TLS and the exchange of its certificate.
@Suite struct ListenerTLSTests {
    /// A directory with the two files, removed afterwards.
    private final class Files: Sendable {
        let directory: URL
        let tls: ListenerConfiguration.TLS

        init(_ certificate: TestCertificate) throws {
            directory = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            tls = ListenerConfiguration.TLS(
                certificateChainFile: directory.appendingPathComponent("chain.pem").path,
                privateKeyFile: directory.appendingPathComponent("key.pem").path)
            try write(certificate.certificate, to: tls.certificateChainFile)
            try write(certificate.privateKey, to: tls.privateKeyFile)
        }

        func write(_ text: String, to path: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }

        func remove() throws {
            try FileManager.default.removeItem(at: directory)
        }
    }

    private func withTLSListener(
        _ responder: ScriptedResponder = ScriptedResponder(),
        endpoints: [ListenerConfiguration.Endpoint] = [.address(host: "127.0.0.1", port: 0)],
        _ work: @escaping @Sendable (HTTPListener, Int, Files) async throws -> Void
    ) async throws {
        let files = try Files(.one)
        var configuration = ListenerConfiguration.patient(endpoints, tls: files.tls)
        configuration.timeouts.linger = .milliseconds(500)
        let listener = HTTPListener(configuration: configuration, responder: responder)
        try await listener.start()
        let port = try #require(listener.boundAddresses.first).port
        do {
            try await work(listener, port, files)
        } catch {
            await listener.stop(gracePeriod: .zero)
            throw error
        }
        await listener.stop(gracePeriod: .zero)
        try files.remove()
    }

    @Test func servesHTTP11OverTLS() async throws {
        try await withTLSListener { _, port, _ in
            let client = try await TLSClient(port: port)
            let answer = try await client.exchange("POST /tls HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.hasSuffix("POST /tls ok"))
            let second = try await client.exchange("GET /again HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            #expect(second.hasSuffix("GET /again "))
            #expect(try await client.applicationProtocol() == "http/1.1")
            try await client.waitUntilClosed()
            // The server has said goodbye, as TLS wants it; the client would wait for it for an hour.
            #expect(try await client.wasEndedCleanly())
        }
    }

    @Test func aRefusalIsReadableOverTLS() async throws {
        try await withTLSListener { _, port, _ in
            let client = try await TLSClient(port: port)
            let answer = try await client.exchange(
                "POST /missing HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n"
                    + String(repeating: "x", count: 300_000))
            #expect(answer.hasPrefix("HTTP/1.1 404 "))
            try await client.waitUntilClosed()
        }
    }

    @Test(arguments: [TLSVersion.tlsv1, .tlsv11])
    func refusesOlderVersions(version: TLSVersion) async throws {
        try await withTLSListener { _, port, _ in
            await #expect(throws: (any Error).self) {
                let client = try await TLSClient(port: port, maximumVersion: version)
                _ = try await client.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            }
        }
    }

    /// Also where the client goes on sending its body, and where only the first byte has come.
    @Test(arguments: ["GET / HTTP/1.1\r\nHost: h\r\n\r\n", "P", "POST / HTTP/1.1\r\nContent-Length: 300000\r\n\r\n"])
    func plainHTTPOnATLSPortIsAnsweredInWords(_ request: String) async throws {
        try await withTLSListener { listener, port, _ in
            try await blocking {
                let client = try RawClient(port: port)
                try client.send(request)
                if request.hasPrefix("POST") { try client.send(String(repeating: "x", count: 300_000)) }
                let answer = try client.readUntilGone()
                #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
                #expect(answer.hasSuffix("this port speaks TLS; use https://\n"), "\(answer)")
            }
            #expect(listener.refusals == [.plainHTTP: 1])
        }
    }

    @Test func aNewCertificateServesNewConnectionsAndKeepsOldOnes() async throws {
        try await withTLSListener { listener, port, files in
            let old = try await TLSClient(port: port)
            _ = try await old.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            try files.write(TestCertificate.two.certificate, to: files.tls.certificateChainFile)
            try files.write(TestCertificate.two.privateKey, to: files.tls.privateKeyFile)
            try await listener.reloadTLS()
            let new = try await TLSClient(port: port)
            _ = try await new.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await new.peerCertificate() == NIOSSLCertificate(pem: TestCertificate.two.certificate))
            #expect(try await old.peerCertificate() == NIOSSLCertificate(pem: TestCertificate.one.certificate))
            #expect(try await old.exchange("GET /still HTTP/1.1\r\nHost: h\r\n\r\n").hasSuffix("GET /still "))
        }
    }

    /// One request waits for its answer, one has half of its body here, when the certificate is replaced.
    @Test func requestsUnderWayOutliveANewCertificate() async throws {
        let responder = ScriptedResponder()
        try await withTLSListener(responder) { listener, port, files in
            let waiting = try await TLSClient(port: port)
            async let held = waiting.exchange("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
            let reply = try await blocking { try responder.takeHeld() }
            let sending = try await TLSClient(port: port)
            _ = try await sending.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            try await sending.send("POST /half HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab")

            try files.write(TestCertificate.two.certificate, to: files.tls.certificateChainFile)
            try files.write(TestCertificate.two.privateKey, to: files.tls.privateKeyFile)
            try await listener.reloadTLS()
            let new = try await TLSClient(port: port)
            _ = try await new.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await new.peerCertificate() == NIOSSLCertificate(pem: TestCertificate.two.certificate))

            #expect(try await sending.exchange("cd").hasSuffix("POST /half abcd"))
            reply.send(HTTPResponse(status: 202, text: "{}"))
            #expect(try await held.hasPrefix("HTTP/1.1 202 "))
            for client in [waiting, sending] {
                #expect(try await client.exchange("GET /still HTTP/1.1\r\nHost: h\r\n\r\n").hasSuffix("GET /still "))
                #expect(try await client.peerCertificate() == NIOSSLCertificate(pem: TestCertificate.one.certificate))
            }
        }
    }

    @Test func plainAndTLSSideBySide() async throws {
        let responder = ScriptedResponder()
        let place = ListenerConfiguration.Endpoint.Place.address(host: "127.0.0.1", port: 0)
        let endpoints: [ListenerConfiguration.Endpoint] = [
            .init(place, encryption: .required), .init(place, encryption: .none), .init(place),
        ]
        try await withTLSListener(responder, endpoints: endpoints) { listener, _, files in
            let addresses = listener.boundAddresses
            #expect(addresses.map(\.isTLS) == [true, false, true])
            try await blocking {
                let plain = try RawClient(port: addresses[1].port)
                try plain.send("GET /plain HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try plain.readResponse().body == "GET /plain ")
                let wrong = try RawClient(port: addresses[0].port)
                try wrong.send("GET /wrong HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try wrong.readUntilGone().hasPrefix("HTTP/1.1 400 "))
            }
            // One certificate, and one change of it, for all that speak TLS.
            for certificate in [TestCertificate.one, .two] {
                try files.write(certificate.certificate, to: files.tls.certificateChainFile)
                try files.write(certificate.privateKey, to: files.tls.privateKeyFile)
                try await listener.reloadTLS()
                for address in [addresses[0], addresses[2]] {
                    let client = try await TLSClient(port: address.port)
                    _ = try await client.exchange("GET /tls HTTP/1.1\r\nHost: h\r\n\r\n")
                    #expect(try await client.peerCertificate() == NIOSSLCertificate(pem: certificate.certificate))
                }
            }
            #expect(responder.served.map(\.path) == ["/plain", "/tls", "/tls", "/tls", "/tls"])
            #expect(responder.served.map(\.isTLS) == [false, true, true, true, true])
        }
    }

    /// What was to be encrypted is never served plainly.
    @Test func doesNotStartWhereTLSIsRequiredAndThereIsNoCertificate() async throws {
        let place = ListenerConfiguration.Endpoint.Place.address(host: "127.0.0.1", port: 0)
        let listener = HTTPListener(
            configuration: ListenerConfiguration(endpoints: [.init(place), .init(place, encryption: .required)]),
            responder: ScriptedResponder())
        await #expect(throws: ListenerError.noCertificate(endpoint: "127.0.0.1:0")) { try await listener.start() }
        #expect(listener.boundAddresses.isEmpty)
    }

    @Test func aBadFileLeavesTheOldCertificateInUse() async throws {
        try await withTLSListener { listener, port, files in
            let secret = "do not show this"
            try files.write(secret, to: files.tls.privateKeyFile)
            let badKey = await #expect(throws: ListenerError.self) { try await listener.reloadTLS() }
            #expect(badKey?.description.hasPrefix(files.tls.privateKeyFile + ": ") == true)
            #expect(badKey?.description.contains(secret) == false)

            try files.write(TestCertificate.two.privateKey, to: files.tls.privateKeyFile)
            let mismatch = await #expect(throws: ListenerError.self) { try await listener.reloadTLS() }
            #expect(
                mismatch
                    == .unusablePair(
                        certificateChainFile: files.tls.certificateChainFile, privateKeyFile: files.tls.privateKeyFile))

            try FileManager.default.removeItem(atPath: files.tls.certificateChainFile)
            let missing = await #expect(throws: ListenerError.self) { try await listener.reloadTLS() }
            #expect(missing?.description.hasPrefix(files.tls.certificateChainFile + ": ") == true)

            let client = try await TLSClient(port: port)
            _ = try await client.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.peerCertificate() == NIOSSLCertificate(pem: TestCertificate.one.certificate))
        }
    }

    @Test func doesNotStartWithoutItsCertificate() async throws {
        let tls = ListenerConfiguration.TLS(
            certificateChainFile: "/nonexistent/c.pem", privateKeyFile: "/nonexistent/k")
        let listener = HTTPListener(
            configuration: ListenerConfiguration(endpoints: [.address(host: "127.0.0.1", port: 0)], tls: tls),
            responder: ScriptedResponder())
        let error = await #expect(throws: ListenerError.self) { try await listener.start() }
        #expect(error?.description.hasPrefix("/nonexistent/c.pem: ") == true)
    }
}

extension NIOSSLCertificate {
    convenience init(pem: String) throws {
        try self.init(bytes: Array(pem.utf8), format: .pem)
    }
}
