import NIOHTTP1
import Testing

@testable import HTTPServer

/// RFC 7239, as it is and as proxies write it.
@Suite struct ForwardedFieldTests {
    private typealias Element = ForwardedField.Element

    private func read(_ values: String...) -> [Element]? {
        ForwardedField(HTTPHeaders(values.map { ("forwarded", $0) }))?.elements
    }

    @Test func theExamplesOfTheSpecificationAreRead() {
        #expect(read(#"for="_gazonk""#) == [Element(client: "_gazonk")])
        #expect(read(#"For="[2001:db8:cafe::17]:4711""#) == [Element(client: "[2001:db8:cafe::17]:4711")])
        #expect(
            read("for=192.0.2.60;proto=http;by=203.0.113.43") == [Element(client: "192.0.2.60", scheme: "http")])
        #expect(
            read("for=192.0.2.43, for=198.51.100.17") == [
                Element(client: "192.0.2.43"), Element(client: "198.51.100.17"),
            ])
        #expect(read("for=192.0.2.43", "for=unknown") == [Element(client: "192.0.2.43"), Element(client: "unknown")])
        #expect(
            read(#"for=192.0.2.43, for="[2001:db8:cafe::17]",for=unknown"#)?.map(\.client) == [
                "192.0.2.43", "[2001:db8:cafe::17]", "unknown",
            ])
    }

    @Test func quotesMayHoldSeparatorsAndEscapes() {
        #expect(
            read(#"host="gw.example:8443";proto="https", host="a,b;c=d""#) == [
                Element(host: "gw.example:8443", scheme: "https"), Element(host: "a,b;c=d"),
            ])
        #expect(read(#"host="a\"b\\c""#) == [Element(host: #"a"b\c"#)])
    }

    @Test func whatProxiesWriteWithoutQuotesIsReadToo() {
        #expect(
            read("FOR=[2001:db8::1]:80; Host=gw:8443; Proto=HTTPS;secret=x ,") == [
                Element(client: "[2001:db8::1]:80", host: "gw:8443", scheme: "HTTPS")
            ])
        #expect(read(", ,for=192.0.2.1,;") == [Element(client: "192.0.2.1")])
        #expect(read("") == [])
    }

    @Test(arguments: [
        "for", "for=", "=192.0.2.1", "for =192.0.2.1", "for= 192.0.2.1", #"for="192.0.2.1"#, #"for="a\"#, #"for="a"b"#,
        "for=a b",
        "for=a;for=b", "host=a;HOST=b", "host=é", "for=192.0.2.1, host",
    ])
    func aMalformedFieldSaysNothing(value: String) {
        #expect(read(value) == nil)
        #expect(read("for=192.0.2.9", value) == nil)
    }

    @Test func noFieldIsNone() {
        #expect(read() == nil)
    }
}
