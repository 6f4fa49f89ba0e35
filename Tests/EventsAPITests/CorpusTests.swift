import Alerting
import EventsAPI
import FoundationEssentials
import Testing
import WireJSON

/// Requests recorded from unmodified clients.
@Suite struct CorpusTests {
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let directory = repository.appending(path: "Tests/Fixtures/corpus")

    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { name in name.hasSuffix(".json") }
            .sorted()
    }

    @Test func thereAreRecordings() throws {
        #expect(try Self.names().count == 39)
    }

    @Test(arguments: try names())
    func isAccepted(name: String) throws {
        let recording = try JSONValue(parsing: Array(try Data(contentsOf: Self.directory.appending(path: name))))
        let body = try #require(recording["body"]?.stringValue)
        let target = try #require(recording["target"]?.stringValue)
        let parts = target.split(separator: "?", maxSplits: 1)
        let endpoint: Endpoint =
            switch parts[0] {
            case "/v2/enqueue": .v2
            case "/generic/2010-04-15/create_event.json": .v1
            default: .shared
            }
        let isV1 = !name.contains("-v2-")
        let version: APIVersion = isV1 ? .v1 : .v2

        let document = try document(body, endpoint)
        #expect(document.version == version)
        #expect(document.isVersionCertain)
        let step = name.contains("resolve") ? "resolve" : name.contains("acknowledge") ? "acknowledge" : "trigger"
        #expect(document.action?.rawValue == step)

        let query = parts.count > 1 ? IntegrationKeyQuery.value(inRawQuery: String(parts[1])) : nil
        #expect((query != nil) == (endpoint == .shared))
        #expect(document.key(query: query, path: nil, header: nil)?.value == key32)
        #expect(document.key(query: nil, path: nil, header: nil) == KeyCandidate(value: key32, origin: .body))

        let accepted = try document.accept(integrationID: 3) { Array(repeating: 0, count: 16) }
        let answer = accepted.answer()
        #expect(answer.status == (isV1 ? 200 : 202))
        let member = isV1 ? "incident_key" : "dedup_key"
        let sent = try JSONValue(parsing: Array(body.utf8))[member]?.stringValue ?? ""
        let echoed = try JSONValue(parsing: answer.body)[member]?.stringValue
        #expect(echoed == (sent.isEmpty ? "00000000000040008000000000000000" : sent))

        // The shared address reads the same event out of the same body.
        #expect(try content(body, .shared) == accepted.content)
    }

    private func content(_ body: String, _ endpoint: Endpoint) throws(EventRejection) -> EventContent {
        try document(body, endpoint).accept(integrationID: 3) { Array(repeating: 0, count: 16) }.content
    }
}
