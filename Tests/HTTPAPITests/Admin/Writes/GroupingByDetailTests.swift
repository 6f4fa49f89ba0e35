import Alerting
import HTTPAPI
import Testing
import WireJSON

/// Grouping by what stands in `custom_details`, or in V1's `details` (docs/noise.md).
@Suite struct GroupingByDetailTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let integration: IntegrationID
    private let path: String

    init() async throws {
        fixture = try AdminFixture()
        api = fixture.api()
        let made = try fixture.service("db")
        integration = made.integration
        path = "/services/\(serviceID(made.service))"
    }

    private func group(by fields: String, strict: Bool = false) async {
        let rule = #"{"fields":\#(fields),"strict":\#(strict)}"#
        let parameters = #"{"type":"rules","config":{"rules":[\#(rule)]}}"#
        let answer = await api.put(path, #"{"service":{"alert_grouping_parameters":\#(parameters)}}"#)
        #expect(answer.status == 200)
    }

    /// Triggers with those details, one key each.
    private func trigger(_ details: String...) throws {
        for (number, details) in details.enumerated() {
            let payload = #"{"summary":"s","source":"h","severity":"info","custom_details":\#(details)}"#
            _ = try fixture.send(
                #"{"event_action":"trigger","dedup_key":"k\#(number)","payload":\#(payload)}"#, by: integration)
        }
    }

    /// How many alerts each incident has, in the order they were opened.
    private var counts: [Int64] {
        get async {
            let answer = await api.get("/incidents?sort_by=incident_number:asc")
            return answer.json["incidents"]?.arrayValue?.compactMap { $0["alert_counts"]?["all"]?.integerValue } ?? []
        }
    }

    @Test func equalDetailsMeet() async throws {
        await group(by: #"["custom_details.host"]"#)
        try trigger(#"{"host":"a"}"#, #"{"host":"b","x":1}"#, #"{"x":[2],"host":"a"}"#, #"{"Host":"a"}"#)
        #expect(await counts == [2, 1, 1])
    }

    @Test func bothVersionsMeet() async throws {
        await group(by: #"["custom_details.host"]"#)
        try trigger(#"{"host":"a"}"#)
        _ = try fixture.send(
            #"{"event_type":"trigger","incident_key":"v1","description":"s","details":{"host":"a"}}"#, to: .v1,
            by: integration)
        #expect(await counts == [2])
    }

    @Test(arguments: [
        // Numbers and truth values count as they are; what is nested, null or absent is missing.
        (#"{"host":7}"#, #"{"host":7}"#, true), (#"{"host":true}"#, #"{"host":true}"#, true),
        (#"{"host":true}"#, #"{"host":false}"#, false), (#"{"host":""}"#, #"{"host":""}"#, true),
        (#"{"host":["a"]}"#, #"{"host":["a"]}"#, false), (#"{"host":{"a":1}}"#, #"{"host":{"a":1}}"#, false),
        (#"{"host":null}"#, #"{"host":null}"#, false), ("{}", "{}", false), (#""host""#, #""host""#, false),
        (#"["host"]"#, #"["host"]"#, false), ("7", "7", false),
        (#"{"host":"caf\u00e9\u0000\ud83d\ude00"}"#, #"{"host":"caf\u00e9\u0000\ud83d\ude00"}"#, true),
        // As they are spelled, not as what they come to.
        (#"{"host":1.10}"#, #"{"host":1.1}"#, false),
        (#"{"host":10000000000000000001}"#, #"{"host":10000000000000000002}"#, false),
        (#"{"host":"x\u0000y"}"#, #"{"host":"x\u0000z"}"#, false),
        (#"{"host":"\u00e9"}"#, #"{"host":"e\u0301"}"#, false),
    ])
    func whatCountsAsEqual(_ one: String, _ other: String, _ meet: Bool) async throws {
        await group(by: #"["custom_details.host"]"#)
        try trigger(one, other)
        #expect(await counts == (meet ? [2] : [1, 1]))
    }

    @Test func aKeyMayHoldAnything() async throws {
        await group(by: #"["custom_details.host name.de\"'$[0]"]"#)
        try trigger(#"{"host name.de\"'$[0]":"a"}"#, #"{"host name.de\"'$[0]":"a"}"#)
        #expect(await counts == [2])
    }

    @Test func strictLeavesAloneWhatLacksOne() async throws {
        await group(by: #"["source","custom_details.host"]"#, strict: true)
        try trigger("{}", "{}", #"{"host":"a"}"#, #"{"host":"a"}"#)
        #expect(await counts == [1, 1, 2])
        await group(by: #"["source","custom_details.host"]"#)
        _ = try fixture.event("trigger", "without-1", by: integration)
        _ = try fixture.event("trigger", "without-2", by: integration)
        #expect(await counts == [1, 1, 2, 2])
    }

    /// What held it back is over: the details are those of the trigger long before.
    @Test func anAlertThatIsLetGoJoinsByItsDetails() async throws {
        await group(by: #"["custom_details.host"]"#)
        try trigger(#"{"host":"a"}"#)
        let silence = try fixture.act(
            .createSilence(
                SilenceDraft(
                    matchers: try LabelMatcher.parse("dedup_key=held"),
                    window: Recurrence.Window(start: fixture.now, end: fixture.now.adding(seconds: 60)))))
        let payload = #"{"summary":"s","source":"h","severity":"info","custom_details":{"host":"a"}}"#
        let held = try fixture.send(
            #"{"event_action":"trigger","dedup_key":"held","payload":\#(payload)}"#, by: integration)
        #expect(await counts == [1])
        try fixture.act(.endSilence(silence))
        try fixture.fire(TimerEvent(kind: .release, subjectID: held, dueAt: fixture.now))
        #expect(await counts == [2])
    }
}
