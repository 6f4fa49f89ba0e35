import HTTPAPI
import HTTPServer
import NIOCore

/// A host and port to listen on, written `HOST:PORT`, `http://HOST:PORT` or `https://HOST:PORT`; an IPv6 address stands in
/// brackets: `[::1]:8080`.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// What is spoken there.
    public enum Scheme: String, Sendable, Hashable, CaseIterable {
        /// Plain HTTP.
        case http
        /// HTTP over TLS.
        case https
    }

    /// What is spoken there; nil is TLS where a certificate is set, else plain HTTP.
    public var scheme: Scheme?
    /// An IP address or a host name, without brackets.
    public var host: String
    /// 0 to 65535; 0 lets the system choose.
    public var port: Int

    /// An address from its parts.
    public init(host: String, port: Int, scheme: Scheme? = nil) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// Reads what `description` writes; nil where the text is something else, a path behind the port included.
    public init?(_ text: String) {
        let scheme = Scheme.allCases.first { text.hasPrefix($0.rawValue + "://") }
        let text = scheme.map { text.dropFirst($0.rawValue.utf8.count + 3) } ?? text[...]
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = Int(digits), port <= 65535
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard AddressRange(String(host))?.isIPv6 == true, !host.contains("/") else { return nil }
        } else {
            guard !host.isEmpty, host.utf8.allSatisfy(ListenAddress.isHostByte) else { return nil }
        }
        self.init(host: String(host), port: port, scheme: scheme)
    }

    /// `HOST:PORT`, as it is read, with the scheme in front where there is one.
    public var description: String {
        let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        return scheme.map { "\($0.rawValue)://\(place)" } ?? place
    }

    /// Whether one of them cannot be listened on beside the other: the same address, or one that stands for all addresses
    /// and takes the port of the other. `[::]` takes IPv4 as well. A name overlaps only the same name and `[::]`.
    func overlaps(_ other: ListenAddress) -> Bool {
        guard port == other.port, port != 0 else { return false }
        switch (place, other.place) {
        case (.everything, _), (_, .everything): return true
        case (.everyIPv4, .everyIPv4), (.everyIPv4, .address(isIPv6: false, _)),
            (.address(isIPv6: false, _), .everyIPv4):
            return true
        case (let place, let other): return place == other
        }
    }

    private enum Place: Equatable {
        case everything
        case everyIPv4
        case address(isIPv6: Bool, String)
        case name(String)
    }

    private var place: Place {
        guard let address = try? SocketAddress(ipAddress: host, port: 0) else { return .name(host.lowercased()) }
        // Its own spelling of an address is the same for all.
        let text = address.ipAddress ?? host
        let mapped = "::ffff:"
        let plain = text.hasPrefix(mapped) && text.contains(".") ? String(text.dropFirst(mapped.utf8.count)) : text
        switch plain {
        case "::": return .everything
        case "0.0.0.0": return .everyIPv4
        default: return .address(isIPv6: plain.contains(":"), plain)
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
