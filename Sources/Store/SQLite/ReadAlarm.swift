import CSQLite
import Dispatch
import Synchronization

/// Interrupts a read that takes too long, and never the one after it: whether it is over is asked and told under one lock.
///
/// An interrupt ends the statements that are running at that moment and no other
/// (https://www.sqlite.org/c3ref/interrupt.html): one that comes just before a statement starts is lost. So it is repeated
/// until the read is over.
public final class ReadAlarm: Sendable {
    private let isOver = Mutex(false)
    private let connection: Connection
    private static let repetition = DispatchTimeInterval.milliseconds(50)

    /// Interrupts what the connection is doing after `seconds`, unless `stop` is called before.
    public init(connection: Connection, seconds: Int) {
        self.connection = connection
        ring(after: .seconds(seconds))
    }

    /// Says that the read is over.
    public func stop() {
        isOver.withLock { $0 = true }
    }

    private func ring(after delay: DispatchTimeInterval) {
        DispatchQueue.global().asyncAfter(deadline: .now() + delay) { [weak self] in
            guard let self else { return }
            let isOver = isOver.withLock { isOver in
                if !isOver { connection.interrupt() }
                return isOver
            }
            if !isOver { ring(after: ReadAlarm.repetition) }
        }
    }
}

extension Connection {
    /// Runs the body, and interrupts it after `seconds`; nil if that was necessary.
    func run<Value>(within seconds: Int, _ body: () throws -> Value) throws -> Value? {
        let alarm = ReadAlarm(connection: self, seconds: seconds)
        defer { alarm.stop() }
        do {
            return try body()
        } catch let error as SQLiteError where error.primaryCode == SQLITE_INTERRUPT {
            return nil
        }
    }
}
