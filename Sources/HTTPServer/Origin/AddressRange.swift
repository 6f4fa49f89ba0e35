import Glibc

/// An IP address, or a range of them in CIDR notation (RFC 4632): `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.7`.
public struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    /// As it was written.
    public let description: String

    private let bytes: [UInt8]
    private let prefixLength: Int

    /// Reads an address or range; nil where the text is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = AddressRange.bytes(of: String(parts[0])) else { return nil }
        if parts.count == 2 {
            let isNumber = parts[1].utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard isNumber, let length = Int(parts[1]), length <= bytes.count * 8 else { return nil }
            prefixLength = length
        } else {
            prefixLength = bytes.count * 8
        }
        self.bytes = bytes
        description = text
    }

    /// Whether it is of IPv6.
    public var isIPv6: Bool { bytes.count == 16 }

    /// Whether an address, in text, lies in the range. An IPv4 address in IPv6 form (`::ffff:192.0.2.7`) counts as
    /// itself. False for what is no address.
    public func contains(_ address: String) -> Bool {
        guard var other = AddressRange.bytes(of: address) else { return false }
        if !isIPv6, other.count == 16, other.starts(with: AddressRange.mappedPrefix) {
            other.removeFirst(AddressRange.mappedPrefix.count)
        }
        guard other.count == bytes.count else { return false }
        let whole = prefixLength / 8
        guard bytes.prefix(whole) == other.prefix(whole) else { return false }
        let rest = prefixLength % 8
        guard rest > 0 else { return true }
        let mask = UInt8.max << UInt8(8 - rest)
        return bytes[whole] & mask == other[whole] & mask
    }

    /// What precedes an IPv4 address in IPv6 form (RFC 4291 section 2.5.5.2).
    static let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]

    /// The bytes of an address in text, 4 or 16; nil for what is none.
    static func bytes(of address: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, address, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
