import Foundation
import Testing

/// alertgate(1), as scripts/manual-page makes it from the program.
@Suite struct ManualPageTests {
    private func page() async throws -> String {
        let ended = try await run("scripts/manual-page", try Project.program.path)
        #expect(ended.status == 0 && ended.errors == "", "\(ended)")
        return ended.output
    }

    @Test func groffFindsNothingWrong() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(try await page(), to: "alertgate.1")
        let ended = try await run("groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-z", path)
        #expect(ended.status == 0 && ended.errors == "" && ended.output == "", "\(ended)")
    }

    /// Every command and option that the program knows, and texts as they are, dashes and backslashes included.
    @Test func everyCommandAndOptionStandsInIt() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(try await page(), to: "alertgate.1")
        let shown = try await run("groff", "-man", "-Kutf8", "-Tascii", "-P-cbou", "-rLL=200n", path).output
        let dump = try await alertgate("--experimental-dump-help").object()
        let root = try #require(dump["command"] as? [String: Any])
        var count = 0
        func visit(_ command: [String: Any], _ path: [String]) throws {
            if !path.isEmpty {
                let heading = "\n   \(path.joined(separator: " "))\n"
                #expect(shown.contains(heading), "\(path)")
                count += 1
            }
            for argument in command["arguments"] as? [[String: Any]] ?? [] {
                guard argument["shouldDisplay"] as? Bool == true else { continue }
                for name in argument["names"] as? [[String: String]] ?? [] where name["kind"] == "long" {
                    #expect(shown.contains("--\(name["name"] ?? "?")"), "\(path): \(name)")
                }
            }
            for subcommand in command["subcommands"] as? [[String: Any]] ?? [] {
                let name = try #require(subcommand["commandName"] as? String)
                guard name != "help", subcommand["shouldDisplay"] as? Bool == true else { continue }
                try visit(subcommand, path + [name])
            }
        }
        try visit(root, [])
        #expect(count > 40)
        let version = try await alertgate("--version").output.split(separator: " ")[1]
        #expect(shown.contains("alertgate \(version)"))
    }
}
