import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import HTTPServer

/// The listener's parts that need no connection.
@Suite struct ListenerPartsTests {
    @Test(arguments: [
        ("/a", "/a", nil), ("/a?b", "/a", "b"), ("/a?", "/a", ""), ("/a?b?c=/d", "/a", "b?c=/d"), ("/", "/", nil),
        ("/?x", "/", "x"), ("/a%3Fb", "/a%3Fb", nil), ("//a", "/a", nil), ("///a//b?//c", "/a//b", "//c"),
        ("//", "/", nil), ("//?x", "/", "x"),
        ("http://h//a", "/a", nil), ("http://h///", "/", nil), ("/a://b/c", "/a://b/c", nil),
        ("http://h/a?b", "/a", "b"), ("https://h:8/a/b", "/a/b", nil), ("http://h", "/", nil), ("http://h?x", "/", "x"),
        ("*", "*", nil), ("h:443", "h:443", nil), ("", "/", nil), ("?x", "/", "x"),
    ])
    func targetsAreTakenApart(text: String, path: String, query: String?) {
        let target = RequestTarget(text)
        #expect(target.text == text)
        #expect(target.path == path)
        #expect(target.query == query)
    }

    @Test(arguments: [
        ("http://h/a", "h"), ("https://h:8?x", "h:8"), ("HTTP://u@h", "u@h"), ("http:///a", ""), ("/http://h/a", nil),
        ("*", nil), ("h:443", nil), ("/a", nil), ("", nil),
    ])
    func onlyAnAbsoluteFormHasAHost(text: String, authority: String?) {
        #expect(RequestTarget(text).authority == authority)
    }

    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"), (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"),
    ])
    func datesAreIMFFixdate(seconds: Int, text: String) {
        #expect(String(decoding: DateCache.format(unixSeconds: seconds), as: UTF8.self) == text)
    }

    // MARK: Request ids

    @Test func requestIDsAscendAndAreNeverRepeated() {
        let generator = RequestIDGenerator()
        let ids = (0..<5000).map { _ in generator.make() }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.utf8.count == 15 })
        let alphabet = Set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        #expect(ids.allSatisfy { $0.allSatisfy(alphabet.contains) })
    }

    @Test func requestIDsOfALaterStartAreGreater() {
        let early = RequestIDGenerator(unixSeconds: 1_800_000_000, chance: .max)
        let late = RequestIDGenerator(unixSeconds: 1_800_000_001, chance: 0)
        #expect(early.make() < late.make())
    }

    @Test func requestIDsDifferBetweenThreads() async {
        let generator = RequestIDGenerator()
        let ids = await withTaskGroup(of: [String].self) { group in
            for _ in 0..<4 { group.addTask { (0..<2000).map { _ in generator.make() } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(ids).count == 8000)
    }

    // MARK: Answers

    private func encode(
        _ response: HTTPResponse, keepsAlive: Bool = true, omitsBody: Bool = false
    ) -> String {
        var buffer = ByteBuffer()
        let form = ConnectionState.AnswerForm(
            keepsAlive: keepsAlive, omitsBody: omitsBody, continuation: .nextRequest)
        ResponseEncoder.write(
            response, form: form, requestID: "ID", date: Array("DATE".utf8), to: &buffer)
        return String(buffer: buffer)
    }

    @Test func anAnswerIsOneBlockOfBytes() {
        #expect(
            encode(HTTPResponse(status: 202, headers: ["Retry-After": "1"], text: "{}"))
                == "HTTP/1.1 202 Accepted\r\nRetry-After: 1\r\nContent-Type: application/json; charset=utf-8\r\n"
                + "Content-Length: 2\r\nX-Request-Id: ID\r\nDate: DATE\r\nServer: alertgate\r\n\r\n{}")
    }

    @Test func framingFieldsOfTheResponderAreLeftOut() {
        let response = HTTPResponse(
            status: 200,
            headers: [
                "content-length": "99", "Transfer-Encoding": "chunked", "CONNECTION": "keep-alive", "date": "x",
                "Server": "y", "x-request-id": "z", "content-type": "text/plain",
            ], text: "abc")
        #expect(
            encode(response, keepsAlive: false)
                == "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nContent-Length: 3\r\nX-Request-Id: ID\r\n"
                + "Date: DATE\r\nServer: alertgate\r\nConnection: close\r\n\r\nabc")
    }

    @Test(arguments: ["a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b"])
    func aFieldCannotSmuggleInAnother(value: String) {
        let text = encode(HTTPResponse(status: 200, headers: ["X-A": value, "X-\r\nB": "c"]))
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.count == 10)
        #expect(!text.utf8.contains(0))
        #expect(!lines.contains { $0.hasPrefix("Set-Cookie") || $0.hasPrefix("b") || $0.hasPrefix("B") })
    }

    @Test(arguments: [204, 304])
    func statusesWithoutBodyHaveNone(status: Int) {
        let text = encode(HTTPResponse(status: status, text: "abc"))
        #expect(!text.contains("Content-Length"))
        #expect(text.hasSuffix("\r\n\r\n"))
    }

    // MARK: Sockets of the service manager

    @Test func inheritedSocketsAreNamed() throws {
        let environment = ["LISTEN_PID": "7", "LISTEN_FDS": "3", "LISTEN_FDNAMES": "http::admin"]
        let sockets = try InheritedSockets(environment: environment, processID: 7).sockets
        #expect(sockets.map(\.descriptor) == [3, 4, 5])
        #expect(sockets.map(\.name) == ["http", "unknown", "admin"])
    }

    @Test(arguments: [
        [:], ["LISTEN_FDS": "1"], ["LISTEN_PID": "7"], ["LISTEN_PID": "8", "LISTEN_FDS": "1"],
        ["LISTEN_PID": "7", "LISTEN_FDS": "0"], ["LISTEN_PID": "8", "LISTEN_FDS": "x"],
    ])
    func socketsMeantForNobodyOrAnotherAreNotTaken(environment: [String: String]) throws {
        #expect(try InheritedSockets(environment: environment, processID: 7).sockets.isEmpty)
    }

    @Test(arguments: [
        (["LISTEN_PID": "x", "LISTEN_FDS": "1"], "LISTEN_PID"), (["LISTEN_PID": "7", "LISTEN_FDS": "x"], "LISTEN_FDS"),
        (["LISTEN_PID": "7", "LISTEN_FDS": "-1"], "LISTEN_FDS"),
        (["LISTEN_PID": "7", "LISTEN_FDS": "99999999"], "LISTEN_FDS"),
    ])
    func malformedVariablesAreNamed(environment: [String: String], variable: String) {
        let error = #expect(throws: InheritedSockets.Malformed.self) {
            try InheritedSockets(environment: environment, processID: 7)
        }
        #expect(error?.variable == variable)
    }

    // MARK: Addresses

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("::1", "::1"), ("2001:db8::1", "2001:db8::1"), ("::ffff:192.0.2.1", "192.0.2.1"),
    ])
    func senderAddressesAreShownWithoutPort(address: String, text: String) throws {
        #expect(try SocketAddress(ipAddress: address, port: 1).textWithoutPort == text)
    }

    @Test func aLocalSocketHasNoAddress() throws {
        #expect(try SocketAddress(unixDomainSocketPath: "/x").textWithoutPort == "unix")
    }
}
