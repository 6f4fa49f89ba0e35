import NIOHTTP1

/// What a head says about the body to come and about the connection (RFC 9110 section 10.1.1, RFC 9112 sections 6 and 9).
struct RequestFraming: Equatable, Sendable {
    /// What the client waits for before it sends its body.
    enum Expectation: Equatable, Sendable {
        case none
        /// `100-continue`.
        case interimResponse
        /// Anything else: answered with 417.
        case unknown
    }

    /// The announced length of the body.
    var contentLength: Int?
    /// Whether the body comes in chunks.
    var isChunked = false
    /// Whether the body comes in a coding that nobody here takes apart.
    var isCoded = false
    var expectation = Expectation.none
    /// Whether it names two hosts, or one that is none: answered with 400 (RFC 9112 section 3.2).
    var hasBadHost = false
    /// Whether the client wants to go on using the connection.
    var keepsAlive = true
    /// Whether it is a `HEAD` request, whose answer has no body.
    var isHead = false
    /// Whether the client speaks HTTP/1.0 and must be told that the connection stays open.
    var isVersion10 = false

    /// Whether anything comes after the head.
    var expectsBody: Bool { isChunked || (contentLength ?? 0) > 0 }
}

extension RequestFraming {
    /// Reads a head that the parser let pass, so lengths are numbers and not contradictory. The values have no blanks
    /// around them (`HTTPHeaders.trimmed`).
    init(_ head: HTTPRequestHead) {
        isVersion10 = head.version.minor == 0
        isHead = head.method == .HEAD
        keepsAlive = head.isKeepAlive && head.method != .CONNECT
        var isHostKnown = false
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4 where name.isSameToken(as: "host"):
                // An empty one is sent where the target has no host (RFC 9110 section 7.2).
                if isHostKnown || (!value.isEmpty && HostAndPort(value) == nil) { hasBadHost = true }
                isHostKnown = true
            case 6 where name.isSameToken(as: "expect"):
                // A 1.0 client cannot take an interim response, and its expectation is to be ignored.
                guard !isVersion10 else { break }
                expectation = value.isSameToken(as: "100-continue") ? .interimResponse : .unknown
            case 7 where name.isSameToken(as: "upgrade"):
                // The parser stops behind a request that offers another protocol, so nothing more can be read.
                keepsAlive = false
            case 14 where name.isSameToken(as: "content-length"):
                // The parser takes numbers that are larger than any memory, too.
                contentLength = Int(value) ?? .max
            case 17 where name.isSameToken(as: "transfer-encoding"):
                // What does not end in `chunked` has no end, and the parser fails behind the head.
                isCoded = isChunked || (value.utf8.count > 7 && String(value.suffix(7)).isSameToken(as: "chunked"))
                isChunked = true
            default:
                break
            }
        }
        // Whoever speaks 1.0 may not know where such a body ends (RFC 9112 section 6.1).
        if isVersion10, isChunked { keepsAlive = false }
    }
}

extension String {
    /// Whether two ASCII tokens are the same in any letter case. `lowercase` is so already.
    func isSameToken(as lowercase: StaticString) -> Bool {
        guard utf8.count == lowercase.utf8CodeUnitCount else { return false }
        var expected = lowercase.utf8Start
        for byte in utf8 {
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            guard (isUpper ? byte | 0x20 : byte) == expected.pointee else { return false }
            expected += 1
        }
        return true
    }
}
