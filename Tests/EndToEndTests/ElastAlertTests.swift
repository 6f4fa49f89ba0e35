import Foundation
import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// The real ElastAlert2 daemon with its own PagerDuty alerter, V1 and V2 side by side, over a stand-in for
    /// Elasticsearch whose one document makes both rules fire.
    @Suite struct ElastAlertTests {
        private static let v1Key = "v1-10023456"
        private static let v2Key = "v2-10023456"
        private static let title = "Rule changed by 10023456: 修改告警规则"

        /// How ElastAlert2 gets to the gateway.
        enum Route {
            /// Nothing is edited: PagerDuty's name leads to the gateway's TLS listener.
            case unmodified
            /// The two constants in its source are the shared URL.
            case sharedURL
        }

        @Test func triggersAcknowledgesAndResolves() async throws {
            // ElastAlert2 puts off the first run of a rule by up to fifteen seconds: the routes wait side by side.
            async let unmodified: Void = Self.triggerAcknowledgeAndResolve(.unmodified)
            async let sharedURL: Void = Self.triggerAcknowledgeAndResolve(.sharedURL)
            _ = try await (unmodified, sharedURL)
        }

        private static func triggerAcknowledgeAndResolve(_ route: Route) async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                let authority = try TestAuthority(directory: daemon.directory.url.appending(path: "tls"))
                if route == .unmodified {
                    try daemon.configure(DaemonProcess.withoutLimits + authority.settings)
                    daemon.usesTLS = true
                }
                try daemon.start()
                let proxy = try HelperProgram("connect_proxy.py", ["\(daemon.port)"], daemon.directory)
                defer { proxy.stop() }

                for (event, status) in [
                    ("trigger", "triggered"), ("acknowledge", "acknowledged"), ("resolve", "resolved"),
                ] {
                    let elasticsearch = try HelperProgram("elasticsearch_stand_in.py", [], daemon.directory)
                    defer { elasticsearch.stop() }
                    let elastalert = try Self.start(
                        route, event: event, daemon: daemon, elasticsearch: elasticsearch.port, proxy: proxy.port,
                        authority: authority.authority)
                    defer { elastalert.send(SIGKILL) }
                    let incidents = try daemon.waitForIncidents("\(event) by ElastAlert2", saying: elastalert) {
                        $0.count == 2 && statuses($0) == [status, status]
                    }
                    try Self.check(incidents)
                }
                let incidents = try daemon.incidents()
                for incident in incidents {
                    let entries = try daemon.list("log_entries", of: incident).map { $0["type"]?.stringValue ?? "" }
                    #expect(entries == ["resolve_log_entry", "acknowledge_log_entry", "trigger_log_entry"])
                }
                try Self.checkAlerts(of: incidents, daemon)
            }
        }

        private static func start(
            _ route: Route, event: String, daemon: DaemonProcess, elasticsearch: Int, proxy: Int, authority: String
        ) throws -> RunningProgram {
            let folder = daemon.directory.url.appending(path: "elastalert-\(event)")
            let rules = folder.appending(path: "rules")
            try FileManager.default.createDirectory(at: rules, withIntermediateDirectories: true)
            let values = ["PORT": "\(elasticsearch)", "EVENT": event, "KEY": daemon.key]
            try template("elastalert/config.yaml", values).write(to: folder.appending(path: "config.yaml"))
            for name in ["rule-v1.yaml", "rule-v2.yaml"] {
                var rule = try template("elastalert/\(name)", values)
                if route == .unmodified {
                    rule += try template("elastalert/redirection.yaml", ["PROXY": "\(proxy)", "AUTHORITY": authority])
                }
                try rule.write(to: rules.appending(path: name))
            }
            let arguments = ["--config", "config.yaml", "--verbose"]
            let url = "http://127.0.0.1:\(daemon.port)/event/push/alert/pagerduty?integration_key=\(daemon.key)"
            return switch route {
            case .unmodified:
                try RunningProgram(
                    senderProgram("elastalert"), arguments, workingDirectory: folder, directory: folder)
            case .sharedURL:
                try RunningProgram(
                    senderProgram("python"), [sender("elastalert_at_url.py"), url] + arguments,
                    workingDirectory: folder, directory: folder)
            }
        }

        private static func check(_ incidents: [JSONValue]) throws {
            #expect(Set(incidents.compactMap { $0["incident_key"]?.stringValue }) == [v1Key, v2Key])
            for incident in incidents {
                #expect(incident["title"]?.stringValue == title)
                // The V1 event has no severity; the V2 one says warning.
                let urgency = incident["incident_key"]?.stringValue == v1Key ? "high" : "low"
                #expect(incident["urgency"]?.stringValue == urgency)
            }
        }

        private static func checkAlerts(of incidents: [JSONValue], _ daemon: DaemonProcess) throws {
            for incident in incidents {
                let alerts = try daemon.list("alerts", of: incident)
                let alert = try #require(alerts.first)
                #expect(alerts.count == 1)
                #expect(alert["status"]?.stringValue == "resolved")
                let isV1 = alert["alert_key"]?.stringValue == v1Key
                #expect(alert["severity"]?.stringValue == (isV1 ? "critical" : "warning"))
                let cef = try #require(alert["body"]?["cef_details"])
                #expect(cef["client"]?.stringValue == "elastalert")
                let details = try #require(cef["details"])
                #expect(details["information"]?.stringValue?.hasPrefix("Request req-0001-é☃") == true)
                if !isV1 {
                    #expect(cef["source_origin"]?.stringValue == "db1.example.net")
                    #expect(cef["service_group"]?.stringValue == "accounts")
                    #expect(details["latency"]?.numberValue == "12.5")
                    #expect(details["tags"]?.arrayValue?.compactMap(\.stringValue) == ["a", "b"])
                }
            }
        }
    }
}
