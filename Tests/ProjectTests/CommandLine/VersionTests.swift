import Foundation
import Testing

/// The version stands in one place; everything that shows it shows the same.
@Suite struct VersionTests {
    private static var line: Regex<(Substring, Substring, Substring, Substring)> {
        /^alertgate (\d+\.\d+\.\d+) \(commit (\S+), SQLite (\d+\.\d+\.\d+)\)\n$/
    }

    @Test func theProgramNamesItsVersionCommitAndSQLite() async throws {
        let ended = try await alertgate("--version")
        #expect(ended.status == 0 && ended.errors == "", "\(ended)")
        let match = try #require(ended.output.wholeMatch(of: Self.line), "\(ended)")
        // The library of the system, as its own shell is: both belong to one package.
        let shell = try await run("sqlite3", "--version")
        #expect(shell.output.hasPrefix("\(match.3) "), "\(shell)")

        let folder = try TemporaryFolder()
        let database = ["ALERTGATE_DB": folder.path("alertgate.db")]
        let migrated = try await alertgate("migrate", environment: database)
        try #require(migrated.status == 0, "\(migrated)")
        let status = try await alertgate("status", "--json", environment: database).object()
        #expect(status["version"] as? String == String(match.1))
        #expect(status["commit"] as? String == String(match.2))
        #expect(status["sqlite"] as? String == String(match.3))
        let table = try await alertgate("status", environment: database)
        #expect(table.output.contains("\(match.1)\n") && table.output.contains("\(match.3)\n"), "\(table)")
    }

    @Test func theChangelogHasItsSection() async throws {
        let ended = try await alertgate("--version")
        let match = try #require(ended.output.wholeMatch(of: Self.line), "\(ended)")
        let text = try Project.text("CHANGELOG.md")
        let sections = text.split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(sections.first == "## Unreleased")
        let releases = sections.dropFirst()
        #expect(releases.first?.contains(/^## \d+\.\d+\.\d+ - \d{4}-\d\d-\d\d$/) == true)
        #expect(releases.first?.hasPrefix("## \(match.1) ") == true)
    }

    /// The name of a commit reaches the compiler; anything else, or nothing, does no harm.
    @Test(arguments: [("abc123-dirty", true), ("", false), (#"a"b"#, false), ("a b", false)])
    func theCommitComesFromTheEnvironment(_ commit: String, isTaken: Bool) async throws {
        let scratch = try TemporaryFolder()
        let dump = try await run(
            "swift", "package", "--scratch-path", scratch.url.path, "dump-package",
            environment: ["ALERTGATE_COMMIT": commit])
        #expect(dump.status == 0, "\(dump)")
        // In JSON, so with backslashes before the quotes that the compiler gets.
        #expect(dump.output.contains(#""ALERTGATE_COMMIT=\"\#(commit)\"""#) == isTaken)
        #expect(dump.output.contains("ALERTGATE_COMMIT=") == isTaken)
    }

    @Test func aReleaseIsBuiltWithItsCommit() async throws {
        let ended = try await run("scripts/commit")
        #expect(ended.status == 0, "\(ended)")
        let hasGit = FileManager.default.fileExists(atPath: Project.root.appending(path: ".git").path)
        #expect(ended.output.contains(/^[0-9a-f]{7,40}(-dirty)?\n$/) == hasGit, "\(ended)")
        let recipe = try await run("make", "--dry-run", "release")
        #expect(recipe.output.contains(#"ALERTGATE_COMMIT="$(scripts/commit)" swift build -c release"#), "\(recipe)")
    }
}
