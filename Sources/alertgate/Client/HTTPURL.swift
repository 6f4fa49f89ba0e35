/// The base URL of a gateway, taken apart.
struct HTTPURL {
    var isTLS: Bool
    /// An IP address or name, without brackets.
    var host: String
    var port: Int
    /// What precedes every path, without a slash at the end.
    var path: String

    /// Reads `http[s]://HOST[:PORT][/PATH]`, the scheme in any letter case; nil where the text is something else. A user and
    /// password are refused: they
    /// would stand in the process list.
    init?(_ text: String) {
        guard let scheme = ["http://", "https://"].first(where: text.lowercased().hasPrefix) else { return nil }
        isTLS = scheme == "https://"
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        guard path.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        else { return nil }
        self.path = path
        var name = authority
        port = isTLS ? 443 : 80
        let hasPort = name.last != "]" && name.contains(":")
        if hasPort, let colon = name.lastIndex(of: ":") {
            guard let number = Int(name[name.index(after: colon)...]), (1...65535).contains(number) else { return nil }
            port = number
            name = name[..<colon]
        }
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        let forbidden = Set("@?#[]/\\ ".utf8)
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !forbidden.contains($0) }) else {
            return nil
        }
        host = String(name)
    }

    /// What `init` wants, for people.
    static let expectation = "--url expects http:// or https://, a host, and at most a port and a path"

    /// What stands in the `Host` header.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// A text for use in a query (RFC 3986 section 2.3: what is unreserved stays).
    static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
