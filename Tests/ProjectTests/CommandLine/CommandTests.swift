import Foundation
import Testing

/// The commands, run as a person or script runs them, without a daemon.
@Suite struct CommandTests {
    private let folder: TemporaryFolder
    private var database: [String: String] { ["ALERTGATE_DB": folder.path("alertgate.db")] }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// What goes wrong is said in one line that begins with the program's name, and nothing goes to standard output.
    private func expectFailure(_ ended: Ended, status: Int32, saying text: String) {
        #expect(ended.status == status, "\(ended)")
        #expect(ended.errors.hasPrefix("alertgate: "), "\(ended)")
        #expect(ended.errors.split(separator: "\n").count == 1, "\(ended)")
        #expect(ended.errors.contains(text), "\(ended)")
    }

    @Test(arguments: [
        ["serve"], ["check-config"], ["migrate"], ["service"], ["service", "create"], ["service", "list"],
        ["integration"], ["integration", "create"], ["integration", "list"], ["integration", "disable"],
        ["integration", "enable"], ["integration", "rotate"], ["token"], ["token", "create"], ["token", "list"],
        ["token", "revoke"], ["send"], ["incidents"], ["explain"], ["verify"], ["rebuild"], ["prune"], ["backup"],
        ["status"],
        [],
    ])
    func everyCommandHasHelp(_ command: [String]) async throws {
        let ended = try await run(try Project.program, command + ["--help"])
        #expect(ended.status == 0, "\(ended)")
        #expect(ended.output.contains("USAGE: alertgate"), "\(ended)")
        #expect(ended.errors == "", "\(ended)")
    }

    @Test(arguments: [
        ["nonsense"], ["serve", "--nonsense"], ["explain"], ["explain", "x"], ["service", "create"],
        ["service", "create", "  "], ["integration", "create"], ["token", "create"], ["check-config"], ["backup"],
        ["prune", "--older-than", "0"], ["prune", "--older-than", "x"],
        ["incidents", "--status", "open"], ["integration", "create", "--service", "a", "--key", "short"],
        ["send", "--action", "close"], ["send", "something"], ["send"], ["send", "--action", "resolve"],
        ["send", "--summary", "x", "--severity", "fatal"], ["send", "--summary", "x", "--details", "a"],
        ["send", "--summary", "x", "--key", "k", "--url", "ftp://a"], ["send", "--summary", "x"],
    ])
    func wrongUsageEndsWith64(_ command: [String]) async throws {
        let ended = try await run(try Project.program, command, environment: database)
        #expect(ended.status == 64, "\(ended)")
        #expect(ended.output == "", "\(ended)")
        #expect(ended.errors != "")
    }

    @Test(arguments: [["service", "list"], ["incidents"], ["status"], ["migrate"], ["token", "list"]])
    func aMissingDatabaseIsMadeAndSaid(_ command: [String]) async throws {
        let ended = try await run(try Project.program, command, environment: database)
        #expect(ended.status == 0, "\(ended)")
        #expect(ended.errors.contains(folder.path("alertgate.db")), "\(ended)")
        let again = try await run(try Project.program, command, environment: database)
        #expect(again.status == 0 && again.errors == "", "\(again)")
    }

    /// Integration keys stand in all of them.
    @Test func noFileIsReadableForEverybody() async throws {
        let copy = folder.path("copy.db")
        for command in [["service", "create", "shop"], ["backup", copy]] {
            let ended = try await run(try Project.program, command, environment: database)
            #expect(ended.status == 0, "\(ended)")
        }
        for path in [folder.path("alertgate.db"), folder.path("alertgate.db.lock"), copy] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(try #require(mode) & 0o007 == 0, "\(path)")
        }
    }

    @Test(arguments: [["verify"], ["rebuild"], ["prune"], ["backup", "/nonexistent/copy.db"], ["explain", "1"]])
    func aMissingDatabaseIsRefused(_ command: [String]) async throws {
        let ended = try await run(try Project.program, command, environment: database)
        #expect(ended.status != 0)
        expectFailure(ended, status: ended.status, saying: folder.path("alertgate.db"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("alertgate.db")))
    }

