import Glibc
import NIOCore
import NIOPosix

extension ListenerConfiguration.Endpoint {
    /// The address that a listener binds for a host and port. Blocks for a name.
    static func resolve(host: String, port: Int) throws -> SocketAddress {
        try SocketAddress.makeAddressResolvingHost(host, port: port)
    }

    /// The IP address that a listener binds for a host, in text. Blocks: looks up a name, and sees whether the machine has
    /// the address, on a port that nobody uses, so that a gateway that runs is not in the way. Throws
    /// `ListenerError.cannotListen`.
    public static func localAddress(of host: String) throws(ListenerError) -> String {
        let address: SocketAddress
        do {
            address = try resolve(host: host, port: 0)
        } catch {
            throw .cannotListen(endpoint: host, reason: "the name is unknown")
        }
        let family = address.protocol == .inet6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else {
            throw .cannotListen(endpoint: host, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        let code = address.withSockAddr { bind(descriptor, $0, socklen_t($1)) }
        guard code == 0 else {
            throw .cannotListen(endpoint: host, reason: String(cString: strerror(errno)))
        }
        return address.ipAddress ?? host
    }
}
