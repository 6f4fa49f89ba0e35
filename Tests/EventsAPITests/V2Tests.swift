import Alerting
import EventsAPI
import Testing

/// events-api.md sections 5.1 and 7.3.
@Suite struct V2Tests {
    @Test func everyFieldIsRead() throws {
        let event = try acceptAlert(
            #"""
            {"routing_key":"0123456789abcdef0123456789abcdef","event_action":"trigger","dedup_key":"k/1","client":"Mon",
             "client_url":"https://mon","links":[{"href":"https://l"}],"images":[{"src":"https://i"}],
             "payload":{"summary":"Disk full","source":"web-1","severity":"warning","component":"disk","group":"prod",
             "class":"usage","timestamp":"2015-07-17T08:42:58.315+0000","custom_details":{"free":0.75}}}
            """#)
        #expect(event.version == .v2)
        #expect(event.action == .trigger)
        #expect(event.integrationID == 7)
        #expect(event.dedupKey == DedupKey("k/1"))
        #expect(event.data.summary == "Disk full")
        #expect(event.data.source == "web-1")
        #expect(event.data.severity == .warning)
        #expect(event.data.component == "disk")
        #expect(event.data.group == "prod")
        #expect(event.data.class == "usage")
        #expect(event.data.client == "Mon")
        #expect(event.data.clientURL == "https://mon")
        #expect(event.data.sentAt == Timestamp(milliseconds: 1_437_122_578_315))
        #expect(event.attachments == [.details, .links, .images])
    }

    @Test func theLeastTrigger() throws {
        let event = try acceptAlert(trigger())
        var data = AlertData()
        data.summary = "s"
        data.source = "src"
        data.severity = .error
        #expect(event.data == data)
        #expect(event.attachments == [])
        // 00…0f with the marks of version 4 and its variant.
        #expect(event.dedupKey.text == "000102030405460788090a0b0c0d0e0f")
    }

    @Test func blankOptionalMembersAreAbsent() throws {
        for blank in [
            #""""#, "null", #"" ""#, #""\t\n\u00a0\u2003\u3000\u0085""#, "{}", "[]", #"{"a":"b"}"#, #"["x"]"#,
        ] {
            let event = try acceptAlert(
                trigger(
                    payload: #""component":\#(blank),"group":\#(blank),"class":\#(blank)"#,
                    top: #""client":\#(blank),"client_url":\#(blank),"dedup_key":\#(blank)"#))
            #expect(event.data.component == nil && event.data.group == nil && event.data.class == nil)
            #expect(event.data.client == nil && event.data.clientURL == nil)
            #expect(event.dedupKey.text.utf8.count == 32)
        }
    }

    @Test func scalarsBecomeTheirText() throws {
        let event = try acceptAlert(
            trigger(
                summary: "1.50", source: "80", payload: #""component":true,"group":false,"class":-1e+3"#,
                top: #""client":0,"client_url":0.0,"dedup_key":12345678901234567890"#))
        #expect(event.data.summary == "1.50")
        #expect(event.data.source == "80")
        #expect(event.data.component == "true")
        #expect(event.data.group == "false")
        #expect(event.data.class == "-1e+3")
        #expect(event.data.client == "0")
        #expect(event.data.clientURL == "0.0")
        #expect(event.dedupKey.text == "12345678901234567890")
    }

    @Test func textsAreKeptAsTheyAre() throws {
        let event = try acceptAlert(
            trigger(
                summary: #"" a\r\nb \u0000 é e\u0301 ""#, top: #""dedup_key":" Key\u0000/é ","client_url":"not a url""#)
        )
        #expect(event.data.summary?.utf8.elementsEqual(" a\r\nb \u{0} é e\u{301} ".utf8) == true)
        #expect(event.dedupKey == DedupKey(" Key\u{0}/é "))
        #expect(event.data.clientURL == "not a url")
    }

    // MARK: Action

    @Test(arguments: [
        "", #""event_action":null,"#, #""event_action":"","#, #""event_action":" ","#, #""event_action":{},"#,
        #""event_action":["trigger"],"#,
    ])
    func blankActionIsTheOnlyError(member: String) {
        let long = String(repeating: "k", count: 256)
        #expect(errors("{\(member)\"x\":1}", .v2) == [Message.actionBlank])
        #expect(errors("{\(member)\"payload\":{\"severity\":\"bad\"}}", .v2) == [Message.actionBlank])
        #expect(errors("{\(member)\"dedup_key\":\"\(long)\"}", .v2) == [Message.actionBlank, Message.dedupLong])
    }

    @Test(arguments: [
        #""Trigger""#, #""TRIGGER""#, #"" trigger""#, #""ack""#, #""resolved""#, "0", "true", #""trigger\u0000""#,
    ])
    func unknownActionIsTheOnlyError(action: String) {
        let long = String(repeating: "k", count: 256)
        #expect(errors(#"{"event_action":\#(action)}"#, .v2) == [Message.actionInvalid])
        #expect(
            errors(#"{"event_action":\#(action),"payload":{"summary":""},"dedup_key":"\#(long)"}"#, .v2) == [
                Message.actionInvalid, Message.dedupLong,
            ])
    }

    // MARK: Dedup key

    @Test(
        arguments: ["acknowledge", "resolve"],
        ["", #","dedup_key":null"#, #","dedup_key":"""#, #","dedup_key":" ""#, #","dedup_key":{}"#])
    func othersNeedADedupKey(action: String, member: String) {
        #expect(errors(#"{"event_action":"\#(action)"\#(member)}"#) == [Message.dedupBlank])
    }

    @Test(arguments: ["a", "é", "😀", "e\u{301}"])
    func dedupKeyHas255Scalars(unit: String) throws {
        let scalars = unit.unicodeScalars.count
        func key(_ count: Int) -> String {
            String(repeating: unit, count: count / scalars) + String(repeating: "x", count: count % scalars)
        }
        for action in EventAction.allCases {
            func body(_ key: String) -> String {
                trigger(top: #""dedup_key":"# + quoted(key)).replacing(#""trigger""#, with: "\"\(action.rawValue)\"")
            }
            for count in [1, 254, 255] {
                let event = try acceptAlert(body(key(count)))
                #expect(event.dedupKey == DedupKey(key(count)))
            }
            for count in [256, 257, 2000] { #expect(errors(body(key(count))) == [Message.dedupLong]) }
        }
    }

    // MARK: Payload of a trigger

    @Test(arguments: [
        "", #","payload":null"#, #","payload":[]"#, #","payload":"x""#, #","payload":1"#, #","payload":{}"#,
        #","payload":{"summary":"s"},"payload":true"#,
    ])
    func payloadIsNeeded(member: String) {
        #expect(
            errors(#"{"event_action":"trigger"\#(member)}"#) == [
                Message.summaryBlank, Message.sourceBlank, Message.severityBlank,
            ])
    }

    @Test(arguments: ["null", #""""#, #""\u2028 ""#, "[]", "{}"])
    func eachRequiredMemberIsNeeded(blank: String) {
        #expect(errors(trigger(summary: blank)) == [Message.summaryBlank])
        #expect(errors(trigger(source: blank)) == [Message.sourceBlank])
        #expect(errors(trigger(severity: blank)) == [Message.severityBlank])
        #expect(errors(trigger(summary: blank, severity: blank)) == [Message.summaryBlank, Message.severityBlank])
    }

    @Test(arguments: ["a", "é", "😀", "e\u{301}", "👨‍👩‍👧‍👦"])
    func summaryHas1024Scalars(unit: String) throws {
        let scalars = unit.unicodeScalars.count
        func text(_ count: Int) -> String {
            String(repeating: unit, count: count / scalars) + String(repeating: "x", count: count % scalars)
        }
        for count in [1, 1023, 1024] {
            #expect(try acceptAlert(trigger(summary: quoted(text(count)))).data.summary == text(count))
        }
        for count in [1025, 1026, 5000] {
            #expect(errors(trigger(summary: quoted(text(count)))) == [Message.summaryLong])
        }
    }

    @Test func sourceIsCutAt1024Scalars() throws {
        let unit = "e\u{301}"
        func source(_ count: Int) throws -> String? {
            try acceptAlert(trigger(source: quoted(String(repeating: unit, count: count)))).data.source
        }
        #expect(try source(512)?.unicodeScalars.count == 1024)
        #expect(try source(513)?.unicodeScalars.count == 1024)
        #expect(try source(4000)?.utf8.elementsEqual(String(repeating: unit, count: 512).utf8) == true)
        let odd = try acceptAlert(trigger(source: quoted("x" + String(repeating: unit, count: 512)))).data.source
        #expect(odd?.utf8.elementsEqual(("x" + String(repeating: unit, count: 511) + "e").utf8) == true)
    }

    @Test func severityIsExact() throws {
        for severity in Severity.allCases {
            #expect(try acceptAlert(trigger(severity: quoted(severity.rawValue))).data.severity == severity)
        }
        for wrong in [#""Info""#, #""CRITICAL""#, #""fatal""#, #"" error""#, #""error ""#, "1", "true", #""warn""#] {
            #expect(errors(trigger(severity: wrong)) == [Message.severityInvalid])
        }
    }

    @Test(arguments: [
        #""2015-07-17 08:42:58Z""#, #""yesterday""#, #""1437122578""#, "true", "false", "-1", "1e15", #"" 2015-07-17""#,
    ])
    func badTimestampIsRefused(timestamp: String) {
        #expect(errors(trigger(payload: #""timestamp":\#(timestamp)"#)) == [Message.timestampInvalid])
    }

    @Test(arguments: ["null", #""""#, #"" ""#, "[]", "{}", #"["2015"]"#])
    func blankTimestampIsAbsent(timestamp: String) throws {
        #expect(try acceptAlert(trigger(payload: #""timestamp":\#(timestamp)"#)).data.sentAt == nil)
    }

    @Test func numericTimestampIsRead() throws {
        let event = try acceptAlert(trigger(payload: #""timestamp":1437122578.3159"#))
        #expect(event.data.sentAt == Timestamp(milliseconds: 1_437_122_578_315))
    }

    @Test func allErrorsComeInFieldOrder() {
        let long = String(repeating: "k", count: 256)
        let summary = quoted(String(repeating: "s", count: 1025))
        #expect(
            errors(
                #"{"payload":{"timestamp":"x","severity":"x","source":"","summary":\#(summary)},"dedup_key":"\#(long)","event_action":"trigger"}"#
            ) == [
                Message.dedupLong, Message.summaryLong, Message.sourceBlank, Message.severityInvalid,
                Message.timestampInvalid,
            ])
    }

    // MARK: Acknowledge and resolve

    @Test(
        arguments: ["acknowledge", "resolve"],
        [
            "", #","payload":null"#, #","payload":[]"#, #","payload":"x""#,
            #","payload":{"summary":"","source":"","severity":""}"#,
            #","payload":{"severity":"bad","timestamp":"bad","summary":{}}"#,
            #","client":{},"links":5,"images":"x""#,
        ])
    func othersIgnoreThePayload(action: String, members: String) throws {
        let event = try acceptAlert(#"{"event_action":"\#(action)","dedup_key":"k"\#(members)}"#)
        #expect(event.action.rawValue == action)
        #expect(event.dedupKey.text == "k")
        #expect(event.data == AlertData())
        #expect(event.attachments == [])
    }

    @Test(arguments: ["acknowledge", "resolve"])
    func othersStillCarryData(action: String) throws {
        let long = quoted(String(repeating: "é", count: 3000))
        let event = try acceptAlert(
            #"{"event_action":"\#(action)","dedup_key":"k","client":"c","client_url":"u","links":[{"href":"h"}],"payload":{"summary":\#(long),"source":"s","severity":"info","component":"c","group":"g","class":"l","timestamp":"2011-05-06","custom_details":[]}}"#
        )
        #expect(event.data.summary?.unicodeScalars.count == 1024)
        #expect(event.data.source == "s")
        #expect(event.data.severity == .info)
        #expect(event.data.component == "c")
        #expect(event.data.group == "g")
        #expect(event.data.class == "l")
        #expect(event.data.sentAt == Timestamp(milliseconds: 1_304_640_000_000))
        #expect(event.data.client == nil)
        #expect(event.data.clientURL == nil)
        #expect(event.attachments == [.details, .links])
    }

    // MARK: Duplicates and escapes

    @Test func lastOfEqualNamesWins() throws {
        let event = try acceptAlert(
            #"{"event_action":"resolve","event_action":"trigger","payload":{"summary":"old","source":"old","severity":"info","group":"old"},"payload":{"summary":"1","summary":"2","source":"new","severity":"error","cl\u0061ss":"c"},"dedup_key":"a","dedup\u005fkey":"b"}"#
        )
        #expect(event.action == .trigger)
        #expect(event.data.summary == "2")
        #expect(event.data.source == "new")
        #expect(event.data.group == nil)
        #expect(event.data.class == "c")
        #expect(event.dedupKey.text == "b")
    }

    @Test func namesInDetailsDoNotCount() throws {
        let event = try acceptAlert(
            trigger(
                payload: #""custom_details":{"summary":"x","severity":"bad","payload":{"source":1}}"#,
                top: #""agent":{"dedup_key":"x"}"#))
        #expect(event.data.summary == "s")
        #expect(event.dedupKey.text != "x")
    }

    @Test func namesAreCaseSensitive() {
        #expect(errors(#"{"Event_Action":"trigger"}"#, .v2) == [Message.actionBlank])
    }
}
