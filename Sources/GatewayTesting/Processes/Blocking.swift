import Dispatch

/// Runs blocking work off the cooperative pool, and in the task of the test, so that what it finds counts as the test's.
///
/// - Throws: what the work throws.
public func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withTaskExecutorPreference(BlockingExecutor.shared) { try work() }
}

/// Runs jobs that block, each on a thread of a concurrent queue.
private final class BlockingExecutor: TaskExecutor {
    static let shared = BlockingExecutor()
    private let queue = DispatchQueue(label: "alertgate.testing.blocking", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
