import Glibc

/// Listening sockets passed by a service manager (`sd_listen_fds(3)`).
public struct InheritedSockets: Sendable, Equatable {
    /// One passed descriptor.
    public struct Socket: Sendable, Equatable {
        /// The open descriptor, 3 or above.
        public var descriptor: CInt
        /// The name that the unit gives it (`FileDescriptorName=`); `unknown` if it gives none.
        public var name: String
    }

    /// Why what the environment says cannot be used.
    public struct Malformed: Error, Equatable, CustomStringConvertible {
        /// The variable at fault.
        public var variable: String
        /// What is wrong, for the operator.
        public var description: String
    }

    /// The sockets in the order passed; empty if the process was not started by socket activation.
    public var sockets: [Socket]

    /// Reads `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES`. Variables meant for another process are ignored.
    ///
    /// - Parameters:
    ///   - environment: the environment of the process.
    ///   - processID: the id of the process.
    /// - Throws: `Malformed`.
    public init(environment: [String: String], processID: Int32) throws(Malformed) {
        guard let intendedProcess = environment["LISTEN_PID"], let countText = environment["LISTEN_FDS"] else {
            sockets = []
            return
        }
        guard let intendedProcessID = Int32(intendedProcess) else {
            throw Malformed(variable: "LISTEN_PID", description: "LISTEN_PID is no process id")
        }
        guard intendedProcessID == processID else {
            sockets = []
            return
        }
        guard let count = Int(countText), (0...1024).contains(count) else {
            throw Malformed(variable: "LISTEN_FDS", description: "LISTEN_FDS is no number between 0 and 1024")
        }
        let names = (environment["LISTEN_FDNAMES"] ?? "").split(separator: ":", omittingEmptySubsequences: false)
        sockets = (0..<count).map { index in
            let name = index < names.count ? String(names[index]) : ""
            return Socket(descriptor: 3 + CInt(index), name: name.isEmpty ? "unknown" : name)
        }
    }

    /// Keeps the descriptors from being passed on to programs that this process starts.
    public func closeOnExecute() {
        for socket in sockets { _ = fcntl(socket.descriptor, F_SETFD, FD_CLOEXEC) }
    }
}
