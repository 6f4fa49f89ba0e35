import Alerting
import HTTPAPI
import Testing

/// Requests that no client sends get an error of the specification or an answer, never a failure of the gateway
/// (rest-api.md section 7).
@Suite struct HostileRequestTests {
    private static let paths = [
        "/incidents", "/incidents/5", "/incidents/5/alerts", "/incidents/5/log_entries", "/incidents/5/notes",
        "/log_entries", "/services", "/change_events", "/users", "/incidents/9223372036854775807",
        "/incidents/99999999999999999999", "/incidents/QZZZZZZZZZZZZZ", "/log_entries/RZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "/incidents/%00", "/incidents/%", "/incidents/%zz/alerts", "/services/%F0%9F%92%A9", "/abilities/%2F",
        "/incidents/5/alerts/AZZZZZZZZZZZZZ", "/change_events/P\u{301}00001",
    ]

    private static let queries = [
        "", "&&&", "=", "==&=", "%", "%zz=%", "limit=%00", "offset=%2B1", "limit=1e3", "limit=٣", "total=\u{301}",
        "incident_key=%00", "incident_key=%FF%FE", "incident_key=' OR 1=1 --", "query=%25%00'", "name=%00",
        "alert_key=%F0%9F%92%A9", "statuses[]=,,,", "statuses[]=triggered%00", "service_ids[]=,P000003,,P000003",
        "service_ids[]=\(String(repeating: "P000003,", count: 2000))",
        "include[]=\(String(repeating: "x,", count: 2000))",
        "since=0000-01-01", "until=0000-01-01", "since=9999-12-31T23:59:59Z", "until=9999-12-31&time_zone=Asia/Tokyo",
        "since=0000-01-01&time_zone=America/New_York", "since=T", "since=%20T%20", "time_zone=/", "time_zone=../etc",
        "time_zone=%00/x", "sort_by=:", "sort_by=,", "sort_by=created_at:", "sort_by=created_at,created_at:desc",
        "date_range=ALL&since=x", "is_overview=%E2%80%83", "urgencies[][]=high", "[]=x", "limit=9223372036854775807",
        "offset=9223372036854775807", "limit[]=5", "total[]=true",
    ]

    @Test("every odd query on every path", arguments: paths)
    func oddQueries(_ path: String) async throws {
        let fixture = try AdminFixture()
        let (_, integration) = try fixture.service("db")
        try fixture.event("trigger", "k", by: integration)
        let api = fixture.api()
        for query in Self.queries {
            let answer = await api.get("\(path)?\(query)")
            #expect([200, 400, 404].contains(answer.status), "\(query): \(answer.status)")
            if answer.status != 200 {
                #expect(answer.code != nil, "\(query)")
                #expect(answer.message != nil, "\(query)")
            }
        }
    }

    @Test("every odd body")
    func oddBodies() async throws {
        let fixture = try AdminFixture()
        let (_, integration) = try fixture.service("db")
        let id = incidentID(try fixture.event("trigger", "k", by: integration))
        let api = fixture.api()
        let deep = String(repeating: "[", count: 100_000)
        for body in [
            "", " ", "\u{0}", "null", "true", "\"incident\"", deep, #"{"incident":\#(deep)}"#,
            "{\"incident\":{\"\u{1}\":1}}",
            #"{"incident":{"status":"resolved"},"incident":{"status":7}}"#, #"{"incidents":[[]]}"#,
            #"{"incidents":[{"id":["x"]}]}"#, #"{"incidents":[{"id":"\ud800"}]}"#, "\u{FEFF}{}",
            #"{"incidents":[{"id":"QZZZZZZZZZZZZZ","status":"resolved"}]}"#, #"{"incident":{"status":"\u0000"}}"#,
            #"{"incidents":[{"id":"\#(id)","title":"\u0000"},{"id":"q"}]}"#,
        ] {
            for path in ["/incidents", "/incidents/\(id)", "/incidents/9223372036854775807"] {
                let answer = await api.answer("PUT", path, body)
                #expect([400, 404].contains(answer.status), "\(path) \(body.prefix(60)): \(answer.status)")
                #expect(answer.code != nil)
            }
        }
        #expect(await api.get("/incidents/\(id)").json["incident"]?["status"] == "triggered")
    }

    @Test("a title with every kind of character comes back as it was")
    func titles() async throws {
        let fixture = try AdminFixture()
        let (_, integration) = try fixture.service("db")
        let id = incidentID(try fixture.event("trigger", "k", by: integration))
        let body = #"{"incident":{"title":"a\u0000b\n\"\\ \ud83d\udca9 \u2028 e\u0301 "}}"#
        let answer = await fixture.api().answer("PUT", "/incidents/\(id)", body)
        #expect(answer.status == 200)
        let title = answer.json["incident"]?["title"]?.stringValue
        #expect(title.map { Array($0.utf8) } == Array("a\u{0}b\n\"\\ \u{1F4A9} \u{2028} e\u{301} ".utf8))
    }
}
