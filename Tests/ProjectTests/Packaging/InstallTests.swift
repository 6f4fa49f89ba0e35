import Foundation
import Testing

/// `make install` into a folder of its own.
@Suite struct InstallTests {
    private func install(into folder: TemporaryFolder, _ variables: String...) async throws -> Ended {
        try await run(
            URL(fileURLWithPath: "/usr/bin/env"),
            ["make", "--no-print-directory", "install", "DESTDIR=\(folder.url.path)"] + variables,
            environment: ["ALERTGATE_BINARY": try Project.program.path])
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func everythingGetsToItsPlace() async throws {
        let folder = try TemporaryFolder()
        let ended = try await install(into: folder)
        try #require(ended.status == 0, "\(ended)")
        let files = try #require(FileManager.default.enumerator(atPath: folder.url.path)).compactMap { $0 as? String }
            .filter { name in !["", "/"].contains(name) && !name.hasSuffix("/") }
            .filter {
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: folder.path($0), isDirectory: &isFolder)
                    && !isFolder.boolValue
            }
        #expect(
            Set(files) == [
                "usr/local/bin/alertgate", "usr/local/lib/systemd/system/alertgate.service",
                "usr/local/lib/systemd/system/alertgate.socket", "etc/alertgate/alertgate.yaml",
                "usr/local/share/bash-completion/completions/alertgate",
                "usr/local/share/zsh/site-functions/_alertgate",
                "usr/local/share/fish/vendor_completions.d/alertgate.fish",
                "usr/local/share/man/man1/alertgate.1",
                "usr/local/share/alertgate/prometheus/alertgate.rules.yml",
            ])
        #expect(try mode(folder.path("usr/local/bin/alertgate")) == 0o755)
        #expect(try mode(folder.path("etc/alertgate/alertgate.yaml")) == 0o644)
        let unit = try String(
            contentsOfFile: folder.path("usr/local/lib/systemd/system/alertgate.service"), encoding: .utf8)
        #expect(unit == (try Project.text("systemd/alertgate.service")))
        let program = URL(fileURLWithPath: folder.path("usr/local/bin/alertgate"))
        let checked = try await run(
            program, ["check-config", folder.path("etc/alertgate/alertgate.yaml")],
            environment: ["ALERTGATE_DB": folder.path("alertgate.db")])
        #expect(checked.status == 0, "\(checked)")
    }

    /// bash reads its script without complaint, and finds the commands in it.
    @Test func completionIsWhereTheShellsLook() async throws {
        let folder = try TemporaryFolder()
        let ended = try await install(into: folder, "PREFIX=/opt/alertgate")
        try #require(ended.status == 0, "\(ended)")
        let share = "opt/alertgate/share/"
        for path in [
            "bash-completion/completions/alertgate", "zsh/site-functions/_alertgate",
            "fish/vendor_completions.d/alertgate.fish",
        ] {
            let script = try String(contentsOfFile: folder.path(share + path), encoding: .utf8)
            for word in ["incidents", "snooze", "token-file"] { #expect(script.contains(word), "\(path)") }
            #expect(try mode(folder.path(share + path)) == 0o644)
        }
        let script = folder.path(share + "bash-completion/completions/alertgate")
        let parsed = try await run("bash", "-n", script)
        #expect(parsed.status == 0 && parsed.errors == "", "\(parsed)")
        let completed = try await run(
            "bash", "-c",
            "source \(script); COMP_WORDS=(alertgate incidents s); COMP_CWORD=2; "
                + "_alertgate alertgate s incidents; echo \"${COMPREPLY[*]}\"")
        #expect(completed.output == "show snooze\n", "\(completed)")
    }

    @Test func theUnitNamesThePrefix() async throws {
        let folder = try TemporaryFolder()
        let ended = try await install(into: folder, "PREFIX=/opt/alertgate", "SYSCONFDIR=/opt/alertgate/etc")
        try #require(ended.status == 0, "\(ended)")
        let unit = try String(
            contentsOfFile: folder.path("opt/alertgate/lib/systemd/system/alertgate.service"), encoding: .utf8)
        #expect(
            unit.contains(
                "ExecStart=/opt/alertgate/bin/alertgate serve --config /opt/alertgate/etc/alertgate/alertgate.yaml\n"))
        #expect(!unit.contains("/usr/local"))
    }

    @Test func settingsThatAreThereStay() async throws {
        let folder = try TemporaryFolder()
        try #require(try await install(into: folder).status == 0)
        let path = folder.path("etc/alertgate/alertgate.yaml")
        try Data("log:\n  level: debug\n".utf8).write(to: URL(fileURLWithPath: path))
        try #require(try await install(into: folder).status == 0)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "log:\n  level: debug\n")
        #expect(try String(contentsOfFile: path + ".new", encoding: .utf8) == (try Project.text("etc/alertgate.yaml")))
    }
}
