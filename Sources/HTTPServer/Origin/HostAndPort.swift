/// The host that a client named, and the port if it named one: what `Host`, `X-Forwarded-Host`, the parameter `host` of
/// `Forwarded` and the authority of a request target hold (RFC 9110 section 7.2).
///
/// Answers repeat it in the URLs of `self`, so only names and addresses pass: no user, no path, no quotes, no blanks.
struct HostAndPort: Sendable, Hashable {
    /// A name, an IPv4 address, or an IPv6 address in brackets, as it was written; without a zone.
    let host: String
    /// The port, 1 to 65,535; nil if none was named.
    var port: Int?

    /// Reads a host with or without a port; nil if the text is neither.
    init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        let end: String.Index
        if bytes.first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")),
                let address = HostAndPort.address(inBrackets: text[text.index(after: text.startIndex)..<bracket])
            else { return nil }
            host = address
            end = bytes.index(after: bracket)
        } else {
            end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
            guard HostAndPort.isName(bytes[..<end]) else { return nil }
            host = String(text[..<end])
        }
        guard end != bytes.endIndex else { return }
        guard bytes[end] == UInt8(ascii: ":") else { return nil }
        let digits = bytes[bytes.index(after: end)...]
        // A colon without a port is allowed (RFC 3986 section 3.2.3).
        guard !digits.isEmpty else { return }
        guard let port = HostAndPort.port(digits) else { return nil }
        self.port = port
    }

    /// How a URL of that scheme writes it: without the port that is the scheme's own.
    func text(scheme: String) -> String {
        guard let port, port != (scheme == "https" ? 443 : 80) else { return host }
        return "\(host):\(port)"
    }

    /// A port in decimal digits; nil for anything else.
    static func port(_ digits: some Collection<UInt8>) -> Int? {
        guard (1...5).contains(digits.count), digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return (1...65_535).contains(number) ? number : nil
    }

    /// Letters, digits, `-`, `_` and dots between them (and one at the end), 255 bytes at most. Underscores are in no host
    /// name of RFC 1123, but in those of containers.
    private static func isName(_ bytes: some Collection<UInt8>) -> Bool {
        guard (1...255).contains(bytes.count) else { return false }
        var isLabelEmpty = true
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                isLabelEmpty = false
            case UInt8(ascii: ".") where !isLabelEmpty: isLabelEmpty = true
            default: return false
            }
        }
        return true
    }

    /// An IPv6 address in its brackets. A zone (RFC 6874), which some clients send with a link-local address, means
    /// something on their own machine only and is left out.
    private static func address(inBrackets text: some StringProtocol) -> String? {
        let address = String(text.prefix { $0 != "%" })
        guard address.utf8.contains(UInt8(ascii: ":")), AddressRange.bytes(of: address)?.count == 16 else { return nil }
        return "[\(address)]"
    }
}
