import Testing

@testable import HTTPAPI
@testable import HTTPServer

/// RFC 9112 sections 5.1 and 6: blanks around values, lengths, and codings.
@Suite(.timeLimit(.minutes(5))) struct FramingTests {
    @Test(arguments: ["Content-Length: 2 ", "Content-Length:\t 2  "])
    func blanksBehindALengthAreNoPartOfIt(field: String) async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            for _ in 0..<2 {
                try client.send("POST /x HTTP/1.1\r\nHost: h\r\n\(field)\r\nExpect: 100-continue \r\n\r\n")
                #expect(try client.readHead() == "HTTP/1.1 100 Continue")
                try client.send("ok")
                #expect(try client.readResponse().body == "POST /x ok")
            }
        }
    }

    @Test func blanksBehindOtherValuesAreNoPartOfThem() {
        let fields = HTTPRequest.Head(
            method: "GET", target: RequestTarget("/"), headers: ["A": "b c \t", "D": "", "E": " "])
        #expect(fields.headers.trimmed.map(\.value) == ["b c", "", ""])
        #expect(fields.headers.trimmed.map(\.name) == ["A", "D", "E"])
    }

    /// Without room for the body there is no sense in waiting for it.
    @Test(arguments: ["9223372036854775807", "9223372036854775808", "18446744073709551615"])
    func aLengthBeyondAllMeasureIsTooLarge(length: String) async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: \(length)\r\n\r\n")
            #expect(try client.readResponse().status == 413)
        }
    }

    @Test(arguments: ["gzip, chunked", "deflate, gzip, Chunked", "identity, chunked"])
    func aCodingThatNobodyTakesApartIsRefused(coding: String) async throws {
        let responder = ScriptedResponder()
        try await withListener(responder) { port, _ in
            let client = try RawClient(port: port)
            try client.send(
                "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \(coding)\r\n\r\n2\r\nok\r\n0\r\n\r\n")
            let answer = try client.readResponse()
            #expect(answer.status == 501 && answer["Connection"] == "close", "\(answer)")
            #expect(responder.served.isEmpty)
        }
    }

    /// Whoever speaks 1.0 may not know where such a body ends.
    @Test func chunksIn10EndTheConnection() async throws {
        try await withListener { port, _ in
            let client = try RawClient(port: port)
            try client.send(
                "POST /x HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")
            let answer = try client.readResponse()
            #expect(answer["Connection"] != "keep-alive", "\(answer)")
            #expect(try client.readToEnd().isEmpty)
        }
    }
}
