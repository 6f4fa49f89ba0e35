import NIOCore

/// What an `HTTPListener` is made of.
public struct ListenerConfiguration: Sendable {
    /// Where connections come in.
    public struct Endpoint: Sendable, Equatable {
        /// What is listened on.
        public enum Place: Sendable, Equatable {
            /// Bind that address: a numeric IPv4 or IPv6 address or a host name, and a port; port 0 takes a free one.
            case address(host: String, port: Int)
            /// Adopt an open listening stream socket, such as one passed by systemd (`InheritedSockets`). The listener
            /// closes it when it stops.
            case descriptor(CInt)
        }

        /// What is spoken there.
        public enum Encryption: Sendable, Equatable {
            /// TLS where the listener has a certificate, else plain HTTP.
            case ifConfigured
            /// Plain HTTP, certificate or not.
            case none
            /// TLS. Without a certificate the listener does not start.
            case required
        }

        /// What is listened on.
        public var place: Place
        /// What is spoken there.
        public var encryption: Encryption
        /// What the owner of the listener tells its endpoints apart by. It is handed on with each request.
        public var tag: UInt8
        /// Whether what comes in here leaves a part of the connections and of the bytes of bodies free, for the other
        /// endpoints (`reservedConnections`, `reservedUnfinishedBodyBytes`).
        public var leavesReserve: Bool

        /// An endpoint made of its parts.
        public init(
            _ place: Place, encryption: Encryption = .ifConfigured, tag: UInt8 = 0, leavesReserve: Bool = false
        ) {
            self.place = place
            self.encryption = encryption
            self.tag = tag
            self.leavesReserve = leavesReserve
        }

        /// That address.
        public static func address(host: String, port: Int) -> Endpoint { Endpoint(.address(host: host, port: port)) }

        /// That open socket.
        public static func descriptor(_ descriptor: CInt) -> Endpoint { Endpoint(.descriptor(descriptor)) }
    }

    /// The certificate and key of a listener that speaks TLS 1.2 or newer. Both files are PEM.
    public struct TLS: Sendable, Equatable {
        /// The file with the certificate, followed by those of its intermediate authorities.
        public var certificateChainFile: String
        /// The file with the private key, not encrypted.
        public var privateKeyFile: String

        /// A certificate and its key.
        public init(certificateChainFile: String, privateKeyFile: String) {
            self.certificateChainFile = certificateChainFile
            self.privateKeyFile = privateKeyFile
        }

        /// Loads both as a listener does, and keeps nothing. Blocks. Throws `ListenerError` naming the file at fault.
        public func check() throws(ListenerError) { _ = try TLSContext.loadBlocking(self) }
    }

    /// How long a connection may take over each step. All are bounds on the whole step, so a slow drip does not extend them.
    public struct Timeouts: Sendable, Equatable {
        /// Between requests, before the first byte of one; also how long a client may leave an answer unread.
        public var idle: TimeAmount = .seconds(75)
        /// From the first byte of a head to its last.
        public var head: TimeAmount = .seconds(10)
        /// From the end of the head to the last byte of the body.
        public var body: TimeAmount = .seconds(30)
        /// After an answer that closes the connection while input was still coming: how long it is discarded for.
        public var linger: TimeAmount = .seconds(5)
        /// For the first request of a connection that was accepted just before the listener stops.
        public var lastRequest: TimeAmount = .seconds(2)

        /// The defaults.
        public init() {}
    }

    /// Where connections come in; at least one.
    public var endpoints: [Endpoint]
    /// The certificate of every endpoint that speaks TLS. Absent: none does.
    public var tls: TLS?
    /// How many threads serve connections.
    public var loops: Int = 2
    /// The bounds in time.
    public var timeouts = Timeouts()
    /// Over all endpoints. Further connections are closed as soon as they are accepted.
    public var maximumConnections: Int = 4096
    /// How many of them stay free for endpoints that leave no reserve: a quarter, and at most 64. Who floods the senders'
    /// addresses does not shut out the operator who looks for the reason.
    public var reservedConnections: Int { min(64, maximumConnections / 4) }
    /// How many bytes of bodies may be held, over all connections, of requests that are not whole yet, and of requests
    /// that were sent ahead of the answer to the one before. Beyond it a request is answered 503 with `Retry-After`, which
    /// senders repeat, and its connection closed.
    public var maximumUnfinishedBodyBytes: Int = 16 * 1024 * 1024
    /// How many of these bytes stay free for endpoints that leave no reserve: an eighth.
    public var reservedUnfinishedBodyBytes: Int { maximumUnfinishedBodyBytes / 8 }
    /// How many bytes of answers may wait, over all connections, for clients that do not read them. Beyond it a request is
    /// answered 503 instead. Small answers do not count.
    public var maximumUnreadAnswerBytes: Int = 64 * 1024 * 1024
    /// Up to how many bytes a body counts as small. Nearly every event is.
    public var smallBodyBytes: Int = 16 * 1024
    /// How many of the bytes of unfinished bodies those that are not small leave free: a quarter. Who holds on to many
    /// large ones does not keep small ones out.
    public var reservedSmallBodyBytes: Int { maximumUnfinishedBodyBytes / 4 }
    /// A longer header field, name and value together, or request target, in bytes, is a bad request.
    public var maximumHeaderFieldBytes: Int = 16 * 1024
    /// More bytes of header fields and target together are a bad request.
    public var maximumHeaderBytes: Int = 64 * 1024
    /// More header fields, trailers included, are a bad request.
    public var maximumHeaderFields: Int = 128
    /// How many bytes of a refused body are read and discarded, so that the client gets to read the answer.
    public var maximumDiscardedBytes: Int = 1024 * 1024
    /// How many connections the kernel queues before they are accepted: what it takes at most without being told otherwise
    /// (`net.core.somaxconn`).
    public var backlog: Int = 4096

    /// The defaults, on these endpoints.
    public init(endpoints: [Endpoint], tls: TLS? = nil) {
        self.endpoints = endpoints
        self.tls = tls
    }
}
