import GatewayTesting
import WireJSON

extension DaemonProcess {
    /// The bytes of a request to the admin API, with the token.
    func adminRequest(_ method: String, _ target: String, _ body: String = "") -> [UInt8] {
        Array(
            ("\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAuthorization: Token token=\(token)\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8)
    }

    /// Writes to the admin API on a connection of its own, and gives what it answers.
    ///
    /// - Throws: `ProgramFailure` where that is no success; `RawConnectionError`.
    @discardableResult
    func write(_ method: String, _ target: String, _ body: String) throws -> JSONValue {
        let reply = try RawConnection(port: port).exchange(adminRequest(method, target, body))
        guard (200...204).contains(reply.status) else {
            throw ProgramFailure("\(method) \(target): \(reply.status) \(reply.text)")
        }
        return reply.body.isEmpty ? .null : try JSONValue(parsing: reply.body)
    }
}
