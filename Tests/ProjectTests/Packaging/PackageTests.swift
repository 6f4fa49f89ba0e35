import Foundation
import Testing

/// The Debian package, made of the program under test, installed by dpkg into a folder.
@Suite(.timeLimit(.minutes(5))) struct PackageTests {
    /// A package, and the folder that holds it.
    private struct Package {
        let folder: TemporaryFolder
        let path: String
        let version: String
    }

    /// Made once for all tests.
    private static let package = Task {
        let folder = try TemporaryFolder()
        let ended = try await run(
            "scripts/deb",
            environment: [
                "ALERTGATE_BINARY": try Project.program.path, "DEB_FOREIGN_LIBRARIES": "1",
                "DEB_OUTPUT": folder.url.path,
                "DEB_COMPRESSION": "none",
            ])
        try #require(ended.status == 0, "\(ended)")
        let path = ended.output.trimmingCharacters(in: .newlines)
        let version = try await run("dpkg-deb", "--field", path, "Version").output
        return Package(folder: folder, path: path, version: version.trimmingCharacters(in: .newlines))
    }

    /// A system that is a folder.
    private struct System {
        let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            for name in ["var/lib/dpkg/updates", "var/lib/dpkg/info", "var/log"] {
                try FileManager.default.createDirectory(
                    atPath: folder.path(name), withIntermediateDirectories: true)
            }
            _ = try folder.write("", to: "var/lib/dpkg/status")
        }

        /// Runs dpkg on it. Its scripts run on this machine with `DPKG_ROOT`; dependencies are not looked at.
        func dpkg(_ arguments: String...) async throws -> Ended {
            try await run(
                URL(fileURLWithPath: "/usr/bin/env"),
                [
                    "dpkg", "--root=\(folder.url.path)", "--force-not-root", "--force-script-chrootless",
                    "--force-depends", "--force-confdef", "--force-confold",
                ] + arguments, environment: Self.environment)
        }

        /// What the administrator does.
        func enable(_ unit: String) async throws {
            let ended = try await run("systemctl", "--root=\(folder.url.path)", "enable", unit)
            #expect(ended.status == 0, "\(ended)")
        }

        private static let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]

        func text(_ path: String) throws -> String {
            try String(contentsOfFile: folder.path(path), encoding: .utf8)
        }

        /// The type of what stands at a path, without following links; nil for nothing.
        func type(_ path: String) -> FileAttributeType? {
            try? FileManager.default.attributesOfItem(atPath: folder.path(path))[.type] as? FileAttributeType
        }

        /// Everything that the package could have left: all but dpkg's own files.
        func leftovers() throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: folder.url.path).filter { path in
                !path.hasPrefix("var/lib/dpkg") && !path.hasPrefix("var/log") && path.contains("alertgate")
            }
        }

        /// A database as the service makes it with `DynamicUser=`.
        func makeDatabase() throws {
            let state = folder.path("var/lib/private/alertgate")
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            _ = try folder.write("events", to: "var/lib/private/alertgate/alertgate.db")
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("var/lib/alertgate"), withDestinationPath: "private/alertgate")
        }
    }

    @Test func itSaysWhatItIsAndWhatItNeeds() async throws {
        let package = try await Self.package.value
        let program = try await alertgate("--version").output.split(separator: " ")[1]
        #expect(package.version == "\(program)-1")
        let field = { (name: String) in try await run("dpkg-deb", "--field", package.path, name).output }
        let needed = try await field("Depends")
        for name in ["libc6 (>=", "libsqlite3-0 (>=", "zlib1g (>=", "tzdata"] {
            #expect(needed.contains(name), "\(needed)")
        }
        let architecture = try await field("Architecture")
        #expect(architecture == (try await run("dpkg-architecture", "-qDEB_HOST_ARCH").output))
        let contents = try await run("dpkg-deb", "--contents", package.path).output.split(separator: "\n")
        let files = contents.filter { !$0.hasPrefix("d") }.map { String($0.split(separator: " ").last ?? "") }
        #expect(
            Set(files) == [
                "./usr/bin/alertgate", "./etc/alertgate/alertgate.yaml",
                "./usr/lib/systemd/system/alertgate.service", "./usr/lib/systemd/system/alertgate.socket",
                "./usr/share/bash-completion/completions/alertgate",
                "./usr/share/zsh/vendor-completions/_alertgate",
                "./usr/share/fish/vendor_completions.d/alertgate.fish",
                "./usr/share/man/man1/alertgate.1.gz", "./usr/share/alertgate/prometheus/alertgate.rules.yml",
                "./usr/share/doc/alertgate/copyright", "./usr/share/doc/alertgate/changelog.gz",
                "./usr/share/doc/alertgate/changelog.Debian.gz",
            ])
        for line in contents { #expect(line.contains(" root/root "), "\(line)") }
    }

    /// A program that needs a library of no package would start on the machine that built it, and nowhere else.
    @Test func aProgramWithForeignLibrariesIsRefused() async throws {
        let folder = try TemporaryFolder()
        let ended = try await run(
            "scripts/deb",
            environment: ["ALERTGATE_BINARY": try Project.program.path, "DEB_OUTPUT": folder.url.path])
        #expect(ended.status != 0 && ended.errors.contains("libswiftCore.so"), "\(ended)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])
    }

    @Test func installingEnablesNothing() async throws {
        let system = try System()
        let installed = try await system.dpkg("--install", try await Self.package.value.path)
        try #require(installed.status == 0, "\(installed)")
        let unit = try system.text("usr/lib/systemd/system/alertgate.service")
        #expect(unit.contains("ExecStart=/usr/bin/alertgate serve --config /etc/alertgate/alertgate.yaml\n"))
        let program = URL(fileURLWithPath: system.folder.path("usr/bin/alertgate"))
        // On a machine, systemd makes the folder of the database.
        let checked = try await run(
            program, ["check-config", system.folder.path("etc/alertgate/alertgate.yaml")],
            environment: ["ALERTGATE_DB": system.folder.path("alertgate.db")])
        #expect(checked.status == 0, "\(checked)")
        #expect(system.type("etc/systemd/system/multi-user.target.wants/alertgate.service") == nil)
        #expect(system.type("etc/systemd/system/sockets.target.wants/alertgate.socket") == nil)
    }

    /// The life of a package on a machine: installed, enabled, configured, upgraded, removed, installed again, purged.
    @Test func whatTheAdministratorChangedOutlivesUpgradeAndRemoval() async throws {
        let package = try await Self.package.value
        let system = try System()
        func dpkg(_ arguments: String...) async throws {
            let ended = try await system.dpkg(arguments[0], arguments[1])
            try #require(ended.status == 0, "\(ended)")
        }
        let settings = "etc/alertgate/alertgate.yaml"
        let wanted = "etc/systemd/system/multi-user.target.wants/alertgate.service"
        try await dpkg("--install", package.path)
        try await system.enable("alertgate.service")
        #expect(system.type(wanted) == .typeSymbolicLink)
        _ = try system.folder.write("log: {level: debug}\n", to: settings)
        try system.makeDatabase()

        let next = try await revised(package)
        try await dpkg("--install", next)
        #expect(try system.text(settings) == "log: {level: debug}\n")
        #expect(try system.text(settings + ".dpkg-dist").hasSuffix("# revised\n"))
        #expect(system.type(wanted) == .typeSymbolicLink)
        #expect(system.type("var/lib/private/alertgate/alertgate.db") == .typeRegular)

        try await dpkg("--remove", "alertgate")
        #expect(system.type("usr/bin/alertgate") == nil)
        #expect(try system.text(settings) == "log: {level: debug}\n")
        #expect(try system.text("var/lib/alertgate/alertgate.db") == "events")

        try await dpkg("--install", next)
        #expect(system.type(wanted) == .typeSymbolicLink)
        #expect(system.type("etc/systemd/system/alertgate.service") == nil, "it is still masked")

        try await dpkg("--purge", "alertgate")
        #expect(try system.leftovers() == [])
    }

    /// Settings that nobody changed become those of the new package.
    @Test func settingsThatAreAsInstalledAreUpgraded() async throws {
        let package = try await Self.package.value
        let system = try System()
        try #require(try await system.dpkg("--install", package.path).status == 0)
        let ended = try await system.dpkg("--install", try await revised(package))
        try #require(ended.status == 0, "\(ended)")
        #expect(try system.text("etc/alertgate/alertgate.yaml").hasSuffix("# revised\n"))
    }

    /// A database on another volume, to which the administrator's link leads, is not the package's.
    @Test func purgingFollowsNoLink() async throws {
        let system = try System()
        try #require(try await system.dpkg("--install", try await Self.package.value.path).status == 0)
        for name in ["srv/alerts", "var/lib"] {
            try FileManager.default.createDirectory(
                atPath: system.folder.path(name), withIntermediateDirectories: true)
        }
        _ = try system.folder.write("events", to: "srv/alerts/alertgate.db")
        try FileManager.default.createSymbolicLink(
            atPath: system.folder.path("var/lib/alertgate"), withDestinationPath: system.folder.path("srv/alerts"))
        let ended = try await system.dpkg("--purge", "alertgate")
        try #require(ended.status == 0, "\(ended)")
        #expect(system.type("var/lib/alertgate") == nil)
        #expect(try system.text("srv/alerts/alertgate.db") == "events")
    }

    /// The package with the next revision and other settings.
    private func revised(_ package: Package) async throws -> String {
        let tree = try TemporaryFolder()
        try #require(try await run("dpkg-deb", "--raw-extract", package.path, tree.path("root")).status == 0)
        let control = tree.path("root/DEBIAN/control")
        let text = try String(contentsOfFile: control, encoding: .utf8)
        try text.replacing("\nVersion: \(package.version)\n", with: "\nVersion: \(package.version).1\n")
            .write(toFile: control, atomically: true, encoding: .utf8)
        let settings = tree.path("root/etc/alertgate/alertgate.yaml")
        try (String(contentsOfFile: settings, encoding: .utf8) + "# revised\n")
            .write(toFile: settings, atomically: true, encoding: .utf8)
        let path = package.folder.path("revised-\(UUID().uuidString).deb")
        let ended = try await run(
            "dpkg-deb", "--root-owner-group", "-Znone", "--build", tree.path("root"), path)
        try #require(ended.status == 0, "\(ended)")
        return path
    }
}
