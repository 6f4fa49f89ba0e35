import Glibc

/// Tells the service manager how the daemon is doing, as sd_notify(3) describes: one datagram for each message to the
/// socket that `NOTIFY_SOCKET` names.
public struct Notifier: Sendable {
    private let address: [UInt8]?
    /// How often the watchdog wants to hear of the daemon at the latest, in microseconds; nil where nobody watches
    /// (sd_watchdog_enabled(3)). Feed it twice as often.
    public let watchdogMicroseconds: Int64?

    /// A notifier for the environment given. Without `NOTIFY_SOCKET` in it, or with one that is no path and no abstract
    /// name, every message goes nowhere.
    public init(environment: [String: String], processID: Int32 = getpid()) {
        let name = Array((environment["NOTIFY_SOCKET"] ?? "").utf8)
        let isUsable = name.count > 1 && (name[0] == UInt8(ascii: "/") || name[0] == UInt8(ascii: "@"))
        // A path needs a zero at its end.
        address = isUsable && name.count < Notifier.longestName ? name : nil
        let isOurs = environment["WATCHDOG_PID"].map { $0 == "\(processID)" } ?? true
        let interval = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
        watchdogMicroseconds = isOurs ? interval.flatMap { $0 > 0 ? $0 : nil } : nil
    }

    /// Whether a service manager listens.
    public var isEnabled: Bool { address != nil }

    /// Start-up is over: the daemon answers.
    @discardableResult public func ready(status: String) -> Bool {
        send("READY=1\nSTATUS=\(PlainText.escaped(status))")
    }

    /// The daemon has begun to stop.
    @discardableResult public func stopping() -> Bool { send("STOPPING=1") }

    /// The daemon reads its settings again; `ready` follows. The time tells the manager that the reload it waits for is
    /// this one (`Type=notify-reload` in systemd.service(5)).
    @discardableResult public func reloading() -> Bool {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return send("RELOADING=1\nMONOTONIC_USEC=\(Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000)")
    }

    /// The daemon makes progress.
    @discardableResult public func watchdog() -> Bool { send("WATCHDOG=1") }

    /// What `systemctl status` shows in one line.
    @discardableResult public func status(_ text: String) -> Bool { send("STATUS=\(PlainText.escaped(text))") }

    /// Sends one message, without waiting: a manager that does not read must not hold the daemon up. False where it
    /// did not go out.
    private func send(_ message: String) -> Bool {
        guard let address else { return false }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Notifier.socketFlags, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &target.sun_path) { path in
            path.copyBytes(from: address)
            // An abstract name begins with a zero and ends where the length says (unix(7)).
            if address[0] == UInt8(ascii: "@") { path[0] = 0 }
        }
        let isAbstract = address[0] == UInt8(ascii: "@")
        let header = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? MemoryLayout<sa_family_t>.size
        let length = socklen_t(header + address.count + (isAbstract ? 0 : 1))
        let bytes = Array(message.utf8)
        let sent = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, length)
            }
        }
        return sent == bytes.count
    }

    private static let longestName = MemoryLayout.size(ofValue: sockaddr_un().sun_path)
    private static let socketFlags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
}
