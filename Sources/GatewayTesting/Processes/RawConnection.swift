import Foundation

/// What a server answered on a `RawConnection`.
public struct RawReply: Sendable {
    /// The status code.
    public let status: Int
    /// Names as sent, and values without the blanks around them.
    public let headers: [(name: String, value: String)]
    /// The body, with a chunked one put together.
    public let body: [UInt8]

    /// The first header of that name, in any case.
    public func header(_ name: String) -> String? {
        headers.first { header in header.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as text, for messages of tests.
    public var text: String { String(decoding: body, as: UTF8.self) }
}

/// Why a `RawConnection` did not give what was asked of it.
public enum RawConnectionError: Error, Equatable {
    /// A system call failed; `connect` with ECONNREFUSED is a refused connection.
    case system(call: String, errno: Int32)
    /// The server closed after that many bytes of its answer.
    case closed(received: Int)
    /// The bytes are no HTTP/1.1 answer.
    case malformed(String)
}

/// A blocking TCP connection that sends exactly the bytes it is given and reads HTTP/1.1 answers.
///
/// Used by one thread at a time, never on the cooperative pool.
public final class RawConnection {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isOpen = true

    /// Connects to a port of 127.0.0.1; reading and writing give up after `limit` seconds.
    ///
    /// - Throws: `RawConnectionError`.
    public init(port: Int, limit: Int = 30) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw RawConnectionError.system(call: "socket", errno: errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var time = timeval(tv_sec: limit, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        let status = LoopbackPort.withAddress(port: port) { address, length in
            connect(descriptor, address, length)
        }
        guard status == 0 else {
            let code = errno
            Glibc.close(descriptor)
            isOpen = false
            throw RawConnectionError.system(call: "connect", errno: code)
        }
    }

    deinit { close() }

    /// Closes the connection. Doing it again does nothing.
    public func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(descriptor)
    }

    /// Sends all the bytes.
    ///
    /// - Throws: `RawConnectionError`.
    public func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { part in
                Glibc.send(descriptor, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw RawConnectionError.system(call: "send", errno: errno) }
            sent += count
        }
    }

    /// The next answer, interim ones (1xx) included. `hasBody` is false for the answer to a HEAD request.
    ///
    /// - Throws: `RawConnectionError`.
    public func receive(hasBody: Bool = true) throws -> RawReply {
        var lines = [try line()]
        while let last = lines.last, !last.isEmpty { lines.append(try line()) }
        let words = lines[0].split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw RawConnectionError.malformed(lines[0])
        }
        let headers = try lines.dropFirst().dropLast().map { line in
            guard let colon = line.firstIndex(of: ":") else { throw RawConnectionError.malformed(line) }
            let value = line[line.index(after: colon)...]
            return (name: String(line[..<colon]), value: value.trimmingCharacters(in: .whitespaces))
        }
        let head = RawReply(status: status, headers: headers, body: [])
        guard hasBody, status >= 200, status != 204, status != 304 else { return head }
        return RawReply(status: status, headers: headers, body: try body(after: head))
    }

    /// Sends a request and reads its answer.
    ///
    /// - Throws: `RawConnectionError`.
    public func exchange(_ bytes: [UInt8]) throws -> RawReply {
        try send(bytes)
        return try receive()
    }

    /// Whether an answer, or the end of the connection, is there to be read. Does not wait.
    public var hasInput: Bool {
        var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return !buffer.isEmpty || poll(&state, 1, 0) > 0
    }

    /// Whether the server closes the connection, with an end or a reset, without sending any more.
    ///
    /// - Throws: `RawConnectionError` where it does neither in time.
    public func isClosedByServer() throws -> Bool {
        guard buffer.isEmpty else { return false }
        do {
            try fill()
            return false
        } catch RawConnectionError.closed, RawConnectionError.system("recv", ECONNRESET) {
            return true
        }
    }

    private func body(after head: RawReply) throws -> [UInt8] {
        if head.header("transfer-encoding")?.lowercased() == "chunked" {
            var body: [UInt8] = []
            while true {
                let size = try line()
                guard let count = Int(size.prefix { character in character != ";" }, radix: 16) else {
                    throw RawConnectionError.malformed(size)
                }
                body += try bytes(count)
                _ = try line()
                if count == 0 { return body }
            }
        }
        guard let length = head.header("content-length").flatMap({ Int($0) }) else {
            throw RawConnectionError.malformed("an answer without Content-Length")
        }
        return try bytes(length)
    }

    private func line() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = buffer[..<end].last == 0x0D ? buffer[..<(end - 1)] : buffer[..<end]
                let text = String(decoding: line, as: UTF8.self)
                buffer.removeFirst(end + 1)
                return text
            }
            try fill()
        }
    }

    private func bytes(_ count: Int) throws -> [UInt8] {
        while buffer.count < count { try fill() }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private func fill() throws {
        var part = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &part, part.count, 0)
        guard count >= 0 else { throw RawConnectionError.system(call: "recv", errno: errno) }
        guard count > 0 else { throw RawConnectionError.closed(received: buffer.count) }
        buffer += part[..<count]
    }
}
