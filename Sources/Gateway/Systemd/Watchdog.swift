import Dispatch
import HTTPAPI
import Pipeline
import Synchronization

/// Feeds the service manager's watchdog as long as the writer answers and the worker makes progress or says why it does
/// not. An error is an answer: a disk that is full, or a lock that somebody holds, is not mended by a restart, and the
/// daemon goes on by itself when the cause is gone. `/readyz` tells of those; the watchdog is for a daemon that hangs.
final class Watchdog: Sendable {
    private let pipeline: Pipeline
    private let notifier: Notifier
    private let queue = DispatchQueue(label: "alertgate.watchdog", qos: .utility)
    private let lastApplied = Mutex<Int64>(-1)
    private let timer = Mutex<Ticker?>(nil)

    init(pipeline: Pipeline, notifier: Notifier, intervalMicroseconds: Int64) {
        self.pipeline = pipeline
        self.notifier = notifier
        let ticker = Ticker(every: .microseconds(Int(intervalMicroseconds)), on: queue) { [weak self] in self?.look() }
        timer.withLock { $0 = ticker }
    }

    func stop() {
        timer.withLock { $0?.stop() }
    }

    private func look() {
        pipeline.log.probe { writer in
            if case .failure(AppendError.silent) = writer { return }
            let worker = self.pipeline.worker
            let applied = worker.applied
            let isIdle = applied >= self.pipeline.log.lastCommitted
            let moved = self.lastApplied.withLock { last in
                defer { last = applied }
                return applied > last
            }
            if isIdle || moved || worker.failingSince != nil { self.notifier.watchdog() }
        }
    }
}
