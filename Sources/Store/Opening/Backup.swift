import CSQLite
import Glibc

extension Database {
    /// Copies the database as it is now into a new file, while others read and write on
    /// (https://www.sqlite.org/backup.html). The copy is checked and synced before it gets its name; on an error there
    /// is no file of that name. Throws `StoreError`.
    public func backUp(to path: String) throws(StoreError) {
        guard access(path, F_OK) != 0 else { throw .taken(path: path) }
        let source = try openReader()
        let partial = path + ".partial"
        unlink(partial)
        do throws(StoreError) {
            try Database(path: partial).explaining {
                let target = try Connection(path: partial, mode: .create)
                try copy(source, to: target)
                let verdict = try target.first("PRAGMA integrity_check") { $0.text(0) }
                guard verdict == "ok" else {
                    // The copy is what the file is, page by page.
                    throw StoreError.corrupt(path: self.path, reason: "its copy does not pass SQLite's check")
                }
                target.close()
            }
            guard rename(partial, path) == 0 else {
                throw .inaccessible(path: path, reason: String(cString: strerror(errno)))
            }
            syncFolder(of: path)
        } catch {
            unlink(partial)
            throw error
        }
    }

    /// Makes the new name outlast a power cut. The copy is whole without it, so that a failure is none of the backup's.
    private func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// All pages in one step: one snapshot, whatever is written meanwhile.
    private func copy(_ source: Connection, to target: Connection) throws {
        guard let backup = sqlite3_backup_init(target.pointer, "main", source.pointer, "main") else {
            throw target.error(sqlite3_extended_errcode(target.pointer), "backup")
        }
        let code = sqlite3_backup_step(backup, -1)
        let finished = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, finished == SQLITE_OK else { throw target.error(code, "backup") }
    }
}
