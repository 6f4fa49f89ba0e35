import Alerting
import HTTPAPI
import Testing
import WireJSON

/// `storm_detection` of services (docs/noise.md).
@Suite struct StormDetectionTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let service: ServiceID
    private let integration: IntegrationID
    private let path: String

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (service, integration) = try fixture.service("db")
        path = "/services/\(serviceID(service))"
    }

    private func put(_ detection: String) async -> Answer {
        await api.put(path, #"{"service":{"storm_detection":\#(detection)}}"#)
    }

    private var shown: JSONValue? {
        get async { await api.get(path).json["service"]?["storm_detection"] }
    }

    @Test(arguments: [
        ("{}", #"{"thresholds":[20,100,500],"quiet":300}"#),
        (#"{"quiet":60}"#, #"{"thresholds":[20,100,500],"quiet":60}"#),
        (#"{"thresholds":[2]}"#, #"{"thresholds":[2],"quiet":300}"#),
        (#"{"thresholds":[2,3,4,5,1000],"quiet":86400}"#, #"{"thresholds":[2,3,4,5,1000],"quiet":86400}"#),
        (#"{"thresholds":null,"quiet":null}"#, #"{"thresholds":[20,100,500],"quiet":300}"#),
    ])
    func whatIsSetIsShownAndCanBeSentBack(_ detection: String, _ expected: String) async throws {
        let expected = try JSONValue(parsing: Array(expected.utf8))
        #expect(await put(detection).status == 200)
        #expect(await shown == expected)
        let back = await api.put(path, String(decoding: await api.get(path).body, as: UTF8.self))
        #expect(back.status == 200)
        #expect(await shown == expected)
        #expect(await put("null").status == 200)
        #expect(await shown == .null)
    }

    @Test(arguments: [
        "7", #""on""#, "[]", #"{"thresholds":[]}"#, #"{"thresholds":20}"#, #"{"thresholds":[1]}"#,
        #"{"thresholds":[1001]}"#, #"{"thresholds":[20,20]}"#, #"{"thresholds":[30,20]}"#,
        #"{"thresholds":["20"]}"#, #"{"thresholds":[2,3,4,5,6,7]}"#, #"{"quiet":59}"#, #"{"quiet":86401}"#,
        #"{"quiet":"300"}"#,
    ])
    func whatMayNotBeIsRefused(_ detection: String) async {
        await put(detection).isInvalid()
        #expect(await shown == .null)
    }

    @Test func anIncidentTellsOfItsStorm() async throws {
        _ = await put(#"{"thresholds":[2]}"#)
        for key in ["a", "b", "c", "d"] { _ = try fixture.event("trigger", key, by: integration) }
        let incidents = await api.get("/incidents?sort_by=incident_number:asc").json["incidents"]?.arrayValue ?? []
        #expect(incidents.count == 3)
        #expect(incidents.first?["storm"] == .null)
        #expect(incidents.last?["title"] == "Alert storm on db")
        #expect(incidents.last?["storm"] == ["level": 1, "until": "2024-05-11T02:05:00Z"])
        #expect(incidents.last?["alert_counts"]?["all"] == 2)
    }
}
