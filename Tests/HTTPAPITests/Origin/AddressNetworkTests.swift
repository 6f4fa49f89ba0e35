import Testing

@testable import HTTPAPI

/// A host has a network of 64 bits of IPv6, and may send from another address of it each time.
@Suite struct AddressNetworkTests {
    private static let pairs = [
        ("2001:db8:1:2:3:4:5:6", "2001:DB8:1:2::9", true), ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", false), ("unix", "unix", true),
    ]

    @Test(arguments: pairs) func whoCountsAsOne(_ one: String, _ other: String, same: Bool) {
        #expect((AddressNetwork(of: one) == AddressNetwork(of: other)) == same)
    }

    @Test(arguments: [
        ("192.0.2.7:51234", "192.0.2.7"), ("[2001:db8::1]:51234", "2001:db8::1"), ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"), ("192.0.2.7", "192.0.2.7"), ("10.0.0.9:1, 10.0.0.1:2", "10.0.0.9"),
        ("203.0.113.5, 192.0.2.7:51234, 10.0.0.1:2", "192.0.2.7"),
    ])
    func aForwardedAddressMayHaveItsPort(_ forwarded: String, address: String) throws {
        let head = HTTPRequest.Head(
            method: "GET", target: RequestTarget("/"), headers: ["X-Forwarded-For": forwarded],
            remoteAddress: "10.0.0.1")
        let range = try #require(AddressRange("10.0.0.0/8"))
        #expect(ClientOrigin(head, trusting: [range]).address == address)
    }
}
