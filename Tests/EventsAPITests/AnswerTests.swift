import EventsAPI
import Testing
import WireJSON

/// events-api.md sections 7.1 and 7.2.
@Suite struct AnswerTests {
    @Test func v2() throws {
        let answer = try accept(trigger(top: #""dedup_key":"k1""#)).answer()
        #expect(answer.status == 202)
        #expect(text(answer.body) == #"{"status":"success","message":"Event processed","dedup_key":"k1"}"#)
        let resolve = try accept(#"{"event_action":"resolve","dedup_key":"k1"}"#, .v2).answer()
        #expect(resolve.status == 202)
        #expect(resolve.body == answer.body)
    }

    @Test func v1() throws {
        for action in ["trigger", "acknowledge", "resolve"] {
            let answer = try accept(#"{"event_type":"\#(action)","description":"d","incident_key":"k1"}"#).answer()
            #expect(answer.status == 200)
            #expect(text(answer.body) == #"{"status":"success","message":"Event processed","incident_key":"k1"}"#)
        }
    }

    @Test func change() throws {
        let answer = try accept(#"{"payload":{"summary":"s"},"dedup_key":"k"}"#, .change).answer()
        #expect(answer.status == 202)
        #expect(text(answer.body) == #"{"status":"success","message":"Change event processed"}"#)
    }

    @Test(arguments: [
        #""é\ud83d\ude00\u0000\n\"\\\/\u007f""#, "17", "1.50e3", "true", #"" k ""#, "\"e\u{301}\"", "\"x\u{2028}\"",
    ])
    func keyIsEchoedExactly(key: String) throws {
        let sent = try JSONValue(parsing: Array(key.utf8))
        let answer = try accept(trigger(top: #""dedup_key":\#(key)"#)).answer()
        let echoed = try JSONValue(parsing: answer.body)["dedup_key"]
        // A number or boolean comes back as the text it was read as.
        #expect(echoed == .string(sent.stringValue ?? key))
    }

    @Test func generatedKeyIsAVersion4UUID() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let random = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let accepted = try document(trigger()).accept(integrationID: 1) { random }
            let key = try #require(try JSONValue(parsing: accepted.answer().body)["dedup_key"]?.stringValue)
            #expect(key.utf8.count == 32)
            #expect(key.wholeMatch(of: /[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}/) != nil)
        }
        let ones = try document(trigger()).accept(integrationID: 1) { Array(repeating: 255, count: 16) }
        #expect(text(ones.answer().body).contains(#""ffffffffffff4fffbfffffffffffffff""#))
    }

    @Test func randomBytesAreTakenOnlyWhereNeeded() throws {
        var asked = 0
        for body in [trigger(top: #""dedup_key":"k""#), #"{"event_action":"resolve","dedup_key":"k"}"#] {
            _ = try document(body).accept(integrationID: 1) {
                asked += 1
                return Array(repeating: 0, count: 16)
            }
        }
        _ = try document(#"{"payload":{"summary":"s"}}"#, .change).accept(integrationID: 1) {
            asked += 1
            return Array(repeating: 0, count: 16)
        }
        #expect(throws: EventRejection.self) {
            try document(trigger(summary: "null")).accept(integrationID: 1) {
                asked += 1
                return Array(repeating: 0, count: 16)
            }
        }
        #expect(asked == 0)
    }

    @Test func bodyIsKeptByteForByte() throws {
        let body = "\u{FEFF} " + trigger(payload: #""custom_details": { "n" : 0.750 }"#) + "\n"
        #expect(try accept(body).body == Array(body.utf8))
        #expect(try document(body).body == Array(body.utf8))
    }
}
