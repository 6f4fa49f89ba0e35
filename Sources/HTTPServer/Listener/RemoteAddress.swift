import NIOCore

extension SocketAddress {
    /// The IP address as text without port; an IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2) as IPv4; `unix` for
    /// a local socket.
    var textWithoutPort: String {
        guard let text = ipAddress else { return "unix" }
        let mapped = "::ffff:"
        guard text.utf8.starts(with: mapped.utf8), text.utf8.contains(UInt8(ascii: ".")) else { return text }
        return String(text.dropFirst(mapped.utf8.count))
    }
}
