import Alerting
import EventsAPI
import Testing
import WireJSON

/// Bodies that are not UTF-8 are read as ISO 8859-1, if they are JSON then.
@Suite struct CharsetTests {
    private func latin1(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { UInt8($0.value) }
    }

    private func read(_ bytes: [UInt8], _ endpoint: Endpoint = .v2) throws -> (
        event: AlertEvent, document: EventDocument
    ) {
        let document = try EventDocument(body: bytes, endpoint: endpoint)
        guard case .alert(let event) = try document.accept(integrationID: 7, generatedKey: { Array(0..<16) }).content
        else {
            throw UnexpectedContent()
        }
        return (event, document)
    }

    @Test func textInLatin1IsTheSameAsInUTF8() throws {
        let body =
            #"{"event_action":"trigger","dedup_key":"Größe","payload":{"summary":"Überlauf ÿ \u0085 ½","#
            + #""source":"Zürich","severity":"info","custom_details":{"é":"à","n":0.750}}}"#
        let (event, document) = try read(latin1(body))
        let (same, original) = try read(Array(body.utf8))
        #expect(document.isLatin1 && !original.isLatin1)
        #expect(event == same, "the digest, too: a sender that changes its encoding repeats itself")
        #expect(event.dedupKey.text.utf8.elementsEqual("Größe".utf8))
        #expect(document.body == Array(body.utf8), "what is stored is UTF-8")
        let details = try EventBody(document.body, version: .v2).detailsJSON()
        #expect(details.map(text) == #"{"é":"à","n":0.750}"#)
    }

    /// All 128 of them, controls (U+0080 to U+009F) among them.
    @Test func everyByteIsItsScalar() throws {
        for byte in UInt8(0x80)...0xFF {
            let body =
                Array(#"{"event_type":"trigger","description":"x"#.utf8) + [byte, UInt8(ascii: " ")]
                + Array(#"y"}"#.utf8)
            let (event, document) = try read(body, .v1)
            #expect(document.isLatin1)
            #expect(event.data.summary?.unicodeScalars.dropFirst().first?.value == UInt32(byte))
        }
    }

    @Test func limitsCountScalars() throws {
        let long = { (count: Int) in
            latin1(trigger(summary: quoted(String(repeating: "é", count: count))))
        }
        #expect(try read(long(1024)).event.data.summary?.unicodeScalars.count == 1024)
        #expect(throws: EventRejection.invalidEvent([Message.summaryLong])) { try read(long(1025)) }
    }

    /// A text that its sender cut in the middle of a character: better read badly than lost.
    @Test func aCharacterCutInTwoLosesNoEvent() throws {
        let body = Array(trigger(summary: #""Überlauf""#).utf8)
        let cut = try #require(body.firstIndex(of: 0xC3))
        let (event, document) = try read(Array(body[...cut] + body[(cut + 2)...]))
        #expect(document.isLatin1)
        #expect(event.data.summary == "Ãberlauf")
    }

    @Test func aByteOrderMarkIsNoText() throws {
        let (event, document) = try read([0xEF, 0xBB, 0xBF] + latin1(trigger(summary: #""é""#)))
        #expect(event.data.summary == "é")
        #expect(document.body.first == UInt8(ascii: "{"))
    }

    @Test func utf8IsLeftAsItIs() throws {
        let body = Array("\u{FEFF}\(trigger(summary: #""é😀""#))".utf8)
        let (_, document) = try read(body)
        #expect(!document.isLatin1)
        #expect(document.body == body)
    }

    @Test(arguments: [
        #"{"event_action":"é""#, "é", #"{é:1}"#, #"{"a":é}"#, #"["é"]"#, #"{"é":1,}"#, #"{"é":"\ud800"}"#,
        "{\"é\":\"\n\"}",
        "\u{A0}{}", #"{"a":"é"} x"#,
    ])
    func whatIsNoJSONEitherWayIsAParseError(body: String) {
        for endpoint in Endpoint.allCases {
            #expect(throws: EventRejection.parseError(endpoint)) {
                try EventDocument(body: latin1(body), endpoint: endpoint)
            }
        }
    }

    @Test func otherEncodingsAreParseErrors() {
        let utf16 = trigger(summary: #""é""#).utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        for body in [utf16, [0xFF, 0xFE] + utf16] {
            #expect(throws: EventRejection.parseError(.v2)) { try EventDocument(body: body, endpoint: .v2) }
        }
    }
}
