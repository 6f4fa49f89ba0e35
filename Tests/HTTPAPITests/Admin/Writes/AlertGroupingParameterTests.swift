import Alerting
import HTTPAPI
import Testing
import WireJSON

/// `alert_grouping_parameters` of services (rest-api.md section 6.5).
@Suite struct AlertGroupingParameterTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let path: String

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        path = "/services/\(serviceID(try fixture.service("db").service))"
    }

    private func put(_ parameters: String) async -> Answer {
        await api.put(path, #"{"service":{"alert_grouping_parameters":\#(parameters)}}"#)
    }

    private var shown: JSONValue? {
        get async { await api.get(path).json["service"]?["alert_grouping_parameters"] }
    }

    @Test(
        "what is set is shown",
        arguments: [
            #"{"type":"content_based","config":{"aggregate":"all","fields":["source"],"time_window":300}}"#,
            #"{"type":"content_based","config":{"aggregate":"any","fields":["source","class","component"],"time_window":86400}}"#,
            #"{"type":"content_based","config":{"aggregate":"all","fields":["summary"],"time_window":0}}"#,
            #"{"type":"time","config":{"timeout":5}}"#, #"{"type":"time","config":{"timeout":0}}"#,
            #"{"type":"content_based","config":{"aggregate":"all","fields":["custom_details.host name","source"],"time_window":0}}"#,
            #"{"type":"rules","config":{"rules":[{"matchers":["class=\"disk\"","source=~\"db-.*\""],"fields":["source","custom_details.host"],"strict":true,"time_window":300,"window_start":"last_alert"},{"fields":[],"strict":false,"time_window":0,"window_start":"first_alert"}],"alert_limit":20}}"#,
            #"{"type":"rules","config":{"rules":[{"fields":["source"],"strict":false,"time_window":0,"window_start":"first_alert"}],"alert_limit":1000}}"#,
        ])
    func roundTrip(_ parameters: String) async throws {
        let expected = try JSONValue(parsing: Array(parameters.utf8))
        let answer = await put(parameters)
        #expect(answer.status == 200)
        #expect(answer.json["service"]?["alert_grouping_parameters"] == expected)
        #expect(await shown == expected)
        // What is shown can be sent back, and what is not named stays.
        let back = await api.put(path, String(decoding: await api.get(path).body, as: UTF8.self))
        #expect(back.status == 200)
        #expect(try fixture.lastOutcome() == "unchanged", "what was brought together stays so")
        #expect(await shown == expected)
        _ = await api.put(path, #"{"service":{"description":"x"}}"#)
        #expect(await shown == expected)
        let made = await api.post("/services", #"{"service":{"name":"x","alert_grouping_parameters":\#(parameters)}}"#)
        #expect(made.json["service"]?["alert_grouping_parameters"] == expected)
    }

    @Test("ended", arguments: ["null", #"{"type":null}"#, #"{"type":null,"config":null}"#, "{}"])
    func off(_ parameters: String) async {
        _ = await put(#"{"type":"time","config":{"timeout":5}}"#)
        #expect(await put(parameters).status == 200)
        #expect(await shown == ["type": .null, "config": .null])
    }

    @Test(
        "what is refused",
        arguments: [
            #"{"type":"intelligent"}"#, #"{"type":7}"#, #"{"type":"content_based"}"#,
            #"{"type":"content_based","config":{"aggregate":"all","fields":[]}}"#,
            #"{"type":"content_based","config":{"aggregate":"all","fields":"source"}}"#,
            #"{"type":"content_based","config":{"aggregate":"all","fields":[7]}}"#,
            #"{"type":"content_based","config":{"aggregate":"all","fields":["source","custom_details."]}}"#,
            #"{"type":"content_based","config":{"aggregate":"some","fields":["source"]}}"#,
            #"{"type":"content_based","config":{"aggregate":7,"fields":["source"]}}"#,
            #"{"type":"content_based","config":{"fields":["source"],"time_window":-1}}"#,
            #"{"type":"content_based","config":{"fields":["source"],"time_window":"300"}}"#,
            #"{"type":"rules"}"#, #"{"type":"rules","config":{"rules":[]}}"#,
            #"{"type":"rules","config":{"rules":[7]}}"#,
            #"{"type":"rules","config":{"rules":[{"fields":["colour"]}]}}"#,
            #"{"type":"rules","config":{"rules":[{"fields":["source","class","group","component","client","severity"]}]}}"#,
            #"{"type":"rules","config":{"rules":[{"matchers":["source=~\"(\""]}]}}"#,
            #"{"type":"rules","config":{"rules":[{"matchers":["colour=red"]}]}}"#,
            #"{"type":"rules","config":{"rules":[{"fields":"source"}]}}"#,
            #"{"type":"rules","config":{"rules":[{"strict":"yes"}]}}"#, #""time""#, #"{"type":"time","config":10}"#,
            #"{"type":"rules","config":{"rules":[{"matchers":[],"fields":["source"]}]}}"#,
            #"{"type":"rules","config":{"rules":[{"matchers":null,"fields":["source"]}]}}"#,
            #"{"type":"rules","config":{"rules":[{"window_start":"now"}]}}"#,
            #"{"type":"rules","config":{"rules":[{"time_window":59}]}}"#,
            #"{"type":"rules","config":{"rules":[{}],"alert_limit":0}}"#,
            #"{"type":"rules","config":{"rules":[{}],"alert_limit":1001}}"#,
            #"{"type":"time","config":{"timeout":-5}}"#, #"{"type":"time","config":{"timeout":9223372036854775807}}"#,
        ])
    func refusals(_ parameters: String) async {
        await put(parameters).isInvalid()
        #expect(await shown == ["type": .null, "config": .null])
    }
}
