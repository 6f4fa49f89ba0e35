import Dispatch
import Glibc
import Logging
import Synchronization

/// Looks once a second how much space the database's volume has left, and has events refused while it is below the
/// watermark: better to say so than to fail in the middle.
public final class DiskWatch: Sendable {
    private let path: String
    private let minimumFreeBytes: Int64
    private let log: EventLog
    private let logger: Logger
    private let queue = DispatchQueue(label: "alertgate.disk", qos: .utility)
    private let free: Mutex<Int64?>
    private let isLow = Atomic<Bool>(false)
    private let timer = Mutex<Ticker?>(nil)

    init(path: String, minimumFreeBytes: Int64, log: EventLog, logger: Logger) {
        self.path = path
        self.minimumFreeBytes = minimumFreeBytes
        self.log = log
        self.logger = logger
        free = Mutex(DiskWatch.freeBytes(at: path))
    }

    /// Free bytes for this process when last looked; nil if the volume did not say.
    public var freeBytes: Int64? { free.withLock { $0 } }

    /// Whether events are refused for want of space.
    public var isBelowWatermark: Bool { isLow.load(ordering: .acquiring) }

    func start() {
        queue.sync { look() }
        let ticker = Ticker(every: .seconds(1), on: queue) { [weak self] in self?.look() }
        timer.withLock { $0 = ticker }
    }

    func stop() {
        timer.withLock { $0?.stop() }
    }

    private func look() {
        let bytes = DiskWatch.freeBytes(at: path)
        free.withLock { $0 = bytes }
        let low = minimumFreeBytes > 0 && (bytes ?? .max) < minimumFreeBytes
        guard isLow.exchange(low, ordering: .acquiringAndReleasing) != low else { return }
        log.setDiskLow(low)
        if low {
            logger.critical(
                "the volume is below its watermark: events are refused", metadata: ["free_bytes": "\(bytes ?? 0)"])
        } else {
            logger.notice("the volume is above its watermark again: events are taken")
        }
    }

    /// Free bytes for unprivileged processes on the volume that holds a path.
    static func freeBytes(at path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(status.f_bavail) * Int64(status.f_frsize)
    }
}
