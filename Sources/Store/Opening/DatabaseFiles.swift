import CSQLite
import Glibc
import Synchronization

/// Watches whether the files of an open database still are those at their paths. SQLite goes on with the files that it
/// opened, wherever their names lead now: what it takes in then is gone with the process.
///
/// A look costs three calls of `stat(2)` and opens nothing. What a look finds wrong stays wrong until the next start.
public final class DatabaseFiles: Sendable {
    /// What is wrong with the files.
    public struct Displacement: Error, Sendable, Hashable, CustomStringConvertible {
        /// How much of the data the open connections still reach.
        public enum Reach: Sendable, Hashable {
            /// The database's own file is in place. What the write-ahead log held can be brought into it.
            case databaseInPlace
            /// The database's own file has lost its name. All data can be read until the connections are closed.
            case databaseUnnamed
            /// Somebody wrote over the data.
            case overwritten
        }

        /// What happened to which file.
        public var description: String
        /// How much of the data can still be reached.
        public var reach: Reach

        /// Says what happened to which file, and how much of the data can still be reached.
        public init(description: String, reach: Reach) {
            self.description = description
            self.reach = reach
        }
    }

    /// What a look finds.
    public enum Condition: Sendable, Hashable {
        /// The files are those that were opened.
        case inPlace
        /// They are not.
        case displaced(Displacement)
        /// The system did not say, and why.
        case unknown(String)
    }

    /// One of the database's files.
    enum Kind: String, CaseIterable {
        /// The database's own file.
        case database
        /// The write-ahead log.
        case log = "wal"
        /// The log's index.
        case index = "shm"
    }

    private struct Main {
        var identity: FileIdentity
        var size: Int64
        var written: Int64
        var index: WriteAheadLogIndex
    }

    private struct State {
        var main: Main
        /// The address of the log's index; 0 once the connections are closed.
        var memory: UInt
        var displacement: Displacement?
    }

    private let path: String
    private let logPath: String
    private let indexPath: String
    private let log: FileIdentity
    private let index: FileIdentity
    private let state: Mutex<State>

    /// The files of a connection in WAL mode that has read or written. Nil over a VFS other than SQLite's own, of which
    /// nothing is known. Throws `StoreError.displaced` where they are not in place now.
    public init?(of database: Database, _ connection: Connection) throws {
        guard database.vfs == nil, let memory = connection.writeAheadLogIndex, let file = connection.filePath else {
            return nil
        }
        path = database.path
        logPath = file + "-wal"
        indexPath = file + "-shm"
        let before = WriteAheadLogIndex(at: memory)
        guard case .found(let identity, let size, let written) = FileLook(at: path),
            let log = FileLook(at: logPath).identity, let index = FileLook(at: indexPath).identity,
            !connection.hasMoved
        else {
            throw StoreError.displaced(path: path, reason: "it was removed or replaced while it was being opened")
        }
        self.log = log
        self.index = index
        state = Mutex(
            State(
                main: Main(identity: identity, size: size, written: written, index: before),
                memory: UInt(bitPattern: memory)))
    }

    /// What was found wrong, if anything was.
    public var displacement: Displacement? { state.withLock { $0.displacement } }

    /// Looks at the files.
    public func look() -> Condition {
        state.withLock { state in
            if let displacement = state.displacement { return .displaced(displacement) }
            guard let memory = UnsafeRawPointer(bitPattern: state.memory) else { return .inPlace }
            let condition = look(&state, memory)
            if case .displaced(let displacement) = condition { state.displacement = displacement }
            return condition
        }
    }

    /// Notes what somebody else found wrong, as if a look had found it.
    public func note(_ displacement: Displacement) {
        state.withLock { $0.displacement = $0.displacement ?? displacement }
    }

    /// Ends the looks. To be called before the connection is closed, which takes the index's memory away.
    public func close() {
        state.withLock { $0.memory = 0 }
    }

