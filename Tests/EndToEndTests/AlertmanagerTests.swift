import Foundation
import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// The real Alertmanager, its alerts posted to its own API: V2 through the setting `url`, V1 through a redirected
    /// name and TLS, as Alertmanager ignores `url` there.
    @Suite struct AlertmanagerTests {
        @Test(arguments: [1, 2])
        func triggersUpdatesAndResolves(version: Int) async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                let authority = try TestAuthority(directory: daemon.directory.url.appending(path: "tls"))
                if version == 1 {
                    try daemon.configure(DaemonProcess.withoutLimits + authority.settings)
                    daemon.usesTLS = true
                }
                try daemon.start()
                let proxy = try HelperProgram("connect_proxy.py", ["\(daemon.port)"], daemon.directory)
                defer { proxy.stop() }
                let alertmanager = try Alertmanager(daemon, proxy: proxy.port, authority: authority.authority)
                defer { alertmanager.program.send(SIGKILL) }

                try alertmanager.post(version, instances: ["db1"], severity: "critical")
                let opened = try daemon.waitForIncidents("trigger", saying: alertmanager.program) {
                    statuses($0) == ["triggered"]
                }
                let key = try #require(opened[0]["incident_key"]?.stringValue)
                #expect(key.count == 64)
                #expect(opened[0]["title"]?.stringValue?.contains("DiskFull") == true)
                #expect(opened[0]["urgency"]?.stringValue == "high")

                // A second alert joins the group: a trigger again under the same key.
                try alertmanager.post(version, instances: ["db1", "db2"], severity: "critical")
                let updated = try daemon.waitForIncidents("update", saying: alertmanager.program) {
                    guard let incident = $0.first else { return false }
                    return try daemon.list("log_entries", of: incident).count == 2
                }
                #expect(statuses(updated) == ["triggered"])
                #expect(updated[0]["title"] == opened[0]["title"])
                let alerts = try daemon.list("alerts", of: updated[0])
                #expect(alerts.count == 1)
                #expect(alerts.first?["alert_key"]?.stringValue == key)
                #expect(alerts.first?["summary"]?.stringValue?.contains("FIRING:2") == true)

                try alertmanager.post(version, instances: ["db1", "db2"], severity: "critical", resolved: true)
                let resolved = try daemon.waitForIncidents("resolve", saying: alertmanager.program) {
                    statuses($0) == ["resolved"]
                }
                #expect(resolved[0]["id"] == opened[0]["id"])
                let kinds = try daemon.query("SELECT DISTINCT kind FROM events WHERE dedup_key IS NOT NULL")
                #expect(kinds == ["v\(version)"])
            }
        }
    }
}

/// Alertmanager with the configuration under `Tests/Senders/alertmanager`.
private struct Alertmanager {
    let program: RunningProgram
    private let port: Int

    init(_ daemon: DaemonProcess, proxy: Int, authority: String) throws {
        let folder = daemon.directory.url.appending(path: "alertmanager")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "alertmanager.yml")
        let values = [
            "KEY": daemon.key, "GATEWAY": "\(daemon.port)", "PROXY": "\(proxy)", "AUTHORITY": authority,
        ]
        try template("alertmanager/alertmanager.yml", values).write(to: file)
        let port = try LoopbackPort.unused()
        self.port = port
        let program = try RunningProgram(
            "prometheus-alertmanager",
            [
                "--config.file=\(file.path)", "--storage.path=\(folder.appending(path: "data").path)",
                "--web.listen-address=127.0.0.1:\(port)", "--cluster.listen-address=", "--log.level=debug",
            ], directory: folder)
        self.program = program
        try program.wait(for: "Alertmanager") {
            do {
                return try RawConnection(port: port).exchange(
                    Array("GET /-/ready HTTP/1.1\r\nHost: alertmanager\r\n\r\n".utf8)
                ).status == 200
            } catch is RawConnectionError {
                return false  // It does not listen yet.
            }
        }
    }

    func post(_ version: Int, instances: [String], severity: String, resolved: Bool = false) throws {
        let now = Date()
        let format = Date.ISO8601FormatStyle()
        let alerts = instances.map { instance -> JSONValue in
            var alert: [JSONValue.Member] = [
                JSONValue.Member(
                    "labels",
                    [
                        "alertname": "DiskFull", "instance": .string(instance), "severity": .string(severity),
                        "version": .string("\(version)"),
                    ]),
                JSONValue.Member("annotations", ["summary": "Festplatte voll ☃"]),
                JSONValue.Member("startsAt", .string(now.addingTimeInterval(-60).formatted(format))),
            ]
            if resolved {
                alert.append(JSONValue.Member("endsAt", .string(now.addingTimeInterval(-1).formatted(format))))
            }
            return .object(alert)
        }
        let body = JSONValue.array(alerts).serialized()
        let reply = try RawConnection(port: port).exchange(
            Array(
                ("POST /api/v2/alerts HTTP/1.1\r\nHost: alertmanager\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.count)\r\n\r\n").utf8) + body)
        guard reply.status == 200 else { throw ProgramFailure("Alertmanager: \(reply.status) \(reply.text)") }
    }
}
