import Foundation
import Testing

/// Output that cannot be written: every command says so and ends with 1.
@Suite struct OutputFailureTests {
    private let folder: TemporaryFolder
    private var database: [String: String] { ["ALERTGATE_DB": folder.path("alertgate.db")] }

    /// Where standard output leads, as a shell says it, and what is said of it.
    private static let outputs = [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")]

    init() async throws {
        folder = try TemporaryFolder()
        let made = try await run(try Project.program, ["migrate"], environment: database)
        try #require(made.status == 0, "\(made)")
    }

    private func alertgate(_ arguments: [String], output: String) async throws -> Ended {
        try await run(
            URL(fileURLWithPath: "/bin/sh"),
            ["-c", "exec \"$0\" \"$@\" \(output)", try Project.program.path] + arguments,
            environment: database)
    }

    /// Every command, by what `--experimental-dump-help` lists: no new one is forgotten.
    private static func commands(_ command: [String: Any], after path: [String] = []) -> [[String]] {
        let name = command["commandName"] as? String ?? ""
        let path = path + [name]
        let below = (command["subcommands"] as? [[String: Any]] ?? []).filter { $0["commandName"] as? String != "help" }
        return [Array(path.dropFirst())] + below.flatMap { commands($0, after: path) }
    }

    @Test func theHelpOfEveryCommandSaysWhenItIsLost() async throws {
        let dump = try await run(try Project.program, ["--experimental-dump-help"]).object()
        let commands = Self.commands(try #require(dump["command"] as? [String: Any]))
        #expect(commands.count > 40)
        for command in commands {
            for (output, reason) in Self.outputs {
                let ended = try await alertgate(command + ["--help"], output: output)
                #expect(ended.status == 1 && ended.errors.contains(reason), "\(command) \(ended)")
            }
        }
    }

    /// Commands with arguments that make them print, in an order in which each finds what it needs.
    @Test(arguments: [[], ["--json"]])
    func everyCommandSaysWhenItsOutputIsLost(_ form: [String]) async throws {
        let environment = database
        func checked(_ arguments: String...) async throws {
            let ended = try await run(try Project.program, arguments, environment: environment)
            try #require(ended.status == 0, "\(ended)")
        }
        try await checked("service", "create", "shop")
        try await checked("integration", "create", "--service", "shop", "--name", "in")
        try await checked("token", "create", "reader")
        try await checked("silence", "create", "--matcher", "source=x", "--for", "1h")
        try await checked("inhibition", "create", "--source", "class=x", "--target", "severity=info")
        func id(_ list: String) async throws -> String {
            let listed = try await run(try Project.program, [list, "list", "--json"], environment: environment).array()
            return try #require(listed.first?["id"] as? String)
        }
        let (silence, rule) = (try await id("silence"), try await id("inhibition"))
        let settings = try folder.write("log: {level: info}\n", to: "alertgate.yaml")
        let rules = try folder.write("{}", to: "rules.json")
        for (number, (output, reason)) in Self.outputs.enumerated() {
            let commands = [
                ["migrate"], ["status"], ["verify"], ["explain", "1"], ["prune", "--dry-run"], ["prune"], ["rebuild"],
                ["check-config", settings], ["backup", folder.path("copy\(number).db")],
                ["recover", folder.path("recovered\(number).db")], ["simulate", "--rules", rules, "--since", "1h"],
                ["service", "list"], ["service", "create", "new\(number)"],
                ["service", "update", "shop", "--description", "\(number)"], ["service", "disable", "shop"],
                ["service", "enable", "shop"], ["integration", "list"], ["integration", "disable", "in"],
                ["integration", "enable", "in"], ["integration", "update", "in", "--default-severity", "info"],
                ["integration", "rotate", "in", "--grace", "9"], ["integration", "create", "--service", "shop"],
                ["token", "list"], ["token", "create", "lost"], ["token", "revoke", "reader"], ["incidents"],
                ["silence", "list"], ["silence", "show", silence], ["inhibition", "list"],
                ["silence", "create", "--matcher", "source=x", "--for", "1h", "--preview"],
                ["silence", "create", "--matcher", "source=x", "--for", "1h"],
                ["silence", "update", silence, "--comment", "\(number)"], ["inhibition", "show", rule],
                ["inhibition", "create", "--source", "class=x", "--target", "severity=info"],
            ]
            for command in commands {
                let ended = try await alertgate(command + form, output: output)
                // A table of nothing without titles prints nothing.
                #expect(ended.status == 1, "\(command) \(ended)")
                #expect(ended.errors.contains("cannot write to standard output: \(reason)"), "\(command) \(ended)")
                #expect(ended.errors.split(separator: "\n").count == 1, "\(command) \(ended)")
            }
            try await checked("service", "delete", "new\(number)")
        }
        #expect(try await run(try Project.program, ["verify"], environment: environment).status == 0)
    }

    /// Nobody reads the other end.
    @Test func aBrokenPipeIsSaid() async throws {
        let script = "mkfifo \"$1\" && exec 3<>\"$1\" 4>\"$1\" 3>&- && exec \"$0\" token create x >&4"
        let ended = try await run(
            URL(fileURLWithPath: "/bin/sh"), ["-c", script, try Project.program.path, folder.path("pipe")],
            environment: database)
        #expect(ended.status == 1 && ended.errors.contains("Broken pipe"), "\(ended)")
        let tokens = try await run(try Project.program, ["token", "list", "--json"], environment: database).array()
        #expect(tokens.count == 1 && tokens.first?["revoked_at"] is String, "\(tokens)")
    }

    /// What a secret is for goes with it.
    @Test(arguments: outputs)
    func noSecretIsLost(_ output: String, reason: String) async throws {
        func rows(_ list: String) async throws -> [[String: Any]] {
            try await run(try Project.program, [list, "list", "--json"], environment: database).array()
        }
        _ = try await run(try Project.program, ["service", "create", "shop"], environment: database)
        for command in [["token", "create", "a"], ["integration", "create", "--service", "shop"]] {
            for form in [[], ["--json"]] {
                let ended = try await alertgate(command + form, output: output)
                #expect(ended.status == 1 && ended.errors.contains("removed again"), "\(ended)")
            }
        }
        #expect(try await rows("integration").isEmpty)
        let tokens = try await rows("token")
        #expect(tokens.count == 2 && tokens.allSatisfy { $0["revoked_at"] is String })

        let key = "imported_KEY-0123456789"
        let create = ["integration", "create", "--service", "shop", "--name", "in", "--key", key]
        #expect(try await alertgate(create, output: output).status == 1)
        // The key is free again, and a rotation that nobody sees changes nothing.
        #expect(try await run(try Project.program, create, environment: database).status == 0)
        let rotated = try await alertgate(["integration", "rotate", "in"], output: output)
        #expect(rotated.status == 1 && rotated.errors.contains("was not changed"), "\(rotated)")
        #expect(try await rows("integration").first?["integration_key"] as? String == "…6789")
    }

    /// A key that is refused is not printed first.
    @Test func aRotationToATakenKeyPrintsNothing() async throws {
        _ = try await run(try Project.program, ["service", "create", "shop"], environment: database)
        let key = "imported_KEY-0123456789"
        for arguments in [["--name", "one", "--key", key], ["--name", "two"]] {
            let made = try await run(
                try Project.program, ["integration", "create", "--service", "shop"] + arguments, environment: database)
            #expect(made.status == 0, "\(made)")
        }
        let ended = try await run(
            try Project.program, ["integration", "rotate", "two", "--key", key], environment: database)
        #expect(ended.status == 1 && ended.output == "" && !ended.errors.contains(key), "\(ended)")
    }

    /// All of it goes through `Output`.
    @Test func noCommandPrintsByItself() throws {
        let sources = Project.root.appending(path: "Sources/alertgate")
        for path in try FileManager.default.subpathsOfDirectory(atPath: sources.path) where path.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
            let calls = text.matches(of: /(?:^|[^.\w])(?:Swift\.)?print\([^)]/)
            #expect(calls.isEmpty, "\(path)")
        }
    }
}
