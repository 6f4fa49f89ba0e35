import Foundation
import Gateway
import Testing

/// Messages to the service manager, read at the other end of a real socket.
@Suite struct NotifierTests {
    /// A datagram socket that is bound to a name; `@` begins an abstract one.
    private final class Manager {
        let descriptor: Int32

        init(_ name: String) throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let isAbstract = name.hasPrefix("@")
            withUnsafeMutableBytes(of: &address.sun_path) { path in
                path.copyBytes(from: Array(name.utf8))
                if isAbstract { path[0] = 0 }
            }
            let offset = try #require(MemoryLayout<sockaddr_un>.offset(of: \.sun_path))
            let length = socklen_t(offset + name.utf8.count + (isAbstract ? 0 : 1))
            let code = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            try #require(code == 0, "bind: \(String(cString: strerror(errno)))")
            var limit = timeval(tv_sec: 10, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }

        deinit { close(descriptor) }

        func next() -> String {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        }
    }

    private static func names() -> [String] {
        [NSTemporaryDirectory() + "notify-\(UUID().uuidString)", "@alertgate-test-\(UUID().uuidString)"]
    }

    @Test(arguments: names())
    func everyMessageArrives(_ name: String) throws {
        let manager = try Manager(name)
        defer { if name.hasPrefix("/") { unlink(name) } }
        let notifier = Notifier(environment: ["NOTIFY_SOCKET": name])
        #expect(notifier.isEnabled)
        #expect(notifier.ready(status: "listening\non 80"))
        #expect(manager.next() == "READY=1\nSTATUS=listening\\non 80")
        #expect(notifier.watchdog())
        #expect(manager.next() == "WATCHDOG=1")
        #expect(notifier.reloading())
        #expect(manager.next().wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=[1-9]\d*/) != nil)
        #expect(notifier.status("busy"))
        #expect(manager.next() == "STATUS=busy")
        #expect(notifier.stopping())
        #expect(manager.next() == "STOPPING=1")
    }

    @Test(arguments: [nil, "", "/", "@", "relative", "vsock:2:1", "/" + String(repeating: "x", count: 108)])
    func withoutAManagerNothingIsSent(_ name: String?) {
        let notifier = Notifier(environment: name.map { ["NOTIFY_SOCKET": $0] } ?? [:])
        #expect(!notifier.isEnabled)
        #expect(!notifier.ready(status: ""))
    }

    @Test func aManagerThatIsGoneHurtsNobody() {
        let notifier = Notifier(environment: ["NOTIFY_SOCKET": "/nonexistent/notify"])
        #expect(!notifier.watchdog())
    }

    /// A manager that does not read fills its socket; the daemon must not wait for it.
    @Test func aManagerThatDoesNotReadHoldsNobodyUp() throws {
        let name = "@alertgate-test-\(UUID().uuidString)"
        let manager = try Manager(name)
        let notifier = Notifier(environment: ["NOTIFY_SOCKET": name])
        var sent = 0
        while sent < 100_000, notifier.watchdog() { sent += 1 }
        #expect(sent < 100_000)
        #expect(manager.next() == "WATCHDOG=1")
    }

    /// sd_watchdog_enabled(3).
    @Test(
        arguments: [
            (["WATCHDOG_USEC": "20000000"], 20_000_000), (["WATCHDOG_USEC": "5", "WATCHDOG_PID": "42"], 5),
            (["WATCHDOG_USEC": "5", "WATCHDOG_PID": "43"], nil), ([:], nil), (["WATCHDOG_USEC": "0"], nil),
            (["WATCHDOG_USEC": "-5"], nil), (["WATCHDOG_USEC": "x"], nil),
        ] as [([String: String], Int64?)])
    func theWatchdogIsRead(_ environment: [String: String], interval: Int64?) {
        #expect(Notifier(environment: environment, processID: 42).watchdogMicroseconds == interval)
    }
}
