import CSQLite
import Glibc

extension Database {
    /// What a restoration did.
    public struct Restored: Sendable, Hashable {
        /// What the copy holds.
        public var contents: Contents
        /// The files that were in the database's place, under their new names.
        public var movedAside: [String]
    }

    /// Puts a checked copy in the place of this database. The files that are there get other names; the new one gets the
    /// owner and mode of the former one, or of the folder's owner where there was none. Everything is synced before
    /// anything changes its name; where a step fails the former files are back in their place.
    ///
    /// - Parameter lock: the lock of this database, which no other process may have open.
    public func restore(from copy: Database, holding lock: DatabaseLock) throws(StoreError) -> Restored {
        guard copy.exists else { throw .missing(path: copy.path) }
        guard FileLook(at: copy.path).identity != FileLook(at: path).identity else { throw .taken(path: copy.path) }
        if let process = processThatHasItOpen() { throw .inUse(path: path, holder: "process \(process)") }
        let fresh = Database(path: resolvedPath + ".restoring")
        fresh.remove()
        do throws(StoreError) {
            let contents = try copy.copyForRestoring(to: fresh)
            try takeOver(fresh)
            let moved = try withExtendedLifetime(lock) { () throws(StoreError) in try exchange(fresh) }
            return Restored(contents: contents, movedAside: moved)
        } catch {
            fresh.remove()
            throw error
        }
    }

    /// Copies this database, a backup, into a new file, after looking whose it is.
    private func copyForRestoring(to fresh: Database) throws(StoreError) -> Contents {
        try explaining {
            let source = try Connection(path: path, mode: isAtRest ? .immutable : .read)
            defer { source.close() }
            source.setBusyTimeout(milliseconds: Database.busyTimeout)
            try requireOurs(source, orNew: false)
            return try copy(source, to: fresh.path)
        }
    }

    /// Gives the new file the owner and the mode of the one in whose place it comes.
    private func takeOver(_ fresh: Database) throws(StoreError) {
        var model = stat()
        let hasFormer = stat(path, &model) == 0
        if !hasFormer, stat(folder, &model) != 0 {
            throw .inaccessible(path: folder, reason: String(cString: strerror(errno)))
        }
        let mode = hasFormer ? model.st_mode & 0o777 : 0o640
        guard chown(fresh.path, model.st_uid, model.st_gid) == 0, chmod(fresh.path, mode) == 0 else {
            let reason = String(cString: strerror(errno))
            throw .inaccessible(path: fresh.path, reason: "its owner cannot be set (\(reason)); run this as root")
        }
        let descriptor = open(fresh.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .inaccessible(path: fresh.path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw .inaccessible(path: fresh.path, reason: String(cString: strerror(errno)))
        }
    }

    /// Moves what is there aside and the new file to its place. The log goes first and the file last: nobody ever finds the
    /// new file beside the log of the former one.
    private func exchange(_ fresh: Database) throws(StoreError) -> [String] {
        let place = resolvedPath
        let aside = freeName(place + ".replaced-" + FileStamp.now())
        var moved: [(from: String, to: String)] = []
        do throws(StoreError) {
            for suffix in ["-wal", "-shm", "-journal", ""] {
                guard access(place + suffix, F_OK) == 0 else { continue }
                try Database.move(place + suffix, to: aside + suffix)
                moved.append((place + suffix, aside + suffix))
            }
            try Database.move(fresh.path, to: place)
        } catch {
            // What is back is as it was; the error says what went wrong.
            for (from, to) in moved.reversed() { rename(to, from) }
            throw error
        }
        syncFolder(of: place)
        return moved.map(\.to).sorted()
    }

    private static func move(_ path: String, to other: String) throws(StoreError) {
        guard rename(path, other) == 0 else {
            throw .inaccessible(path: path, reason: String(cString: strerror(errno)))
        }
    }

    private func freeName(_ name: String) -> String {
        var number = 1
        var candidate = name
        while access(candidate, F_OK) == 0 || access(candidate + "-wal", F_OK) == 0 {
            number += 1
            candidate = "\(name)-\(number)"
        }
        return candidate
    }

    private var folder: String { resolvedPath.lastIndex(of: "/").map { String(resolvedPath[...$0]) } ?? "." }

    /// The process that has the file open through SQLite, of whatever program; nil if none does. In WAL mode each connection
    /// holds a lock on a byte range far beyond the data as long as it is open
    /// (https://www.sqlite.org/fileformat2.html#the_lock_byte_page). This process must not have the file open itself.
    private func processThatHasItOpen() -> Int32? {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = 0x4000_0000
        lock.l_len = 512
        guard fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else { return nil }
        return lock.l_pid
    }
}
