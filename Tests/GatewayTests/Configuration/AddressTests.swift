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
        #expect(address.description == text)
    }

    @Test(arguments: [
        "", ":", ":80", "a", "a:", "a:b", "a:-1", "a:+1", "a:65536", "::1:80", "[::1]", "[a]:80", "[::1/64]:80",
        "a b:80", "a:80 ", "a:٣", "[]:80", "http://a:80", "[127.0.0.1]:80",
    ])
    func whatIsNoAddressIsRefused(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
