extension HTTPResponse {
    /// What cannot be parsed.
    static let badRequest = HTTPResponse(
        status: 400, text: #"{"status":"invalid request","message":"Bad request"}"#, closesConnection: true)

    /// Two hosts, or one that is none. A proxy may have sent the request here for another host than this side would read.
    static let badHost = HTTPResponse(
        status: 400, text: #"{"status":"invalid request","message":"Bad Host header"}"#, closesConnection: true)

    /// A request that did not arrive in time. Not 408: most senders drop an event that is answered so, and try again after
    /// a 503 (events-api.md section 7.4).
    static let requestTimeout = HTTPResponse(
        status: 503, headers: ["Retry-After": "1"],
        text: #"{"status":"error","message":"Request timeout, please retry"}"#, closesConnection: true)

    /// More bodies under way than the listener has room for.
    static let overloaded = HTTPResponse(
        status: 503, headers: ["Retry-After": "1"],
        text: #"{"status":"error","message":"Service unavailable, please retry"}"#, closesConnection: true)

    /// A `Transfer-Encoding` with more than `chunked` (RFC 9112 section 6.1).
    static let codingUnsupported = HTTPResponse(
        status: 501, text: #"{"status":"invalid request","message":"Unsupported transfer coding"}"#,
        closesConnection: true)

    /// An `Expect` other than `100-continue`.
    static let expectationFailed = HTTPResponse(
        status: 417, text: #"{"status":"invalid request","message":"Unsupported expectation"}"#, closesConnection: true)
}
