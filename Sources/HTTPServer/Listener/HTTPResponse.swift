import NIOHTTP1

/// An answer. The listener adds `Content-Length`, `X-Request-Id`, `Date`, `Server` and `Connection`, and
/// `Content-Type: application/json; charset=utf-8` unless one is set (events-api.md section 7).
public struct HTTPResponse: Sendable, Equatable {
    /// The status code, 200 to 599.
    public var status: Int
    /// More header fields. Those that the listener adds itself (all but `Content-Type`) are left out if given here; a line
    /// break in a value is sent as a space.
    public var headers: HTTPHeaders
    /// The body. Not sent to a `HEAD` request, nor with 204 and 304, but its length is told to `HEAD`.
    public var body: [UInt8]
    /// Whether to close the connection afterwards, whatever the client wished.
    public var closesConnection: Bool

    /// An answer made of its parts.
    public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = [], closesConnection: Bool = false) {
        self.status = status
        self.headers = headers
        self.body = body
        self.closesConnection = closesConnection
    }

    /// An answer whose body is that text.
    public init(status: Int, headers: HTTPHeaders = [:], text: String, closesConnection: Bool = false) {
        self.init(status: status, headers: headers, body: Array(text.utf8), closesConnection: closesConnection)
    }
}
