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
}
