import Alerting
import HTTPAPI
import Testing
import WireJSON

/// `PUT /incidents/{id}/merge` (rest-api.md section 5.7; decisions.md "REST"): what it refuses, and its bounds.
@Suite struct MergeRefusalTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let integration: IntegrationID
    private let target: IncidentID
    private let source: IncidentID

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        (_, integration) = try fixture.service("db")
        target = try fixture.event("trigger", "target", by: integration)
        source = try fixture.event("trigger", "source", by: integration)
    }

    private func body(_ sources: [IncidentID]) -> String {
        let list = sources.map { #"{"id":"\#(incidentID($0))","type":"incident_reference"}"# }
        return #"{"source_incidents":[\#(list.joined(separator: ","))]}"#
    }

    private func merge(_ sources: [IncidentID], into target: IncidentID? = nil) async -> Answer {
        await api.put("/incidents/\(target ?? self.target)/merge", body(sources))
    }

    @Test("an empty list does nothing") func empty() async {
        let before = await api.everything()
        let answer = await merge([])
        #expect(answer.status == 200)
        #expect(answer.json["incident"] == (await api.incident(target)))
        #expect(await api.everything() == before)
    }

    @Test("a source that stands twice counts once") func duplicates() async {
        let answer = await merge([source, source])
        #expect(answer.status == 200)
        #expect(answer.json["incident"]?["alert_counts"] == ["all": 2, "triggered": 2, "resolved": 0])
        #expect(await api.kinds(target).filter { $0 == "merge_log_entry" }.count == 1)
    }

    @Test(
        "bodies that are refused",
        arguments: [
            ("", 2001), ("{", 2001), ("{}", 2001), ("[]", 2001), (#"{"source_incidents":{}}"#, 2001),
            (#"{"source_incidents":null}"#, 2001), (#"{"incidents":[]}"#, 2001), (#"{"source_incidents":[7]}"#, 2001),
            (#"{"source_incidents":["SOURCE"]}"#, 2001), (#"{"source_incidents":[{"id":7}]}"#, 2001),
            (#"{"source_incidents":[{"type":"incident_reference"}]}"#, 2003),
            (#"{"source_incidents":[{"id":null}]}"#, 2003),
            (#"{"source_incidents":[{"id":"SOURCE","type":"alert_reference"}]}"#, 2001),
            (#"{"source_incidents":[{"id":"SOURCE"},{"id":"nonsense"}]}"#, 2001),
            (#"{"source_incidents":[{"id":"SOURCE"},{"id":"Q00000000ZZZZZ"}]}"#, 2001),
        ] as [(String, Int64)])
    func bodies(_ body: String, _ code: Int64) async {
        let before = await api.everything()
        let answer = await api.put(
            "/incidents/\(target)/merge", body.replacing("SOURCE", with: incidentID(source)))
        answer.isRefused(400, code, code == 2003 ? "Missing Arguments" : "Invalid Input Provided")
        #expect(await api.everything() == before)
    }

    @Test("an unknown source is named, and nothing is done") func unknownSource() async {
        let before = await api.everything()
        let answer = await merge([source, 9999])
        answer.isInvalid()
        #expect(answer.errors?.first?.contains(incidentID(9999)) == true)
        #expect(await api.everything() == before)
    }

    @Test("a target that is not there") func unknownTarget() async {
        for id in ["9999", "Q00000000ZZZZZ", "x"] {
            await api.put("/incidents/\(id)/merge", body([source])).isNotFound()
            await api.put("/incidents/\(id)/merge", body([])).isNotFound()
        }
        #expect(await api.incident(source)["status"] == "triggered")
    }

    @Test("the target among the sources") func intoItself() async {
        let before = await api.everything()
        await merge([target]).isInvalid()
        await merge([source, target]).isInvalid()
        #expect(await api.everything() == before)
    }

    @Test("a target that is resolved") func resolvedTarget() async throws {
        try fixture.event("resolve", "target", by: integration)
        let before = await api.everything()
        await merge([source]).isInvalid()
        #expect(await api.everything() == before)
    }

    @Test("a source without alerts, open or resolved") func withoutAlerts() async throws {
        let (service, _) = try fixture.service("web")
        let made = await api.post(
            "/incidents", #"{"incident":{"title":"t","service":{"id":"\#(serviceID(service))"}}}"#)
        let manual = try number(.incident, made.json["incident"]?["id"])
        for _ in 0..<2 {
            let before = await api.everything()
            await merge([source, manual]).isInvalid()
            #expect(await api.everything() == before)
            _ = await api.put("/incidents/\(manual)", #"{"incident":{"status":"resolved"}}"#)
        }
    }

    @Test("a source that was merged before") func mergedBefore() async throws {
        let third = try fixture.event("trigger", "third", by: integration)
        _ = await merge([source])
        let before = await api.everything()
        await merge([third, source]).isRefused(400, 1019, "Incident Already Merged")
        await merge([source], into: third).isRefused(400, 1019, "Incident Already Merged")
        #expect(await api.everything() == before)
        // As a target it is resolved.
        await merge([third], into: source).isInvalid()
        #expect(await api.everything() == before)
    }

    @Test("250 sources in a request and no more") func sourcesInRequest() async {
        let sources = Array(repeating: source, count: 251)
        await merge(sources).isTooLarge()
        #expect(await api.incident(source)["status"] == "triggered")
        #expect(await merge(Array(sources.dropLast())).status == 200)
    }

    @Test("1000 alerts in an incident and no more, resolved ones included") func alertsInIncident() async throws {
        let before = fixture.eventCount
        try fixture.triggerMany(999, by: integration)
        let all = ((before + 1)...(before + 999)).map { $0 }
        try fixture.event("resolve", "k0", by: integration)
        for start in stride(from: 0, to: 997, by: 250) {
            #expect(await merge(Array(all[start..<min(start + 250, 997)])).status == 200)
        }
        // There is room for two of the three that are left.
        #expect(await api.incident(target)["alert_counts"] == ["all": 998, "triggered": 997, "resolved": 1])
        let state = await api.incident(target)
        await merge([all[997], all[998], source]).isInvalid()
        #expect(await api.incident(target) == state)
        #expect(await api.incident(source)["status"] == "triggered")
        #expect(await merge([all[997], source]).status == 200)
        #expect(await api.incident(target)["alert_counts"] == ["all": 1000, "triggered": 999, "resolved": 1])
        await merge([all[998]]).isInvalid()
        // A full incident is no source for one that has an alert already, but events go on.
        await merge([target], into: all[998]).isInvalid()
        try fixture.event("trigger", "k1", by: integration)
        #expect(await api.incident(target)["alert_counts"]?["all"] == 1000)
        let move =
            #"{"alert":{"incident":{"id":"\#(incidentID(target))","type":"incident_reference"}}}"#
        await api.put("/incidents/\(all[998])/alerts/\(alertID(all[998]))", move).isInvalid()
    }
}
