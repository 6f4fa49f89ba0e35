import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// From event to query and back (rest-api.md section 11, check 5), by each version of the Events API.
    @Suite struct EventToQueryTests {
        @Test(arguments: ["v1", "v2"])
        func anEventIsFoundReadResolvedAndOpensAnew(version: String) async throws {
            try await withDaemon { daemon in
                try Self.trigger(version, daemon)
                let opened = try daemon.waitForIncidents("the incident", key: "srv/disk +1") { $0.count == 1 }[0]
                #expect(opened["status"] == "triggered")
                #expect(opened["title"] == "disk full ☃")
                #expect(opened["incident_key"] == "srv/disk +1")
                let alert = try #require(try daemon.list("alerts", of: opened).first)
                #expect(alert["alert_key"] == "srv/disk +1")
                #expect(alert["status"] == "triggered")
                #expect(alert["body"]?["details"]?["free"] == .number("1.50"))
                let details = try #require(alert["body"]?["cef_details"])
                #expect(details["dedup_key"] == "srv/disk +1")
                #expect(details["description"] == "disk full ☃")
                #expect(details["message"] == "disk full ☃")
                #expect(details["severity"] == (version == "v1" ? "critical" : "warning"))
                #expect(details["source_origin"] == (version == "v1" ? "Nagios" : "srv"))
                #expect(details["client"] == "Nagios")
                #expect(details["details"]?["free"] == .number("1.50"))
                #expect(details["contexts"] == [["type": "link", "href": "https://example.net/", "text": "graph"]])
                #expect(details["creation_time"] == (version == "v1" ? .null : "2024-05-11T02:00:00Z"))

                let id = try #require(opened["id"]?.stringValue)
                let resolved = try daemon.write("PUT", "/incidents/\(id)", #"{"incident":{"status":"resolved"}}"#)
                #expect(resolved["incident"]?["status"] == "resolved")
                #expect(try daemon.list("alerts", of: opened).first?["status"] == "resolved")

                try Self.trigger(version, daemon)
                let both = try daemon.waitForIncidents("a second incident", key: "srv/disk +1") { $0.count == 2 }
                #expect(statuses(both) == ["resolved", "triggered"])
                #expect(both[0]["id"] == opened["id"])
                #expect(try daemon.list("alerts", of: both[1]).first?["id"] != alert["id"])
            }
        }

        private static func trigger(_ version: String, _ daemon: DaemonProcess) throws {
            let reply =
                if version == "v1" {
                    try daemon.post(
                        "/generic/2010-04-15/create_event.json",
                        #"{"service_key":"\#(daemon.key)","event_type":"trigger","incident_key":"srv/disk +1","#
                            + #""description":"disk full ☃","client":"Nagios","details":{"free":1.50},"#
                            + #""contexts":[{"type":"link","href":"https://example.net/","text":"graph"}]}"#)
                } else {
                    try daemon.post(
                        "/v2/enqueue",
                        #"{"routing_key":"\#(daemon.key)","event_action":"trigger","dedup_key":"srv/disk +1","#
                            + #""client":"Nagios","links":[{"href":"https://example.net/","text":"graph"}],"#
                            + #""payload":{"summary":"disk full ☃","source":"srv","severity":"warning","#
                            + #""timestamp":"2024-05-11T04:00:00+02:00","custom_details":{"free":1.50}}}"#)
                }
            #expect(reply.status == (version == "v1" ? 200 : 202))
        }
    }
}
