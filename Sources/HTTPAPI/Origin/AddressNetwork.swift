import Glibc

/// What counts as one sender where only its address is known: the address itself, and of IPv6 the network of 64 bits that it
/// is in, all of which a single host has (RFC 4291 section 2.5.4). A text that is no address counts as itself.
struct AddressNetwork: Hashable, Sendable {
    private let text: String

    /// The network of an address in text.
    init(of address: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &bytes) == 1 else {
            text = address
            return
        }
        for index in 8..<16 { bytes[index] = 0 }
        var network = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &network, socklen_t(network.count)) != nil else {
            text = address
            return
        }
        text = String(decoding: network.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
