import Alerting
import Foundation
import HTTPAPI
import Testing
import WireJSON

/// A script that asks for a part of a list never gets all of it because of how it spells a filter.
@Suite struct FilterSpellingTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let triggered: IncidentID
    private let resolved: IncidentID
    private let silence: String
    private let rule: String

    init() async throws {
        fixture = try AdminFixture()
        api = fixture.api()
        let (_, integration) = try fixture.service("db")
        triggered = try fixture.event("trigger", "a", by: integration)
        resolved = try fixture.event("trigger", "b", by: integration)
        try fixture.event("resolve", "b", by: integration)
        let made = await api.post("/silences", #"{"silence":{"matchers":["source=x"],"duration":60}}"#)
        silence = try #require(made.json["silence"]?["id"]?.stringValue)
        let inhibition = await api.post(
            "/inhibition_rules",
            #"{"inhibition_rule":{"source_matchers":["source=x"],"target_matchers":["source=y"]}}"#)
        rule = try #require(inhibition.json["inhibition_rule"]?["id"]?.stringValue)
    }

    @Test(
        "understood",
        arguments: [
            "statuses[]=resolved", "statuses%5B%5D=resolved", "statuses[0]=resolved", "statuses%5B0%5D=resolved",
            "statuses[12]=resolved", "statuses=resolved", "statuses[]=resolved&statuses[]=", "statuses[]=,resolved",
            "statuses[0]=resolved&statuses[1]=", "statuses[]=resolved&_=17&format=json&page=2&api_key=x&cursor=y",
        ])
    func understood(_ query: String) async {
        #expect(await api.get("/incidents?\(query)").ids("incidents") == [incidentID(resolved)])
    }

    @Test(
        "refused, with what was meant",
        arguments: [
            ("Statuses[]=resolved", "statuses[]"), ("STATUSES[]=resolved", "statuses[]"),
            ("status[]=resolved", "statuses[]"), ("status=resolved", "statuses[]"),
            ("statues[]=resolved", "statuses[]"),
            ("stauts=resolved", "statuses[]"), ("state=resolved", "statuses[]"), ("statuses[a]=resolved", "statuses[]"),
            ("statuses[0][]=resolved", "statuses[]"), ("statuses[=resolved", "statuses[]"),
            ("statuses%255B%255D=resolved", "statuses[]"), ("filter[statuses]=resolved", "statuses[]"),
            ("limit=5&amp;statuses[]=resolved", "statuses[]"), ("?statuses[]=resolved", "statuses[]"),
            ("+statuses[]=resolved", "statuses[]"), ("statuses.0=resolved", "statuses[]"),
            ("service_id=P00ZZZZ", "service_ids[]"), ("serviceIds[]=P00ZZZZ", "service_ids[]"),
            ("service-ids[]=P00ZZZZ", "service_ids[]"), ("service=P00ZZZZ", "service_ids[]"),
            ("services[]=P00ZZZZ", "service_ids[]"), ("user_id=P00ZZZZ", "user_ids[]"), ("urgency=low", "urgencies[]"),
            ("Urgencies[]=low", "urgencies[]"), ("incidentKey=x", "incident_key"),
            ("incident_keys[]=x", "incident_key"),
            ("Since=2030-01-01", "since"), ("untill=2020-01-01", "until"), ("dateRange=all", "date_range"),
            ("Limit=1", "limit"), ("offsets=1", "offset"), ("timezone=UTC", "time_zone"), ("sortBy=urgency", "sort_by"),
            ("includes[]=services", "include[]"), ("status=", "statuses[]"), ("status", "statuses[]"),
        ])
    func refused(_ query: String, _ meant: String) async {
        let answer = await api.get("/incidents?\(query)")
        answer.isInvalid()
        #expect(answer.errors?.first?.hasSuffix("is unknown; did you mean \(meant)?") == true, "\(answer.errors ?? [])")
        #expect(answer.json["incidents"] == nil)
    }

    @Test(
        "a filter without a value asks for nothing, not for all",
        arguments: ["statuses[]", "urgencies[]", "service_ids[]", "user_ids[]"])
    func blank(_ name: String) async {
        for query in ["\(name)=", "\(name)", "\(name)=%20", "\(name)=,", "\(name)=,%20,", "\(name)=&\(name)="] {
            let answer = await api.get("/incidents?\(query)")
            answer.isInvalid()
            #expect(answer.errors == ["\(name) has no value; leave it out to get all"], "\(query)")
        }
    }

    @Test(
        "alertgate's own lists take no filter of others",
        arguments: ["statuses[]=resolved", "Status=x", "since=2030-01-01"])
    func ownLists(_ query: String) async {
        for path in ["/silences/\(silence)/alerts", "/inhibition_rules/\(rule)/alerts", "/inhibition_rules"] {
            await api.get("\(path)?\(query)").isInvalid()
            #expect(await api.get("\(path)?_=17").status == 200)
        }
    }

    @Test("what is no list ignores what is unknown") func noList() async {
        for path in ["/incidents/\(triggered)", "/abilities", "/incidents/\(triggered)/notes", "/silences/\(silence)"] {
            #expect(await api.get("\(path)?Status=x&Limit=1").status == 200)
        }
        #expect(await api.put("/incidents/\(triggered)?status=x", #"{"incident":{"title":"y"}}"#).status == 200)
    }

    // MARK: The description

    private struct List {
        var path: String
        var parameters: [String]
    }

    /// The lists in `docs/openapi.json` with their parameters.
    private static func lists() throws -> [List] {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let document = try JSONValue(
            parsing: Array(try Data(contentsOf: repository.appending(path: "docs/openapi.json"))))
        let shared = try #require(document["components"]?["parameters"])
        return try #require(document["paths"]?.objectValue).compactMap { path in
            guard let given = path.value["get"]?["parameters"]?.arrayValue else { return nil }
            let names = given.compactMap { parameter -> String? in
                guard let reference = parameter["$ref"]?.stringValue else { return parameter["name"]?.stringValue }
                return shared[String(reference.split(separator: "/").last ?? "")]?["name"]?.stringValue
            }
            return names.contains("limit") ? List(path: path.name, parameters: names) : nil
        }
    }

    private func path(_ template: String) throws -> String {
        let id = ["silences": silence, "inhibition_rules": rule, "incidents": "\(triggered)"]
        guard template.contains("{") else { return template }
        let root = try #require(template.split(separator: "/").first.map(String.init))
        return template.replacing(/{\w+}/, with: id[root] ?? "P000003")
    }

    @Test("each list knows the parameters that the description tells of, and no other") func description() async throws
    {
        let lists = try FilterSpellingTests.lists()
        #expect(lists.count >= 9)
        // What every list reads, whether it has something to include or not.
        let everywhere: Set = ["include[]", "limit", "offset", "total", "time_zone"]
        let all = Set(lists.flatMap(\.parameters))
        for list in lists {
            let path = try path(list.path)
            for name in all {
                let answer = await api.get("\(path)?\(name.uppercased())=1")
                if list.parameters.contains(name) || everywhere.contains(name) {
                    answer.isInvalid()
                    #expect(answer.errors?.first?.contains("did you mean \(name)?") == true, "\(list.path) \(name)")
                } else {
                    let isRefused = answer.errors?.first?.contains("did you mean \(name)?") == true
                    #expect(!isRefused, "\(list.path) has \(name), which is not described")
                }
            }
        }
    }
}
