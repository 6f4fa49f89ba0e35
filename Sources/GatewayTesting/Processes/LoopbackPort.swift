import Foundation

/// Ports of 127.0.0.1 for programs under test.
public enum LoopbackPort {
    /// A port that nothing listens on, outside the range that the system gives to outgoing connections, so that it is
    /// still free when a daemon comes back to it.
    ///
    /// - Throws: `RawConnectionError` if a hundred tries find none.
    public static func unused() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 20_000..<32_000)
            guard let descriptor = try? listening(port: port) else { continue }  // Taken: the next one.
            close(descriptor)
            return port
        }
        throw RawConnectionError.system(call: "bind", errno: EADDRINUSE)
    }

    /// A listening socket, as systemd holds one; the caller closes it.
    ///
    /// - Throws: `RawConnectionError`.
    public static func listening(port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw RawConnectionError.system(call: "socket", errno: errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        let status = withAddress(port: port) { address, length in bind(descriptor, address, length) }
        guard status == 0, listen(descriptor, 1024) == 0 else {
            let code = errno
            close(descriptor)
            throw RawConnectionError.system(call: "bind", errno: code)
        }
        return descriptor
    }

    static func withAddress(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                body(address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
