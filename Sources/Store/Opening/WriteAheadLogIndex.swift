/// What the index of a write-ahead log says, read from the memory that all connections to the database share
/// (https://www.sqlite.org/walformat.html#the_wal_index_file_format).
struct WriteAheadLogIndex: Equatable {
    /// How many frames of the log are committed.
    var frames: UInt32
    /// The size of a page, in bytes.
    var pageSize: Int64
    /// Changes whenever the log starts again from its beginning.
    var salt: UInt64
    /// How many frames are in the database's own file.
    var backfilled: UInt32
    /// How many frames the last checkpoint set out to bring into it: written before the file is.
    var attempted: UInt32

    /// The size of the index's first block, in bytes: as SQLite maps it.
    static let blockSize: Int32 = 32_768

    /// Reads the index at an address. The memory is SQLite's; others may write it meanwhile.
    init(at memory: UnsafeRawPointer) {
        func number(_ offset: Int) -> UInt32 { memory.load(fromByteOffset: offset, as: UInt32.self) }
        frames = number(16)
        let size = Int64(memory.load(fromByteOffset: 14, as: UInt16.self))
        // 65536 does not fit into the field and is stored as 1.
        pageSize = (size & 0xFE00) + ((size & 1) << 16)
        salt = UInt64(number(32)) << 32 | UInt64(number(36))
        backfilled = number(96)
        attempted = number(128)
    }

    /// Whether a checkpoint is under way, or did not come to its end.
    var isBeingBackfilled: Bool { backfilled < attempted }

    /// The bytes that the log's file has at least.
    var leastBytes: Int64 { frames == 0 ? 0 : 32 + Int64(frames) * (24 + pageSize) }
}
