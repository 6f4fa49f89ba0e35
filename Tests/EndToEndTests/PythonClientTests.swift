import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// PagerDuty's own Python client, pdpyras and pygerduty, over TLS: events, and incidents through REST.
    @Suite struct PythonClientTests {
        @Test func theClientsAreContent() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                let authority = try TestAuthority(directory: daemon.directory.url.appending(path: "tls"))
                try daemon.configure(DaemonProcess.withoutLimits + authority.settings)
                daemon.usesTLS = true
                try daemon.start()
                let result = try RunningProgram.run(
                    senderProgram("python"),
                    [
                        sender("python_clients.py"), "https://127.0.0.1:\(daemon.port)", daemon.key, daemon.token,
                        authority.authority,
                    ])
                #expect(result.status == 0, "\(result.errors)")
                #expect(result.output == "pagerduty\npdpyras\npygerduty\n")
                let incidents = try daemon.waitForIncidents("the last event") { $0.count == 5 }
                #expect(statuses(incidents) == ["resolved", "resolved", "resolved", "resolved", "triggered"])
                let changes = try JSONValue(parsing: try daemon.get("/change_events").body)["change_events"]?.arrayValue
                #expect(changes?.count == 2)
                try daemon.terminate()
                #expect(try daemon.run("verify").status == 0)
            }
        }
    }
}
