import Alerting
import EventsAPI
import Testing

/// events-api.md section 10.
@Suite struct LabelTests {
    private func event() -> AlertEvent {
        var event = AlertEvent(version: .v2, action: .trigger, integrationID: 1, dedupKey: DedupKey("k"))
        event.data.source = "db-1"
        event.data.severity = .warning
        return event
    }

    private func labels(_ details: String?) throws -> [String: String] {
        let labels = try Labels.of(event(), detailsJSON: details.map { Array($0.utf8) })
        return Dictionary(uniqueKeysWithValues: labels.map { ($0.name, $0.value) })
    }

    @Test func membersOfTheEventComeFirst() throws {
        #expect(try labels(nil) == ["source": "db-1", "severity": "warning"])
    }

    @Test func scalarsOfTheDetailsBecomeLabelsWithTheirSpelling() throws {
        let found = try labels(#"{"load":0.750,"ok":true,"host":"db-1","none":null,"list":[1],"nested":{"a":1}}"#)
        #expect(
            found == [
                "source": "db-1", "severity": "warning", "load": "0.750", "ok": "true", "host": "db-1",
            ])
    }

    @Test func detailsDoNotOverwriteTheEvent() throws {
        #expect(try labels(#"{"severity":"critical","source":"other"}"#)["severity"] == "warning")
    }

    @Test(arguments: [
        ("a.b-c", "a_b_c"), ("1st", "_st"), ("größe", "gr__e"), ("", "_"), ("A_9", "A_9"),
    ])
    func namesAreSanitized(name: String, expected: String) throws {
        #expect(try labels("{\"\(name)\":\"v\"}")[expected] == "v")
    }

    @Test func atMostFiftyAndCutToTheirLimits() throws {
        let many = (0..<80).map { "\"k\($0)\":1" }.joined(separator: ",")
        #expect(try labels("{\(many)}").count == 50)
        let name = String(repeating: "n", count: 200)
        let value = String(repeating: "é", count: 3000)
        let found = try labels("{\"\(name)\":\"\(value)\"}")
        #expect(found[String(repeating: "n", count: 128)]?.unicodeScalars.count == 2048)
    }

    @Test func detailsThatAreNoObjectGiveNone() throws {
        #expect(try labels(#""text""#).count == 2)
    }
}
