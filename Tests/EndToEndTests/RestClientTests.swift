import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// The calls of rest-api.md section 11 by PagerDuty's own Python client and by pdpyras, over TLS with an authority of
    /// our own. The script reads back what each call did; what is left in the end is looked at here.
    @Suite struct RestClientTests {
        private static let calls = [
            "list_all", "rget", "rput incident", "rput incidents", "rpost notes", "iter_incident_notes", "rput merge",
            "rpost snooze", "get_total", "iter_history", "list_all services", "find", "maintenance windows", "walks",
        ]

        @Test(arguments: ["pagerduty", "pdpyras"])
        func everyCallDoesWhatItSays(client: String) async throws {
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
                        sender("rest_clients.py"), client, "https://127.0.0.1:\(daemon.port)", daemon.key,
                        daemon.token, authority.authority,
                    ])
                #expect(result.status == 0, "\(result.errors)")
                #expect(result.output.split(separator: "\n").map(String.init) == Self.calls)
                let left = try daemon.incidents().map { incident in
                    "\(incident["incident_key"]?.stringValue ?? "") \(incident["status"]?.stringValue ?? "")"
                }
                #expect(
                    left
                        == [
                            "list 1 triggered", "list 2 acknowledged", "single resolved", "bulk 0 resolved",
                            "bulk 1 acknowledged", "bulk 2 resolved", "notes triggered", "merge 0 triggered",
                            "merge 1 resolved", "merge 2 resolved", "snooze acknowledged",
                        ].map { line in "\(client)/\(line)" })
                try daemon.terminate()
                #expect(try daemon.run("verify").status == 0)
            }
        }
    }
}
