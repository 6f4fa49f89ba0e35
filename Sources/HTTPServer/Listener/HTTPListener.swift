import Dispatch
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP/1.1 server: accepts connections, reads requests, hands them to a responder and writes its answers.
///
/// It knows nothing of what the requests mean, and it logs nothing.
public final class HTTPListener: Sendable {
    /// Where a listener can be reached.
    public struct BoundAddress: Sendable, Equatable {
        /// The IP address as text; the path of a local socket.
        public var host: String
        /// The port actually bound; 0 for a local socket.
        public var port: Int
        /// Whether TLS is spoken there.
        public var isTLS: Bool
        /// The tag of the endpoint.
        public var tag: UInt8
    }

    /// What exists between `start` and `stop`.
    private struct Running {
        var group: MultiThreadedEventLoopGroup
        var loops: [ConnectionLoop]
        var tls: TLSContext?
        var channels: [any Channel]
        var addresses: [BoundAddress]
    }

    private enum State {
        case new
        case starting
        case running(Running)
        case stopped
    }

    private let configuration: ListenerConfiguration
    private let context: ListenerContext
    private let state = Mutex(State.new)

    /// A listener that is not listening yet.
    public init(configuration: ListenerConfiguration, responder: any HTTPResponder) {
        self.configuration = configuration
        context = ListenerContext(configuration: configuration, responder: responder)
    }

    /// Loads the certificate if there is one, then listens on every endpoint, or on none if one fails.
    ///
    /// - Throws: `ListenerError`.
    public func start() async throws {
        try state.withLock { state in
            guard case .new = state else { throw ListenerError.alreadyStarted }
            state = .starting
        }
        withExtendedLifetime(Self.makeDecoder(context)) {}
        do {
            let running = try await open()
            state.withLock { $0 = .running(running) }
        } catch {
            state.withLock { $0 = .stopped }
            throw error
        }
    }

    /// Where it listens, in the order of the configuration; empty before `start` and after `stop`.
    public var boundAddresses: [BoundAddress] {
        state.withLock { state in
            guard case .running(let running) = state else { return [] }
            return running.addresses
        }
    }

    /// How many connections are open.
    public var openConnections: Int { context.connections.count }

    /// How many requests and connections were turned away since the start, by what there was no room or no time for.
    public var refusals: [ListenerRefusal: Int64] { context.refusals.snapshot }

    /// Reads certificate and key again and uses them for connections accepted from now on; open ones go on. Does nothing
    /// without TLS.
    ///
    /// - Throws: `ListenerError` naming the file at fault; what was in use stays in use.
    public func reloadTLS() async throws {
        let tls = state.withLock { state -> TLSContext? in
            guard case .running(let running) = state else { return nil }
            return running.tls
        }
        try await tls?.reload()
    }

    /// Stops accepting, closes idle connections, gives those without a first request a moment to send it, lets requests in
    /// flight be answered with `Connection: close`, and returns
    /// when the last connection is gone, or closes what is left after the grace period. Later calls return at once.
    public func stop(gracePeriod: Duration) async {
        let running = state.withLock { state -> Running? in
            guard case .running(let running) = state else { return nil }
            state = .stopped
            return running
        }
        guard let running else { return }
        context.isStopping.store(true, ordering: .relaxed)
        await Self.pauseAccepting(running)
        await Self.close(running.channels)
        let deadline = NIODeadline.now() + TimeAmount(gracePeriod)
        let quiesced = running.loops.map { $0.quiesce(deadline: deadline) }
        for future in quiesced {
            // The future never fails: it succeeds at the deadline at the latest.
            _ = await Self.result(of: future)
        }
        await Self.shutDown(running.group, running.loops)
    }

    // MARK: Opening

