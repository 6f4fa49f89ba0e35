import Dispatch
import Foundation
import Synchronization
import GatewayTesting
import Testing

@testable import HTTPAPI
@testable import HTTPServer

/// Answers by path, so that each test chooses what the responder does.
///
/// - `/missing`: refused with 404. `/small`: at most 16 bytes of body. Everything else: at most 1000.
/// - `/hold`: answered when the test says so. `/later`: answered from another thread. `/close`: asks to close.
/// - `/medium`: 48 KiB. `/big`: 8 MiB. Everything else: told back what came.
final class ScriptedResponder: HTTPResponder {
    private let held = Mutex<[Reply]>([])
    private let requests = Mutex<[HTTPRequest]>([])
    private let heldSignal = DispatchSemaphore(value: 0)
    private let queue = DispatchQueue(label: "test.responder")

    static let tooLarge = HTTPResponse(status: 413, text: #"{"status":"invalid event"}"#)
    static let mediumBody = [UInt8](repeating: UInt8(ascii: "m"), count: 48 << 10)
    static let bigBody = [UInt8](repeating: UInt8(ascii: "b"), count: 8 << 20)

    /// The requests that were whole, in the order they came.
    var served: [HTTPRequest] { requests.withLock { $0 } }

    func admit(_ head: HTTPRequest.Head) -> Admission {
        switch head.target.path {
        case "/missing": .refuse(HTTPResponse(status: 404, text: "{}"))
        case "/small": .read(maximumBodyBytes: 16, tooLarge: { Self.tooLarge })
        default: .read(maximumBodyBytes: 1000, tooLarge: { Self.tooLarge })
        }
    }

    func respond(to request: HTTPRequest, reply: Reply) {
        requests.withLock { $0.append(request) }
        switch request.path {
        case "/hold":
            held.withLock { $0.append(reply) }
            heldSignal.signal()
        case "/later":
            queue.async { reply.send(Self.echo(request)) }
        case "/close":
            reply.send(HTTPResponse(status: 200, text: "{}", closesConnection: true))
        case "/medium":
            reply.send(HTTPResponse(status: 200, body: Self.mediumBody))
        case "/big":
            reply.send(HTTPResponse(status: 200, body: Self.bigBody))
        default:
            reply.send(Self.echo(request))
        }
    }

    static func echo(_ request: HTTPRequest) -> HTTPResponse {
        HTTPResponse(
            status: 200, text: "\(request.method) \(request.target) \(String(decoding: request.body, as: UTF8.self))")
    }

    /// Waits for the next request to `/hold` and takes its reply.
    func takeHeld() throws -> Reply {
        guard heldSignal.wait(timeout: .now() + 120) == .success else {
            throw RawClient.Failure(description: "no request was held")
        }
        return held.withLock { $0.removeFirst() }
    }
}

extension ListenerConfiguration {
    /// One whose deadlines for requests no test meets, however long the machine lets it wait; those that are about
    /// deadlines set their own.
    static func patient(_ endpoints: [Endpoint] = [.address(host: "127.0.0.1", port: 0)], tls: TLS? = nil) -> Self {
        var configuration = ListenerConfiguration(endpoints: endpoints, tls: tls)
        configuration.timeouts.idle = .hours(1)
        configuration.timeouts.head = .hours(1)
        configuration.timeouts.body = .hours(1)
        return configuration
    }
}

/// Runs a patient listener on a free port of 127.0.0.1 while the work goes on, on a thread of its own.
func withListener<Value: Sendable>(
    _ responder: ScriptedResponder = ScriptedResponder(), configure: (inout ListenerConfiguration) -> Void = { _ in },
    _ work: @escaping @Sendable (_ port: Int, _ listener: HTTPListener) throws -> Value
) async throws -> Value {
    var configuration = ListenerConfiguration.patient()
    configure(&configuration)
    let listener = HTTPListener(configuration: configuration, responder: responder)
    try await listener.start()
    let port = try #require(listener.boundAddresses.first).port
    let result: Result<Value, any Error>
    do {
        result = .success(try await blocking { try work(port, listener) })
    } catch {
        result = .failure(error)
    }
    await listener.stop(gracePeriod: .zero)
    return try result.get()
}
