#if DEBUG
    import CSQLite

    /// What writes to the database's file while `FailPoint.insideCheckpoint` is chosen.
    private enum CheckpointFailPoint {
        /// Unsafe as far as the compiler knows: set once, before the one connection that writes is handed out.
        nonisolated(unsafe) static var write:
            (@convention(c) (UnsafeMutablePointer<sqlite3_file>?, UnsafeRawPointer?, Int32, Int64) -> Int32)?
    }

    extension Connection {
        /// Lets the process end inside a checkpoint, if it is to: in WAL mode nothing else writes to the database's own
        /// file (https://www.sqlite.org/wal.html#ckpt). The file's methods (https://www.sqlite.org/c3ref/io_methods.html)
        /// are copied, and the copy lives as long as the process.
        func reachFailPointInCheckpoints() {
            guard FailPoint.insideCheckpoint.isChosen else { return }
            var file: UnsafeMutablePointer<sqlite3_file>?
            guard sqlite3_file_control(pointer, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK, let file,
                let original = file.pointee.pMethods
            else { return }
            CheckpointFailPoint.write = original.pointee.xWrite
            let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
            methods.initialize(to: original.pointee)
            methods.pointee.xWrite = { file, bytes, count, offset in
                FailPoint.insideCheckpoint.reach()
                return CheckpointFailPoint.write?(file, bytes, count, offset) ?? SQLITE_IOERR
            }
            file.pointee.pMethods = UnsafePointer(methods)
        }
    }
#endif
