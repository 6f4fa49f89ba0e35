import Alerting
import HTTPAPI
import Testing
import WireJSON

/// Parameters, pagination and times (rest-api.md sections 3, 4 and 5.1; decisions.md "REST").
@Suite struct ListTests {
    private let fixture: AdminFixture
    private let api: AdminAPI

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
    }

    @Test("every page over so many incidents", arguments: [0, 1, 25, 100, 101, 10_001])
    func pagination(_ count: Int) async throws {
        let (_, integration) = try fixture.service("db")
        try fixture.triggerMany(count, by: integration)
        let limit = count > 1000 ? 100 : 25
        var seen: [String] = []
        while true {
            let answer = await api.get("/incidents?limit=\(limit)&offset=\(seen.count)&total=true")
            try #require(answer.status == 200)
            let ids = answer.ids("incidents")
            #expect(answer.json["limit"] == JSONValue(limit))
            #expect(answer.json["offset"] == JSONValue(seen.count))
            #expect(answer.json["total"] == JSONValue(count))
            seen += ids
            #expect(answer.json["more"] == .bool(seen.count < count))
            guard answer.json["more"] == true else { break }
            #expect(ids.count == limit)
            if seen.count + limit > 10_000 { break }
        }
        #expect(seen.count == min(count, 10_000))
        #expect(Set(seen).count == seen.count)
        #expect(seen == seen.sorted())
        let beyond = await api.get("/incidents?limit=1&offset=9999")
        #expect(beyond.json["more"] == .bool(count > 10_000))
        #expect(beyond.ids("incidents").count == (count > 9999 ? 1 : 0))
        let last = await api.get("/incidents?limit=1&offset=\(max(0, min(count, 10_000) - 1))")
        #expect(last.ids("incidents").count == min(count, 1))
    }

    @Test(
        "limit and offset as they are used",
        arguments: [
            ("", 25, 0), ("limit=0", 25, 0), ("limit=7", 7, 0), ("limit=100", 100, 0), ("limit=101", 100, 0),
            ("limit=99999999999999999999", 100, 0), ("limit=&offset=", 25, 0), ("limit=%20", 25, 0),
            ("offset=9975", 25, 9975), ("limit=5000&offset=9900", 100, 9900), ("limit=007", 7, 0),
        ] as [(String, Int, Int)])
    func limits(_ query: String, _ limit: Int, _ offset: Int) async {
        for path in ["/incidents", "/log_entries", "/services", "/change_events", "/users"] {
            let answer = await api.get("\(path)?\(query)")
            #expect(answer.status == 200)
            #expect(answer.json["limit"] == JSONValue(limit))
            #expect(answer.json["offset"] == JSONValue(offset))
            #expect(answer.json["total"] == .null)
            #expect(answer.json["more"] == .bool(path == "/users" && offset == 0 && limit == 1))
        }
    }

    @Test(
        "limit and offset that are refused",
        arguments: [
            "limit=-1", "limit=x", "offset=-1", "offset=1.5", "limit=25x", "offset=9976", "limit=100&offset=9901",
            "offset=99999999999999999999", "limit=0&offset=9976", "limit=1000000&offset=9950", "total=maybe",
        ])
    func refusedLimits(_ query: String) async {
        for path in ["/incidents", "/log_entries", "/services", "/change_events", "/users", "/incidents/1/alerts"] {
            let answer = await api.get("\(path)?\(query)")
            #expect(answer.status == 400)
            #expect(answer.code == 2001)
            #expect(answer.message == "Invalid Input Provided")
            #expect(answer.errors?.count == 1)
        }
    }

    @Test(
        "total in every spelling",
        arguments: [
            ("true", true), ("TRUE", true), ("1", true), ("True", true), ("0", false), ("False", false), ("", false),
        ])
    func totals(_ text: String, _ isCounted: Bool) async {
        #expect(await api.get("/incidents?total=\(text)").json["total"] == (isCounted ? 0 : .null))
    }

    @Test(
        "a set filter in every spelling",
        arguments: [
            "statuses[]=triggered&statuses[]=resolved", "statuses%5B%5D=triggered&statuses%5b%5d=resolved",
            "statuses=triggered&statuses=resolved", "statuses[]=triggered,resolved", "statuses=triggered%2Cresolved",
            "statuses[]=triggered&statuses=resolved&statuses[]=", "statuses[]=triggered,+resolved,",
            "unknown=1&statuses[]=triggered&&statuses[]=resolved&=x", "statuses[0]=triggered&statuses[1]=resolved",
            "statuses%5B0%5D=triggered&statuses%5b17%5d=resolved", "statuses[1]=&statuses[0]=triggered,resolved",
        ])
    func setFilters(_ query: String) async throws {
        let (_, integration) = try fixture.service("db")
        let first = try fixture.event("trigger", "a", by: integration)
        let second = try fixture.event("trigger", "b", by: integration)
        let third = try fixture.event("trigger", "c", by: integration)
        try fixture.event("resolve", "b", by: integration)
        try fixture.event("acknowledge", "c", by: integration)
        #expect(await api.get("/incidents?\(query)").ids("incidents") == [first, second].map(incidentID))
        #expect(await api.get("/incidents?statuses=acknowledged").ids("incidents") == [incidentID(third)])
    }

    @Test("filters of incidents, one by one and together") func filters() async throws {
        let (one, first) = try fixture.service("one")
        let (two, second) = try fixture.service("two")
        let a = try fixture.event("trigger", "a b+c", by: first)
        let b = try fixture.event("trigger", "b", by: first, severity: "info")
        let c = try fixture.event("trigger", "a b+c", by: second)
        let services = [one, two].map { ExternalID.string(.service, $0) }
        for (query, expected) in [
            ("service_ids[]=\(services[0])", [a, b]), ("service_ids[]=\(services[1])", [c]),
            ("service_ids=\(services.joined(separator: ","))", [a, b, c]), ("service_ids[]=nonsense", []),
            ("service_ids[]=P00000", []), ("urgencies[]=low", [b]), ("urgencies[]=high&urgencies[]=low", [a, b, c]),
            ("incident_key=a+b%2Bc", [a, c]), ("incident_key=A+b%2Bc", []), ("incident_key=", [a, b, c]),
            ("incident_key=a+b%2Bc&service_ids[]=\(services[1])", [c]), ("user_ids[]=P000001", []),
            ("team_ids[]=P1", [a, b, c]), ("include[]=nonsense", [a, b, c]),
            ("sort_by=created_at:desc", [c, b, a]), ("sort_by=incident_number%3Adesc", [c, b, a]),
            ("sort_by=urgency", [b, a, c]), ("sort_by=urgency:desc", [c, a, b]),
            ("sort_by=urgency:desc,incident_number", [a, c, b]), ("sort_by=", [a, b, c]),
            ("date_range=all&since=nonsense", [a, b, c]),
        ] as [(String, [Int64])] {
            #expect(await api.get("/incidents?\(query)").ids("incidents") == expected.map(incidentID), "\(query)")
        }
        #expect(await api.get("/incidents?user_ids[]=x&total=1").json["total"] == 0)
    }

    @Test(
        "values that no filter has",
        arguments: [
            ("/incidents?statuses[]=open", "Status must be a list of triggered, acknowledged, or resolved."),
            ("/incidents?statuses[]=Triggered", "Status must be a list of triggered, acknowledged, or resolved."),
            ("/incidents?urgencies[]=medium", nil), ("/incidents?sort_by=name", nil),
            ("/incidents?sort_by=created_at:up", nil), ("/incidents?sort_by=created_at:asc:desc", nil),
            ("/incidents?sort_by=urgency,created_at,incident_number", nil), ("/incidents?time_zone=Mars/Olympus", nil),
            ("/incidents?time_zone=PST", nil), ("/incidents?time_zone=%2B02:00", nil),
            ("/log_entries?time_zone=nowhere", nil), ("/services?sort_by=id", nil),
            ("/log_entries?is_overview=perhaps", nil), ("/incidents/1/alerts?statuses[]=acknowledged", nil),
            ("/incidents/1/alerts?sort_by=urgency", nil), ("/incidents?sort_by=,", nil), ("/services?sort_by=,", nil),
            ("/incidents?sort_by=urgency,", nil), ("/incidents?sort_by=,urgency", nil),
            ("/incidents?sort_by=%20,", nil), ("/incidents/1/alerts?sort_by=%2C", nil),
            ("/services?time_zone=GMT%2B2", nil),
        ])
    func badValues(_ target: String, _ detail: String?) async {
        let answer = await api.get(target)
        #expect(answer.status == 400)
        #expect(answer.code == 2001)
        #expect(answer.message == "Invalid Input Provided")
        if let detail { #expect(answer.errors == [detail]) }
    }

    @Test(
        "times that cannot be read",
        arguments: [
            "since=yesterday", "until=2024-13-01", "since=1715392800", "since=2024-05-11T02:00:00X",
            "since=2024-05-11+02:00:00", "until=2024-02-30", "since=2024-05-11T2:00Z",
        ])
    func badTimes(_ query: String) async {
        for path in ["/incidents", "/log_entries", "/change_events"] {
            let answer = await api.get("\(path)?\(query)")
            #expect(answer.status == 400)
            #expect(answer.json["error"]?["code"] == 2004)
            #expect(answer.message == "Invalid time values in 'since' and/or 'until' parameters")
        }
    }

    @Test("since after until") func reversedRange() async {
        for path in ["/incidents", "/log_entries", "/change_events"] {
            let answer = await api.get("\(path)?since=2024-05-11T00:00:00.001Z&until=2024-05-11")
            #expect(answer.status == 400)
            #expect(answer.json == ["error": ["message": "Invalid Query Date Range", "code": 2005]])
            #expect(await api.get("\(path)?since=2024-05-11&until=2024-05-11").status == 200)
            #expect(await api.get("\(path)?since=2014-05-11&until=2024-05-11").status == 200)
        }
    }

    @Test("the window: since is inside, until is not, the default is the last month") func windows() async throws {
        let (_, integration) = try fixture.service("db")
        let now = fixture.now
        // 2024-04-11T02:00:00Z, a month before, and the millisecond before that.
        fixture.now = Timestamp(milliseconds: 1_712_800_799_999)
        let old = try fixture.event("trigger", "old", by: integration)
        fixture.now = Timestamp(milliseconds: 1_712_800_800_000)
        let month = try fixture.event("trigger", "month", by: integration)
        fixture.now = now
        let new = try fixture.event("trigger", "new", by: integration)
        for (query, expected) in [
            ("", [month, new]), ("statuses[]=triggered", [month, new]), ("date_range=all", [old, month, new]),
            ("since=2024-04-11T02:00:00Z", [month, new]), ("since=2024-04-11T01:59:59.999Z", [old, month, new]),
            ("until=2024-05-11T02:00:00Z", [month]), ("until=2024-05-11T02:00:00.001Z", [new]),
            ("until=2024-04-11T02:00:00Z", [old]), ("since=2024-05-11T02:00:00Z", [new]),
            ("since=2024-04-11T04:00:00%2B0200&until=2024-05-11", [month]),
            ("since=2024-04-11T04:00:00+0200&until=2024-05-11", [month]),
            ("since=2024-04-11T04:00:00+02:00&until=2024-05-11", [month]),
            ("since=2024-04-11T04:00&time_zone=Europe/Berlin&until=2024-05-11", [month]),
            ("since=2024-04-10T22:00&time_zone=America/New_York&until=2024-05-11", [month, new]),
            ("since=2024-04-11&until=2024-04-12", [old, month]), ("since=2010-01-01", [old, month, new]),
            ("since=2024-04-11T02:00:00Z&time_zone=Europe/Berlin", [month, new]),
        ] as [(String, [Int64])] {
            #expect(await api.get("/incidents?\(query)").ids("incidents") == expected.map(incidentID), "\(query)")
        }
        #expect(await api.get("/log_entries").ids("log_entries").count == 2)
        #expect(await api.get("/log_entries?since=2024-01-01").ids("log_entries").count == 3)
        #expect(await api.get("/incidents/\(old)/log_entries").ids("log_entries").count == 1)
    }

    @Test("a month before the last day of a longer month is the last day of the shorter") func shortMonth() async throws
    {
        let (_, integration) = try fixture.service("db")
        // 2024-02-29T11:59:59.999Z and 2024-02-29T12:00Z; then 2024-03-31T12:00Z.
        fixture.now = Timestamp(milliseconds: 1_709_207_999_999)
        try fixture.event("trigger", "a", by: integration)
        fixture.now = Timestamp(milliseconds: 1_709_208_000_000)
        let inside = try fixture.event("trigger", "b", by: integration)
        fixture.now = Timestamp(milliseconds: 1_711_886_400_000)
        #expect(await api.get("/incidents").ids("incidents") == [incidentID(inside)])
    }

    @Test(
        "times in a zone",
        arguments: [
            ("", "2024-05-11T02:00:00Z"), ("?time_zone=UTC", "2024-05-11T02:00:00Z"),
            ("?time_zone=Europe/Berlin", "2024-05-11T04:00:00+02:00"),
            ("?time_zone=America%2FNew_York", "2024-05-10T22:00:00-04:00"),
            ("?time_zone=Asia/Kolkata", "2024-05-11T07:30:00+05:30"),
            ("?time_zone=America/St_Johns", "2024-05-10T23:30:00-02:30"), ("?time_zone=", "2024-05-11T02:00:00Z"),
        ])
    func zones(_ query: String, _ expected: String) async throws {
        let (service, integration) = try fixture.service("db")
        fixture.now = Timestamp(milliseconds: fixture.now.milliseconds + 999)
        let id = try fixture.event("trigger", "k", by: integration)
        let incident = await api.get("/incidents/\(id)\(query)").json["incident"]
        for name in ["created_at", "updated_at", "last_status_change_at"] {
            #expect(incident?[name]?.stringValue == expected)
        }
        let entries = await api.get("/incidents/\(id)/log_entries\(query)").json["log_entries"]
        #expect(entries?[0]?["created_at"]?.stringValue == expected)
        let object = await api.get("/services/\(ExternalID.string(.service, service))\(query)").json["service"]
        #expect(object?["last_incident_timestamp"]?.stringValue == expected)
    }

    @Test("a local time that happens twice or never is read all the same") func daylightSaving() async throws {
        let (_, integration) = try fixture.service("db")
        // 2024-03-31T01:30:00Z is 03:30 in Berlin, where 02:30 never was.
        fixture.now = Timestamp(milliseconds: 1_711_848_600_000)
        let id = try fixture.event("trigger", "k", by: integration)
        let query = "since=2024-03-31T03:30&until=2024-03-31T03:31&time_zone=Europe/Berlin"
        #expect(await api.get("/incidents?\(query)").ids("incidents") == [incidentID(id)])
        #expect(await api.get("/incidents?since=2024-03-31T02:30&time_zone=Europe/Berlin").status == 200)
    }
}
