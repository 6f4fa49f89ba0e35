import NIOCore
import NIOHTTP1

/// Writes an answer as the bytes of one buffer, so that it leaves in one system call.
enum ResponseEncoder {
    /// The interim response to `Expect: 100-continue`.
    static let interimResponse = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")

    /// Appends head and body to the buffer.
    ///
    /// - Parameters:
    ///   - response: the answer.
    ///   - form: what the connection says about it.
    ///   - requestID: what `X-Request-Id` tells.
    ///   - date: what `Date` tells.
    ///   - buffer: where to.
    static func write(
        _ response: HTTPResponse, form: ConnectionState.AnswerForm, requestID: String, date: [UInt8],
        to buffer: inout ByteBuffer
    ) {
        let mayHaveBody = response.status != 204 && response.status != 304
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(response.status))
        buffer.writeStaticString(" ")
        buffer.writeString(HTTPResponseStatus(statusCode: response.status).reasonPhrase)
        buffer.writeStaticString("\r\n")
        let hasContentType = writeFields(response.headers, to: &buffer)
        if mayHaveBody {
            if !hasContentType { buffer.writeStaticString("Content-Type: application/json; charset=utf-8\r\n") }
            buffer.writeStaticString("Content-Length: ")
            buffer.writeString(String(response.body.count))
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("X-Request-Id: ")
        buffer.writeString(requestID)
        buffer.writeStaticString("\r\nDate: ")
        buffer.writeBytes(date)
        buffer.writeStaticString("\r\nServer: alertgate\r\n")
        if !form.keepsAlive {
            buffer.writeStaticString("Connection: close\r\n")
        } else if form.announcesKeepAlive {
            buffer.writeStaticString("Connection: keep-alive\r\n")
        }
        buffer.writeStaticString("\r\n")
        if mayHaveBody, !form.omitsBody { buffer.writeBytes(response.body) }
    }

    /// Appends the responder's own fields.
    ///
    /// - Returns: whether `Content-Type` was among them.
    private static func writeFields(_ fields: HTTPHeaders, to buffer: inout ByteBuffer) -> Bool {
        var hasContentType = false
        for (name, value) in fields where !isWrittenHere(name) {
            if name.isSameToken(as: "content-type") { hasContentType = true }
            writeInOneLine(name, to: &buffer)
            buffer.writeStaticString(": ")
            writeInOneLine(value, to: &buffer)
            buffer.writeStaticString("\r\n")
        }
        return hasContentType
    }

    private static func isWrittenHere(_ name: String) -> Bool {
        switch name.utf8.count {
        case 4: name.isSameToken(as: "date")
        case 6: name.isSameToken(as: "server")
        case 10: name.isSameToken(as: "connection")
        case 12: name.isSameToken(as: "x-request-id")
        case 14: name.isSameToken(as: "content-length")
        case 17: name.isSameToken(as: "transfer-encoding")
        default: false
        }
    }

    /// A line break inside would let whoever chose the value write fields of his own.
    private static func writeInOneLine(_ text: String, to buffer: inout ByteBuffer) {
        if text.utf8.contains(where: isLineBreak) {
            buffer.writeBytes(text.utf8.map { isLineBreak($0) ? UInt8(ascii: " ") : $0 })
        } else {
            buffer.writeString(text)
        }
    }

    private static func isLineBreak(_ byte: UInt8) -> Bool {
        byte == 0 || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
    }
}