    /// Whether no other process has begun a write-ahead log at the log's path.
    public var isLogFreeForUse: Bool {
        switch FileLook(at: logPath) {
        case .missing: true
        case .found(let identity, let size, _): identity == log || size == 0
        case .unknown: false
        }
    }

    /// The identities, for other processes to compare.
    var identities: [(kind: Kind, identity: FileIdentity)] {
        [(.database, state.withLock { $0.main.identity }), (.log, log), (.index, index)]
    }

    private func look(_ state: inout State, _ memory: UnsafeRawPointer) -> Condition {
        let before = WriteAheadLogIndex(at: memory)
        let main = FileLook(at: path)
        let logNow = FileLook(at: logPath)
        let indexNow = FileLook(at: indexPath)
        let after = WriteAheadLogIndex(at: memory)
        let known = state.main
        let reach: Displacement.Reach = main.identity == known.identity ? .databaseInPlace : .databaseUnnamed
        for (name, now, identity) in [
            (path, main, known.identity), (logPath, logNow, log), (indexPath, indexNow, index),
        ] {
            switch now {
            case .missing: return displaced("\(name) was removed", reach)
            case .unknown(let reason): return .unknown("\(name): \(reason)")
            case .found(let found, _, _) where found != identity:
                return displaced("\(name) was replaced by another file", reach)
            case .found: break
            }
        }
        // The log's frames are written before the index counts them; it is cut only after the index forgot them.
        if before.frames == after.frames, before.salt == after.salt, logNow.size < before.leastBytes {
            return displaced("\(logPath) was cut", .overwritten)
        }
        guard case .found(_, let size, let written) = main else { return .inPlace }
        // In WAL mode only checkpoints write to the database's own file, and the index tells of them before.
        let isCheckpointed = !after.hasSameProgress(as: known.index) || after.isBeingBackfilled
        if !isCheckpointed, size != known.size || written != known.written {
            return displaced(
                "\(path) was \(size < known.size ? "cut" : "written over") by another program", .overwritten)
        }
        state.main = Main(identity: known.identity, size: size, written: written, index: before)
        return .inPlace
    }

    private func displaced(_ reason: String, _ reach: Displacement.Reach) -> Condition {
        .displaced(Displacement(description: reason, reach: reach))
    }
}

extension WriteAheadLogIndex {
    /// Whether no checkpoint has begun or ended, and the log was not started again, since the other was read.
    fileprivate func hasSameProgress(as other: WriteAheadLogIndex) -> Bool {
        salt == other.salt && backfilled == other.backfilled && attempted == other.attempted
    }
}

extension Connection {
    /// The path of the file, links resolved; nil for a temporary one.
    var filePath: String? {
        guard let name = sqlite3_db_filename(pointer, "main") else { return nil }
        let text = String(cString: name)
        return text.isEmpty ? nil : text
    }

    /// The memory of the write-ahead log's index, good until the connection is closed; nil where there is none.
    fileprivate var writeAheadLogIndex: UnsafeRawPointer? {
        guard let file, let map = file.pointee.pMethods.pointee.xShmMap, file.pointee.pMethods.pointee.iVersion >= 2
        else { return nil }
        var memory: UnsafeMutableRawPointer?
        guard map(file, 0, WriteAheadLogIndex.blockSize, 0, &memory) == SQLITE_OK else { return nil }
        return memory.map { UnsafeRawPointer($0) }
    }

    /// Whether the file that is open is not the one at its path (https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html).
    fileprivate var hasMoved: Bool {
        var hasMoved: Int32 = 0
        return sqlite3_file_control(pointer, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved) == SQLITE_OK && hasMoved != 0
    }

    private var file: UnsafeMutablePointer<sqlite3_file>? {
        var file: UnsafeMutablePointer<sqlite3_file>?
        guard sqlite3_file_control(pointer, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK else { return nil }
        return file
    }
}
