import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

@testable import HTTPAPI

/// A TLS client that shows what it was served. It trusts any certificate: the tests look at it themselves.
final class TLSClient: Sendable {
    private let channel: any Channel
    private let collector: NIOLoopBound<Collector>

    init(port: Int, maximumVersion: TLSVersion? = nil) async throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.applicationProtocols = ["h2", "http/1.1"]
        configuration.shutdownTimeout = .hours(1)
        if let maximumVersion {
            configuration.minimumTLSVersion = .tlsv1
            configuration.maximumTLSVersion = maximumVersion
        }
        let context = try NIOSSLContext(configuration: configuration)
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        NIOSSLClientHandler(context: context, serverHostname: nil), Collector())
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        collector = try await channel.pipeline.handler(type: Collector.self)
            .map { [eventLoop = channel.eventLoop] in NIOLoopBound($0, eventLoop: eventLoop) }.get()
    }

    deinit { channel.close(promise: nil) }

    /// Sends a request and waits for its whole answer.
    func exchange(_ request: String) async throws -> String {
        try await channel.eventLoop.flatSubmit { [channel, collector] in
            let answer = collector.value.next(on: channel.eventLoop)
            channel.writeAndFlush(ByteBuffer(string: request), promise: nil)
            return answer
        }.get()
    }

    /// Sends a part of a request.
    func send(_ part: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: part)).get()
    }

    func peerCertificate() async throws -> NIOSSLCertificate? {
        try await channel.nioSSL_peerCertificate().get()
    }

    /// What ALPN settled on.
    func applicationProtocol() async throws -> String? {
        try await channel.eventLoop.submit { [collector] in collector.value.applicationProtocol }.get()
    }

    func waitUntilClosed() async throws {
        try await channel.closeFuture.get()
    }

    /// Whether the other side ended the connection with a `close_notify` alert and no error came.
    func wasEndedCleanly() async throws -> Bool {
        try await channel.eventLoop.submit { [collector] in collector.value.failure is Collector.Closed }.get()
    }

    /// Gathers bytes into answers by their `Content-Length`.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        struct Closed: Error {}

        private var received = ""
        private var waiting: EventLoopPromise<String>?
        private(set) var failure: (any Error)?
        private(set) var applicationProtocol: String?

        func next(on eventLoop: any EventLoop) -> EventLoopFuture<String> {
            let promise = eventLoop.makePromise(of: String.self)
            if let failure {
                promise.fail(failure)
            } else {
                waiting = promise
            }
            return promise.futureResult
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data))
            guard let end = received.firstRange(of: "\r\n\r\n"),
                let field = received.firstRange(of: "Content-Length: "),
                let length = Int(received[field.upperBound...].prefix { $0.isNumber }),
                received[end.upperBound...].utf8.count >= length
            else { return }
            waiting?.succeed(received)
            waiting = nil
            received = ""
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .handshakeCompleted(let settled) = event as? TLSUserEvent { applicationProtocol = settled }
            context.fireUserInboundEventTriggered(event)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            end(error)
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            end(Closed())
        }

        private func end(_ error: any Error) {
            failure = failure ?? error
            waiting?.fail(error)
            waiting = nil
        }
    }
}
