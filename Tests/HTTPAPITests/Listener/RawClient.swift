import Foundation
import Glibc

/// A blocking TCP client that sends exactly the bytes it is told to. Used on one thread; every wait ends after two
/// minutes with an error.
final class RawClient {
    struct Failure: Error, CustomStringConvertible {
        var description: String
        /// The error number, where a system call failed.
        var code: CInt = 0
    }

    /// An answer taken apart.
    struct Response: Equatable {
        var statusLine: String
        var fields: [String: String]
        var body: String
        var status: Int { Int(statusLine.split(separator: " ").dropFirst().first ?? "") ?? 0 }

        /// Keyed by lower-case name.
        subscript(name: String) -> String? { fields[name.lowercased()] }
    }

    private var descriptor: CInt
    private var received: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            let code = errno
            Glibc.close(descriptor)
            throw Failure(description: "connect: \(String(cString: strerror(code)))")
        }
    }

    deinit { close() }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Closes with a reset instead of an orderly end.
    func reset() {
        var abort = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abort, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func shutdownOutput() {
        Glibc.shutdown(descriptor, CInt(SHUT_WR))
    }

    /// Shrinks what the kernel takes for us without our reading it.
    func shrinkReceiveBuffer() {
        var size: CInt = 65536
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
    }

    func send(_ text: String) throws {
        guard sendPart(Array(text.utf8)) else {
            throw Failure(description: "send: \(String(cString: strerror(errno)))")
        }
    }

    /// Sends what the other side still takes; false if it has closed.
    @discardableResult
    func sendPart(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Whether something can be read, or comes within that time.
    func hasInput(withinMilliseconds limit: CInt) throws -> Bool {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return !received.isEmpty || poll(&wanted, 1, limit) > 0
    }

    /// Reads once; false at the end of input.
    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count < 0 {
            let code = errno
            throw Failure(description: "recv: \(String(cString: strerror(code)))", code: code)
        }
        received += chunk[..<count]
        return count > 0
    }

    /// Reads up to and including the blank line.
    func readHead() throws -> String {
        let blankLine = Array("\r\n\r\n".utf8)
        while true {
            if let range = received.firstRange(of: blankLine) {
                let head = String(decoding: received[..<range.lowerBound], as: UTF8.self)
                received.removeSubrange(..<range.upperBound)
                return head
            }
            guard try fill() else { throw Failure(description: "closed after \(received.count) bytes of a head") }
        }
    }

    /// Reads one answer. `hasBody` is false for that to `HEAD`.
    func readResponse(hasBody: Bool = true) throws -> Response {
        let lines = try readHead().components(separatedBy: "\r\n")
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            let name = parts[0].lowercased()
            guard fields[name] == nil else { throw Failure(description: "\(name) twice") }
            fields[name] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        let length = hasBody ? Int(fields["content-length"] ?? "0") ?? 0 : 0
        while received.count < length {
            guard try fill() else { throw Failure(description: "closed inside a body") }
        }
        let body = String(decoding: received[..<length], as: UTF8.self)
        received.removeSubrange(..<length)
        return Response(statusLine: lines[0], fields: fields, body: body)
    }

    /// What comes until the other side closes its output.
    func readToEnd() throws -> String {
        while try fill() {}
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// The answers that come until the other side closes its output, each of them whole.
    func readResponsesToEnd() throws -> [Response] {
        var responses: [Response] = []
        while try !received.isEmpty || fill() { responses.append(try readResponse()) }
        return responses
    }

    /// What comes until the connection is over, by an end or by a reset.
    ///
    /// - Throws: `Failure` where it is not over within the time of a wait.
    func readUntilGone() throws -> String {
        do {
            while try fill() {}
        } catch let failure as Failure where failure.code == ECONNRESET {
            // As good as an end.
        }
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }
}
