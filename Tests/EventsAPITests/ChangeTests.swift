import Alerting
import EventsAPI
import Testing

/// events-api.md section 5.3.
@Suite struct ChangeTests {
    @Test func everyFieldIsRead() throws {
        let event = try acceptChange(
            #"""
            {"routing_key":"k","payload":{"summary":"Build 14","timestamp":"2020-07-17T08:42:58.315+0000","source":"ci",
             "custom_details":{"build":14}},"links":[{"href":"https://ci","text":"View"}],"images":[{"src":"https://i"}]}
            """#)
        #expect(event.integrationID == 7)
        #expect(event.summary == "Build 14")
        #expect(event.source == "ci")
        #expect(event.sentAt == Timestamp(milliseconds: 1_594_975_378_315))
        #expect(event.attachments == [.details, .links, .images])
    }

    @Test func onlyTheSummaryIsNeeded() throws {
        let event = try acceptChange(#"{"payload":{"summary":"s","source":"","timestamp":null}}"#)
        #expect(event == ChangeEvent(integrationID: 7, summary: "s"))
        for body in ["{}", #"{"payload":null}"#, #"{"payload":[]}"#, #"{"payload":{"summary":" "}}"#] {
            #expect(errors(body, .change) == [Message.summaryBlank])
        }
    }

    @Test func v2sTextsAreUsed() {
        func body(_ count: Int) -> String {
            #"{"payload":{"summary":\#(quoted(String(repeating: "é", count: count))),"timestamp":"x"}}"#
        }
        #expect(errors(body(1024), .change) == [Message.timestampInvalid])
        #expect(errors(body(1025), .change) == [Message.summaryLong, Message.timestampInvalid])
    }

    @Test func theClientsDoubleZoneIsRead() throws {
        let event = try acceptChange(#"{"payload":{"summary":"s","timestamp":"2024-05-11T02:00:00.123456+00:00Z"}}"#)
        #expect(event.sentAt == Timestamp(milliseconds: 1_715_392_800_123))
    }

    @Test func sourceIsCut() throws {
        let event = try acceptChange(
            #"{"payload":{"summary":"s","source":\#(quoted(String(repeating: "é", count: 1025)))}}"#)
        #expect(event.source?.unicodeScalars.count == 1024)
    }

    @Test func alertMembersDoNotCount() throws {
        _ = try acceptChange(#"{"event_action":"nonsense","dedup_key":{},"payload":{"summary":"s","severity":"bad"}}"#)
    }
}
