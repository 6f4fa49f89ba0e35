import CBuild
import HTTPAPI
import Store

extension BuildInfo {
    /// The program that runs. This is the one place that holds the version: `--version`, `status`, the metrics, the log
    /// and the Debian package take it from here; CHANGELOG.md has a section for it.
    public static let current = BuildInfo(
        version: "0.9.0", commit: builtFrom ?? "unknown", sqlite: SQLiteLibrary.version)

    private static var builtFrom: String? {
        let commit = String(cString: alertgate_commit())
        return commit.isEmpty ? nil : commit
    }

    /// One line for people, e.g. `0.9.0 (commit e569ab2c1f04, SQLite 3.40.1)`.
    public var text: String { "\(version) (commit \(commit), SQLite \(sqlite))" }
}
