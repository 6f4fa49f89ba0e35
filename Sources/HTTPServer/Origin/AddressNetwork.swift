/// What counts as one sender where only its address is known: the address itself, and of IPv6 the network of 64 bits that it
/// is in, all of which a single host has (RFC 4291 section 2.5.4). A text that is no address counts as itself.
package enum AddressNetwork: Hashable, Sendable {
    case address(String)
    /// Its first 8 bytes.
    case network([UInt8])

    /// The network of an address in text. An IPv4 address in IPv6 form is one of IPv4.
    package init(of address: String) {
        guard let bytes = AddressRange.bytes(of: address), bytes.count == 16,
            !bytes.starts(with: AddressRange.mappedPrefix)
        else {
            self = .address(address)
            return
        }
        self = .network(Array(bytes.prefix(8)))
    }
}
