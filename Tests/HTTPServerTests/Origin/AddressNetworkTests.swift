import NIOHTTP1
import Testing

@testable import HTTPServer

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
        #expect(try client(["X-Forwarded-For": forwarded]) == address)
    }

    private func client(_ headers: HTTPHeaders, from peer: String = "10.0.0.1") throws -> String {
        let head = HTTPRequest.Head(
            method: "GET", target: RequestTarget("/"), headers: headers, remoteAddress: peer)
        return ClientOrigin.address(of: head, trusting: [try #require(AddressRange("10.0.0.0/8"))])
    }

    @Test(arguments: [
        ("for=192.0.2.7", "192.0.2.7"), (#"for="192.0.2.7:51234", for=10.0.0.2"#, "192.0.2.7"),
        (#"for="[2001:db8::1]:4711";proto=https"#, "2001:db8::1"), ("for=203.0.113.5, for=192.0.2.7", "192.0.2.7"),
        // Nobody vouches for what stands before a hop without an address.
        ("for=192.0.2.7, for=unknown", "10.0.0.1"), ("for=192.0.2.7, for=_hidden, for=10.0.0.2", "10.0.0.2"),
        ("for=unknown", "10.0.0.1"), ("for=192.0.2.7, proto=https", "10.0.0.1"), ("proto=https", "10.0.0.1"),
        ("for=192.0.2.7, nonsense", "10.0.0.1"), ("", "10.0.0.1"),
    ])
    func aForwardedFieldNamesTheClient(_ field: String, address: String) throws {
        #expect(try client(["Forwarded": field]) == address)
        #expect(try client(["Forwarded": field], from: "192.0.2.99") == "192.0.2.99", "no proxy of ours")
    }

    @Test func theFieldThatProxiesSetMostGoesOverTheOther() throws {
        #expect(
            try client(["X-Forwarded-For": "192.0.2.7", "Forwarded": "for=198.51.100.1"]) == "192.0.2.7")
        #expect(try client(["X-Forwarded-For": "", "Forwarded": "for=198.51.100.1"]) == "10.0.0.1")
        #expect(
            try client(["X-Forwarded-Proto": "https", "Forwarded": "for=198.51.100.1"]) == "198.51.100.1")
    }

    @Test(arguments: ["unknown", "192.0.2.7, unknown", "a b", "192.0.2.7, 10.0.0"])
    func whatIsNoAddressIsNobody(_ forwarded: String) throws {
        #expect(try client(["X-Forwarded-For": forwarded]) == "10.0.0.1")
    }
}
