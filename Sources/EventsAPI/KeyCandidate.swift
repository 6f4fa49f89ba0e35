/// The integration key that a request is to be judged by, known or not. Secret.
public struct KeyCandidate: Sendable, Hashable {
    /// Where a key was found, in order of precedence (events-api.md section 2).
    public enum Origin: Sendable, Hashable, CaseIterable {
        /// The query parameter `integration_key`.
        case query
        /// A segment of the path.
        case path
        /// `routing_key` or `service_key`.
        case body
        /// `X-Routing-Key`.
        case header
    }

    /// The key.
    public var value: String
    /// Where it was found.
    public var origin: Origin

    /// A key with its origin.
    public init(value: String, origin: Origin) {
        self.value = value
        self.origin = origin
    }
}

/// The query parameter `integration_key` (events-api.md section 2, rank 1).
public enum IntegrationKeyQuery {
    /// The key in a query as it stands in the request line, without the `?`: of the first occurrence that is not
    /// blank, percent-decoded, with one trailing `/` taken off. Nil where there is none.
    ///
    /// This is percent-encoding (RFC 3986), not a form: `+` is a plus. A `%` that no two hex digits follow stands for
    /// itself, and bytes that are not UTF-8 become U+FFFD; neither can be part of a key.
    public static func value(inRawQuery query: String) -> String? {
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, PercentEncoding.decode(parts[0]).elementsEqual("integration_key".utf8) else {
                continue
            }
            var value = PercentEncoding.decode(parts[1])
            if value.last == UInt8(ascii: "/") { value.removeLast() }
            let text = String(decoding: value, as: UTF8.self)
            if !Text.isBlank(text) { return text }
        }
        return nil
    }
}
