import EventsAPI
import HTTPAPI
import Testing

/// The form of PagerDuty's Nagios script, over the wire. What becomes of its fields is in `EventsAPITests`.
@Suite(.timeLimit(.minutes(5))) struct NagiosPathTests {
    private static func form(key: String? = RunningGateway.key, _ type: String = "PROBLEM") -> String {
        (key.map { "CONTACTPAGER=\($0)&" } ?? "")
            + "NOTIFICATIONTYPE=\(type)&HOSTNAME=db-1&HOSTSTATE=DOWN&HOSTOUTPUT=PING+CRITICAL&pd_nagios_object=host"
    }

    private static let type = ["Content-Type: application/x-www-form-urlencoded"]
    private static let dedupKey = "event_source=host;host_name=db-1"

    @Test(arguments: [
        "/nagios/2010-04-15/create_event.json", "/nagios/2010-04-15/create_event", "//nagios/2010-04-15/create_event",
        "/nagios/2010-04-15//create_event", "/event/push/alert/pagerduty/nagios/2010-04-15/create_event.json",
        "/event/push/alert/pagerduty//nagios/2010-04-15//create_event/", "/nagios/2010-04-15/create_event?x=y",
    ])
    func theScriptsPathTakesIt(path: String) async throws {
        try await RunningGateway.run { gateway in
            let answer = try await gateway.send(.post(path, Self.form(), headers: Self.type))
            #expect(answer.status == 200, "\(answer.body)")
            #expect(
                answer.body
                    == #"{"status":"success","message":"Event processed","incident_key":"\#(Self.dedupKey)"}"#)
            let stored = try await gateway.stored()
            #expect(stored.map(\.kind) == ["v1"])
            #expect(stored.map(\.integration) == [gateway.integration])
            #expect(stored.map(\.dedupKey) == [Self.dedupKey])
            #expect(try await gateway.send(.get(path)).status == 405)
        }
    }

    /// An incident opens with the state's severity, and a recovery of the agent's `pd-nagios` (V1 in JSON) closes it.
    @Test func itMeetsTheEventsOfPagerDutysAgent() async throws {
        try await RunningGateway.run { gateway in
            let agents =
                #"{"service_key":"\#(RunningGateway.otherKey)","event_type":"resolve","incident_key":"\#(Self.dedupKey)"}"#
            let answers = try await gateway.send([
                .post("/nagios/2010-04-15/create_event", Self.form(key: RunningGateway.otherKey)),
                .post("/nagios/2010-04-15/create_event", Self.form(key: RunningGateway.otherKey, "ACKNOWLEDGEMENT")),
                .post("/generic/2010-04-15/create_event.json", agents),
            ])
            #expect(answers.map(\.status) == [200, 200, 200])
            let alerts = try await gateway.look { connection in
                try connection.all("SELECT status, severity, source FROM alerts") { row in
                    [row.text(0), row.text(1), row.text(2)]
                }
            }
            #expect(alerts == [["resolved", "critical", "db-1"]], "that integration's own severity is warning")
        }
    }

    @Test func theKeyOfTheAddressDecides() async throws {
        try await RunningGateway.run { gateway in
            let path = "/nagios/2010-04-15/create_event?integration_key=\(RunningGateway.otherKey)"
            for key in [nil, RunningGateway.key, "x"] {
                let answer = try await gateway.send(.post(path, Self.form(key: key)))
                #expect(answer.status == 200)
            }
            #expect(
                try await gateway.stored().map(\.integration) == Array(repeating: gateway.otherIntegration, count: 3))
        }
    }

    @Test func refusalsAreThoseOfV1() async throws {
        var settings = GatewayResponder.Settings()
        settings.rateLimits.perMinute = 1
        settings.rateLimits.answerDelay = 0
        try await RunningGateway.run(settings: settings) { gateway in
            let path = "/nagios/2010-04-15/create_event"
            let cases = [
                (Self.form(key: nil), 400, "Service key is missing or blank"),
                (Self.form(key: "short"), 400, "Service key is the wrong length (should be 32 characters)"),
                (Self.form(key: RunningGateway.unknownKey), 400, "Service key is invalid"),
                ("", 400, "JSON parse error"),
            ]
            for (body, status, error) in cases {
                let answer = try await gateway.send(.post(path, body))
                #expect(answer.status == status)
                #expect(answer.json["errors"] == .array([.string(error)]))
            }
            #expect(try await gateway.send(.post(path, Self.form())).status == 200)
            let throttled = try await gateway.send(.post(path, Self.form()))
            #expect(throttled.status == 403)
            #expect(throttled.body.contains("retry later"), "the script keeps what is answered so")
            let large = try await gateway.send(
                WireRequest(target: path, announcedLength: EventLimits.maximumBodyBytes + 1))
            #expect(large.status == 413)
        }
    }
}
