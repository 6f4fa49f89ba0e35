import Glibc

extension Database {
    /// Refuses a database whose files are not those that the holder of its lock has open: what is read there is not what
    /// the daemon takes in, and what is written there is lost. Says nothing where nobody holds the lock.
    public func requireInPlace() throws(StoreError) {
        guard let record = DatabaseLock.held(path) else { return }
        func displaced(_ reason: String) -> StoreError {
            .displaced(path: path, reason: "\(record.holder) has it open; \(reason)")
        }
        if let displacement = record.displacement { throw displaced(displacement) }
        for (kind, identity) in record.files {
            let name = self.name(of: kind)
            switch FileLook(at: name) {
            case .missing: throw displaced("\(name) was removed")
            case .unknown(let reason): throw .inaccessible(path: name, reason: reason)
            case .found(let found, _, _):
                guard found == identity else { throw displaced("\(name) was replaced by another file") }
            }
        }
        // A daemon that is starting may be making its file.
        if !exists, !record.files.isEmpty { throw displaced("\(path) was removed") }
    }

    /// Refuses to make a database beside the log of another one, which SQLite would remove.
    func requireNoOrphanedLog() throws(StoreError) {
        guard FileLook(at: path).size == 0, FileLook(at: name(of: .log)).size > 0 else { return }
        throw .orphanedLog(path: path)
    }

    /// The path of one of the database's files.
    func name(of kind: DatabaseFiles.Kind) -> String {
        kind == .database ? path : resolvedPath + "-" + kind.rawValue
    }

    /// The path without links, which SQLite names the files beside the database by.
    var resolvedPath: String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    /// Whether nobody has ever locked the file here, and no log is beside it: it is a copy at rest.
    var isAtRest: Bool {
        vfs == nil && access(name(of: .log), F_OK) != 0 && access(DatabaseLock.path(for: path), F_OK) != 0
    }
}
