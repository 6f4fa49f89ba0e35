import Glibc

/// Says that this process is the one that folds a database: held by the daemon as long as it runs, and by a command
/// that works without a daemon. Taken on a file of its own beside the database, because closing any descriptor of the
/// database file would drop SQLite's own locks (https://www.sqlite.org/howtocorrupt.html section 2.2).
public final class DatabaseLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        Glibc.close(descriptor)
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
        let descriptor = open(path(for: database), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return readHolder(descriptor)
    }

    private static func takeNow(for database: String) throws(StoreError) -> DatabaseLock {
        let path = path(for: database)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw .inaccessible(path: path, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = readHolder(descriptor)
            close(descriptor)
            throw .locked(path: database, holder: holder)
        }
        writeHolder(descriptor)
        giveToOwner(descriptor, of: database)
        return DatabaseLock(descriptor: descriptor)
    }

    private static func readHolder(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? "its process is unknown" : "process \(digits)"
    }

    /// A command that root runs must not leave a file that the daemon's user cannot open. SQLite does the same for the
    /// files that it makes beside the database.
    private static func giveToOwner(_ descriptor: Int32, of database: String) {
        var status = stat()
        if geteuid() == 0, stat(database, &status) == 0 { _ = fchown(descriptor, status.st_uid, status.st_gid) }
    }

    /// The number is for the message alone; a failure to write it changes nothing about the lock.
    private static func writeHolder(_ descriptor: Int32) {
        let text = Array("\(getpid())\n".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    }
}
