import Alerting
import EventsAPI
import Testing

/// What counts as the same content (events-api.md section 9.2).
@Suite struct DigestTests {
    private func digest(_ json: String) throws -> Int64 { try acceptAlert(json).contentDigest }

    @Test func sameContentInAnotherSpellingIsTheSame() throws {
        let first = try digest(trigger(top: #""dedup_key":"k""#))
        #expect(try digest(trigger(payload: #""timestamp":"2011-05-06""#, top: #""dedup_key":"k""#)) == first)
        #expect(try digest(trigger(payload: #""timestamp":5"#, top: #""dedup_key":"k""#)) == first)
        #expect(try digest(trigger(payload: #""group":"""#, top: #""routing_key":"x","dedup_key":"\u006b""#)) == first)
        #expect(
            try digest(
                trigger(payload: #""custom_details":null"#, top: #""dedup_key":"k","links":[],"images":[{"src":""}]"#))
                == first)
        #expect(
            try digest(
                #" {"dedup_key":"k" , "payload":{"severity":"error","source":"src","summary":"s"},"event_action":"trigger"}"#
            ) == first)
    }

    @Test func eachFieldCounts() throws {
        let bodies = [
            trigger(), trigger(summary: #""t""#), trigger(source: #""t""#), trigger(severity: #""info""#),
            trigger(payload: #""component":"t""#), trigger(payload: #""group":"t""#), trigger(payload: #""class":"t""#),
            trigger(payload: #""custom_details":"t""#), trigger(payload: #""custom_details":{"a":1}"#),
            trigger(payload: #""custom_details":{"a":1.0}"#), trigger(top: #""client":"t""#),
            trigger(top: #""client_url":"t""#), trigger(top: #""links":[{"href":"t"}]"#),
            trigger(top: #""links":[{"href":"u"}]"#), trigger(top: #""images":[{"src":"t"}]"#),
            trigger(top: #""dedup_key":"t""#), #"{"event_action":"resolve","dedup_key":"t"}"#,
            #"{"event_action":"acknowledge","dedup_key":"t"}"#,
            #"{"event_type":"trigger","description":"d","contexts":[{"type":"link","href":"t"}]}"#,
            #"{"event_type":"trigger","description":"d","contexts":[{"type":"link","href":"u"}]}"#,
        ]
        #expect(Set(try bodies.map(digest)).count == bodies.count)
    }

    @Test func movingBytesBetweenFieldsCounts() throws {
        func body(_ parts: [String]) -> String {
            trigger(
                payload: #""component":\#(quoted(parts[0])),"group":\#(quoted(parts[1])),"class":\#(quoted(parts[2]))"#,
                top: #""client":\#(quoted(parts[3])),"client_url":\#(quoted(parts[4]))"#)
        }
        let splits = [
            ["ab", "cd", "ef", "gh", "ij"], ["abc", "d", "ef", "gh", "ij"], ["a", "bcd", "ef", "gh", "ij"],
            ["", "abcd", "ef", "gh", "ij"], ["abcd", "", "ef", "gh", "ij"], ["ab", "cdef", "", "gh", "ij"],
            ["abcdefghij", "", "", "", ""], ["", "", "", "", "abcdefghij"], ["", "", "abcdefghij", "", ""],
            ["ab", "cd", "efgh", "", "ij"], ["ab", "cd", "ef", "ghij", ""],
        ]
        #expect(Set(try splits.map { parts in try digest(body(parts)) }).count == splits.count)
    }

    /// The digest is stored: it must be the same in every version of the program.
    @Test func isFNV1a() throws {
        func fnv(_ bytes: [UInt8]) -> UInt64 {
            bytes.reduce(0xCBF2_9CE4_8422_2325) { state, byte in (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        #expect(fnv(Array("foobar".utf8)) == 0x8594_4171_F739_67E8)
        func field(_ text: String) -> [UInt8] { [1, UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8) }
        let bytes =
            field("trigger") + field("k") + field("s") + field("src") + field("error") + [0, 0, 0, 0, 0]
            + field(#"{"a":1}"#) + [0, 0]
        let body = trigger(payload: #""custom_details":{"a":1}"#, top: #""dedup_key":"k""#)
        #expect(try digest(body) == Int64(bitPattern: fnv(bytes)))
    }
}
