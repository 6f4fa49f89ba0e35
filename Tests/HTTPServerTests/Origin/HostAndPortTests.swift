import Testing

@testable import HTTPServer

@Suite struct HostAndPortTests {
    @Test(arguments: [
        ("gw", "gw", nil), ("gw.example:8443", "gw.example", 8443), ("GW.example.", "GW.example.", nil),
        ("192.0.2.7:1", "192.0.2.7", 1), ("my_app-1:65535", "my_app-1", 65_535), ("gw:", "gw", nil),
        ("[2001:db8::1]", "[2001:db8::1]", nil), ("[::1]:8080", "[::1]", 8080),
        ("[::ffff:192.0.2.7]", "[::ffff:192.0.2.7]", nil),
        ("[fe80::1%25eth0]:80", "[fe80::1]", 80), ("[fe80::1%eth0]", "[fe80::1]", nil),
    ])
    func namesAndAddressesAreHosts(text: String, host: String, port: Int?) throws {
        let read = try #require(HostAndPort(text))
        #expect(read.host == host)
        #expect(read.port == port)
    }

    @Test(arguments: [
        "", " ", ":80", "a b", " gw", "gw ", "a/b", "user@gw", "gw:port", "gw:0", "gw:65536", "gw:-1", "gw:+1",
        "gw:8 0", "gw:80:80",
        "a..b", ".a", ".", "a,b", "a\"b", "<a>", "a%41", "é", "a\u{0}", "a\tb", "a?b", "a#b", "http://gw",
        "2001:db8::1", "[::1",
        "[]", "[gw]", "[192.0.2.7]", "[::1]80", "[::1] :80", "[::1%]x",
        String(repeating: "a", count: 256),
    ])
    func everythingElseIsNone(text: String) {
        #expect(HostAndPort(text) == nil)
    }

    @Test func theSchemesOwnPortIsLeftOut() throws {
        let host = try #require(HostAndPort("gw:443"))
        #expect(host.text(scheme: "https") == "gw")
        #expect(host.text(scheme: "http") == "gw:443")
        #expect(try #require(HostAndPort("gw:80")).text(scheme: "http") == "gw")
    }
}
