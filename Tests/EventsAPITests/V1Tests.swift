import Alerting
import EventsAPI
import Testing

/// events-api.md sections 5.2 and 7.3.
@Suite struct V1Tests {
    @Test func everyFieldIsRead() throws {
        let event = try acceptAlert(
            #"""
            {"service_key":"0123456789abcdef0123456789abcdef","event_type":"trigger","incident_key":"srv01/HTTP",
             "description":"FAILURE for production/HTTP","client":"Sample","client_url":"https://monitoring",
             "details":{"ping time":"1500ms"},"contexts":[{"type":"link","href":"https://a"},{"type":"image","src":"https://b"}],
             "payload":{"severity":"info","summary":"x"},"agent":{"queued_by":"pd-send"}}
            """#)
        #expect(event.version == .v1)
        #expect(event.action == .trigger)
        #expect(event.dedupKey.text == "srv01/HTTP")
        #expect(event.data.summary == "FAILURE for production/HTTP")
        #expect(event.data.client == "Sample")
        #expect(event.data.clientURL == "https://monitoring")
        #expect(event.data.severity == nil)
        #expect(event.data.source == nil)
        #expect(event.data.sentAt == nil)
        #expect(event.attachments == [.details, .links, .images])
    }

    @Test func nullsAreAbsent() throws {
        let event = try acceptAlert(
            #"{"service_key":"k","event_type":"trigger","description":"d","details":null,"incident_key":null,"client":null,"client_url":null,"contexts":null}"#
        )
        var data = AlertData()
        data.summary = "d"
        #expect(event.data == data)
        #expect(event.attachments == [])
        #expect(event.dedupKey.text == "000102030405460788090a0b0c0d0e0f")
    }

    @Test(arguments: [
        "", #""event_type":null,"#, #""event_type":"","#, #""event_type":{},"#, #""event_type":"Trigger","#,
        #""event_type":1,"#,
    ])
    func wrongTypeIsTheOnlyError(member: String) {
        let long = String(repeating: "k", count: 256)
        #expect(errors("{\(member)\"description\":\"\"}", .v1) == [Message.typeInvalid])
        #expect(
            errors("{\(member)\"incident_key\":\"\(long)\"}", .v1) == [Message.typeInvalid, Message.incidentKeyLong])
    }

    @Test(arguments: ["acknowledge", "resolve"])
    func othersNeedAnIncidentKey(action: String) throws {
        for blank in ["", #","incident_key":"""#, #","incident_key":null"#, #","incident_key":[]"#] {
            #expect(errors(#"{"event_type":"\#(action)"\#(blank)}"#) == [Message.incidentKeyBlank])
        }
        let event = try acceptAlert(#"{"event_type":"\#(action)","incident_key":17}"#)
        #expect(event.dedupKey.text == "17")
        #expect(event.data == AlertData())
        let told = try acceptAlert(
            #"{"event_type":"\#(action)","incident_key":"k","description":"done","details":"d","client":"c","client_url":"u"}"#
        )
        #expect(told.data.summary == "done")
        #expect(told.data.client == nil && told.data.clientURL == nil)
        #expect(told.attachments == [.details])
    }

    @Test(arguments: [
        "", #","description":null"#, #","description":"""#, #","description":" ""#, #","description":{}"#,
    ])
    func triggerNeedsADescription(member: String) {
        #expect(errors(#"{"event_type":"trigger"\#(member)}"#) == [Message.descriptionBlank])
    }

    @Test(arguments: ["a", "é", "😀", "e\u{301}"])
    func lengthsAreInScalars(unit: String) {
        let scalars = unit.unicodeScalars.count
        func text(_ count: Int) -> String {
            quoted(String(repeating: unit, count: count / scalars) + String(repeating: "x", count: count % scalars))
        }
        for count in [1023, 1024] {
            #expect(errors(#"{"event_type":"trigger","description":\#(text(count))}"#) == [])
        }
        #expect(errors(#"{"event_type":"trigger","description":\#(text(1025))}"#) == [Message.descriptionLong])
        for action in ["trigger", "acknowledge", "resolve"] {
            for count in [254, 255] {
                #expect(
                    errors(#"{"event_type":"\#(action)","description":"d","incident_key":\#(text(count))}"#) == [])
            }
            #expect(
                errors(#"{"event_type":"\#(action)","description":"d","incident_key":\#(text(256))}"#) == [
                    Message.incidentKeyLong
                ])
        }
        #expect(
            errors(#"{"event_type":"trigger","description":\#(text(1025)),"incident_key":\#(text(256))}"#) == [
                Message.incidentKeyLong, Message.descriptionLong,
            ])
    }

    /// events-api.md section 5.2 limits the description of triggers. The description of an acknowledge or resolve is cut:
    /// a recovery always passes, and a sender drops what is answered 400.
    @Test(arguments: EventAction.allCases)
    func descriptionIsLimitedInTriggersAndCutElsewhere(action: EventAction) throws {
        func body(_ count: Int) -> String {
            let description = quoted(String(repeating: "é", count: count))
            return #"{"event_type":"\#(action.rawValue)","incident_key":"k","description":\#(description)}"#
        }
        #expect(try acceptAlert(body(1024)).data.summary?.unicodeScalars.count == 1024)
        if action == .trigger {
            #expect(errors(body(1025)) == [Message.descriptionLong])
        } else {
            #expect(try acceptAlert(body(1025)).data.summary?.unicodeScalars.count == 1024)
        }
    }

    @Test func alertmanagersMixedBodyIsV1() throws {
        let event = try acceptAlert(
            #"{"service_key":"k","incident_key":"i","event_type":"trigger","description":"d","event_action":"","payload":null}"#
        )
        #expect(event.version == .v1)
    }
}
