import EventsAPI
import Testing

/// The answers of events-api.md section 7.3, byte for byte.
@Suite struct RejectionTests {
    @Test(arguments: ["", " ", "[]", "1", #""x""#, "null", "{", "{} x", #"{"a":1,}"#, "[{}]", "event_action=trigger"])
    func whatIsNoObjectIsAParseError(body: String) {
        for endpoint in Endpoint.allCases where endpoint != .nagios {
            #expect(throws: EventRejection.parseError(endpoint)) { try document(body, endpoint) }
        }
    }

    @Test func parseErrorsDifferByEndpoint() {
        let other =
            #"{"status":"Unrecognized object","message":"Event object format is unrecognized","errors":["JSON parse error"]}"#
        let v1 =
            #"{"status":"unrecognized object","message":"Event object format is unrecognized","errors":["JSON parse error"]}"#
        for endpoint in Endpoint.allCases {
            let rejection = EventRejection.parseError(endpoint)
            #expect(rejection.httpStatus == 400)
            #expect(rejection.reason == .parseError)
            #expect(text(rejection.body()) == ([.v1, .nagios].contains(endpoint) ? v1 : other))
        }
    }

    @Test func bodiesBeyondTheGrammarAreParseErrors() {
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: EventRejection.parseError(.v2)) {
            try document(trigger(payload: #""custom_details":NaN"#), .v2)
        }
        #expect(throws: EventRejection.parseError(.v2)) { try document(trigger(summary: #""\ud83d""#), .v2) }
        // The payload is level 2 already.
        #expect(throws: EventRejection.parseError(.v2)) {
            try document(trigger(payload: #""custom_details":"# + deep.dropFirst().dropLast()), .v2)
        }
        #expect(errors(trigger(payload: #""custom_details":"# + deep.dropFirst(2).dropLast(2)), .v2) == [])
        #expect(errors(trigger(top: #""x":"# + deep.dropFirst().dropLast()), .v2) == [])
        #expect(throws: EventRejection.parseError(.v2)) { try document(trigger(top: #""x":"# + deep), .v2) }
    }

    @Test func leadingMarkAndBlanksAreSkipped() {
        #expect(errors("\u{FEFF}" + trigger()) == [])
        #expect(errors(" \r\n\t" + trigger() + "\n") == [])
    }

    @Test func theOthersAreAsWritten() {
        let throttle =
            #"{"status":"throttle exceeded","message":"Requests for this service are arriving too quickly.  Please retry later."}"#
        let table: [(EventRejection, Int, String, RejectionReason)] = [
            (.throttled(.v1), 403, throttle, .throttled), (.throttled(.v2), 429, throttle, .throttled),
            (.throttled(.change), 429, throttle, .throttled),
            (
                .tooLarge, 413,
                #"{"status":"invalid event","message":"Event object is too large","errors":["Event exceeds the maximum size of 512 KB"]}"#,
                .tooLarge
            ),
            (
                .methodNotAllowed, 405, #"{"status":"invalid request","message":"Method not allowed"}"#,
                .methodNotAllowed
            ),
            (
                .unsupportedEncoding, 415, #"{"status":"invalid request","message":"Unsupported content encoding"}"#,
                .unsupportedEncoding
            ),
            (
                .unavailable, 503, #"{"status":"error","message":"Service unavailable, please retry"}"#, .unavailable
            ),
            (.internalError, 500, #"{"status":"error","message":"Internal server error"}"#, .internal),
            (
                .invalidEvent(["a", "b"]), 400,
                #"{"status":"invalid event","message":"Event object is invalid","errors":["a","b"]}"#, .invalidEvent
            ),
        ]
        for (rejection, status, body, reason) in table {
            #expect(rejection.httpStatus == status)
            #expect(text(rejection.body()) == body)
            #expect(rejection.reason == reason)
        }
        #expect(EventRejection.notFound.httpStatus == 404)
    }

    @Test func labelsAreThoseOfTheMetrics() {
        #expect(
            Set(RejectionReason.allCases.map(\.rawValue)) == [
                "parse_error", "missing_key", "unknown_key", "invalid_event", "too_large", "throttled",
                "unsupported_encoding", "method_not_allowed", "not_found", "unavailable", "internal",
            ])
    }

    @Test func theLimitOfABodyIs512KiB() {
        #expect(EventLimits.maximumBodyBytes == 512 * 1024)
    }
}
