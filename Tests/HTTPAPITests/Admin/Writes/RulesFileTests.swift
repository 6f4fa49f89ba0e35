import Alerting
import Testing

@testable import HTTPAPI

/// The file of `alertgate simulate`: what it says is tried as it says, or refused with the name of the rule.
@Suite struct RulesFileTests {
    private static let service = Service(
        id: 1, name: "databases", createdAt: Timestamp(milliseconds: 0), autoResolveTimeout: 600)

    private func rules(_ text: String) throws -> [SilenceDraft] {
        try RulesFile.rules(Array(text.utf8), services: [Self.service]).silences ?? []
    }

    private func silences(_ members: String) throws -> [SilenceDraft] {
        try rules(#"{"silences":[{"matchers":["severity=info"],"comment":"night"\#(members)}]}"#)
    }

    @Test func aSilenceHasTheWindowThatItSays() throws {
        #expect(try silences("").map(\.window) == [.always])
        let window = try silences(#","starts_at":"2024-05-11T18:00:00Z","duration":60"#)[0].window
        #expect(window.end == window.start.adding(seconds: 60))
        let night = try silences(
            #","starts_at":"2024-05-11T18:00:00Z","until_time":"06:00","time_zone":"Europe/Berlin""#)[0].window
        #expect(night.end == window.start.adding(seconds: 10 * 3600))
        let recurrence = try silences(
            #","recurrence":{"rule":"FREQ=DAILY","local_start":"2024-05-11T18:00","duration":60}"#)[0].recurrence
        #expect(recurrence?.rule == "FREQ=DAILY")
        // As `GET /silences` shows one that comes back.
        let shown = try silences(
            #","id":"P000001","starts_at":"2024-05-12T18:00:00Z","ends_at":"2024-05-12T18:01:00Z","ended_at":null"#
                + #","recurrence":{"rule":"FREQ=DAILY","local_start":"2024-05-11T18:00","duration":60}"#)
        #expect(shown[0].recurrence != nil)
    }

    @Test(arguments: [
        (#","duration":60"#, "duration is not simulated without starts_at"),
        (#","until_time":"06:00""#, "until_time is not simulated without starts_at"),
        (#","starts_at":"2024-05-11T18:00:00Z""#, "starts_at is not simulated without an end"),
        (
            #","starts_at":"2024-05-11T18:00:00Z","ends_at":"2024-05-11T18:00:00Z""#,
            "the window must end after it starts"
        ),
        (#","incident":{"id":"Q000000000003MV"}"#, "incident is not simulated"),
        (#","ended_at":"2024-05-11T18:00:00Z""#, "ended_at is not simulated"),
        (
            #","duration":60,"recurrence":{"rule":"FREQ=DAILY","local_start":"2024-05-11T18:00","duration":60}"#,
            "duration is not simulated beside a recurrence"
        ),
        (#","recurrence":{"rule":"FREQ=HOURLY","local_start":"2024-05-11T18:00","duration":60}"#, "recurrence: rule"),
    ])
    func whatIsNotSimulatedIsRefusedWithTheNameOfTheRule(members: String, reason: String) {
        let error = #expect(throws: RulesFile.Invalid.self) { try silences(members) }
        #expect(error?.description.hasPrefix("silences[0] (night): ") == true)
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        (#"{"services":[{"name":"databases","flap_detection":{},"auto_resolve_timeout":60}]}"#, "auto_resolve_timeout"),
        (
            #"{"services":[{"name":"databases","flap_detection":{},"acknowledgement_timeout":60}]}"#,
            "acknowledgement_timeout"
        ),
        (#"{"services":[{"name":"databases","flap_detection":{},"status":"disabled"}]}"#, "status"),
        (
            #"{"services":[{"name":"databases","flap_detection":{}},{"name":"databases","flap_detection":null}]}"#,
            "twice"
        ),
        (
            #"{"inhibition_rules":[{"source_matchers":["class=a"],"target_matchers":["class=b"],"deleted_at":"x"}]}"#,
            "deleted_at"
        ),
        (#"{"silences":[7]}"#, "silences[0]: "),
    ])
    func settingsThatAreNotSimulatedAreRefused(text: String, reason: String) {
        let error = #expect(throws: RulesFile.Invalid.self) { try rules(text) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func aServiceAsTheAPIShowsItIsTaken() throws {
        let text =
            #"{"services":[{"name":"databases","status":"active","auto_resolve_timeout":600,"#
            + #""acknowledgement_timeout":null,"flap_detection":{}}]}"#
        #expect(try RulesFile.rules(Array(text.utf8), services: [Self.service]).services.count == 1)
    }

    @Test(arguments: [
        (#"{"silence":[]}"#, "silence is unknown; did you mean silences?"), ("[]", "the body must be an object"),
        (#"{"silences":{}}"#, "silences must be an array"), (#"{"silences":[1]}"#, "must be an object"),
        (#"{"silences":[{"matcher":["source=x"]}]}"#, "silences[0].matcher is unknown; did you mean matchers?"),
        (#"{"silences":[{"service":"db"}]}"#, "silences[0].matchers: give either"),
        (#"{"silences":[{"service":"db","matchers":[]}]}"#, "silences[0].matchers must be an array of at least one"),
        (
            #"{"silences":[{"service":"db","matchers":["source=x"],"maintenance":true}]}"#,
            "silences[0].matchers: give either"
        ),
        (#"{"silences":[{"service":{"nmae":"db"},"matchers":["source=x"]}]}"#, "unknown service"),
        (#"{"services":[{"name":"db","flap_detection":{"window":"x"}}]}"#, "services[0].flap_detection.window must be"),
        (#"{"services":[{"name":"db","flap_detecton":{}}]}"#, "services[0].flap_detecton is unknown"),
        (#"{"inhibition_rules":[{"source_matchers":["source=x"]}]}"#, "inhibition_rules[0].target_matchers is missing"),
        (
            #"{"inhibition_rules":[{"source_matchers":["source=x"],"target_matchers":["source=y"],"equals":[]}]}"#,
            "inhibition_rules[0].equals is unknown; did you mean equal?"
        ),
    ])
    func whatIsUnknownIsRefused(_ text: String, _ reason: String) throws {
        let error = #expect(throws: RulesFile.Invalid.self, "\(text)") { try rules(text) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func whatIsKnownIsRead() throws {
        let text = #"""
            {"services":[{"name":"db","storm_detection":{}}],
             "silences":[{"service":{"name":"db"},"maintenance":true},{"matchers":["source=x"],"comment":"c"}],
             "inhibition_rules":[{"source_matchers":["source=x"],"target_matchers":["source=y"],"service":{"id":"P000007"}}]}
            """#
        let rules = try RulesFile.rules(
            Array(text.utf8), services: [Service(id: 7, name: "db", createdAt: Timestamp(milliseconds: 0))])
        #expect(rules.services.keys.elementsEqual([7]))
        #expect(rules.silences?.map(\.serviceID) == [7, nil] && rules.silences?.map(\.isMaintenance) == [true, false])
        #expect(rules.inhibitionRules?.map(\.serviceID) == [7])
    }
}
