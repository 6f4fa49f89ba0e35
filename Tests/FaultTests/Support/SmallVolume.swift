import Foundation
import GatewayTesting
import Glibc
import Store

/// A volume of its own in memory, small enough to be filled. Mounting needs the rights of root.
final class SmallVolume: Sendable {
    private let temporary: TemporaryDatabase
    let folder: String
    let database: Database

    init(mebibytes: Int) throws {
        temporary = try TemporaryDatabase()
        folder = temporary.path("volume")
        database = Database(path: folder + "/alertgate.db")
        try makeFolder(folder)
        let mounted = try RunningProgram.run(
            "mount", ["-t", "tmpfs", "-o", "size=\(mebibytes)m,mode=0700", "alertgate-test", folder])
        guard mounted.status == 0 else {
            throw SetupFailure("a tmpfs cannot be mounted; run the tests as root: \(mounted.errors)")
        }
    }

    deinit {
        // Detached at once, and gone when its last file is closed.
        umount2(folder, Int32(MNT_DETACH))
    }

    /// Writes a file until the volume is full, or until only so much is free.
    func fill(leaving bytes: Int64 = 0) throws {
        let descriptor = open(folder + "/ballast", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXFailure(operation: "open", code: errno) }
        defer { close(descriptor) }
        let page = [UInt8](repeating: 0xFF, count: 4096)
        while free > bytes {
            guard write(descriptor, page, page.count) > 0 else {
                guard errno == ENOSPC else { throw POSIXFailure(operation: "write", code: errno) }
                return
            }
        }
    }

    /// Mounts it again to be read only, or to be written. Nothing may have a file of it open to write.
    func remount(readOnly: Bool) throws {
        let result = try RunningProgram.run("mount", ["-o", readOnly ? "remount,ro" : "remount,rw", folder])
        guard result.status == 0 else { throw SetupFailure("remount: \(result.errors)") }
    }

    /// Makes the space free again.
    func empty() { unlink(folder + "/ballast") }

    private var free: Int64 {
        var status = statvfs()
        return statvfs(folder, &status) == 0 ? Int64(status.f_bavail) * Int64(status.f_bsize) : 0
    }
}
