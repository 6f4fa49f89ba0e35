import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Sends one request and waits for its answer: all that the command line needs of HTTP.
enum HTTPClient {
    /// What came back.
    struct Answer: Sendable {
        var status: Int
        var body: [UInt8]
    }

    /// Posts a JSON body. The authorities are a PEM file; nil means the system's. Blocks. Throws `Failure` where no answer came.
    static func post(_ body: [UInt8], to url: HTTPURL, path: String, authorities: String?, timeoutSeconds: Int64) throws
        -> Answer
    {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { group.shutdownGracefully { _ in } }
        let promise = group.next().makePromise(of: Answer.self)
        do {
            let tls = url.isTLS ? try tlsContext(authorities) : nil
            let bootstrap = ClientBootstrap(group: group)
                .connectTimeout(.seconds(timeoutSeconds))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        if let tls { try pipeline.addHandler(try NIOSSLClientHandler(context: tls, name: url.host)) }
                        try pipeline.addHTTPClientHandlers()
                        try pipeline.addHandler(
                            Exchange(
                                head: head(url, path, bodyBytes: body.count), body: ByteBuffer(bytes: body),
                                promise: promise, timeout: .seconds(timeoutSeconds)))
                    }
                }
            let channel = try bootstrap.connect(host: url.host, port: url.port).wait()
            let answer = try promise.futureResult.wait()
            channel.close(promise: nil)
            return answer
        } catch {
            // A promise that is dropped would stop the program.
            promise.fail(error)
            throw Failure.unavailable("\(url.host):\(url.port) did not answer: \(reason(error))")
        }
    }

    private static func tlsContext(_ authorities: String?) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let authorities { configuration.trustRoots = .file(authorities) }
        return try NIOSSLContext(configuration: configuration)
    }

    private static func head(_ url: HTTPURL, _ path: String, bodyBytes: Int) -> HTTPRequestHead {
        HTTPRequestHead(
            version: .http1_1, method: .POST, uri: url.path + path,
            headers: [
                "Host": url.authority, "Content-Type": "application/json", "Content-Length": "\(bodyBytes)",
                "Connection": "close", "User-Agent": "alertgate",
            ])
    }

    /// One line, in words where they are known.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            return error.connectionErrors.map { reason($0.error) }.first ?? "the name is unknown"
        case let error as IOError: return error.description
        case ChannelError.connectTimeout: return "no connection in time"
        default: return "\(error)".split(separator: "\n").joined(separator: " ")
        }
    }
}

extension NIOSSLClientHandler {
    /// A handler that checks the certificate against a name. An IP address is no name to indicate (RFC 6066 section 3).
    fileprivate convenience init(context: NIOSSLContext, name: String) throws {
        let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
        try self.init(context: context, serverHostname: isAddress ? nil : name)
    }
}

/// Writes the request once connected, and gathers the answer.
private final class Exchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let head: HTTPRequestHead
    private let body: ByteBuffer
    private let promise: EventLoopPromise<HTTPClient.Answer>
    private let timeout: TimeAmount
    private var status = 0
    private var received: [UInt8] = []
    private var timer: Scheduled<Void>?

    /// More than any answer of a gateway.
    private static let maximumAnswer = 1024 * 1024

    init(
        head: HTTPRequestHead, body: ByteBuffer, promise: EventLoopPromise<HTTPClient.Answer>, timeout: TimeAmount
    ) {
        self.head = head
        self.body = body
        self.promise = promise
        self.timeout = timeout
    }

    func channelActive(context: ChannelHandlerContext) {
        let promise = promise
        timer = context.eventLoop.scheduleTask(in: timeout) { promise.fail(ExchangeError.late) }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let part):
            received += part.readableBytesView
            if received.count > Exchange.maximumAnswer { promise.fail(ExchangeError.tooLong) }
        case .end: promise.succeed(HTTPClient.Answer(status: status, body: received))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        promise.fail(ExchangeError.closed)
    }
}

private enum ExchangeError: Error, CustomStringConvertible {
    case late, closed, tooLong

    var description: String {
        switch self {
        case .late: "no answer in time"
        case .closed: "the connection was closed before the answer"
        case .tooLong: "the answer is no gateway's: it has no end"
        }
    }
}
