/// Who a request really comes from, and by which address the client knows the gateway (rest-api.md section 1).
struct ClientOrigin: Sendable, Hashable {
    /// The client's IP address.
    var address: String
    /// `https` or `http`.
    var scheme: String
    /// Host and, where it is not the scheme's own, port.
    var host: String

    init(_ head: HTTPRequest.Head, trusting proxies: [AddressRange]) {
        address = head.remoteAddress
        scheme = head.isTLS ? "https" : "http"
        host = head.headers.first(name: "Host") ?? "localhost"
        let isTrusted = { (address: String) in proxies.contains { $0.contains(address) } }
        guard isTrusted(head.remoteAddress) else { return }
        // The nearest proxy appends on the right: the first from there that is no proxy of ours is the client.
        let chain = head.headers[canonicalForm: "X-Forwarded-For"].map { Self.withoutPort(String($0)) }
        if let client = chain.last(where: { !isTrusted($0) }) ?? chain.first { address = client }
        if let forwarded = head.headers.first(name: "X-Forwarded-Proto")?.lowercased(),
            forwarded == "https" || forwarded == "http"
        {
            scheme = forwarded
        }
        if let forwarded = head.headers.first(name: "X-Forwarded-Host"), !forwarded.isEmpty { host = forwarded }
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
}
