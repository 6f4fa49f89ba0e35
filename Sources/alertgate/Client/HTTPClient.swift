import HTTPAPI
import HTTPServer
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Sends one request and waits for its answer: all that the command line needs of HTTP.
enum HTTPClient {
    /// What is asked.
    struct Request: Sendable {
        var method: HTTPMethod
        /// The path below the base URL, and the query.
        var target: String
        /// Besides those that every request has.
        var headers: [(name: String, value: String)] = []
        /// JSON; nil where the method has none.
        var body: [UInt8]?
    }

    /// What came back.
    struct Answer: Sendable {
        var status: Int
        var body: [UInt8]
    }

    /// Sends a request. The authorities are a PEM file; nil means the system's. Blocks. Throws `Failure` if that file is
    /// unusable, if no answer came, or if it is longer than that.
    static func send(
        _ request: Request, to url: HTTPURL, authorities: String?, timeoutSeconds: Int64,
        maximumAnswer: Int = 1024 * 1024
    ) throws -> Answer {
        let context = try tlsContext(authorities)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { group.shutdownGracefully { _ in } }
        let promise = group.next().makePromise(of: Answer.self)
        do {
            let tls = url.isTLS ? context : nil
            let bootstrap = ClientBootstrap(group: group)
                .connectTimeout(.seconds(timeoutSeconds))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        if let tls { try pipeline.addHandler(try NIOSSLClientHandler(context: tls, name: url.host)) }
                        try pipeline.addHTTPClientHandlers()
                        try pipeline.addHandler(
                            Exchange(
                                head: head(of: request, to: url), body: request.body.map { ByteBuffer(bytes: $0) },
                                promise: promise, timeout: .seconds(timeoutSeconds), maximumAnswer: maximumAnswer))
                    }
                }
            let channel = try bootstrap.connect(host: url.host, port: url.port).wait()
            let answer = try promise.futureResult.wait()
            channel.close(promise: nil)
            return answer
        } catch {
            // A promise that is dropped would stop the program.
            promise.fail(error)
            if url.isTLS, let failure = TLSFailure(error) {
                let words = failure.explanation(of: url, authorities: authorities, group, timeoutSeconds)
                throw Failure.unavailable("\(url.host):\(url.port): \(words)")
            }
            throw Failure.unavailable("\(url.host):\(url.port) did not answer: \(reason(error))")
        }
    }

    private static func tlsContext(_ authorities: String?) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let authorities {
            do throws(PEMFile.Unusable) {
                configuration.trustRoots = .certificates(try PEMFile(authorities).certificates())
            } catch {
                throw Failure.usage("--ca: \(authorities): \(error)")
            }
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private static func head(of request: Request, to url: HTTPURL) -> HTTPRequestHead {
        var headers: HTTPHeaders = ["Host": url.authority, "Connection": "close", "User-Agent": "alertgate"]
        if let body = request.body {
            headers.add(name: "Content-Type", value: "application/json")
            headers.add(name: "Content-Length", value: "\(body.count)")
        }
        for header in request.headers { headers.add(name: header.name, value: header.value) }
        return HTTPRequestHead(
            version: .http1_1, method: request.method, uri: url.path + request.target, headers: headers)
    }

    /// One line, in words where they are known.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            return error.connectionErrors.map { reason($0.error) }.first ?? "the name is unknown"
        case let error as IOError: return error.description
        case ChannelError.connectTimeout: return "no connection in time"
        case is HTTPParserError: return "what it says is no HTTP; if it speaks TLS, use https://"
        default: return "\(error)".split(separator: "\n").joined(separator: " ")
        }
    }
}

extension NIOSSLClientHandler {
    /// A handler that checks the certificate against a name. An IP address is no name to indicate (RFC 6066 section 3).
    convenience init(context: NIOSSLContext, name: String) throws {
        let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
        try self.init(context: context, serverHostname: isAddress ? nil : name)
    }
}

/// Writes the request once connected, and gathers the answer.
private final class Exchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let head: HTTPRequestHead
    private let body: ByteBuffer?
    private let promise: EventLoopPromise<HTTPClient.Answer>
    private let timeout: TimeAmount
    private let maximumAnswer: Int
    private var status = 0
    private var received: [UInt8] = []
    private var timer: Scheduled<Void>?

    init(
        head: HTTPRequestHead, body: ByteBuffer?, promise: EventLoopPromise<HTTPClient.Answer>, timeout: TimeAmount,
        maximumAnswer: Int
    ) {
        self.head = head
        self.body = body
        self.promise = promise
        self.timeout = timeout
        self.maximumAnswer = maximumAnswer
    }

    func channelActive(context: ChannelHandlerContext) {
        let promise = promise
        timer = context.eventLoop.scheduleTask(in: timeout) { promise.fail(ExchangeError.late) }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let part):
            received += part.readableBytesView
            if received.count > maximumAnswer {
                promise.fail(ExchangeError.tooLong)
                context.close(promise: nil)
            }
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
