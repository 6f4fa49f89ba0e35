import Alerting
import EventsAPI
import Testing
import WireJSON

/// events-api.md section 5.4, and reading stored bodies.
@Suite struct ContextTests {
    private func body(_ json: String, _ version: APIVersion = .v2) throws -> EventBody {
        try EventBody(Array(json.utf8), version: version)
    }

    @Test func linksAndImagesOfV2() throws {
        let json = trigger(
            top: #"""
                "links":[{"href":"https://a","text":"A"},{"href":"http://b"},{"href":"c","text":""},{"href":"d","text":null},
                {"href":"e","text":{}},{"href":5,"text":true},{"text":"no href"},{"href":""},{"href":" "},{"href":null},
                {"href":[]},"x",7,null,[{"href":"nested"}],{"href":"f","src":"","extra":{"href":"g"}},{"hre\u0066":"h"}],
                "images":[{"src":"https://i","href":"https://j","alt":"k"},{"src":"http://l"},{"src":"m","href":"","alt":""},
                {"href":"no src"},{"src":""},{"src":null},true]
                """#)
        let body = try body(json)
        #expect(
            body.links() == [
                Link(href: "https://a", text: "A"), Link(href: "http://b"), Link(href: "c", text: ""), Link(href: "d"),
                Link(href: "e"), Link(href: "5", text: "true"), Link(href: "f"), Link(href: "h"),
            ])
        #expect(
            body.images() == [
                Image(src: "https://i", href: "https://j", alt: "k"), Image(src: "http://l"),
                Image(src: "m", href: "", alt: ""),
            ])
        #expect(try acceptAlert(json).attachments == [.links, .images])
        #expect(try self.body(json, .change).links() == body.links())
    }

    @Test func contextsOfV1() throws {
        let json = #"""
            {"event_type":"trigger","description":"d","links":[{"href":"not V1"}],"contexts":[
            {"type":"image","src":"i1","href":"h1","alt":""},{"type":"link","href":"l1","text":"t"},
            {"type":"link","href":"l2","src":""},{"type":"link","src":"no href"},{"type":"image","href":"no src"},
            {"type":"Link","href":"x"},{"type":"video","href":"x","src":"x"},{"href":"x","src":"x"},
            {"type":null,"href":"x"},{"type":["link"],"href":"x"},"x",null,{"type":"image","src":"i2"}]}
            """#
        let body = try body(json, .v1)
        #expect(
            body.contexts() == [
                .link(Link(href: "l1", text: "t")), .link(Link(href: "l2")),
                .image(Image(src: "i1", href: "h1", alt: "")), .image(Image(src: "i2")),
            ])
        #expect(try acceptAlert(json).attachments == [.links, .images])
    }

    @Test func contextsAreWrittenInOneForm() throws {
        let body = try body(
            trigger(top: #""images":[{"alt":"","src":"i"}],"links":[{"text":"","href":"l"},{"href":"\"m\""}]"#))
        #expect(
            text(JSONValue.array(body.contexts().map(\.json)).serialized())
                == #"[{"type":"link","href":"l","text":""},{"type":"link","href":"\"m\""},{"type":"image","src":"i","alt":""}]"#
        )
    }

    @Test(arguments: [0, 1, 49, 50, 51, 200])
    func fiftyOfEachAreKept(count: Int) throws {
        let links = (0..<count).map { number in #"{"text":"unusable"},{"href":"l\#(number)"}"# }.joined(separator: ",")
        let images = (0..<count).map { number in #"{"src":"i\#(number)"}"# }.joined(separator: ",")
        let v2 = try body(trigger(top: #""links":[\#(links)],"images":[\#(images)]"#))
        let kept = min(count, 50)
        #expect(v2.links() == (0..<kept).map { number in Link(href: "l\(number)") })
        #expect(v2.images() == (0..<kept).map { number in Image(src: "i\(number)") })
        #expect(v2.contexts().count == 2 * kept)

        let contexts = (0..<count).map { number in
            #"{"type":"image","src":"i\#(number)"},{"type":"link","href":"l\#(number)"}"#
        }.joined(separator: ",")
        let v1 = try body(#"{"contexts":[\#(contexts)]}"#, .v1)
        #expect(v1.contexts() == v2.contexts())
    }

    @Test(arguments: ["null", "{}", #""x""#, "1", "[]", "[{}]", #"[{"href":"","src":""}]"#, "[[]]"])
    func nothingUsableIsNoAttachment(value: String) throws {
        #expect(try acceptAlert(trigger(top: #""links":\#(value),"images":\#(value)"#)).attachments == [])
        #expect(
            try acceptAlert(#"{"event_type":"trigger","description":"d","contexts":\#(value)}"#).attachments == [])
    }

    @Test(arguments: [
        #"{ "free" : 0.750, "big" : 12345678901234567890 , "s":"\u0041\/é" }"#, "[]", "{}", #""""#, "0", "false",
        "1e400", #""text""#,
    ])
    func detailsAreServedByteForByte(details: String) throws {
        let v2 = trigger(payload: #""custom_details": \#(details) "#)
        #expect(try body(v2).detailsJSON().map(text) == details)
        #expect(try acceptAlert(v2).attachments == .details)
        let v1 = #"{"event_type":"trigger","description":"d","details":\#(details)}"#
        #expect(try body(v1, .v1).detailsJSON().map(text) == details)
        #expect(try acceptAlert(v1).attachments == .details)
        let change = #"{"payload":{"summary":"s","custom_details":\#(details)}}"#
        #expect(try body(change, .change).detailsJSON().map(text) == details)
        #expect(try acceptChange(change).attachments == .details)
    }

    @Test func absentDetailsAreNil() throws {
        #expect(try body(trigger()).detailsJSON() == nil)
        #expect(try body(trigger(payload: #""custom_details":{"a":1},"custom_details":null"#)).detailsJSON() == nil)
        #expect(try body(#"{"details":{"v1":"only"}}"#, .v2).detailsJSON() == nil)
        #expect(try body(#"{"payload":{"custom_details":1}}"#, .v1).detailsJSON() == nil)
        #expect(try body("\u{FEFF}" + trigger(payload: #""custom_details":[1]"#)).detailsJSON().map(text) == "[1]")
    }

    @Test func brokenBodyIsAnError() {
        #expect(throws: JSONError.self) { try body("{") }
        #expect(throws: JSONError.self) { try body("[]") }
    }
}
