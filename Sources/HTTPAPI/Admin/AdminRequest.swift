/// A request to the admin API, free of any HTTP library's types.
public struct AdminRequest: Sendable {
    /// The method, as sent: `GET`, `PUT`, ...
    public var method: String
    /// The path without the query, as sent: not percent-decoded.
    public var path: String
    /// What stands after the `?`, as sent; nil where there is none.
    public var query: String?
    /// The body as sent, at most `AdminAPI.maximumBodySize` bytes.
    public var body: [UInt8]
    /// How the body is encoded.
    var coding = ContentCoding.identity
    /// `http` or `https`, as the client saw it (`ClientOrigin`).
    public var scheme: String
    /// Host and port as the client named them (`ClientOrigin`); nil if the client named none.
    public var host: String?
    /// The value of a header field, whatever the case of its name; the first, where it stands more than once.
    public var header: @Sendable (_ name: String) -> String?

    /// A request.
    public init(
        method: String, path: String, query: String? = nil, body: [UInt8] = [], scheme: String = "http",
        host: String? = nil, header: @escaping @Sendable (_ name: String) -> String?
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.scheme = scheme
        self.host = host
        self.header = header
    }
}

/// The answer to a request. `Date`, `X-Request-Id` and `Content-Length` are the listener's to add.
public struct AdminResponse: Sendable, Hashable {
    /// A header field.
    public struct Field: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its value.
        public var value: String

        /// A header field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The status code.
    public var status: Int
    /// The header fields, `Content-Type` among them.
    public var headers: [Field]
    /// The body; empty for 204 and 402.
    public var body: [UInt8]

    /// An answer.
    public init(status: Int, headers: [Field], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
