import Alerting
import EventsAPI
import FoundationEssentials
import Testing
import WireJSON

/// Recorded requests broken at random: whatever comes in, there is an answer.
@Suite struct MutationTests {
    /// Values that are put in the place of others.
    static let values = [
        "null", "true", "0", "-1.5e3", #""""#, #"" ""#, #""trigger""#, #""resolve""#, "{}", "[]", "[{}]",
        #"[{"type":"link","href":"x"},{"type":"image","src":"y"}]"#, #"{"summary":"s","source":5,"severity":"info"}"#,
        #""\u0000\ud83d\ude00""#, #""2011-05-06""#,
    ]

    @Test(arguments: try CorpusTests.names())
    func everythingIsAnswered(name: String) throws {
        let file = try Data(contentsOf: CorpusTests.directory.appending(path: name))
        let recording = try JSONValue(parsing: Array(file))
        let original = try JSONValue(parsing: Array(try #require(recording["body"]?.stringValue).utf8))
        var random = SeededGenerator(state: name.utf8.reduce(0) { sum, byte in sum &* 31 &+ UInt64(byte) })
        for _ in 0..<60 {
            var value = original
            for _ in 0..<Int.random(in: 1...3, using: &random) { value = mutated(value, using: &random) }
            var body = value.serialized()
            if Int.random(in: 0..<4, using: &random) == 0 {
                body[Int.random(in: 0..<body.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            for endpoint in Endpoint.allCases { try check(body, endpoint) }
        }
    }

    /// What the fuzzer has found to reach each part of the parsers: the first byte is the endpoint, the rest the body.
    @Test func everythingThatTheFuzzerKeptIsAnswered() throws {
        let folder = CorpusTests.repository.appending(path: "Fuzz/corpus")
        let endpoints = Endpoint.allCases
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.count > 100)
        for file in files {
            let bytes = Array(try Data(contentsOf: folder.appending(path: file)))
            guard let first = bytes.first else { continue }
            try check(Array(bytes.dropFirst()), endpoints[Int(first) % endpoints.count])
        }
    }

    private func check(_ body: [UInt8], _ endpoint: Endpoint) throws {
        let document: EventDocument
        do {
            document = try EventDocument(body: body, endpoint: endpoint)
        } catch {
            #expect(error == .parseError(endpoint))
            return
        }
        let missing = document.missingKeyRejection()
        let candidate = document.key(query: nil, path: nil, header: nil)
        let unknown = document.unknownKeyRejection(candidate ?? KeyCandidate(value: key32, origin: .query))
        for rejection in [missing, unknown] {
            #expect(throws: Never.self) { try JSONValue(parsing: rejection.body()) }
        }
        do {
            let accepted = try document.accept(integrationID: 1) { Array(0..<16) }
            #expect(try JSONValue(parsing: accepted.answer().body)["status"] == "success")
            #expect(missing.errors?.count == 1)
            let stored = try EventBody(accepted.body, version: accepted.version)
            let attachments: Attachments
            switch accepted.content {
            case .alert(let event): attachments = event.attachments
            case .change(let event): attachments = event.attachments
            default: throw UnexpectedContent()
            }
            #expect(attachments.contains(.details) == (stored.detailsJSON() != nil))
            #expect(attachments.contains(.links) == !stored.links().isEmpty)
            #expect(attachments.contains(.images) == !stored.images().isEmpty)
        } catch let rejection as EventRejection {
            #expect(rejection.httpStatus == 400)
            #expect(missing.errors.map { errors in Array(errors.dropFirst()) } == rejection.errors)
        }
    }

    /// The value with one of its members, or of those of its payload, replaced, left out or doubled.
    private func mutated(_ value: JSONValue, using random: inout some RandomNumberGenerator) -> JSONValue {
        guard case .object(var members) = value, let place = members.indices.randomElement(using: &random) else {
            return value
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: members.remove(at: place)
        case 1 where members[place].value.objectValue != nil:
            members[place].value = mutated(members[place].value, using: &random)
        case 2:
            members.append(
                JSONValue.Member(
                    members[place].name, .raw(Array((Self.values.randomElement(using: &random) ?? "0").utf8))))
        default: members[place].value = .raw(Array((Self.values.randomElement(using: &random) ?? "0").utf8))
        }
        return .object(members)
    }
}