    @Test func whatIsCreatedIsListed() async throws {
        let service = try await alertgate("service", "create", "Web shop", "--json", environment: database).object()
        let serviceID = try #require(service["id"] as? String)
        #expect(serviceID.wholeMatch(of: /P[0-9A-Z]{6}/) != nil)
        for reference in ["Web shop", serviceID] {
            let integration = try await alertgate(
                "integration", "create", "--service", reference, "--json", environment: database
            ).object()
            #expect((integration["id"] as? String)?.wholeMatch(of: /P[0-9A-Z]{6}/) != nil)
            #expect((integration["integration_key"] as? String)?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        }
        let services = try await alertgate("service", "list", "--json", environment: database).array()
        #expect(services.map { $0["name"] as? String } == ["Web shop"])
        let integrations = try await alertgate("integration", "list", "--json", environment: database).array()
        #expect(integrations.count == 2)
        #expect(try await alertgate("verify", environment: database).status == 0)
    }

    @Test func aKeyCanBeImportedOnceAndIsNotShownAgain() async throws {
        _ = try await alertgate("service", "create", "a", environment: database)
        let key = "imported_KEY-0123456789"
        let first = try await alertgate(
            "integration", "create", "--service", "a", "--key", key, "--json", environment: database)
        #expect(try first.object()["integration_key"] as? String == key)
        let second = try await alertgate(
            "integration", "create", "--service", "a", "--key", key, "--json", environment: database)
        expectFailure(second, status: 1, saying: "key")
        #expect(!second.errors.contains(key))
        let list = try await alertgate("integration", "list", environment: database)
        #expect(!list.output.contains(key) && list.output.contains("6789"), "\(list)")
    }

    @Test func twoServicesCannotShareAName() async throws {
        #expect(try await alertgate("service", "create", "a", environment: database).status == 0)
        expectFailure(
            try await alertgate("service", "create", "a", environment: database), status: 1, saying: "name")
    }

    @Test(arguments: [
        ["integration", "create", "--service", "none"], ["integration", "disable", "none"],
        ["integration", "rotate", "P000009"], ["token", "revoke", "none"],
    ])
    func whatIsNotThereIsNamed(_ command: [String]) async throws {
        let made = try await alertgate("migrate", environment: database)
        #expect(made.status == 0)
        let ended = try await run(try Project.program, command, environment: database)
        expectFailure(ended, status: 1, saying: command[command.count - 1])
    }

    @Test func anIntegrationIsSwitchedAndRotated() async throws {
        _ = try await alertgate("service", "create", "a", environment: database)
        let made = try await alertgate(
            "integration", "create", "--service", "a", "--name", "one", "--json", environment: database
        ).object()
        let id = try #require(made["id"] as? String)
        #expect(try await alertgate("integration", "disable", id, environment: database).status == 0)
        let disabled = try await alertgate("integration", "list", "--json", environment: database).array()
        #expect(disabled.first?["disabled_at"] is String)
        #expect(try await alertgate("integration", "enable", "one", environment: database).status == 0)
        let enabled = try await alertgate("integration", "list", "--json", environment: database).array()
        #expect(enabled.first?["disabled_at"] is NSNull)
        let rotated = try await alertgate("integration", "rotate", id, "--json", environment: database).object()
        #expect((rotated["integration_key"] as? String)?.count == 32)
        #expect(rotated["integration_key"] as? String != made["integration_key"] as? String)
    }

    @Test func aTokenIsShownOnceAndRevoked() async throws {
        let made = try await alertgate(
            "token", "create", "dashboard", "--read-only", "--json", environment: database
        ).object()
        let token = try #require(made["token"] as? String)
        #expect(token.wholeMatch(of: /ag_[0-9A-Za-z]{40}/) != nil)
        let list = try await alertgate("token", "list", "--json", environment: database)
        #expect(!list.output.contains(token))
        #expect(try list.array().first?["read_only"] as? Bool == true)
        #expect(try await alertgate("token", "revoke", "dashboard", environment: database).status == 0)
        let revoked = try await alertgate("token", "list", "--json", environment: database).array()
        #expect(revoked.first?["revoked_at"] is String)
        // Not even in the file.
        for suffix in ["", "-wal"] {
            let path = folder.path("alertgate.db" + suffix)
            guard FileManager.default.fileExists(atPath: path) else { continue }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)).range(of: Data(token.utf8)) == nil)
        }
    }

    @Test func explainSaysWhatBecameOfAnEvent() async throws {
        _ = try await alertgate("service", "create", "a", environment: database)
        let ended = try await alertgate("explain", "1", "--json", environment: database)
        #expect(try ended.object()["outcome"] as? String == "applied")
        expectFailure(try await alertgate("explain", "99", environment: database), status: 1, saying: "99")
    }

    @Test func aBackupIsWholeAndOverwritesNothing() async throws {
        _ = try await alertgate("service", "create", "a", environment: database)
        let copy = folder.path("copy.db")
        #expect(try await alertgate("backup", copy, environment: database).status == 0)
        let again = try await alertgate("backup", copy, environment: database)
        #expect(again.status != 0)
        #expect(try await alertgate("verify", "--db", copy).status == 0)
        #expect(try await alertgate("service", "list", "--json", "--db", copy).array().count == 1)
    }

    @Test func rebuildGivesTheSameAgain() async throws {
        _ = try await alertgate("service", "create", "a", environment: database)
        let before = try await alertgate("service", "list", "--json", environment: database).output
        #expect(try await alertgate("rebuild", environment: database).status == 0)
        #expect(try await alertgate("service", "list", "--json", environment: database).output == before)
        #expect(try await alertgate("verify", environment: database).status == 0)
    }

    @Test func pruningSaysWhatItRemoves() async throws {
        _ = try await alertgate("service", "create", "a", environment: database)
        _ = try await alertgate("token", "revoke", "T000099", environment: database)
        for arguments in [["--dry-run"], [], ["--older-than", "1"]] {
            let ended = try await run(
                try Project.program, ["prune", "--json"] + arguments, environment: database)
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.output.contains("\"incidents\":0,\"events\":0,\"freed_bytes\":0"), "\(ended)")
        }
        #expect(try await alertgate("verify", environment: database).status == 0)
    }

    @Test(arguments: ["not a database", String(repeating: "x", count: 200)])
    func aForeignFileIsLeftAlone(_ text: String) async throws {
        let path = try folder.write(text, to: "alertgate.db")
        for command in [["status"], ["service", "create", "a"], ["verify"], ["rebuild"], ["serve"]] {
            let ended = try await run(try Project.program, command, environment: database)
            #expect(ended.status != 0)
            expectFailure(ended, status: ended.status, saying: path)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    /// What was meant to be encrypted is not served plainly.
    @Test(arguments: ["listen", "admin.listen"])
    func anAddressForTLSNeedsACertificate(_ key: String) async throws {
        let address = "https://127.0.0.1:0"
        let yaml = key == "listen" ? "listen: [\"\(address)\"]\n" : "admin: {listen: [\"\(address)\"]}\n"
        let file = try folder.write(yaml, to: "alertgate.yaml")
        for command in [["check-config", file], ["serve", "--config", file]] {
            let ended = try await run(try Project.program, command, environment: database)
            #expect(ended.status == 78, "\(ended)")
            #expect(
                ended.errors
                    == "alertgate: \(file): \(key): \"\(address)\": expected tls.certificate and tls.key to be "
                    + "set, as this address is to speak TLS\n", "\(ended)")
        }
    }

    @Test func aGoodSettingsFileIsGood() async throws {
        #expect(try await alertgate("check-config", "etc/alertgate.yaml").status == 0)
    }

    @Test(arguments: [
        ("events: {rate_limit: x}", "events.rate_limit", "x", "a whole number"),
        ("events: {rate_limits: 1}", "events.rate_limits", "", "no such setting"),
        ("http: {idle_timeout: 0}", "http.idle_timeout", "0", "from 1 to 3600"),
    ])
    func aWrongSettingEndsWith78(_ yaml: String, key: String, value: String, expectation: String) async throws {
        let file = try folder.write(yaml, to: "alertgate.yaml")
        for command in [["check-config", file], ["serve", "--config", file, "--db", folder.path("new.db")]] {
            let ended = try await run(try Project.program, command)
            expectFailure(ended, status: 78, saying: file)
            for text in [key, value, expectation] where !text.isEmpty {
                #expect(ended.errors.contains(text), "\(ended)")
            }
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path("new.db")))
    }

    @Test func aGatewayThatIsNotThereIsUnavailable() async throws {
        // Port 1 is nobody's.
        let ended = try await alertgate(
            "send", "--summary", "x", "--url", "http://127.0.0.1:1",
            environment: ["ALERTGATE_INTEGRATION_KEY": "0123456789abcdef0123456789abcdef"])
        expectFailure(ended, status: 69, saying: "127.0.0.1:1")
        #expect(!ended.errors.contains("0123456789abcdef"))
    }
}
