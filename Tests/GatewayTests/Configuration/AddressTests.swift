import Gateway
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1", 8080), ("[::1]:0", "::1", 0), ("[2001:db8::7]:65535", "2001:db8::7", 65535),
        ("localhost:80", "localhost", 80), ("0.0.0.0:443", "0.0.0.0", 443),
    ])
    func anAddressIsReadAndWrittenAlike(_ text: String, host: String, port: Int) throws {
        let address = try #require(ListenAddress(text))
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.scheme == nil)
        #expect(address.description == text)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080", ListenAddress(host: "127.0.0.1", port: 8080, scheme: .http)),
        ("https://[::]:8443", ListenAddress(host: "::", port: 8443, scheme: .https)),
        ("https://http:1", ListenAddress(host: "http", port: 1, scheme: .https)),
        ("http:80", ListenAddress(host: "http", port: 80)),
    ])
    func aSchemeMayStandInFront(_ text: String, address: ListenAddress) {
        #expect(ListenAddress(text) == address)
        #expect(address.description == text)
    }

    @Test(arguments: [
        "", ":", ":80", "a", "a:", "a:b", "a:-1", "a:+1", "a:65536", "::1:80", "[::1]", "[a]:80", "[::1/64]:80",
        "a b:80", "a:80 ", "a:٣", "[]:80", "[127.0.0.1]:80", "http://", "http://:80", "http://a",
        "http://a:80/", "https://a:80/x", "https://a:80?", "HTTPS://a:80", "https:/a:80", "https:a:80", "ftp://a:80",
        "http://https://a:80", "https://u:p@a:80", " https://a:80", "https:// a:80", "https://[a]:80",
    ])
    func whatIsNoAddressIsRefused(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
