import Foundation
import GatewayTesting
import Testing
import WireJSON

extension EndToEnd {
    /// Requests recorded from unmodified clients, sent again byte for byte, and held to what their clients need.
    @Suite struct CorpusReplayTests {
        @Test func everyRecordingGetsWhatItsSenderNeeds() async throws {
            let recordings = try Recording.all()
            #expect(recordings.count == 39)
            try await withDaemon { daemon in
                let runs = Dictionary(grouping: recordings, by: \.run).sorted { $0.key < $1.key }
                for (run, requests) in runs {
                    try replay(requests, to: daemon)
                    try checkIncidents(after: requests, run: run, daemon)
                }
                #expect(try daemon.query("PRAGMA integrity_check") == ["ok"])
            }
        }

        /// One run of one client: each of its connections is one of ours.
        private func replay(_ requests: [Recording], to daemon: DaemonProcess) throws {
            var connections: [Int: RawConnection] = [:]
            for request in requests {
                let connection = try connections[request.connection] ?? RawConnection(port: daemon.port)
                connections[request.connection] = connection
                let reply = try connection.exchange(request.bytes)
                try request.check(reply)
                let last = try daemon.query("SELECT hex(body) FROM events ORDER BY id DESC LIMIT 1")
                #expect(last.first == request.body.map { String(format: "%02X", $0) }.joined(), "\(request.name)")
                if request.closes { #expect(try connection.isClosedByServer(), "\(request.name)") }
            }
        }

        /// A run ends with one incident for its key, in the state of its last step; a trigger without a key opens one
        /// of its own.
        private func checkIncidents(after requests: [Recording], run: String, _ daemon: DaemonProcess) throws {
            for (key, steps) in Dictionary(grouping: requests.filter { !$0.key.isEmpty }, by: \.key) {
                let wanted =
                    switch steps.last?.step {
                    case "resolve": "resolved"
                    case "acknowledge": "acknowledged"
                    default: "triggered"
                    }
                // The same client's other runs may have used the key; this run's incident is the newest.
                let incidents = try daemon.waitForIncidents("\(run), \(key)", key: key) {
                    statuses($0).last == wanted
                }
                let open = statuses(incidents).filter { $0 != "resolved" }.count
                #expect(open == (wanted == "resolved" ? 0 : 1), "\(run)")
                let title = try #require(steps.first?.summary)
                if steps.first?.step == "trigger", wanted == "resolved" {
                    #expect(incidents.last?["title"]?.stringValue == title, "\(run)")
                }
            }
            for request in requests where request.key.isEmpty {
                let found = try daemon.incidents().filter { $0["title"]?.stringValue == request.summary }
                #expect(!found.isEmpty, "\(request.name)")
            }
        }
    }
}

/// One recorded request; the fields are those of the corpus' README.
private struct Recording: Sendable {
    let name: String
    let step: String
    let connection: Int
    let bytes: [UInt8]
    let body: [UInt8]
    let closes: Bool
    let needs: JSONValue
    let isV2: Bool
    /// The dedup or incident key, empty where none was sent.
    let key: String
    /// The summary or description.
    let summary: String?

    /// The run of the client, which is the name without number and step.
    var run: String {
        String(name.split(separator: "-").prefix { part in Int(part) == nil || part.count != 2 }.joined(separator: "-"))
    }

    static func all() throws -> [Recording] {
        let folder = repository.appending(path: "Tests/Fixtures/corpus")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { name in name.hasSuffix(".json") }.sorted()
            .map { name in try Recording(file: folder.appending(path: name)) }
    }

    init(file: URL) throws {
        let json = try JSONValue(parsing: Array(try Data(contentsOf: file)))
        func text(_ name: String) throws -> String { try #require(json[name]?.stringValue, "\(file.path): \(name)") }
        name = try text("name")
        step = try text("step")
        connection = Int(try #require(json["connection"]?.integerValue))
        let body = Array(try text("body").utf8)
        self.body = body
        needs = try #require(json["needs"])
        var head = "\(try text("method")) \(try text("target")) \(try text("http_version"))\r\n"
        var closes = false
        for header in try #require(json["headers"]?.arrayValue) {
            let name = try #require(header[0]?.stringValue)
            let value = try #require(header[1]?.stringValue)
            head += "\(name): \(value)\r\n"
            if name.lowercased() == "connection", value.lowercased() == "close" { closes = true }
        }
        bytes = Array("\(head)\r\n".utf8) + body
        self.closes = closes
        let event = try JSONValue(parsing: body)
        isV2 = event["event_action"]?.stringValue?.isEmpty == false
        key = (event["dedup_key"]?.stringValue ?? event["incident_key"]?.stringValue) ?? ""
        summary = isV2 ? event["payload"]?["summary"]?.stringValue : event["description"]?.stringValue
    }

    func check(_ reply: RawReply) throws {
        let accepted: ClosedRange<Int> =
            switch needs["status"]?.stringValue {
            case "2xx": 200...299
            case "below 400": 200...399
            default: throw ProgramFailure("\(name): needs a status unknown to the test: \(needs)")
            }
        #expect(accepted.contains(reply.status), "\(name): \(reply.text)")
        // What the clients of either version demand at the least, whatever this one does.
        #expect(reply.status == (isV2 ? 202 : 200), "\(name): \(reply.text)")
        let answer = try JSONValue(parsing: reply.body)
        #expect(answer["status"]?.stringValue == "success", "\(name)")
        #expect(answer["message"]?.stringValue?.isEmpty == false, "\(name)")
        let echoed = try #require(answer[isV2 ? "dedup_key" : "incident_key"]?.stringValue, "\(name)")
        if key.isEmpty {
            #expect(echoed.utf8.count == 32, "\(name)")
        } else {
            #expect(Array(echoed.utf8) == Array(key.utf8), "\(name)")
        }
        #expect(reply.header("content-type") == "application/json; charset=utf-8", "\(name)")
        // Each thing the client reads is one of those checked above.
        let known = [
            "status == success", "incident_key", "dedup_key", "on 400: message, errors (a list of strings)",
            "on 400: a JSON object; its error, if there is one, an object",
        ]
        for reading in needs["reads"]?.arrayValue ?? [] {
            #expect(known.contains(reading.stringValue ?? ""), "\(name) reads what no check looks at: \(reading)")
        }
    }
}
