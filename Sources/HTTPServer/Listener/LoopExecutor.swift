import NIOCore
import Synchronization

/// An event loop, as a place to run work: one instance per loop, the same for all connections of that loop.
///
/// What completes many requests at once groups their replies by executor and runs one `execute` per group; inside it
/// `Reply.send` writes directly.
public final class LoopExecutor: Sendable, Hashable {
    let eventLoop: any EventLoop
    /// Held while handing work over, so that none reaches a loop that has been shut down.
    private let isOpen = Mutex(true)

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Whether the caller is on this loop.
    public var isCurrent: Bool { eventLoop.inEventLoop }

    /// Runs the work on the loop, soon; it must not block. After the listener has stopped the work is dropped: the
    /// connections that it would answer are gone.
    public func execute(_ work: @escaping @Sendable () -> Void) {
        isOpen.withLock { isOpen in
            if isOpen { eventLoop.execute(work) }
        }
    }

    /// Runs the work on the loop after a while. It is dropped as that of `execute` is.
    package func execute(afterMilliseconds delay: Int64, _ work: @escaping @Sendable () -> Void) {
        isOpen.withLock { isOpen in
            if isOpen { _ = eventLoop.scheduleTask(in: .milliseconds(delay), work) }
        }
    }

    /// Drops all later work. Called before the loop is shut down.
    func close() {
        isOpen.withLock { $0 = false }
    }

    /// Equal if it is the same loop.
    public static func == (left: LoopExecutor, right: LoopExecutor) -> Bool {
        left === right
    }

    /// Hashes the identity.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}
