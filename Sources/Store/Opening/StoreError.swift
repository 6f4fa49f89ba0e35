/// Why a database cannot be used, for the operator: what is wrong, and what to do.
public enum StoreError: Error, Sendable, CustomStringConvertible {
    /// There is no file.
    case missing(path: String)
    /// The file is no SQLite database, or that of another program.
    case notOurs(path: String)
    /// The file was written by a newer program.
    case newer(path: String, version: Int64, known: Int64)
    /// The file's schema is older than the program's, and it was opened only to be read.
    case older(path: String, version: Int64, known: Int64)
    /// The file's schema is older than the program's, and another alertgate, which knows the older one, is using it.
    case olderInUse(path: String, version: Int64, known: Int64, holder: String)
    /// A migration that the file has been through differs from the program's.
    case changedMigration(path: String, version: Int64)
    /// Another alertgate has it open to write.
    case locked(path: String, holder: String)
    /// Another program holds a lock on it.
    case busy(path: String)
    /// A file that is to be made is there already.
    case taken(path: String)
    /// The file or its folder cannot be written or read.
    case inaccessible(path: String, reason: String)
    /// The file is damaged.
    case corrupt(path: String, reason: String)
    /// The files at the path are not those that a running alertgate has open.
    case displaced(path: String, reason: String)
    /// The database's own file is gone or empty, and its write-ahead log is there.
    case orphanedLog(path: String)
    /// The write-ahead log is not the one of the file.
    case strayLog(path: String, reason: String)
    /// A process has the database open.
    case inUse(path: String, holder: String)
    /// A setting that durability rests on did not take.
    case unsafe(path: String, setting: String)

    /// One line: what is wrong, and what to do.
    public var description: String {
        switch self {
        case .missing(let path):
            "\(path): there is no database; `alertgate migrate --db \(path)` makes one"
        case .notOurs(let path):
            "\(path): this is not an alertgate database; nothing was changed. Give another path with --db"
        case .newer(let path, let version, let known):
            "\(path): the database has schema version \(version), this program knows \(known) at most; "
                + "nothing was changed. Install the newer alertgate again, or restore a backup made by this version"
        case .older(let path, let version, let known):
            "\(path): the database has schema version \(version), this program needs \(known); "
                + "a restart of the daemon, or `alertgate migrate --db \(path)`, brings it up to date"
        case .olderInUse(let path, let version, let known, let holder):
            "\(path): the database has schema version \(version), this program needs \(known), and an older alertgate "
                + "(\(holder)) is using it; nothing was changed. Restart that one, which brings it up to date"
        case .changedMigration(let path, let version):
            "\(path): migration \(version) of the database differs from this program's; nothing was changed. "
                + "Use the alertgate build that made it"
        case .locked(let path, let holder):
            "\(path): another alertgate (\(holder)) is using the database; stop it first, or give another --db"
        case .busy(let path):
            "\(path): another program holds a lock on the database; end its transaction (`fuser -v \(path)` names it)"
        case .taken(let path):
            "\(path): there is a file of that name already; nothing was written. Give another name"
        case .inaccessible(let path, let reason):
            "\(path): the database cannot be opened: \(reason). Check the owner and mode of the file and its folder"
        case .corrupt(let path, let reason):
            "\(path): the database is damaged (\(reason)); nothing was changed. Stop the daemon, then restore a backup "
                + "with `alertgate restore BACKUP --db \(path)`, which moves the damaged files aside, or save what the log "
                + "still holds with `alertgate recover NEW-FILE --db \(path)`"
        case .displaced(let path, let reason):
            "\(path): the database was changed under the running alertgate (\(reason)); nothing was done. Stop the daemon, "
                + "read what its log says, then `alertgate restore BACKUP --db \(path)` or start it again"
        case .orphanedLog(let path):
            "\(path): the database is gone, but \(path)-wal, which belongs to it, is there; nothing was changed. Put the "
                + "file back, or restore a backup with `alertgate restore BACKUP --db \(path)`"
        case .strayLog(let path, let reason):
            "\(path): the write-ahead log \(path)-wal does not belong to this file (\(reason)); nothing was changed. A "
                + "copy was put in the place of the database, and the log of the former one was left. Restore the copy "
                + "with `alertgate restore BACKUP --db \(path)`, which moves the files aside"
        case .inUse(let path, let holder):
            "\(path): \(holder) has the database open; stop it first (`fuser -v \(path)` names it)"
        case .unsafe(let path, let setting):
            "\(path): SQLite did not take the setting \(setting), without which no event would be safe"
        }
    }
}
