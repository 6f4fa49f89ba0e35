import Foundation
import Testing

/// What the project promises about itself.
@Suite struct ProjectTests {
    @Test func theSourcesAreFormatted() async throws {
        let ended = try await run(
            "swift", "format", "lint", "--strict", "--recursive", "Package.swift", "Sources", "Tests", "migrations")
        #expect(ended.status == 0, "\(ended)")
    }

    /// `make help` is made from the comments of the targets: one without a comment would be missing.
    @Test func helpNamesEveryTarget() async throws {
        let phony = try #require(try Project.text("Makefile").firstMatch(of: /\n\.PHONY: (.*)\n/))
        let ended = try await run("make", "help")
        for target in phony.1.split(separator: " ") {
            #expect(ended.output.contains("make \(target) "), "\(target)")
        }
    }

    @Test(arguments: ["run", "test", "require", "prepare-test-machine", "install", "deb", "commit"])
    func theScriptsAreSound(_ name: String) async throws {
        #expect(FileManager.default.isExecutableFile(atPath: Project.root.appending(path: "scripts/\(name)").path))
        #expect(try await run("bash", "-n", "scripts/\(name)").status == 0)
        #expect(try Project.text("scripts/\(name)").contains("\nset -euo pipefail\n"))
    }

    @Test func continuousIntegrationRunsTheTests() throws {
        #expect(try Project.text(".ci/run").contains("\nexec make test\n"))
    }
}
