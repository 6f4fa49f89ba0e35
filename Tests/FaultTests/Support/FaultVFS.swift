import CFaultVFS
import Synchronization

/// A VFS that forgets and fails on demand; see `fault_vfs.h`. Every connection over it has to be closed before the value
/// is let go.
///
/// `@unchecked Sendable`: the C side takes a mutex of its own in every call.
final class FaultVFS: @unchecked Sendable {
    /// Which operations fail.
    struct Operations: OptionSet {
        let rawValue: Int32
        static let read = Operations(rawValue: Int32(FAULT_READ))
        static let write = Operations(rawValue: Int32(FAULT_WRITE))
        static let sync = Operations(rawValue: Int32(FAULT_SYNC))
        static let truncate = Operations(rawValue: Int32(FAULT_TRUNCATE))
    }

    /// On which files.
    struct Files: OptionSet {
        let rawValue: Int32
        static let database = Files(rawValue: Int32(FAULT_ON_DATABASE))
        static let log = Files(rawValue: Int32(FAULT_ON_WAL))
        static let others = Files(rawValue: Int32(FAULT_ON_OTHERS))
        static let all: Files = [.database, .log, .others]
    }

    private static let count = Atomic<Int>(0)

    /// The name it is registered under.
    let name: String
    private let vfs: OpaquePointer

    init() throws {
        name = "fault\(FaultVFS.count.wrappingAdd(1, ordering: .relaxed).newValue)"
        guard let vfs = fault_vfs_create(name) else { throw SetupFailure("the VFS cannot be registered") }
        self.vfs = vfs
    }

    deinit { fault_vfs_destroy(vfs) }

    /// After `skip` more, `count` of those operations fail; without a count all of them do, until `heal`.
    func fail(
        _ operations: Operations, on files: Files = .all, skip: Int = 0, count: Int? = nil, code: Int32
    ) {
        fault_vfs_fail(vfs, operations.rawValue, files.rawValue, skip, count ?? -1, code)
    }

    /// Nothing fails any more.
    func heal() { fault_vfs_heal(vfs) }

    /// How many operations were failed on demand.
    var failures: Int { fault_vfs_failures(vfs) }

    /// Cuts the power after so many more writes, syncs and truncations of those files.
    func cutPower(after operations: Int = 0, on files: Files = .all) {
        fault_vfs_cut_after(vfs, files.rawValue, operations)
    }

    /// How many writes, syncs and truncations there were.
    var operations: Int { fault_vfs_operations(vfs) }

    /// Whether the power is cut.
    var isCut: Bool { fault_vfs_is_cut(vfs) != 0 }

    /// Syncs are claimed and not done from now on.
    func lie() { fault_vfs_lie(vfs) }

    /// Bytes that were written and not synced.
    var unsyncedBytes: Int64 { fault_vfs_unsynced_bytes(vfs) }

    /// Writes what the disk holds after the cut into another folder.
    func materialize(in folder: String, seed: UInt64) throws {
        guard fault_vfs_materialize(vfs, folder, seed) == 0 else { throw SetupFailure("\(folder) cannot be written") }
    }
}

/// A test could not be set up.
struct SetupFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
