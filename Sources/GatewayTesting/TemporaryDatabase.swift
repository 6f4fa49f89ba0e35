import FoundationEssentials
import Glibc
import Store

/// A database in a new folder of its own, on the disk, in WAL mode. The folder is removed when the value is let go,
/// unless `KEEP_DB=1` stands in the environment: then it stays, and its path is printed.
public final class TemporaryDatabase: Sendable {
    /// The folder, for further files of a test.
    public let folder: String
    /// The database, which is not made yet.
    public let database: Database

    /// A database that is not made yet, in a new folder. Throws when the folder cannot be made.
    public init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/alertgate-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXFailure(operation: "mkdtemp", code: errno) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        database = Database(path: folder + "/alertgate.db")
    }

    deinit {
        if getenv("KEEP_DB").map({ String(cString: $0) }) == "1" {
            print("kept: \(folder)")
            return
        }
        // A folder that is left over in the temporary directory does no harm to the test that made it.
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A path in the folder.
    public func path(_ name: String) -> String { folder + "/" + name }
}

/// A call to the system that failed in a fixture.
public struct POSIXFailure: Error, CustomStringConvertible {
    /// The call.
    public var operation: String
    /// `errno`.
    public var code: Int32

    /// A failure of that call.
    public init(operation: String, code: Int32) {
        self.operation = operation
        self.code = code
    }

    /// The call and the system's text.
    public var description: String { "\(operation): \(String(cString: strerror(code)))" }
}
