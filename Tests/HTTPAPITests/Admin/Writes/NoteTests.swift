import Alerting
import HTTPAPI
import Testing
import WireJSON

/// Notes of incidents (rest-api.md sections 5.6 and 6.4; decisions.md "REST").
@Suite struct NoteTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let incident: IncidentID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        let (_, integration) = try fixture.service("db")
        incident = try fixture.event("trigger", "disk", by: integration)
    }

    private var path: String { "/incidents/\(incident)/notes" }

    private func body(_ content: String) -> String { #"{"note":{"content":\#(quoted(content))}}"# }

    @Test("answers 200 with the note, member by member") func create() async throws {
        fixture.now = fixture.now.adding(seconds: 60)
        let answer = await api.post(path, body("looking"), from: "jane@example.org")
        #expect(answer.status == 200)
        let note = try #require(answer.json["note"])
        #expect(answer.json.objectValue?.count == 1)
        let members = Set(note.objectValue?.map(\.name) ?? [])
        #expect(members == ["id", "content", "created_at", "updated_at", "user", "channel"])
        #expect(ExternalID.number(.note, note["id"]?.stringValue ?? "") != nil)
        #expect(note["content"] == "looking")
        #expect(note["created_at"] == "2024-05-11T02:01:00Z")
        #expect(note["updated_at"] == "2024-05-11T02:01:00Z")
        #expect(note["user"]?["type"] == "user_reference")
        #expect(note["user"]?["summary"] == "jane@example.org")
        #expect(note["channel"]?["summary"]?.stringValue != nil)
        #expect(await api.get(path).json == ["notes": .array([note])])
        #expect(await api.get("/incidents/\(incidentID(incident))/notes").json == ["notes": .array([note])])
        #expect(await api.incident(incident)["updated_at"] == "2024-05-11T02:01:00Z")
        #expect(await api.incident(incident)["status"] == "triggered")
    }

    @Test("the newest first, also within a second, and only those of the incident") func order() async throws {
        let (_, integration) = try fixture.service("web")
        let other = try fixture.event("trigger", "other", by: integration)
        for (number, text) in ["one", "two", "three", "four"].enumerated() {
            if number == 2 { fixture.now = fixture.now.adding(seconds: 1) }
            _ = await api.post(path, body(text))
            _ = await api.post("/incidents/\(other)/notes", body("elsewhere"))
        }
        let answer = await api.get(path)
        #expect(answer.json.objectValue?.map(\.name) == ["notes"], "no members of pagination")
        let contents = answer.json["notes"]?.arrayValue?.compactMap { $0["content"]?.stringValue }
        #expect(contents == ["four", "three", "two", "one"])
        #expect(Set(answer.ids("notes")).count == 4)
    }

    @Test("an annotate_log_entry tells of it") func logEntry() async throws {
        _ = await api.post(path, body("first\nsecond"), from: "jane@example.org")
        let log = await api.log(incident)
        #expect(await api.kinds(incident) == ["trigger_log_entry", "annotate_log_entry"])
        #expect(log[1]["summary"] == "first\nsecond")
        #expect(log[1]["note"] == "first\nsecond")
        #expect(log[1]["channel"]?["type"] == "website")
        #expect(log[1]["agent"]?["summary"] == "jane@example.org")
        #expect(log[1]["event_details"] == .object([]))
        let overview = await api.get("/incidents/\(incident)/log_entries?is_overview=true").json["log_entries"]
        #expect(overview?[0]?["type"] == "annotate_log_entry")
    }

    @Test(
        "content is kept byte for byte",
        arguments: [
            " leading and trailing \n", "caf\u{E9} cafe\u{301}", "\u{0}nul\u{1F}", "😀\u{200D}👩",
            "\\ \" </script> %00 ' --",
            "\u{FEFF}bom", "line\r\nline\u{2028}", "\u{200B}", "\u{1F1E9}\u{1F1EA}", "{\"a\":[1.50]}",
        ])
    func bytes(_ content: String) async throws {
        let answer = await api.post(path, body(content))
        #expect(answer.status == 200)
        for shown in [answer.json["note"]?["content"], await api.get(path).json["notes"]?[0]?["content"]] {
            let text = try #require(shown?.stringValue)
            #expect(Array(text.utf8) == Array(content.utf8))
        }
        let entry = await api.log(incident).last?["note"]?.stringValue
        #expect(entry.map { Array($0.utf8) } == Array(content.utf8))
    }

    @Test("1 to 25,000 characters, counted as Unicode scalars") func length() async {
        let longest = String(repeating: "é", count: 24_998) + "e\u{301}"
        #expect(await api.post(path, body("x")).status == 200)
        let answer = await api.post(path, body(longest))
        #expect(answer.status == 200)
        #expect(answer.json["note"]?["content"]?.stringValue?.utf8.elementsEqual(longest.utf8) == true)
        let before = fixture.eventCount
        await api.post(path, body(longest + "x")).isInvalid()
        #expect(fixture.eventCount == before)
    }

    @Test(
        "what is refused",
        arguments: [
            (#"{"note":{"content":""}}"#, "Content cannot be empty"),
            (#"{"note":{"content":" \t\n\u00a0\u2003"}}"#, "Content cannot be empty"),
            (#"{"note":{"content":null}}"#, "Content cannot be empty"), (#"{"note":{}}"#, "Content cannot be empty"),
            (#"{"note":{"content":5}}"#, nil), (#"{"note":{"content":["x"]}}"#, nil), (#"{"content":"x"}"#, nil),
            (#"{"note":"x"}"#, nil), (#"{"note":[]}"#, nil), (#"{"notes":[{"content":"x"}]}"#, nil), ("[]", nil),
            ("", "JSON parse error"), (#"{"note":{"content":"x"}"#, "JSON parse error"),
        ] as [(String, String?)])
    func refusals(_ body: String, _ detail: String?) async {
        let before = fixture.eventCount
        let answer = await api.post(path, body)
        answer.isInvalid()
        if let detail { #expect(answer.errors == [detail]) }
        #expect(fixture.eventCount == before)
        #expect(await api.get(path).json == ["notes": []])
    }

    @Test("a resolved incident takes notes, one that is not there takes none") func states() async {
        _ = await api.put("/incidents/\(incident)", #"{"incident":{"status":"resolved"}}"#)
        #expect(await api.post(path, body("afterwards")).status == 200)
        #expect(await api.incident(incident)["status"] == "resolved")
        for id in ["Q00000000ZZZZZ", "9999", "x"] {
            await api.post("/incidents/\(id)/notes", body("x")).isNotFound()
            await api.get("/incidents/\(id)/notes").isNotFound()
        }
    }

    @Test("2000 notes and no more; another incident has its own") func limit() async throws {
        try fixture.act((0..<1999).map { .addNote(incident, content: "note \($0)") })
        #expect(await api.post(path, body("the last")).status == 200)
        await api.post(path, body("one too many")).isInvalid()
        let notes = await api.get(path).json["notes"]?.arrayValue ?? []
        #expect(notes.count == 2000)
        #expect(notes.first?["content"] == "the last")
        #expect(notes.last?["content"] == "note 0")
        let (_, integration) = try fixture.service("web")
        let other = try fixture.event("trigger", "other", by: integration)
        #expect(await api.post("/incidents/\(other)/notes", body("x")).status == 200)
    }
}