    private func open() async throws -> Running {
        let tls: TLSContext? =
            if let files = configuration.tls { try await TLSContext(files: files) } else { nil }
        let entrances = try configuration.endpoints.map { try Entrance($0, tls: tls) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, configuration.loops))
        var loops: [ObjectIdentifier: ConnectionLoop] = [:]
        for eventLoop in group.makeIterator() {
            loops[ObjectIdentifier(eventLoop)] = ConnectionLoop(eventLoop: eventLoop)
        }
        var running = Running(group: group, loops: Array(loops.values), tls: tls, channels: [], addresses: [])
        for (endpoint, entrance) in zip(configuration.endpoints, entrances) {
            do {
                let bootstrap = makeBootstrap(group: group, loops: loops, entrance: entrance)
                let channel = try await listen(on: endpoint.place, with: bootstrap)
                running.channels.append(channel)
                running.addresses.append(Self.boundAddress(of: channel, entrance))
            } catch {
                await Self.close(running.channels)
                await Self.shutDown(group, running.loops)
                throw ListenerError.cannotListen(endpoint: endpoint.description, reason: Self.reason(error))
            }
        }
        return running
    }

    private func makeBootstrap(
        group: MultiThreadedEventLoopGroup, loops: [ObjectIdentifier: ConnectionLoop], entrance: Entrance
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: CInt(configuration.backlog))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                // Out of descriptors is no reason to spin: accepting pauses for a while.
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // What is read ahead of an answer has to be kept: no more than one read's worth of it.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            // A client may close its sending side behind a request and still wants the answer. Over TLS nobody does, and
            // NIOSSL would sit out its shutdown timeout at the end of every connection that this side closes.
            .childChannelOption(.allowRemoteHalfClosure, value: entrance.tls == nil)
            .childChannelInitializer { [context] channel in
                channel.eventLoop.makeCompletedFuture {
                    try Self.initialize(
                        channel, context: context, loop: loops[ObjectIdentifier(channel.eventLoop)],
                        entrance: entrance)
                }
            }
    }

    /// Builds the pipeline of a connection. An error closes it.
    private static func initialize(
        _ channel: any Channel, context: ListenerContext, loop: ConnectionLoop?, entrance: Entrance
    ) throws {
        guard let loop, !loop.isQuiescing, context.takeConnection(leavingReserve: entrance.leavesReserve) else {
            throw ChannelError.ioOnClosedChannel
        }
        let connection = ConnectionHandler(
            listener: context, loop: loop, entrance: entrance,
            remoteAddress: channel.remoteAddress?.textWithoutPort ?? "unix")
        let pipeline = channel.pipeline.syncOperations
        do {
            if let tls = entrance.tls {
                try pipeline.addHandler(PlainHTTPAnswer(context))
                try pipeline.addHandler(tls.makeHandler())
            }
            try pipeline.addHandler(InputGate(connection))
            try pipeline.addHandler(makeDecoder(context))
        } catch {
            context.connections.giveBack(1)
            throw error
        }
        // From here on it counts itself out when it is removed.
        try pipeline.addHandler(connection)
    }

    /// What takes requests apart. Made once before anything is accepted: the first use of a generic class has the runtime
    /// make its metadata, and Swift 6.3 crashes now and then where two event loops come to that at the same moment, as
    /// they do when connections wait at a restart.
    private static func makeDecoder(_ context: ListenerContext) -> ByteToMessageHandler<HTTPRequestDecoder> {
        ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: context.parserLimits))
    }

    private func listen(
        on place: ListenerConfiguration.Endpoint.Place, with bootstrap: ServerBootstrap
    ) async throws -> any Channel {
        switch place {
        case .address(let host, let port):
            return try await bootstrap.bind(to: Self.resolve(host: host, port: port)).get()
        case .descriptor(let descriptor):
            let channel = try await bootstrap.withBoundSocket(descriptor).get()
            // Adopting a socket listens with a backlog of its own; listening again changes it.
            guard Glibc.listen(descriptor, CInt(configuration.backlog)) == 0 else {
                throw IOError(errnoCode: errno, reason: "listen")
            }
            return channel
        }
    }

    /// Names are looked up on a queue, because that blocks.
    private static func resolve(host: String, port: Int) async throws -> SocketAddress {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result { try ListenerConfiguration.Endpoint.resolve(host: host, port: port) })
            }
        }
    }

    private static func boundAddress(of channel: any Channel, _ entrance: Entrance) -> BoundAddress {
        let address = channel.localAddress
        return BoundAddress(
            host: address?.ipAddress ?? address?.pathname ?? "", port: address?.port ?? 0, isTLS: entrance.tls != nil,
            tag: entrance.tag)
    }

    private static func reason(_ error: any Error) -> String {
        (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
    }

    // MARK: Closing

    /// Accepts no more, and waits until what was accepted has become a connection: closing the listening channel drops
    /// accepted sockets that are still on their way to their event loop. What comes later waits in the kernel, for the
    /// next holder of the socket if there is one.
    private static func pauseAccepting(_ running: Running) async {
        for channel in running.channels {
            // It fails only where the channel is closed already.
            _ = await result(of: channel.setOption(.autoRead, value: false))
        }
        // A socket goes from the listening channel's loop to its own and back.
        for loops in [running.channels.map(\.eventLoop), running.loops.map(\.executor.eventLoop)] {
            for loop in loops { _ = await result(of: loop.submit {}) }
        }
        for loop in running.channels.map(\.eventLoop) { _ = await result(of: loop.submit {}) }
    }

    private static func close(_ channels: [any Channel]) async {
        for channel in channels {
            // Closing fails only where the channel is closed already, which is what is wanted.
            _ = await result(of: channel.close())
        }
    }

    private static func shutDown(_ group: MultiThreadedEventLoopGroup, _ loops: [ConnectionLoop]) async {
        for loop in loops { loop.executor.close() }
        await withCheckedContinuation { continuation in
            // It fails only if it was shut down before, and what is left closes either way.
            group.shutdownGracefully(queue: .global()) { _ in continuation.resume() }
        }
    }

    private static func result(of future: EventLoopFuture<Void>) async -> Result<Void, any Error> {
        await withCheckedContinuation { continuation in
            future.whenComplete { continuation.resume(returning: $0) }
        }
    }
}

extension ListenerConfiguration.Endpoint: CustomStringConvertible {
    /// `host:port`, `[host]:port` for IPv6, or `descriptor n`.
    public var description: String {
        switch place {
        case .address(let host, let port):
            host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .descriptor(let descriptor): "descriptor \(descriptor)"
        }
    }
}
