import Alerting
import ArgumentParser
import FoundationEssentials
import Glibc
import WireJSON

/// Sends an event to a running gateway.
struct Send: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send an event to a running gateway.",
        discussion: """
            Makes an event of the Events API V2 from flags, or takes a body of V1 or V2 from standard input. Prints the \
            answer; ends with 0 where the event was accepted. The key is better given by ALERTGATE_INTEGRATION_KEY: \
            what stands on a command line, others on the machine can read.

            Examples:
              alertgate send --summary "Disk full on db1" --dedup-key disk-db1 --severity critical
              alertgate send --action resolve --dedup-key disk-db1
              alertgate send - < event.json
            """)

    @Argument(help: ArgumentHelp("`-` takes the body from standard input.", valueName: "-"))
    var input: String?

    @Option(help: "The URL of the gateway (environment: ALERTGATE_URL; default: http://127.0.0.1:8080).")
    var url: String?

    @Option(help: "The integration key (environment: ALERTGATE_INTEGRATION_KEY).")
    var key: String?

    @Option(help: "trigger, acknowledge or resolve.", completion: .list(["trigger", "acknowledge", "resolve"]))
    var action = "trigger"

    @Option(help: "The dedup key: the same for all events of one alert.")
    var dedupKey: String?

    @Option(help: "What is wrong; a trigger needs one.")
    var summary: String?

    @Option(help: "The source of the problem (default: this machine's name).")
    var source: String?

    @Option(help: "critical, error, warning or info.", completion: .severities)
    var severity = "critical"

    @Option(help: "The part of the source.")
    var component: String?

    @Option(help: "The group that the source belongs to.")
    var group: String?

    @Option(name: .customLong("class"), help: "The kind of event.")
    var kind: String?

    @Option(help: "What sends the event.")
    var client: String?

    @Option(help: "A link to the system that sends the event.")
    var clientURL: String?

    @Option(help: ArgumentHelp("A custom detail; can be repeated.", valueName: "key=value"))
    var details: [String] = []

    @Option(
        name: [.customLong("ca"), .customLong("ca-certificate")],
        help: ArgumentHelp(
            "A PEM file with the authority of the gateway's certificate (default: the system's authorities).",
            valueName: "file"), completion: .file())
    var authorities: String?

    @Option(help: ArgumentHelp("How long to wait for the answer.", valueName: "seconds"))
    var timeout: Int64 = 30

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if let input {
            guard input == "-" else { throw ValidationError("the only argument is -, for standard input") }
            let given = [dedupKey, summary, source, component, group, kind, client, clientURL].contains { $0 != nil }
            guard !given, details.isEmpty, action == "trigger", severity == "critical" else {
                throw ValidationError("with - the whole event comes from standard input: leave its flags out")
            }
            return
        }
        guard ["trigger", "acknowledge", "resolve"].contains(action) else {
            throw ValidationError("--action expects trigger, acknowledge or resolve")
        }
        guard Severity(rawValue: severity) != nil else {
            throw ValidationError("--severity expects critical, error, warning or info")
        }
        if action == "trigger", summary == nil { throw ValidationError("a trigger expects --summary") }
        if action != "trigger", dedupKey == nil { throw ValidationError("\(action) expects --dedup-key") }
        for detail in details where !detail.contains("=") || detail.hasPrefix("=") {
            throw ValidationError("--details expects KEY=VALUE")
        }
        guard (1...3600).contains(timeout) else { throw ValidationError("--timeout expects 1 to 3600 seconds") }
    }

    func run() throws {
        let base = url ?? Environment["ALERTGATE_URL"] ?? "http://127.0.0.1:8080"
        guard let base = HTTPURL(base) else { throw Failure.usage(HTTPURL.expectation) }
        let key = key ?? Environment["ALERTGATE_INTEGRATION_KEY"]
        let path: String
        let body: [UInt8]
        if input != nil {
            // The shared URL takes both versions; without a key the body's own counts.
            path =
                "/event/push/alert/pagerduty"
                + (key.map { "?integration_key=" + HTTPURL.percentEncoded($0) } ?? "")
            body = try Send.standardInput()
        } else {
            guard let key else {
                throw Failure.usage("no key: set ALERTGATE_INTEGRATION_KEY, or give --key")
            }
            path = "/v2/enqueue"
            body = event(key).serialized()
        }
        let answer = try HTTPClient.send(
            HTTPClient.Request(method: .POST, target: path, body: body), to: base, authorities: authorities,
            timeoutSeconds: timeout)
        show(answer)
        guard (200..<300).contains(answer.status) else {
            let message = "the gateway did not take the event: HTTP \(answer.status)"
            throw [429, 503].contains(answer.status) ? Failure.unavailable(message) : Failure.refused(message)
        }
    }

    private func show(_ answer: HTTPClient.Answer) {
        let text = String(decoding: answer.body, as: UTF8.self)
        if json {
            let body: JSONValue
            do throws(JSONError) { body = try JSONValue(parsing: answer.body) } catch { body = .string(text) }
            Output.json(["http_status": JSONValue(answer.status), "answer": body])
        } else if !text.isEmpty {
            Output.line(text)
        }
    }

    private func event(_ key: String) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("routing_key", .string(key)), .init("event_action", .string(action)),
        ]
        func add(_ name: String, _ text: String?, to members: inout [JSONValue.Member]) {
            if let text { members.append(.init(name, .string(text))) }
        }
        add("dedup_key", dedupKey, to: &members)
        guard action == "trigger" || summary != nil else { return .object(members) }
        var payload: [JSONValue.Member] = []
        add("summary", summary, to: &payload)
        add("source", source ?? ProcessInfo.processInfo.hostName, to: &payload)
        add("severity", severity, to: &payload)
        add("component", component, to: &payload)
        add("group", group, to: &payload)
        add("class", kind, to: &payload)
        if !details.isEmpty { payload.append(.init("custom_details", .object(detailMembers))) }
        members.append(.init("payload", .object(payload)))
        add("client", client, to: &members)
        add("client_url", clientURL, to: &members)
        return .object(members)
    }

    /// One member for each key; of a key that stands twice the last value.
    private var detailMembers: [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        for detail in details {
            let parts = detail.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            members.removeAll { $0.name.utf8.elementsEqual(parts[0].utf8) }
            members.append(.init(parts[0], .string(parts[1])))
        }
        return members
    }

    private static func standardInput() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure.refused("standard input: " + String(cString: strerror(errno)))
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumBody else {
                throw Failure.refused("standard input: more than \(maximumBody) bytes; no gateway takes that")
            }
        }
    }

    private static let maximumBody = 4 * 1024 * 1024
}
