import Foundation
import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// curl, as scripts use it.
    @Suite struct CurlTests {
        @Test func anyContentTypeAndFraming() async throws {
            try await withDaemon { daemon in
                let file = daemon.directory.url.appending(path: "event.json")
                let cases: [(name: String, arguments: [String])] = [
                    ("json", ["-H", "Content-Type: application/json"]),
                    ("form", []),
                    ("no type", ["-H", "Content-Type:"]),
                    ("charset", ["-H", "content-type: application/json; charset=UTF-8"]),
                    ("chunked", ["-H", "Transfer-Encoding: chunked"]),
                    ("1.0", ["--http1.0"]),
                    ("expect", ["-H", "Expect: 100-continue", "--expect100-timeout", "20"]),
                    ("expect, chunked", ["-H", "Expect: 100-continue", "-H", "Transfer-Encoding: chunked"]),
                    // Other than here, curl asks for HTTP/2 over plain TCP; the answer stays HTTP/1.1.
                    ("upgrade", ["--http2"]),
                ]
                for (name, arguments) in cases {
                    let body =
                        #"  {"event_action":"trigger","dedup_key":"\#(name)","payload":"#
                        + #"{"summary":"curl \#(name) ☃","source":"a","severity":"error"}}"# + "\r\n"
                    try Data(body.utf8).write(to: file)
                    let url =
                        "http://127.0.0.1:\(daemon.port)/event/push/alert/pagerduty?integration_key=\(daemon.key)"
                    let started = Date()
                    let result = try RunningProgram.run(
                        "curl",
                        ["-sS", "--max-time", "30", "-w", "\\n%{http_code}", "--data-binary", "@\(file.path)"]
                            + arguments + [url])
                    #expect(result.status == 0, "\(name): \(result.errors)")
                    let lines = result.output.split(separator: "\n").map(String.init)
                    #expect(lines.last == "202", "\(name): \(result.output)")
                    let answer = try JSONValue(parsing: Array((lines.first ?? "").utf8))
                    #expect(answer["dedup_key"]?.stringValue == name)
                    // curl would have waited 20 s for a 100 that does not come.
                    #expect(Date().timeIntervalSince(started) < 15, "\(name)")
                    let stored = try daemon.query("SELECT hex(body) FROM events ORDER BY id DESC LIMIT 1")
                    #expect(stored == [body.utf8.map { String(format: "%02X", $0) }.joined()], "\(name)")
                }
            }
        }

        /// PagerDuty's four names, of both its regions, through a proxy, with the certificate that operators make.
        @Test func everyNameOfPagerDutyLeadsHere() async throws {
            try await blocking {
                let daemon = try DaemonProcess()
                defer { daemon.remove() }
                let authority = try TestAuthority(directory: daemon.directory.url.appending(path: "tls"))
                try daemon.configure(DaemonProcess.withoutLimits + authority.settings)
                daemon.usesTLS = true
                try daemon.start()
                let proxy = try HelperProgram("connect_proxy.py", ["\(daemon.port)"], daemon.directory)
                defer { proxy.stop() }
                let common = [
                    "-sS", "--max-time", "30", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", authority.authority,
                    "--proxy", "http://127.0.0.1:\(proxy.port)",
                ]
                for region in ["", "eu."] {
                    let event =
                        #"{"routing_key":"\#(daemon.key)","event_action":"trigger","payload":"#
                        + #"{"summary":"by name","source":"a","severity":"error"}}"#
                    let sent = try RunningProgram.run(
                        "curl", common + ["-d", event, "https://events.\(region)pagerduty.com/v2/enqueue"])
                    #expect(sent.status == 0 && sent.output == "202", "\(region)\(sent)")
                    let read = try RunningProgram.run(
                        "curl", common + ["https://api.\(region)pagerduty.com/incidents"])
                    #expect(read.status == 0 && read.output == "401", "\(region)\(read)")
                }
            }
        }

        @Test func largeBodiesAtTheLimit() async throws {
            try await withDaemon { daemon in
                let file = daemon.directory.url.appending(path: "event.json")
                let url = "http://127.0.0.1:\(daemon.port)/v2/enqueue"
                for (size, chunked, status) in [
                    (524_288, false, "202"), (524_288, true, "202"), (524_289, false, "413"), (524_289, true, "413"),
                    (3_000_000, false, "413"), (3_000_000, true, "413"),
                ] {
                    let head =
                        #"{"routing_key":"\#(daemon.key)","event_action":"trigger","payload":{"summary":"large","#
                        + #""source":"a","severity":"error","custom_details":{"text":""#
                    let tail = #""}}}"#
                    let filling = String(repeating: "x", count: size - head.utf8.count - tail.utf8.count)
                    try Data((head + filling + tail).utf8).write(to: file)
                    let result = try RunningProgram.run(
                        "curl",
                        ["-sS", "--max-time", "30", "-w", "\\n%{http_code}", "--data-binary", "@\(file.path)"]
                            + (chunked ? ["-H", "Transfer-Encoding: chunked"] : []) + [url])
                    #expect(result.output.hasSuffix(status), "\(size), chunked \(chunked): \(result)")
                }
            }
        }
    }
}
