import NIOHTTP1

/// By which address a client knows the gateway (rest-api.md section 1), and which address the client has.
///
/// Only a trusted proxy is asked. `X-Forwarded-For` says who the client is; `X-Forwarded-Proto`, `X-Forwarded-Host` and
/// `X-Forwarded-Port` say what the client called; of a list the first element counts. `Forwarded` (RFC 7239) says each of
/// the two if no `X-Forwarded-*` field does: a proxy that sets those lets a client's own `Forwarded` through.
package struct ClientOrigin: Sendable, Hashable {
    /// `https` or `http`.
    package var scheme: String
    /// Host and, unless it is the scheme's own, port.
    package var host: String

    /// What a request says, with the proxies whose headers are believed.
    package init(_ head: HTTPRequest.Head, trusting proxies: [AddressRange]) {
        scheme = head.isTLS ? "https" : "http"
        // A request that names no host is HTTP/1.0, or careless. One whose host is none was refused by the listener.
        var place = (head.target.authority ?? head.headers.first(name: "Host")).flatMap { HostAndPort($0) }
        if proxies.contains(where: { $0.contains(head.remoteAddress) }) {
            let named = Named(head.headers)
            if let named = named.scheme { scheme = named }
            if let named = named.host { place = named }
            if place?.port == nil, let named = named.port { place?.port = named }
        }
        host = place?.text(scheme: scheme) ?? "localhost"
    }

    /// The client's IP address as text; the peer's own if that is no trusted proxy, `unix` for a local socket.
    package static func address(of head: HTTPRequest.Head, trusting proxies: [AddressRange]) -> String {
        let isTrusted = { (address: String) in proxies.contains { $0.contains(address) } }
        guard isTrusted(head.remoteAddress) else { return head.remoteAddress }
        var chain = head.headers[canonicalForm: "X-Forwarded-For"].map { String($0) }
        if !head.headers.contains(name: "X-Forwarded-For") {
            chain = ForwardedField(head.headers)?.elements.map { $0.client ?? "unknown" } ?? []
        }
        // The nearest proxy appends on the right: the first from there that is no proxy of ours is the client. Behind what
        // is no address (`unknown`, an obfuscated identifier) nobody vouches for what stands there.
        var nearest = head.remoteAddress
        for hop in chain.reversed() {
            let address = withoutPort(hop)
            guard AddressRange.bytes(of: address) != nil else { break }
            nearest = address
            guard isTrusted(address) else { break }
        }
        return nearest
    }

    /// An address as some proxies write it, with the port of the connection: `192.0.2.7:51234`, `[2001:db8::1]:51234`.
    private static func withoutPort(_ text: String) -> String {
        if text.utf8.first == UInt8(ascii: "["), let end = text.utf8.lastIndex(of: UInt8(ascii: "]")) {
            return String(text[..<end].dropFirst())
        }
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
            colon == text.utf8.lastIndex(of: UInt8(ascii: ":"))
        else { return text }
        return String(text[..<colon])
    }

    /// What a proxy says that the client called. What cannot be used is nil.
    private struct Named {
        var scheme: String?
        var host: HostAndPort?
        var port: Int?

        init(_ headers: HTTPHeaders) {
            if ["X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port"].contains(where: headers.contains(name:)) {
                scheme = Named.scheme(headers[canonicalForm: "X-Forwarded-Proto"].first)
                host = headers[canonicalForm: "X-Forwarded-Host"].first.flatMap { HostAndPort($0) }
                port = headers[canonicalForm: "X-Forwarded-Port"].first.flatMap { HostAndPort.port($0.utf8) }
            } else if let first = ForwardedField(headers)?.elements.first {
                scheme = Named.scheme(first.scheme?[...])
                host = first.host.flatMap { HostAndPort($0) }
            }
        }

        private static func scheme(_ text: Substring?) -> String? {
            guard let scheme = text?.lowercased(), scheme == "https" || scheme == "http" else { return nil }
            return scheme
        }
    }
}
