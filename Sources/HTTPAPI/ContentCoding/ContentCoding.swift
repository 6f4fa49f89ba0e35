import NIOHTTP1

/// How the body of a request is encoded (RFC 9110 section 8.4).
enum ContentCoding: Sendable, Hashable {
    /// As it is.
    case identity
    /// Compressed (RFC 1952), once.
    case gzip
    /// Anything else, several codings among it: answered with 415.
    case unsupported

    /// What `Content-Encoding` says. `x-gzip` is an old name of `gzip`; `identity` and empty elements change nothing.
    init(_ headers: HTTPHeaders) {
        self = .identity
        guard headers.contains(name: "Content-Encoding") else { return }
        for coding in headers[canonicalForm: "Content-Encoding"] {
            switch coding.lowercased() {
            case "", "identity": break
            case "gzip", "x-gzip": self = self == .identity ? .gzip : .unsupported
            default: self = .unsupported
            }
        }
    }

    /// Why a body cannot be decoded.
    enum Failure: Error, Hashable {
        /// It would be longer than the limit.
        case tooLarge
        /// It is not what its coding says: cut short, altered, or with something else behind it.
        case damaged
        /// Nobody here takes the coding apart.
        case unsupported
    }

    /// The bytes that the sender meant.
    ///
    /// Runs on the event loop: a body and what it becomes have at most a MiB, which takes zlib a few milliseconds at the worst,
    /// not much more than reading it as JSON does. One at a time on each loop, so that what many compressed bodies become never
    /// lies in memory together before the queue of events counts it.
    ///
    /// - Parameter limit: how many decoded bytes are taken. Nothing is inflated beyond it.
    func decode(_ body: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        switch self {
        case .identity: return body
        case .gzip: return try Gunzip.inflate(body, limit: limit)
        case .unsupported: throw .unsupported
        }
    }
}
