import FoundationEssentials
import Store

/// The files in `Tests/Fixtures`.
public enum Fixtures {
    /// The folder.
    public static let folder = URL(filePath: #filePath).appending(path: "../../../Tests/Fixtures").standardizedFileURL
        .path

    /// The bytes of a file. Throws if it cannot be read.
    public static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: folder).appending(path: name)))
    }

    /// The names in a folder, sorted. Throws if it cannot be read.
    public static func names(in name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/" + name).sorted()
    }

    /// The lines of a file, without the ends of lines. Throws if it cannot be read.
    public static func lines(_ name: String) throws -> [[UInt8]] {
        try bytes(name).split(separator: 10).map { Array($0) }
    }

    /// Makes a database of SQL that `Tests/Fixtures/databases/make.py` wrote. Throws if the file cannot be read, and what
    /// SQLite says.
    public static func makeDatabase(_ name: String, at path: String) throws {
        let connection = try Connection(path: path, mode: .create)
        defer { connection.close() }
        try connection.execute(String(decoding: try bytes("databases/\(name).sql"), as: UTF8.self))
    }
}
