import CSQLite
import Glibc

extension Database {
    /// What a database held at the moment of a copy.
    public struct Contents: Sendable, Hashable {
        /// The newest event's number; 0 if there is none.
        public var lastEvent: Int64
        /// The last event that was applied.
        public var lastApplied: Int64

        /// Reads it from a connection to a database of ours, of whatever version.
        init(_ connection: Connection) throws(SQLiteError) {
            lastEvent = try EventRows.lastID(connection)
            lastApplied = try FoldReader.cursor(connection)
        }
    }

    /// Copies the database as it is now into a new file, while others read and write on
    /// (https://www.sqlite.org/backup.html). The copy is checked, compared with the original, and synced before it gets its
    /// name; on an error there is no file of that name. A running daemon's files have to be those at their paths, before the
    /// copy and after it. Throws `StoreError`.
    @discardableResult
    public func backUp(to path: String) throws(StoreError) -> Contents {
        guard access(path, F_OK) != 0 else { throw .taken(path: path) }
        let source = try openBriefReader()
        defer { source.close() }
        return try explaining {
            let contents = try copy(source, to: path)
            do throws(StoreError) {
                try requireInPlace()
            } catch {
                unlink(path)
                throw error
            }
            return contents
        }
    }

    /// Copies what a connection sees into a new file of this database, as `backUp` does.
    public func copy(_ source: Connection, to path: String) throws(StoreError) -> Contents {
        let partial = Database(path: path + ".partial")
        partial.remove()
        do throws(StoreError) {
            let contents = try partial.explaining {
                try source.transaction(.deferred) {
                    let contents = try Contents(source)
                    try copyPages(source, to: partial, expecting: contents)
                    return contents
                }
            }
            guard rename(partial.path, path) == 0 else {
                throw .inaccessible(path: path, reason: String(cString: strerror(errno)))
            }
            syncFolder(of: path)
            return contents
        } catch {
            partial.remove()
            throw error
        }
    }

    private func copyPages(_ source: Connection, to partial: Database, expecting contents: Contents) throws {
        let target = try Connection(path: partial.path, mode: .create)
        defer { target.close() }
        try copy(source, to: target)
        // A copy that is not in WAL mode can be read without a file beside it. The daemon switches back.
        try target.run("PRAGMA journal_mode = DELETE")
        let verdict = try target.first("PRAGMA integrity_check") { $0.text(0) }
        guard verdict == "ok" else {
            // The copy is what the file is, page by page.
            throw StoreError.corrupt(path: path, reason: "its copy does not pass SQLite's check")
        }
        guard try Contents(target) == contents else {
            throw StoreError.corrupt(path: path, reason: "its copy does not hold the same events")
        }
    }

    /// Makes the new name outlast a power cut. The copy is whole without it, so that a failure is none of the backup's.
    func syncFolder(of path: String) {
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
