import Glibc
import Synchronization

/// Says that this process is the one that folds a database: held by the daemon as long as it runs, and by a command
/// that works without a daemon. Taken on a file of its own beside the database, because closing any descriptor of the
/// database file would drop SQLite's own locks (https://www.sqlite.org/howtocorrupt.html section 2.2).
///
/// The file also says which files its holder has open, for other processes to compare: see `LockRecord`.
public final class DatabaseLock: Sendable {
    private let file: String
    private let database: String
    /// The descriptor that was taken first, and those of files that took the place of a lost one.
    private let descriptors: Mutex<[Int32]>
    /// What the file said before this process took the lock.
    let former: LockRecord

    private init(file: String, database: String, descriptor: Int32, former: LockRecord) {
        self.file = file
        self.database = database
        self.former = former
        descriptors = Mutex([descriptor])
    }

    deinit {
        descriptors.withLock { for descriptor in $0 { Glibc.close(descriptor) } }
    }

    /// The lock's file for a database: beside the file itself, however many links and names lead to it.
    public static func path(for database: String) -> String {
        let name = database.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
        let folder = database.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(database[...$0]) } ?? "."
        let file = resolved(database) ?? resolved(folder).map { $0 + "/" + name } ?? database
        return file + ".lock"
    }

    /// The path without links; nil where nothing is there.
    private static func resolved(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    /// Takes the lock, or throws `StoreError.locked` naming who has it. The kernel lets it go when the process ends,
    /// however it ends. A command holds it for a moment only: `patience` is how long to wait for that, in milliseconds.
    public static func take(for database: String, patience: Int = 0) throws(StoreError) -> DatabaseLock {
        var remaining = patience
        while true {
            do throws(StoreError) {
                return try takeNow(for: database)
            } catch {
                guard case .locked = error, remaining > 0 else { throw error }
                usleep(20_000)
                remaining -= 20
            }
        }
    }

    /// Who has the lock now, for a person; nil where nobody has.
    public static func holder(of database: String) -> String? {
        held(database)?.holder
    }

    /// What the holder of the lock says; nil if nobody holds it.
    static func held(_ database: String) -> LockRecord? {
        let descriptor = open(path(for: database), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return LockRecord(text: contents(of: descriptor))
    }

    /// What the last holder said, whether it still holds the lock or not; nil if nobody ever took the lock.
    static func last(_ database: String) -> LockRecord? {
        let descriptor = open(path(for: database), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return LockRecord(text: contents(of: descriptor))
    }

    /// Tells the holder of a database's lock that the file is damaged, which a reading command has met. False where
    /// nobody holds it, or its file cannot be written.
    @discardableResult
    public static func reportDamage(of database: String) -> Bool {
        let descriptor = open(path(for: database), O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return false }
        let text = Array((LockRecord.damageMark + "\n").utf8)
        return Glibc.write(descriptor, text, text.count) == text.count
    }

    /// Whether another process has reported damage since this one took the lock.
    public var hasReportOfDamage: Bool {
        descriptors.withLock { $0.first.map { LockRecord(text: DatabaseLock.contents(of: $0)).isDamaged } ?? false }
    }

    /// Says which files this process has open. Where the lock's file is not at its path any more, whatever is there is
    /// locked, too.
    public func record(_ files: DatabaseFiles) {
        takeAgain()
        write(LockRecord(processID: getpid(), files: files.identities, displacement: files.displacement?.description))
    }

    /// Says that this process has closed its files.
    public func forgetFiles() {
        write(LockRecord(processID: getpid(), files: [], displacement: nil))
    }

    /// Whether the lock's file is the one at its path. Without it another process could take the lock.
    public var isInPlace: Bool {
        descriptors.withLock { descriptors in
            var status = stat()
            guard let descriptor = descriptors.last, fstat(descriptor, &status) == 0 else { return false }
            switch FileLook(at: file) {
            case .found(let identity, _, _):
                return identity == FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
            case .missing: return false
            // Only what is known to be gone is gone.
            case .unknown: return true
            }
        }
    }

    /// Takes the lock on whatever file is at its path now, too, so that nobody else gets it there.
    private func takeAgain() {
        guard !isInPlace, let descriptor = DatabaseLock.openLocked(file) else { return }
        DatabaseLock.giveToOwner(descriptor, of: database)
        descriptors.withLock { $0.append(descriptor) }
    }

    private func write(_ record: LockRecord) {
        descriptors.withLock { for descriptor in $0 { DatabaseLock.write(record.text, to: descriptor) } }
    }

    private static func takeNow(for database: String) throws(StoreError) -> DatabaseLock {
        let path = path(for: database)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw .inaccessible(path: path, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = LockRecord(text: contents(of: descriptor)).holder
            close(descriptor)
            throw .locked(path: database, holder: holder)
        }
        let former = LockRecord(text: contents(of: descriptor))
        write(LockRecord(processID: getpid(), former: former).text, to: descriptor)
        giveToOwner(descriptor, of: database)
        return DatabaseLock(file: path, database: database, descriptor: descriptor, former: former)
    }

    private static func openLocked(_ path: String) -> Int32? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func contents(of descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    /// A command that root runs must not leave a file that the daemon's user cannot open. SQLite does the same for the
    /// files that it makes beside the database.
    private static func giveToOwner(_ descriptor: Int32, of database: String) {
        var status = stat()
        if geteuid() == 0, stat(database, &status) == 0 { _ = fchown(descriptor, status.st_uid, status.st_gid) }
    }

    /// The text is for others alone; a failure to write it changes nothing about the lock. Written before what was there
    /// is cut off, so that nobody finds the file empty.
    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        if pwrite(descriptor, bytes, bytes.count, 0) == bytes.count { _ = ftruncate(descriptor, off_t(bytes.count)) }
    }
}
