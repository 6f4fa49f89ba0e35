import Foundation
import Testing

/// The commands, run as a person or script runs them, without a daemon.
@Suite struct CommandTests {
    private let folder: TemporaryFolder
    private var database: [String: String] { ["ALERTGATE_DB": folder.path("alertgate.db")] }

    /// Where nothing is.
    private var missing: [String: String] { ["ALERTGATE_DB": folder.path("none.db")] }

    init() async throws {
        folder = try TemporaryFolder()
        let ended = try await alertgate("migrate", environment: database)
        try #require(ended.status == 0, "\(ended)")
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
        ["service", "update"], ["service", "disable"], ["service", "enable"], ["service", "delete"],
        ["integration", "update"], ["integration", "delete"], ["incidents", "list"], ["incidents", "show"],
        ["incidents", "ack"], ["incidents", "resolve"], ["incidents", "reopen"], ["incidents", "note"],
        ["incidents", "snooze"], ["incidents", "merge"], ["silence", "create"], ["silence", "list"],
        ["silence", "show"],
        ["silence", "update"], ["silence", "end"], ["inhibition", "create"], ["inhibition", "list"],
        ["inhibition", "show"], ["inhibition", "delete"],
        ["token", "revoke"], ["send"], ["incidents"], ["explain"], ["verify"], ["rebuild"], ["prune"], ["backup"],
        ["restore"], ["status"],
        [],
    ])
    func everyCommandHasHelp(_ command: [String]) async throws {
        let ended = try await run(try Project.program, command + ["--help"])
        #expect(ended.status == 0, "\(ended)")
        #expect(ended.output.contains("USAGE: alertgate"), "\(ended)")
        #expect(ended.errors == "", "\(ended)")
    }

    @Test(arguments: [
        ["send", "-", "--dedup-key", "k"], ["send", "-", "--severity", "info"],
        ["nonsense"], ["serve", "--nonsense"], ["explain"], ["explain", "x"], ["service", "create"],
        ["service", "create", "  "], ["integration", "create"], ["token", "create"], ["check-config"], ["backup"],
        ["restore"],
        ["prune", "--older-than", "0"], ["prune", "--older-than", "x"],
        ["incidents", "--status", "open"], ["incidents", "list", "--limit", "1001"], ["incidents", "ack"],
        ["incidents", "ack", "x"], ["incidents", "ack", "0"], ["incidents", "show", "1", "2"],
        ["incidents", "merge", "1"], ["silence", "create"], ["silence", "create", "--matcher", ""],
        ["silence", "create", "--matcher", "source=x"], ["silence", "end"], ["silence", "show", "x"],
        ["silence", "create", "--matcher", "source=x", "--for", "367d"],
        ["inhibition", "create"], ["inhibition", "create", "--source", "class=x"],
        ["inhibition", "create", "--source", "class=x", "--target", ""],
        ["inhibition", "create", "--source", "class=x", "--target", "severity=info", "--equal", "colour"],
        ["inhibition", "show", "x"], ["inhibition", "delete"],
        ["incidents", "note", "1"], ["incidents", "note", "1", " "], ["incidents", "resolve", "1", "--note", ""],
        ["incidents", "snooze", "1"], ["incidents", "snooze", "1", "--for", "8d"],
        ["incidents", "snooze", "1", "--for", "90"], ["incidents", "ack", "1", "--token", "x"],
        ["incidents", "--ca", "x"], ["incidents", "ack"] + (1...251).map { "\($0)" },
        ["service", "update", "a"], ["service", "update", "a", "--name", " "],
        ["service", "update", "a", "--auto-resolve-timeout", "-1"], ["integration", "update", "a"],
        ["integration", "update", "a", "--default-severity", "fatal"],
        ["integration", "create", "--service", "a", "--key", "short"],
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

    /// The system's time zones are in a package that may be missing.
    @Test(arguments: [("Europe/Berlin", true), ("UTC", false)])
    func withoutATimeZoneDatabaseThereIsUTC(_ zone: String, isMissed: Bool) async throws {
        let environment = database.merging(["TZDIR": folder.path("none")]) { $1 }
        let ended = try await run(
            try Project.program,
            [
                "silence", "create", "--matcher", "source=x", "--repeat", "FREQ=DAILY", "--at", "2030-01-01T02:00",
                "--for", "1h", "--time-zone", zone,
            ], environment: environment)
        #expect(ended.errors.contains("no time zone database") == isMissed, "\(ended)")
        #expect((ended.status == 64) == isMissed, "\(ended)")
    }

    @Test func migrateMakesAMissingDatabaseAndSaysSo() async throws {
        let ended = try await alertgate("migrate", environment: missing)
        #expect(ended.status == 0, "\(ended)")
        #expect(ended.errors == "alertgate: made a new database at \(folder.path("none.db"))\n", "\(ended)")
        let again = try await alertgate("migrate", environment: missing)
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

    /// A path that is mistyped, or a file that was removed, never gives an empty database.
    @Test(arguments: [
        ["verify"], ["rebuild"], ["prune"], ["backup", "/nonexistent/copy.db"], ["explain", "1"], ["status"],
        ["incidents"], ["service", "list"], ["service", "create", "a"], ["integration", "list"],
        ["integration", "create", "--service", "a"], ["token", "list"], ["token", "create", "a"],
        ["silence", "list"], ["silence", "create", "--matcher", "source=x", "--for", "1h"], ["inhibition", "list"],
    ])
    func aMissingDatabaseIsRefused(_ command: [String]) async throws {
        let ended = try await run(try Project.program, command, environment: missing)
        expectFailure(ended, status: 69, saying: folder.path("none.db"))
        #expect(ended.errors.contains("alertgate migrate"), "\(ended)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("none.db")))
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
        ["integration", "rotate", "P000009"], ["token", "revoke", "none"], ["integration", "delete", "none"],
        ["integration", "update", "--name", "x", "none"], ["service", "update", "--name", "x", "none"],
        ["service", "disable", "none"], ["service", "enable", "none"], ["service", "delete", "none"],
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

    @Test func aServiceIsChangedAndDeleted() async throws {
        func json(_ arguments: String...) async throws -> [String: Any] {
            try await run(try Project.program, arguments + ["--json"], environment: database).object()
        }
        let id = try #require(try await json("service", "create", "shop")["id"] as? String)
        let updated = try await json(
            "service", "update", "shop", "--name", "Web shop", "--description", "sells", "--auto-resolve-timeout", "60")
        #expect(updated["id"] as? String == id && updated["name"] as? String == "Web shop", "\(updated)")
        #expect(updated["description"] as? String == "sells" && updated["auto_resolve_timeout"] as? Int == 60)
        #expect(updated["changed"] as? Bool == true)
        let cleared = try await json("service", "update", id, "--auto-resolve-timeout", "0")
        #expect(cleared["auto_resolve_timeout"] is NSNull && cleared["description"] as? String == "sells")
        #expect(try await json("service", "disable", id)["disabled_at"] is String)
        #expect(try await json("service", "disable", id)["changed"] as? Bool == false)
        #expect(try await alertgate("service", "list", environment: database).output.contains("disabled"))
        #expect(try await json("service", "enable", id)["disabled_at"] is NSNull)

        _ = try await json("service", "create", "other")
        expectFailure(
            try await alertgate("service", "update", "other", "--name", "Web shop", environment: database), status: 1,
            saying: "name")
        let integration = try await json("integration", "create", "--service", id, "--name", "in")
        expectFailure(
            try await alertgate("service", "delete", id, environment: database), status: 1, saying: "integrations")
        let changed = try await json(
            "integration", "update", "in", "--name", "way in", "--default-severity", "warning")
        #expect(changed["name"] as? String == "way in" && changed["default_severity"] as? String == "warning")
        let key = try #require(integration["integration_key"] as? String)
        #expect(changed["integration_key"] as? String != key)
        #expect(try await json("integration", "disable", "way in")["disabled_at"] is String)
        #expect(try await json("integration", "delete", "way in")["deleted"] as? Bool == true)
        #expect(try await json("service", "delete", id)["deleted"] as? Bool == true)
        let integrations = try await alertgate("integration", "list", "--json", environment: database).array()
        #expect(integrations.isEmpty)
        let services = try await alertgate("service", "list", "--json", environment: database).array()
        #expect(services.map { $0["name"] as? String } == ["other"])
        // The name is free again.
        let again = try #require(try await json("service", "create", "Web shop")["id"] as? String)
        #expect(again != id)
        _ = try await json("integration", "create", "--service", again, "--name", "in")
        let deleted = try await json("service", "delete", again, "--with-integrations")
        #expect(deleted["deleted"] as? Bool == true && deleted["id"] as? String == again)
        let left = try await alertgate("integration", "list", "--json", environment: database).array()
        #expect(left.isEmpty)
        #expect(try await alertgate("verify", environment: database).status == 0)
    }

    /// An action that the program cannot read any more, as after a downgrade: its effect is not folded away.
    @Test func anEventThatCannotBeReadIsNamedAndNothingIsRebuilt() async throws {
        _ = try await alertgate("service", "create", "Web shop", environment: database)
        let path = folder.path("alertgate.db")
        let shell = try await run(
            "sqlite3", path,
            "UPDATE events SET body = CAST(replace(CAST(body AS TEXT), '\"name\":', '\"title\":') AS BLOB) WHERE id = 1"
        )
        try #require(shell.status == 0, "\(shell)")
        let named = "event 1 (action create_service) cannot be read: the action lacks the member \"name\""
        let verified = try await alertgate("verify", environment: database)
        #expect(verified.status == 1 && verified.output.contains(named), "\(verified)")
        #expect(
            verified.errors.contains("do not rebuild") && verified.errors.contains("restore a backup"), "\(verified)")
        let json = try await alertgate("verify", "--json", environment: database).object()
        let unreadable = try #require(json["unreadable"] as? [[String: Any]])
        #expect(unreadable.map { $0["event"] as? Int } == [1] && json["ok"] as? Bool == false)
        #expect(unreadable.first?["had_effect"] as? Bool == true)
        for arguments in [["rebuild"], ["rebuild", "--json"]] {
            let rebuilt = try await run(try Project.program, arguments, environment: database)
            #expect(rebuilt.status == 1 && rebuilt.output == "", "\(rebuilt)")
            #expect(rebuilt.errors.contains("nothing was changed") && rebuilt.errors.contains(named), "\(rebuilt)")
        }
        let forced = try await alertgate("rebuild", "--force", environment: database)
        #expect(forced.status == 64, "\(forced)")
        let services = try await alertgate("service", "list", "--json", environment: database).array()
        #expect(services.map { $0["name"] as? String } == ["Web shop"])
        let recovered = try await alertgate("recover", folder.path("new.db"), environment: database)
        #expect(recovered.status == 1 && recovered.output.contains(named), "\(recovered)")
        #expect(FileManager.default.fileExists(atPath: folder.path("new.db")))
    }

    @Test func everythingThatPrintsDataPrintsJSON() async throws {
        _ = try await alertgate("service", "create", "a", environment: database)
        _ = try await alertgate("token", "create", "t", environment: database)
        for command in [
            ["migrate"], ["status"], ["verify"], ["explain", "1"], ["prune", "--dry-run"], ["rebuild"],
            ["backup", folder.path("copy.db")], ["token", "revoke", "t"],
        ] {
            let ended = try await run(try Project.program, command + ["--json"], environment: database)
            let object = try ended.object()
            #expect(ended.status == 0 && !object.isEmpty, "\(ended)")
        }
        for command in [["service", "list"], ["integration", "list"], ["token", "list"], ["incidents"]] {
            let ended = try await run(try Project.program, command + ["--json"], environment: database)
            #expect(ended.status == 0, "\(ended)")
            _ = try ended.array()
        }
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
        #expect(try ended.object()["event"] as? Int == 1)
        _ = try await alertgate("service", "create", "a", environment: database)
        let refused = try await alertgate("explain", "2", "--json", environment: database)
        #expect(try refused.object()["reason"] as? String == "service name taken")
        #expect(try refused.object()["refused_over"] as? Int == 1)
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
        #expect(try await alertgate("check-config", "etc/alertgate.yaml", environment: database).status == 0)
        let shown = try await alertgate(
            "check-config", "etc/alertgate.yaml", "--json",
            environment: database.merging(["ALERTGATE_EVENTS_RATE_LIMIT": "7"]) { $1 })
        #expect(try shown.object()["events.rate_limit"] as? String == "7")
        #expect(try shown.object()["events.rate_limit_per_second"] as? String == "100")
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
