import Dispatch
import Glibc
import Logging
import Synchronization

/// Looks how much space the database's volume has left, once a second and after each 8 MiB written, and has events refused
/// while it is below the watermark: better to say so than to fail in the middle. A volume that does not say counts as
/// below it.
public final class DiskWatch: Sendable {
    private let path: String
    private let minimumFreeBytes: Int64
    private let log: EventLog
    private let logger: Logger
    private let queue = DispatchQueue(label: "alertgate.disk", qos: .utility)
    private let measure: @Sendable (String) -> Int64?
    private let state: Mutex<State>
    private let timer = Mutex<Ticker?>(nil)

    private struct State {
        var free: Int64?
        var isLow = false
    }

    init(
        path: String, minimumFreeBytes: Int64, log: EventLog, logger: Logger,
        measure: @escaping @Sendable (String) -> Int64? = { DiskWatch.freeBytes(at: $0) }
    ) {
        self.path = path
        self.minimumFreeBytes = minimumFreeBytes
        self.log = log
        self.logger = logger
        self.measure = measure
        state = Mutex(State(free: measure(path)))
    }

    /// Free bytes for this process when last looked; nil if the volume did not say.
    public var freeBytes: Int64? { state.withLock { $0.free } }

    /// Whether events are refused for want of space.
    public var isBelowWatermark: Bool { state.withLock { $0.isLow } }

    func start() {
        look()
        log.whenMuchIsWritten { [weak self] in self?.look() }
        let ticker = Ticker(every: .seconds(1), on: queue) { [weak self] in self?.look() }
        timer.withLock { $0 = ticker }
    }

    func stop() {
        timer.withLock { $0?.stop() }
    }

    /// Looks now. Two looks never cross: the later one decides.
    func look() {
        state.withLock { state in
            let bytes = measure(path)
            state.free = bytes
            let low = minimumFreeBytes > 0 && (bytes ?? 0) < minimumFreeBytes
            guard state.isLow != low else { return }
            state.isLow = low
            log.setDiskLow(low)
            if low {
                logger.critical(
                    "the volume is below its watermark: events are refused",
                    metadata: ["free_bytes": "\(bytes.map { "\($0)" } ?? "unknown")"])
            } else {
                logger.notice("the volume is above its watermark again: events are taken")
            }
        }
    }

    /// Free bytes for unprivileged processes on the volume that holds a path.
    static func freeBytes(at path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(status.f_bavail) * Int64(status.f_frsize)
    }
}
