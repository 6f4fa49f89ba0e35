import NIOHTTP1

/// One request as it came over the wire, complete with its body.
public struct HTTPRequest: Sendable {
    /// What a request says before its body (RFC 9112 sections 3 and 5), and where it came from.
    public struct Head: Sendable {
        /// The method as sent, case-sensitive: `GET`, `POST`, …
        public var method: String
        /// Path and query.
        public var target: RequestTarget
        /// The header fields in the order sent; a name is looked up in any letter case.
        public var headers: HTTPHeaders
        /// The bytes announced by `Content-Length`; absent for a chunked body and where there is none.
        public var contentLength: Int?
        /// The sender's IP address as text, without port. An IPv4 address that came through an IPv6 socket is shown as
        /// IPv4; `unix` for a local socket.
        public var remoteAddress: String
        /// Whether it came over TLS.
        public var isTLS: Bool
        /// The tag of the endpoint where it came in.
        public var tag: UInt8
        /// The request id, echoed as `X-Request-Id`: 15 characters, unique, ascending in time.
        public var id: String

        /// A head made of its parts.
        public init(
            method: String, target: RequestTarget, headers: HTTPHeaders = [:], contentLength: Int? = nil,
            remoteAddress: String = "127.0.0.1", isTLS: Bool = false, tag: UInt8 = 0, id: String = ""
        ) {
            self.method = method
            self.target = target
            self.headers = headers
            self.contentLength = contentLength
            self.remoteAddress = remoteAddress
            self.isTLS = isTLS
            self.tag = tag
            self.id = id
        }
    }

    /// All but the body.
    public var head: Head
    /// The body, decoded from chunks if it came so; empty if there is none. At most what the admission allowed.
    public var body: [UInt8]

    /// A request made of its parts.
    public init(head: Head, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }

    /// The method as sent, case-sensitive.
    public var method: String { head.method }
    /// The request target exactly as sent. It may hold an integration key: never log it.
    public var target: String { head.target.text }
    /// The path without query, not percent-decoded.
    public var path: String { head.target.path }
    /// The query without its `?`, not percent-decoded; absent if there was no `?`.
    public var query: String? { head.target.query }
    /// The header fields.
    public var headers: HTTPHeaders { head.headers }
    /// The sender's IP address as text, without port.
    public var remoteAddress: String { head.remoteAddress }
    /// Whether it came over TLS.
    public var isTLS: Bool { head.isTLS }
    /// The request id, echoed as `X-Request-Id`.
    public var id: String { head.id }
}
