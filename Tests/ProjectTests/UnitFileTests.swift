import Foundation
import Testing

/// The systemd units, as systemd itself sees them.
@Suite struct UnitFileTests {
    /// systemd checks that the program is there, so the units get the path of the one that was built.
    @Test func systemdFindsNothingWrong() async throws {
        let folder = try TemporaryFolder()
        let service = try Project.text("systemd/alertgate.service").replacing(
            "/usr/local/bin/alertgate", with: try Project.program.path)
        let socket = try Project.text("systemd/alertgate.socket")
        let ended = try await run(
            "systemd-analyze", "verify", "--man=no", try folder.write(service, to: "alertgate.service"),
            try folder.write(socket, to: "alertgate.socket"))
        #expect(ended.status == 0, "\(ended)")
        #expect(ended.errors == "", "\(ended)")
    }

    @Test func itsExposureIsTwoOrLower() async throws {
        let ended = try await run(
            "systemd-analyze", "security", "--offline=true", "--no-pager", "systemd/alertgate.service")
        let level = /Overall exposure level for alertgate\.service: (\d+\.\d+)/
        let match = try #require(ended.output.firstMatch(of: level), "\(ended)")
        #expect(try #require(Double(match.1)) <= 2.0)
    }

    /// What the daemon relies on.
    @Test(arguments: [
        "Type=notify", "WatchdogSec=", "Restart=always", "StateDirectory=alertgate",
        "ExecReload=/bin/kill -HUP $MAINPID",
        "DynamicUser=yes", "MemoryMax=", "TimeoutStopSec=",
    ])
    func theServiceSays(_ line: String) throws {
        let lines = try Project.text("systemd/alertgate.service").split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix(line) })
    }

    @Test func itStopsWithinItsTime() throws {
        let unit = try Project.text("systemd/alertgate.service")
        let stop = try #require(unit.firstMatch(of: /\nTimeoutStopSec=(\d+)\n/).flatMap { Int($0.1) })
        let settings = try Project.text("etc/alertgate.yaml")
        let grace = try #require(settings.firstMatch(of: /\n  grace_seconds: (\d+)\n/).flatMap { Int($0.1) })
        #expect(stop > 2 * grace)
    }

    /// The unit that docs/operations.md shows.
    @Test func theSocketForTheAdminAPIIsOne() async throws {
        let folder = try TemporaryFolder()
        let manual = try Project.text("docs/operations.md")
        let unit = try #require(manual.firstMatch(of: /```ini\n((?s).*?)```/)).1
        #expect(unit.contains("FileDescriptorName=admin\n"))
        let service = try Project.text("systemd/alertgate.service").replacing(
            "/usr/local/bin/alertgate", with: try Project.program.path)
        let ended = try await run(
            "systemd-analyze", "verify", "--man=no", try folder.write(service, to: "alertgate.service"),
            try folder.write(Project.text("systemd/alertgate.socket"), to: "alertgate.socket"),
            try folder.write(String(unit), to: "alertgate-admin.socket"))
        #expect(ended.status == 0, "\(ended)")
        #expect(ended.errors == "", "\(ended)")
    }

    @Test func theSocketIsNamed() throws {
        let lines = try Project.text("systemd/alertgate.socket").split(separator: "\n")
        #expect(lines.contains("ListenStream=127.0.0.1:8080"))
        #expect(lines.contains("FileDescriptorName=http"))
    }
}
