import Alerting
import EventsAPI
import Testing

/// events-api.md section 4.
@Suite struct VersionTests {
    @Test(arguments: [
        // Step 1
        (#"{"event_action":"trigger"}"#, APIVersion.v2, true),
        (#"{"event_action":"trigger","service_key":"k","description":"d"}"#, .v2, true),
        (#"{"event_action":"trigger","event_type":""}"#, .v2, true),
        (#"{"event_action":"trigger","event_type":null}"#, .v2, true),
        (#"{"event_action":"trigger","event_type":" \u00a0\u3000"}"#, .v2, true),
        (#"{"event_action":"trigger","event_type":{}}"#, .v2, true),
        (#"{"event_action":"trigger","event_type":["x"]}"#, .v2, true),
        (#"{"event_action":0}"#, .v2, true), (#"{"event_action":false}"#, .v2, true),
        (#"{"event_action":"nonsense"}"#, .v2, true),
        // Step 2
        (#"{"event_type":"trigger"}"#, .v1, true),
        (#"{"event_type":"trigger","event_action":"","payload":null,"service_key":"k"}"#, .v1, true),
        (#"{"event_type":"trigger","event_action":"\t","routing_key":"k","payload":{}}"#, .v1, true),
        (#"{"event_type":true,"event_action":null}"#, .v1, true),
        (#"{"event_type":"nonsense"}"#, .v1, true),
        // A zero-width space and a byte order mark are not White_Space.
        (#"{"event_type":"trigger","event_action":"\u200b"}"#, .v2, true),
        (#"{"event_type":"\ufeff"}"#, .v1, true),
        // Steps 3 and 4
        (#"{"event_action":"trigger","event_type":"trigger","service_key":"k"}"#, .v1, true),
        (#"{"event_action":"trigger","event_type":"trigger","service_key":"k","routing_key":""}"#, .v1, true),
        (#"{"event_action":"trigger","event_type":"trigger","service_key":5,"routing_key":[]}"#, .v1, true),
        (#"{"event_action":"trigger","event_type":"trigger","service_key":"k","routing_key":"r"}"#, .v2, true),
        (#"{"event_action":"trigger","event_type":"trigger","routing_key":"r"}"#, .v2, true),
        (#"{"event_action":"trigger","event_type":"trigger"}"#, .v2, true),
        // Step 5
        (#"{"payload":{}}"#, .v2, false), (#"{"routing_key":"r"}"#, .v2, false),
        (#"{"payload":{},"service_key":"k","description":"d"}"#, .v2, false),
        (#"{"routing_key":"r","service_key":"k"}"#, .v2, false),
        // Step 6
        (#"{"service_key":"k"}"#, .v1, false), (#"{"description":"d"}"#, .v1, false),
        (#"{"payload":null,"description":"d"}"#, .v1, false), (#"{"payload":[],"service_key":"k"}"#, .v1, false),
        (#"{"payload":"x","routing_key":" ","service_key":"k"}"#, .v1, false),
        (#"{"event_action":"","event_type":"","service_key":"k"}"#, .v1, false),
        // Step 7
        (#"{}"#, .v2, false), (#"{"service_key":"","description":" "}"#, .v2, false), (#"{"x":1}"#, .v2, false),
    ])
    func sharedAddressTellsVersionByValues(body: String, version: APIVersion, isCertain: Bool) throws {
        let document = try document(body)
        #expect(document.version == version)
        #expect(document.isVersionCertain == isCertain)
        #expect(document.throttledRejection().httpStatus == (version == .v1 && isCertain ? 403 : 429))
    }

    @Test(arguments: [#"{}"#, #"{"event_type":"trigger"}"#, #"{"event_action":"trigger","payload":{}}"#])
    func otherAddressesFixTheVersion(body: String) throws {
        for (endpoint, version) in [(Endpoint.v1, APIVersion.v1), (.v2, .v2), (.change, .change)] {
            let document = try document(body, endpoint)
            #expect(document.version == version)
            #expect(document.isVersionCertain)
            #expect(document.throttledRejection() == .throttled(version))
        }
    }

    @Test func lastOfEqualNamesDecides() throws {
        #expect(try document(#"{"event_type":"trigger","event_action":"trigger","event_type":null}"#).version == .v2)
        #expect(try document(#"{"payload":{},"payload":null,"description":"d"}"#).version == .v1)
        #expect(try document(#"{"event\u005ftype":"trigger"}"#).version == .v1)
    }

    @Test func actionIsReadByTheFieldOfTheVersion() throws {
        #expect(try document(#"{"event_action":"resolve"}"#).action == .resolve)
        #expect(try document(#"{"event_type":"acknowledge"}"#).action == .acknowledge)
        #expect(try document(#"{"event_type":"acknowledge","event_action":"trigger"}"#, .v1).action == .acknowledge)
        #expect(try document(#"{"event_type":"acknowledge"}"#, .v2).action == nil)
        #expect(try document(#"{"event_action":"Trigger"}"#).action == nil)
        #expect(try document(#"{"event_action":"trigger "}"#).action == nil)
        #expect(try document(#"{"event_action":["trigger"]}"#).action == nil)
        #expect(try document(#"{"event_action":"\u0074rigger"}"#).action == .trigger)
        #expect(try document(#"{"event_action":"trigger"}"#, .change).action == nil)
    }
}
