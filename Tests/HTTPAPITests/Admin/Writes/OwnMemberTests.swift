import Alerting
import HTTPAPI
import Testing
import WireJSON

/// What PagerDuty does not define is read strictly: a slip in a member never holds back more than was meant.
@Suite struct OwnMemberTests {
    private let fixture: AdminFixture
    private let api: AdminAPI
    private let serviceText: String

    init() throws {
        fixture = try AdminFixture()
        api = fixture.api()
        serviceText = serviceID(try fixture.service("db").service)
    }

    /// Sends a body and expects that it is refused with a detail that holds the text, and that nothing was stored.
    private func refused(
        _ method: String, _ path: String, _ body: String, _ detail: String, code: Int64? = 2001,
        place: SourceLocation = #_sourceLocation
    ) async {
        let before = fixture.eventCount
        let answer = await api.answer(method, path, body.replacing("SERVICE", with: serviceText))
        let said = (answer.errors ?? []).joined(separator: "\n")
        #expect(answer.status == 400 && answer.code == code, "\(body): \(said)", sourceLocation: place)
        #expect(said.contains(detail), "\(body): \(said)", sourceLocation: place)
        #expect(fixture.eventCount == before, "\(body)", sourceLocation: place)
    }

    static let refusedSilences: [(String, String)] = [
        (
            #"{"silence":{"service":{"id":"SERVICE"},"matcher":["severity=info"],"duration":60}}"#,
            "silence.matcher is unknown; did you mean matchers?"
        ),
        (
            #"{"silence":{"service":{"id":"SERVICE"},"Matchers":["severity=info"],"duration":60}}"#,
            "silence.Matchers is unknown; did you mean matchers?"
        ),
        (
            #"{"silence":{"sevice":{"id":"SERVICE"},"matchers":["severity=info"],"duration":60}}"#,
            "silence.sevice is unknown; did you mean service?"
        ),
        (
            #"{"silence":{"matchers":["severity=info"],"startsAt":"2030-01-01","duration":60}}"#,
            "silence.startsAt is unknown; did you mean starts_at?"
        ),
        (
            #"{"silence":{"matchers":["severity=info"],"duration":60,"colour":1}}"#,
            "silence.colour is unknown; known: type"
        ),
        // A client that means to change one would set a second.
        (#"{"silence":{"id":"P000009","matchers":["severity=info"],"duration":60}}"#, "silence.id is unknown"),
        (#"{"silence":{"matchers":["severity=info"],"duration":60},"sevice":{"id":"SERVICE"}}"#, "sevice is unknown"),
        (#"{"silences":{"matchers":["severity=info"],"duration":60}}"#, "silences is unknown; did you mean silence?"),
        (#"{"silence":[{"matchers":["severity=info"],"duration":60}]}"#, "silence must be an object"),
        (#"{"silence":null}"#, "silence must be an object"), ("{}", "silence must be an object"),
        ("[]", "silence must be an object"), ("7", "silence must be an object"),
        (#"{"silence":{"service":{"id":"SERVICE"},"duration":60}}"#, "silence.matchers is missing"),
        (#"{"silence":{"service":{"id":"SERVICE"},"maintenance":false,"duration":60}}"#, "silence.matchers is missing"),
        (
            #"{"silence":{"service":{"id":"SERVICE"},"matchers":[],"duration":60}}"#,
            "silence.matchers must be an array of at"
        ),
        (
            #"{"silence":{"service":{"id":"SERVICE"},"matchers":null,"duration":60}}"#,
            "silence.matchers must be an array"
        ),
        (#"{"silence":{"service":{"id":"SERVICE"},"matchers":{},"duration":60}}"#, "silence.matchers must be an array"),
        (#"{"silence":{"service":{"id":"SERVICE"},"matchers":[null],"duration":60}}"#, "silence.matchers[0] must be"),
        (#"{"silence":{"service":{"id":"SERVICE"},"matchers":[" "],"duration":60}}"#, "silence.matchers[0]"),
        (
            #"{"silence":{"matchers":["source=x",{"label":"severity","value":"info","op":"!="}],"duration":60}}"#,
            "silence.matchers[1].op is unknown; known: label, comparison, value"
        ),
        (
            #"{"silence":{"matchers":[{"label":"severity","value":"info","comparison":1}],"duration":60}}"#,
            "silence.matchers[0].comparison must be a string"
        ),
        (
            #"{"silence":{"matchers":[{"label":"severity","value":1}],"duration":60}}"#,
            "silence.matchers[0].value must be a string"
        ),
        (
            #"{"silence":{"service":{"id":"SERVICE"},"maintenance":"yes","duration":60}}"#,
            "silence.maintenance must be true or false"
        ),
        (
            #"{"silence":{"service":{"id":"SERVICE"},"maintenance":true,"matchers":["source=x"],"duration":60}}"#,
            "leave out silence.matchers"
        ),
        (#"{"silence":{"maintenance":true,"duration":60}}"#, "silence.service is missing"),
        (#"{"silence":{"incident":{"id":"Q0000000000001"},"maintenance":true}}"#, "exclude each other"),
        (
            #"{"silence":{"matchers":["source=x"],"service":"SERVICE","duration":60}}"#,
            "silence.service must be a reference"
        ),
        (
            #"{"silence":{"matchers":["source=x"],"service":{"id":"SERVICE","type":"user_reference"},"duration":60}}"#,
            "type must be service"
        ),
        (#"{"silence":{"matchers":["source=x"],"duration":"60"}}"#, "silence.duration must be a whole number"),
        (#"{"silence":{"matchers":["source=x"],"duration":60.5}}"#, "silence.duration must be a whole number"),
        (#"{"silence":{"matchers":["source=x"],"duration":60,"starts_at":1}}"#, "silence.starts_at must be a string"),
        (#"{"silence":{"matchers":["source=x"],"duration":60,"comment":7}}"#, "silence.comment must be a string"),
        (#"{"silence":{"matchers":["source=x"],"recurrence":"FREQ=DAILY"}}"#, "silence.recurrence must be an object"),
        (
            #"{"silence":{"matchers":["source=x"],"recurrence":{"rule":"FREQ=DAILY","local_start":"2030-01-01T02:00","#
                + #""duration":60,"timezone":"Europe/Berlin"}}}"#,
            "silence.recurrence.timezone is unknown; did you mean time_zone?"
        ),
        (
            #"{"silence":{"matchers":["source=x"],"recurrence":{"rule":"FREQ=DAILY","local_start":"2030-01-01T02:00","#
                + #""duration":60,"time_zone":1}}}"#,
            "silence.recurrence.time_zone must be a string"
        ),
    ]

    @Test("silences", arguments: refusedSilences) func silence(_ body: String, _ detail: String) async {
        for path in ["/silences", "/silences/preview"] { await refused("POST", path, body, detail) }
        #expect(await api.get("/silences").ids("silences").isEmpty)
    }

    @Test("an empty reference is no silence of all services") func emptyReference() async {
        for path in ["/silences", "/silences/preview"] {
            for member in ["service", "incident"] {
                await refused(
                    "POST", path, #"{"silence":{"\#(member)":{},"matchers":["source=x"],"duration":60}}"#,
                    "silence.\(member).id is missing", code: 2003)
            }
        }
    }

    @Test("a whole service is silenced where that is said; null elsewhere is as good as absent") func maintenance()
        async
    {
        for matchers in ["", #","matchers":[]"#, #","matchers":null"#] {
            let body =
                #"{"silence":{"service":{"id":"\#(serviceText)"},"incident":null,"recurrence":null,"comment":null,"#
                + #""maintenance":true,"duration":60\#(matchers)}}"#
            #expect(await api.post("/silences", body).status == 201)
        }
        let bare = #"{"type":"silence","matchers":["source=x"],"maintenance":null,"duration":60}"#
        #expect(await api.post("/silences", bare).status == 201)
    }

    @Test("a change takes nothing that cannot be changed, but the silence as it is shown") func changes() async throws {
        for body in [
            #"{"silence":{"service":{"id":"\#(serviceText)"},"matchers":["severity=info"],"comment":"a","duration":600}}"#,
            #"{"silence":{"service":{"id":"\#(serviceText)"},"maintenance":true,"duration":600}}"#,
            #"{"silence":{"matchers":["severity=info"],"recurrence":{"rule":"FREQ=DAILY","time_zone":"Europe/Berlin","#
                + #""local_start":"2024-05-01T03:00","duration":7200}}}"#,
        ] {
            let made = await api.post("/silences", body)
            let path = "/silences/\(try #require(made.json["silence"]?["id"]?.stringValue))"
            let shown = String(decoding: await api.get(path).body, as: UTF8.self)
            #expect(await api.put(path, shown).status == 200)
            #expect(await api.get(path).json == made.json)
            for member in [
                #""matchers":["severity=warning"]"#, #""matchers":["severity=info","source=x"]"#,
                #""service":{"id":"P00ZZZZ"}"#, #""starts_at":"2024-05-10T01:00:00Z""#, #""status":"expired""#,
                #""id":"P00ZZZZ""#,
                #""recurrence":{"rule":"FREQ=DAILY","local_start":"2024-05-01T03:00","duration":60}"#,
            ] {
                let name = member.dropFirst().prefix { $0 != "\"" }
                await refused("PUT", path, #"{"silence":{\#(member)}}"#, "silence.\(name) cannot be changed")
            }
            await refused(
                "PUT", path, #"{"silence":{"coment":"x"}}"#, "silence.coment is unknown; did you mean comment?")
            await refused("PUT", path, #"{"silence":{"duration":"60"}}"#, "silence.duration must be a whole number")
            await refused("PUT", path, #"{"silence":{"comment":"x"},"x":1}"#, "x is unknown")
        }
    }

    static let refusedRules: [(String, String)] = [
        (
            #"{"inhibition_rule":{"source_matchers":["class=host"],"target_matchers":["severity=info"],"equals":["source"]}}"#,
            "inhibition_rule.equals is unknown; did you mean equal?"
        ),
        (
            #"{"inhibition_rule":{"source_matcher":["class=host"],"target_matchers":["severity=info"]}}"#,
            "inhibition_rule.source_matcher is unknown; did you mean source_matchers?"
        ),
        (
            #"{"inhibition_rule":{"source_matchers":[],"target_matchers":["severity=info"]}}"#,
            "inhibition_rule.source_matchers must be an array of at least one matcher"
        ),
        (
            #"{"inhibition_rule":{"source_matchers":["class=host"],"target_matchers":null}}"#,
            "inhibition_rule.target_matchers must be an array of at least one matcher"
        ),
        (
            #"{"inhibition_rule":{"source_matchers":["class=host"],"target_matchers":["severity=info"],"equal":"source"}}"#,
            "inhibition_rule.equal must be an array of strings"
        ),
        (
            #"{"inhibition_rule":{"source_matchers":["class=host"],"target_matchers":["severity=info"]},"equal":["source"]}"#,
            "equal is unknown"
        ),
        (#"{"inhibition_rule":[]}"#, "inhibition_rule must be an object"),
    ]

    @Test("inhibition rules", arguments: refusedRules) func inhibition(_ body: String, _ detail: String) async {
        await refused("POST", "/inhibition_rules", body, detail)
        #expect(await api.get("/inhibition_rules").ids("inhibition_rules").isEmpty)
    }

    static let refusedServices: [(String, String)] = [
        (#""flap_detection":{"change":3}"#, "service.flap_detection.change is unknown; did you mean changes?"),
        (#""flap_detection":{"changes":"3"}"#, "service.flap_detection.changes must be a whole number"),
        (#""flap_detection":true"#, "service.flap_detection must be an object"),
        (
            #""storm_detection":{"treshold":[3]}"#,
            "service.storm_detection.treshold is unknown; did you mean thresholds?"
        ),
        (
            #""storm_detection":{"thresholds":3}"#,
            "service.storm_detection.thresholds must be an array of whole numbers"
        ),
        (
            #""alert_grouping_parameters":{"type":"rules","config":{"rules":[{"matcher":["class=disk"]}]}}"#,
            "service.alert_grouping_parameters.config.rules[0].matcher is unknown; did you mean matchers?"
        ),
        (
            #""alert_grouping_parameters":{"type":"rules","config":{"rules":[{}],"alert_limits":3}}"#,
            "config.alert_limits is unknown; did you mean alert_limit?"
        ),
        (
            #""alert_grouping_parameters":{"type":"rules","rules":[{}],"config":{"rules":[{}]}}"#,
            "service.alert_grouping_parameters.rules is unknown"
        ),
        (
            #""alert_grouping_parameters":{"type":"rules","config":{"rules":[{"time_window":"300"}]}}"#,
            "config.rules[0].time_window must be a whole number"
        ),
        (
            #""alert_grouping_parameters":{"type":"rules","config":{"rules":[{},{"strict":1}]}}"#,
            "config.rules[1].strict must be true or false"
        ),
    ]

    @Test("what of a service is alertgate's own", arguments: refusedServices)
    func service(_ members: String, _ detail: String) async {
        await refused("PUT", "/services/\(serviceText)", #"{"service":{"name":"x",\#(members)}}"#, detail)
        await refused("POST", "/services", #"{"service":{"name":"y",\#(members)}}"#, detail)
    }

    @Test("rules without the word that says so do not turn grouping off") func rulesWithoutType() async {
        await refused(
            "PUT", "/services/\(serviceText)",
            #"{"service":{"alert_grouping_parameters":{"config":{"rules":[{"fields":["source"]}]}}}}"#,
            "alert_grouping_parameters.type is missing", code: 2003)
    }

    @Test("heartbeats") func heartbeats() async {
        for value in ["\"60\"", "60.5", "true", "[60]", "{}", "9"] {
            await refused(
                "POST", "/services/\(serviceText)/integrations", #"{"integration":{"heartbeat_interval":\#(value)}}"#,
                "heartbeat_interval must be null or 10 to 604800 seconds")
        }
    }

    @Test("what is unknown on PagerDuty's resources is ignored") func theirs() async throws {
        let made = await api.post("/services", #"{"service":{"name":"x","colour":1},"other":2}"#)
        #expect(made.status == 201)
        let grouping = #"{"type":"time","config":{"timeout":5,"fields":null,"x":1},"y":2}"#
        let put = await api.put(
            "/services/\(serviceText)", #"{"service":{"alert_grouping_parameters":\#(grouping),"colour":1}}"#)
        #expect(put.status == 200)
        let integration = await api.post(
            "/services/\(serviceText)/integrations", #"{"integration":{"name":"i","colour":1,"vendor":{"id":"x"}}}"#)
        #expect(integration.status == 201)
    }

    @Test("a body full of unknown members gets a short answer") func many() async {
        let members = (0..<20_000).map { #""m\#($0)":1"# }.joined(separator: ",")
        let answer = await api.post("/silences", #"{"silence":{\#(members)}}"#)
        #expect(answer.status == 400 && answer.errors?.count == 10)
        let long = String(repeating: "x", count: 500_000)
        let other = await api.post("/silences", #"{"silence":{"\#(long)":1}}"#)
        #expect(other.status == 400 && other.body.count < 1000)
    }
}
