import Dispatch
import Store
import Synchronization

/// Connections that only read, each on a queue of its own, so that a slow query holds up neither the writer nor an
/// event loop, and no other reader as long as one is free.
public final class ReadPool: Sendable {
    private struct Reader {
        let queue: DispatchQueue
        let connection: Connection
        var waiting = 0
    }

    private let readers: Mutex<[Reader]>
    private let maximumWaiting: Int
    private let secondsPerRead: Int

    /// A pool over a database. A read that takes longer than `secondsPerRead` is interrupted. `onDamage` is called for each
    /// error that says that the file is damaged.
    public init(
        _ database: Database, count: Int = 3, maximumWaiting: Int = 512, secondsPerRead: Int = 10,
        onDamage: (@Sendable (SQLiteError) -> Void)? = nil
    ) throws {
        var readers: [Reader] = []
        for number in 1...max(1, count) {
            let connection = try database.openReader()
            connection.onDamage = onDamage
            readers.append(
                Reader(
                    queue: DispatchQueue(label: "alertgate.reader.\(number)", qos: .userInitiated),
                    connection: connection))
        }
        self.readers = Mutex(readers)
        self.maximumWaiting = maximumWaiting
        self.secondsPerRead = secondsPerRead
    }

    /// Runs the body in one snapshot, on a reader's queue, and hands on what it gives there.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> Value,
        completion: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        let chosen: (index: Int, queue: DispatchQueue, connection: Connection)? = readers.withLock { readers in
            guard let index = readers.indices.min(by: { readers[$0].waiting < readers[$1].waiting }),
                readers[index].waiting < maximumWaiting
            else { return nil }
            readers[index].waiting += 1
            return (index, readers[index].queue, readers[index].connection)
        }
        guard let chosen else { return completion(.failure(ReadOverload())) }
        chosen.queue.async {
            let alarm = ReadAlarm(connection: chosen.connection, seconds: self.secondsPerRead)
            let result = Result { try chosen.connection.transaction(.deferred) { try body(chosen.connection) } }
            alarm.stop()
            self.readers.withLock { $0[chosen.index].waiting -= 1 }
            completion(result)
        }
    }

    /// Closes the connections, after what was asked for so far.
    public func close() {
        for reader in readers.withLock({ $0 }) {
            reader.queue.sync { reader.connection.close() }
        }
    }
}

/// That too many reads wait already.
public struct ReadOverload: Error, Sendable, CustomStringConvertible {
    /// What happened.
    public var description: String { "too many queries are waiting" }
}
