import Glibc

/// Which file a path leads to: the numbers of its device and of its inode there.
public struct FileIdentity: Sendable, Hashable {
    /// The device that holds the file.
    public var device: UInt64
    /// The file's number on the device.
    public var inode: UInt64
}

/// What a look at a path found.
enum FileLook {
    /// A file, with its size in bytes and when it was last written, in nanoseconds since 1970.
    case found(FileIdentity, size: Int64, written: Int64)
    /// Nothing is there.
    case missing
    /// The system did not say.
    case unknown(String)

    /// Looks at a path, following links. Opens nothing: to close a descriptor of a database file drops the locks that
    /// SQLite holds on it (https://www.sqlite.org/howtocorrupt.html section 2.2).
    init(at path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let code = errno
            let isMissing = code == ENOENT || code == ENOTDIR || code == ELOOP
            self = isMissing ? .missing : .unknown(String(cString: strerror(code)))
            return
        }
        self = .found(
            FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)), size: Int64(status.st_size),
            written: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
    }

    /// The file's identity; nil where there is none, or it is unknown.
    var identity: FileIdentity? {
        if case .found(let identity, _, _) = self { return identity }
        return nil
    }

    /// The file's size in bytes; 0 where there is none, or it is unknown.
    var size: Int64 {
        if case .found(_, let size, _) = self { return size }
        return 0
    }
}
